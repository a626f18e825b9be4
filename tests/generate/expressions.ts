// An expression of a type. `isExpected` says that its place names the type, so that bare variants, `none`, `[]`, an
// integer for a float and a narrower value will do; else it must say its type by itself.

import { callsOf, probe } from "./calls.ts";
import { chain } from "./chains.ts";
import { collectionsOf, elementOf } from "./collections.ts";
import { effectsOf } from "./effects.ts";
import { exit, ifElse, stopped, tryCatch } from "./control.ts";
import { literal } from "./literals.ts";
import { candidates, deeper, type Place } from "./place.ts";
import { narrowing, when } from "./patterns.ts";
import { scalarsOf } from "./scalars.ts";
import { enumsOf, structsOf } from "./structures.ts";
import { bool, isData, nullable, type Type, typeText } from "./types.ts";

export type Production = readonly [weight: number, make: () => string];

export function expression(place: Place, type: Type, isExpected = true): string {
  const { making, depth } = place;
  making.spent += place.weight;
  if (depth <= 0 || making.choices.isOver) return leaf(place, type, isExpected);
  return making.choices.weighted(productions(deeper(place), type, isExpected));
}

/** The same where an operator, a dot or a head follows. */
export function operand(place: Place, type: Type, isExpected = false): string {
  return enclosed(expression(place, type, isExpected));
}

export function enclosed(text: string): string {
  return /^(?:[\p{L}_]\w*|"[^"{}\\]*"|\d+(?:\.\d+)?|[a-z]\w*\([^()"]*\))$/u.test(text) ? text : `(${text})`;
}

function leaf(place: Place, type: Type, isExpected: boolean): string {
  const values = candidates(place, type, isExpected);
  const { choices } = place.making;
  const value = values[values.length - 1 - choices.below(values.length)];
  return value === undefined || choices.percent(25) ? literal(place, type, isExpected) : value.text;
}

function productions(place: Place, type: Type, isExpected: boolean): readonly Production[] {
  return [
    [6, () => leaf(place, type, isExpected)],
    [5, () => literal(place, type, isExpected)],
    [3, () => ifElse(place, type, isExpected)],
    [3, () => when(place, type, isExpected)],
    [2, () => tryCatch(place, type, isExpected)],
    [place.making.probes && !place.mayStop ? 5 : 0, () => stopped(place, type, isExpected)],
    [2, () => narrowing(place, type, isExpected)],
    [1, () => `if ${operand(place, bool)} { ${expression(place, type, isExpected)} } else { ${exit(place)} }`],
    ...probe(place, type),
    ...effectsOf(place, type),
    ...callsOf(place, type, isExpected),
    ...elementOf(place, type, isExpected),
    ...(type.kind === "Nullable" ? missing(place, type.of, isExpected) : present(place, type, isExpected)),
    ...own(place, type, isExpected),
  ];
}

/** What only values of this type are made by. */
function own(place: Place, type: Type, isExpected: boolean): readonly Production[] {
  switch (type.kind) {
    case "Plain":
      return scalarsOf(place, type);
    case "Enum":
      return enumsOf(place, type, isExpected);
    case "Struct":
      return structsOf(place, type, isExpected);
    case "List":
    case "Map":
      return collectionsOf(place, type, isExpected);
    case "Nullable":
      return [];
  }
}

function present(place: Place, type: Exclude<Type, { kind: "Nullable" }>, isExpected: boolean): readonly Production[] {
  return [
    [3, () => `${operand(place, nullable(type))} ?? ${operand(place, type, isExpected)}`],
    [1, () => `${operand(place, nullable(type))}!`],
    ...(isData(type)
      ? ([
          [1, () => `(parse_json(${operand(place, type)}.to_json()) as ${typeText(type)}) ?? ${operand(place, type)}`],
        ] as const)
      : []),
  ];
}

function missing(place: Place, type: Type, isExpected: boolean): readonly Production[] {
  return [
    [isExpected ? 4 : 0, () => expression(place, type)],
    [2, () => `if ${operand(place, bool)} { ${expression(place, type, isExpected)} } else { none }`],
    [
      isData(type) ? 1 : 0,
      () => `parse_json(same(${expression(place, nullable(type), false)}).to_json()) as ${typeText(type)}`,
    ],
    [1, () => `${operand(place, nullable(type))} ?? ${operand(place, nullable(type))}`],
    [6, () => chain(place, type)],
  ];
}
