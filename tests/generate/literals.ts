// The simplest values of each type, and those at the edges.

import { expression, enclosed } from "./expressions.ts";
import { deeper, onLine, type Place } from "./place.ts";
import { type EnumType, ownerOf, type StructType, telling, type Type, type Variant } from "./types.ts";

export function literal(place: Place, type: Type, isExpected: boolean): string {
  const { choices } = place.making;
  switch (type.kind) {
    case "Plain":
      return plainLiteral(place, type.name);
    case "Enum":
      return variantOf(place, type, choices.pick(telling(type, isExpected)), isExpected);
    case "Struct":
      return structLiteral(place, type, isExpected);
    case "List":
      return listLiteral(place, type.of, isExpected);
    case "Map":
      return mapLiteral(place, type, isExpected);
    case "Nullable":
      if (!isExpected) return `maybe(${literal(place, type.of, false)})`;
      return choices.percent(60) ? literal(place, type.of, true) : "none";
  }
}

const ints = ["0", "1", "2", "3", "7", "10", "-1", "-3", "100", "1_000"] as const;
const largeInts = [
  "9_007_199_254_740_991",
  "9007199254740992",
  "9007199254740993",
  "-9007199254740993",
  "4611686018427387904",
  "9223372036854775807",
  "-9223372036854775808",
] as const;
const floats = ["0.0", "1.0", "2.5", "0.1", "-1.5", "3.14", "1e3", "1e-7", "1e21", "123456789.125", "1e308"] as const;
const texts = [
  '""',
  '"a"',
  '"b"',
  '"hello world"',
  '"a,b,,c"',
  '"42"',
  '" 3.5 "',
  '"grün ß"',
  '"😀👍"',
  '"e\\u{301}"',
  '"\\n\\t\\"\\\\"',
  '"\\{a} }"',
  '"none"',
  '"{1}{"x"}"',
  '"$i"',
  '"2026-05-01T09:00:00.000Z"',
  '"\\{\\"a\\": [1, 2.5, null]}"',
] as const;
const durations = ["0.ms", "1.ms", "5.minutes", "90.seconds", "1.day", "2.weeks", "24.hours", "-1.hour"] as const;
const instants = [
  "2026-05-01T09:00:00.000Z",
  "2024-02-29T23:59:59.999Z",
  "0000-01-01T00:00:00.000Z",
  "9999-12-31T23:59:59.999Z",
  "1969-12-31T00:00:00.001Z",
] as const;

function plainLiteral(place: Place, name: Extract<Type, { kind: "Plain" }>["name"]): string {
  const { choices } = place.making;
  switch (name) {
    case "int":
      return choices.percent(12) ? choices.pick(largeInts) : choices.pick(ints);
    case "float":
      return choices.pick(floats);
    case "str":
      return choices.pick(texts);
    case "bool":
      return choices.pick(["true", "false"]);
    case "duration":
      return choices.pick(durations);
    case "datetime":
      return `parse_datetime("${choices.pick(instants)}")!`;
    case "json":
      return `parse_json("[1]")!`;
  }
}

export function smallInt(place: Place): string {
  return place.making.choices.pick(["0", "1", "2", "3", "4", "-1", "-2", "9"]);
}

/** `low`, `Level.low`, `reply(to: "a")`, `Action.reply(to: "a")`. */
export function variantOf(place: Place, type: EnumType, variant: Variant, isExpected: boolean): string {
  const { choices } = place.making;
  const name = isExpected && choices.percent(60) ? variant.name : `${ownerOf(type)}.${variant.name}`;
  if (variant.fields.length === 0) return name;
  const inside = onLine(deeper(place));
  const isFixed = isExpected || ownerOf(type) === type.name;
  const fields = shuffled(place, variant.fields).map(
    (field) => `${field.name}: ${expression(inside, field.type, isFixed)}`,
  );
  return `${name}(${fields.join(", ")})`;
}

export function structLiteral(place: Place, { fields }: StructType, isExpected: boolean): string {
  const { choices } = place.making;
  const inside = deeper(place);
  const given = fields.filter(({ type }) => !isExpected || type.kind !== "Nullable" || choices.percent(60));
  const entries = shuffled(place, given).map(({ name, type }) => `${name}: ${expression(inside, type, isExpected)}`);
  const more = isExpected && choices.percent(10) ? [`hidden: ${choices.pick(["1", '"more"'])}`] : [];
  return `{${[...entries, ...more].join(", ")}}`;
}

export function listLiteral(place: Place, of: Type, isExpected: boolean): string {
  const inside = deeper(place);
  const { choices } = place.making;
  const length = (isExpected ? 0 : 1) + choices.below(choices.isOver ? 1 : 4);
  const items = Array.from({ length }, () => expression(inside, of, isExpected));
  return `[${items.join(", ")}]`;
}

function mapLiteral(place: Place, { key, value }: Extract<Type, { kind: "Map" }>, isExpected: boolean): string {
  const { choices } = place.making;
  const inside = deeper(place);
  const length = (isExpected ? 0 : 1) + choices.below(choices.isOver ? 1 : 3);
  if (isExpected && key.kind === "Plain" && key.name === "str" && choices.percent(60)) {
    const keys = ["a", '"b c"', "constructor", "z"].slice(0, length);
    return `{${keys.map((each) => `${each}: ${expression(inside, value)}`).join(", ")}}`;
  }
  if (length === 0) return "map_of([])";
  const pairs = Array.from(
    { length },
    () => `[${expression(inside, key, isExpected)}, ${expression(inside, value, isExpected)}]`,
  );
  return `map_of([${pairs.join(", ")}])`;
}

export function shuffled<T>(place: Place, all: readonly T[]): readonly T[] {
  const { choices } = place.making;
  return all
    .map((each) => ({ each, rank: choices.below(4) }))
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ each }) => each);
}

/** A literal that stands before a dot. */
export const receiver = (place: Place, type: Type): string => enclosed(literal(place, type, false));
