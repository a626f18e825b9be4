// Enums and structs: built, copied with other fields, taken out of others.

import { expression, operand, type Production } from "./expressions.ts";
import { shuffled, variantOf } from "./literals.ts";
import type { Place } from "./place.ts";
import { type EnumType, type Field, listOf, type StructType, telling, type Variant } from "./types.ts";

export function enumsOf(place: Place, type: EnumType, isExpected: boolean): readonly Production[] {
  const { choices } = place.making;
  const isPlain = type.variants.every(({ fields }) => fields.length === 0);
  const variant = (): Variant => choices.pick(telling(type, isExpected));
  const built: Production = [4, () => variantOf(place, type, variant(), isExpected)];
  if (!isPlain) return [built];
  return [
    built,
    [1, () => `${type.name}.values[${choices.below(type.variants.length)}]!`],
    [1, () => `${type.name}.from("${variant().name}")!`],
  ];
}

export function structsOf(place: Place, type: StructType, isExpected: boolean): readonly Production[] {
  return [
    [4, () => changed(place, type, isExpected)],
    [1, () => `[${expression(place, type, false)}].first!`],
    [1, () => `${operand(place, listOf(type))}.last ?? ${operand(place, type, isExpected)}`],
  ];
}

/** `{..e, f: v}`, of a value that has more or other fields than the type, too. */
function changed(place: Place, type: StructType, isExpected: boolean): string {
  const { choices } = place.making;
  const replaced = type.fields.filter(() => choices.percent(50));
  const kept = type.fields.filter((field) => !replaced.includes(field));
  const source: StructType =
    isExpected && choices.percent(30) && kept.length > 0 ? { kind: "Struct", fields: kept } : type;
  const entries = shuffled(place, replaced).map((field) => entry(place, field, isExpected));
  const at = choices.percent(80) ? 0 : choices.below(entries.length + 1);
  if (at > 0 && source === type) return `{..${operand(place, type)}}`;
  return `{${entries.toSpliced(at, 0, `..${operand(place, source)}`).join(", ")}}`;
}

function entry(place: Place, { name, type }: Field, isExpected: boolean): string {
  return `${name}: ${expression(place, type, isExpected)}`;
}
