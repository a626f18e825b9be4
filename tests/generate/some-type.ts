// A type of chance, of those that a program has.

import type { Making, Place } from "./place.ts";
import {
  bool,
  datetime,
  duration,
  type EnumType,
  float,
  int,
  isKey,
  listOf,
  mapOf,
  nullable,
  type StructType,
  str,
  structOf,
  type Type,
} from "./types.ts";

/** Any type, of lists and structs those with few levels. */
export function anyType({ making }: Place | { readonly making: Making }, levels = 2): Type {
  const { choices } = making;
  const plain = (): Type => plainOf(making);
  if (levels === 0) return plain();
  const below = (): Type => anyType({ making }, levels - 1);
  return choices.weighted<Type>([
    [8, plain],
    [3, () => enumOf(making)],
    [3, () => structTypeOf(making)],
    [3, () => listOf(below())],
    [2, () => mapOf(keyType(making), below())],
    [3, () => nullable(below())],
    [1, () => structOf({ name: "x", type: below() }, { name: "y", type: below() })],
    [making.generics.length > 0 ? 2 : 0, () => genericOf(making, below())],
  ]);
}

function plainOf({ choices }: Making): Type {
  return choices.weighted<Type>([
    [5, () => int],
    [4, () => str],
    [2, () => bool],
    [2, () => float],
    [1, () => duration],
    [1, () => datetime],
  ]);
}

export const somePlain = ({ making }: Place): Type => plainOf(making);

export function orderedType({ making }: Place): Type {
  return making.choices.pick([int, str, float, duration, datetime]);
}

export function enumOf(making: Making): EnumType | typeof int {
  return making.enums[making.choices.below(making.enums.length)] ?? int;
}

export function structTypeOf(making: Making): StructType {
  return making.structs[making.choices.below(making.structs.length)] ?? structOf({ name: "x", type: int });
}

function genericOf({ choices, generics }: Making, of: Type): Type {
  return generics[choices.below(generics.length)]?.(of) ?? of;
}

export function keyType(making: Making): Type {
  const type = making.choices.pick<Type>([str, int, enumOf(making)]);
  return isKey(type) ? type : str;
}
