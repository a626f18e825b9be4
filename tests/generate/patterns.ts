// `when` with patterns inside of patterns, and what is known after a question.

import { block, exit } from "./control.ts";
import { expression, operand } from "./expressions.ts";
import { deeper, freshName, type Place, type Value, withValues } from "./place.ts";
import { anyType, enumOf, structTypeOf } from "./some-type.ts";
import { bool, type Field, nullable, ownerOf, type Type, typeText, type Variant } from "./types.ts";

interface Pattern {
  readonly text: string;
  readonly binds: readonly Value[];
}

const wildcard: Pattern = { text: "_", binds: [] };

/** The path's type from here on. */
export function narrowed(place: Place, text: string, type: Type): Place {
  return withValues(without(place, text), { text, type });
}

/** Where the path's type is narrower than a generated program needs to know. */
function without(place: Place, text: string): Place {
  const values = place.values.filter((value) => value.text !== text);
  return { ...place, values, hidden: [...place.hidden, text] };
}

export function when(place: Place, type: Type, isExpected: boolean): string {
  const { making } = place;
  const subjectType = subjectOf(place);
  const named = place.values.filter((value) => typeText(value.type) === typeText(subjectType));
  const subject = named[making.choices.below(named.length)]?.text ?? operand(place, subjectType);
  // Parentheses are no part of the tree; state is not narrowed.
  const name = /^\(?(?!self\b)([a-z]\w*(?:\.\w+)*)\)?$/.exec(subject)?.[1];
  const hidden = name === undefined ? place : without(place, name);
  const own = Array.from({ length: making.choices.below(3) }, () => someArm(hidden, subjectType, type, isExpected));
  const closing = last(subjectType, place).map((pattern) => {
    const isThere = name !== undefined && subjectType.kind === "Nullable" && pattern.text !== "none";
    const inside = isThere ? narrowed(place, name, subjectType.of) : hidden;
    return arm([pattern], "", bodyOf(inside, [pattern], type, isExpected));
  });
  const arms = [...own, ...closing];
  return place.isLine ? `when ${subject} { ${arms.join(", ")} }` : `when ${subject} {\n${arms.join("\n")}\n}`;
}

/** What has many shapes is looked at most. */
function subjectOf(place: Place): Type {
  const { making } = place;
  return making.choices.weighted<Type>([
    [3, () => anyType(place)],
    [5, () => enumOf(making)],
    [3, () => nullable(enumOf(making))],
    [3, () => structTypeOf(making)],
    [1, () => nullable(structTypeOf(making))],
  ]);
}

/** Arms above the closing ones may match anything, and may have a guard. */
function someArm(place: Place, subject: Type, type: Type, isExpected: boolean): string {
  const { choices } = place.making;
  if (choices.percent(15)) {
    const both = alternatives(place, subject);
    if (both !== undefined) return arm(both, "", bodyOf(place, both.slice(0, 1), type, isExpected));
  }
  const first = pattern(place, subject, 2);
  const more = first.binds.length === 0 && choices.percent(25) ? [plainPattern(place, subject)] : [];
  const guard = choices.percent(40) ? ` where ${operand(withValues(place, ...first.binds), bool)}` : "";
  const patterns = [first, ...more];
  const leaves = choices.percent(8);
  return arm(patterns, guard, leaves ? exit(inArm(place, patterns)) : bodyOf(place, patterns, type, isExpected));
}

/** Two patterns that bind the same name: whichever matches, the arm can use it. */
function alternatives(place: Place, type: Type): readonly Pattern[] | undefined {
  const { choices } = place.making;
  const inside = type.kind === "Nullable" ? type.of : type;
  const variant = inside.kind === "Enum" ? inside.variants[choices.below(inside.variants.length)] : undefined;
  const fields = inside.kind === "Struct" ? inside.fields : (variant?.fields ?? []);
  const bound = fields.find((field) => field.type.kind !== "Enum" && field.type.kind !== "Nullable");
  if (bound === undefined) return undefined;
  const head = variant === undefined ? "" : `${variant.name} `;
  const name = freshName(place.making, "m");
  const others = fields
    .filter((field) => field !== bound)
    .map((field) => `${field.name}: ${pattern(place, field.type, 0).text}`);
  const binds = [{ text: name, type: bound.type }];
  return [
    { text: `${head}{${[`${bound.name}: ${name}`, ...others].join(", ")}}`, binds },
    { text: `${head}{${bound.name}: ${name}}`, binds },
  ];
}

/** A second pattern of an arm binds nothing. */
function plainPattern(place: Place, type: Type): Pattern {
  const made = pattern(place, type, 1);
  return made.binds.length === 0 ? made : wildcard;
}

const arm = (patterns: readonly Pattern[], guard: string, body: string): string =>
  `${patterns.map(({ text }) => text).join(", ")}${guard} => ${body}`;

const inArm = (place: Place, patterns: readonly Pattern[]): Place =>
  withValues(deeper(place), ...patterns.flatMap(({ binds }) => binds));

function bodyOf(place: Place, patterns: readonly Pattern[], type: Type, isExpected: boolean): string {
  const inside = inArm(place, patterns);
  return place.making.choices.percent(30)
    ? block(inside, type, isExpected)
    : asBody(expression(inside, type, isExpected));
}

/** `{}` after an arrow is a body. */
export function asBody(text: string): string {
  return text === "{}" ? "({})" : text;
}

/** Patterns that leave nothing out. */
function last(type: Type, place: Place): readonly Pattern[] {
  const { choices } = place.making;
  if (type.kind === "Nullable") return [{ text: "none", binds: [] }, wildcard];
  if (type === bool)
    return [
      { text: "false", binds: [] },
      { text: "true", binds: [] },
    ];
  if (type.kind !== "Enum" || choices.percent(25)) return [wildcard];
  return type.variants.map((variant) => variantPattern(place, variant, 0));
}

function pattern(place: Place, type: Type, levels: number): Pattern {
  const { choices } = place.making;
  switch (type.kind) {
    case "Plain":
      return plain(place, type);
    case "Enum": {
      const variant = choices.pick([...type.variants] as [Variant, ...Variant[]]);
      const found = variantPattern(place, variant, levels);
      return choices.percent(20) ? { ...found, text: `${ownerOf(type)}.${found.text}` } : found;
    }
    case "Struct":
      return braces(place, "", type.fields, levels);
    case "Nullable":
      return choices.percent(30) ? { text: "none", binds: [] } : pattern(place, type.of, levels);
    case "List":
    case "Map":
      return wildcard;
  }
}

const literals = {
  int: ["0", "1", "-1", "1_000", "9223372036854775807"],
  float: ["0.0", "2.5", "-1.5"],
  str: ['""', '"a"', '"none"', '"e\\u{301}"'],
  bool: ["true", "false"],
  duration: ["5.minutes", "0.ms"],
  datetime: [],
  json: [],
} as const;

function plain(place: Place, type: Extract<Type, { kind: "Plain" }>): Pattern {
  const all: readonly string[] = literals[type.name];
  const text = all[place.making.choices.below(all.length)];
  return text === undefined ? wildcard : { text, binds: [] };
}

function variantPattern(place: Place, { name, fields }: Variant, levels: number): Pattern {
  if (fields.length === 0 || place.making.choices.percent(30)) return { text: name, binds: [] };
  return braces(place, `${name} `, fields, levels);
}

/** `{a, b: c, d: low}`; at no levels whatever matches. */
function braces(place: Place, head: string, fields: readonly Field[], levels: number): Pattern {
  const { choices } = place.making;
  const chosen = fields.filter((_, index) => index === 0 || choices.percent(60));
  const parts = chosen.map((field) => fieldPattern(place, field, levels));
  const text = `${head}{${parts.map((part) => part.text).join(", ")}}`;
  return { text, binds: parts.flatMap(({ binds }) => binds) };
}

function fieldPattern(place: Place, { name, type }: Field, levels: number): Pattern {
  const { choices } = place.making;
  const inside = type.kind === "Nullable" ? type.of : type;
  if (levels > 0 && choices.percent(40)) {
    const made = pattern(place, type, levels - 1);
    return { ...made, text: `${name}: ${made.text}` };
  }
  if (inside.kind === "Enum") return { text: `${name}: _`, binds: [] };
  const text = freshName(place.making, "m");
  return { text: `${name}: ${text}`, binds: [{ text, type }] };
}

/** A question whether something is there, and both answers to it. */
export function narrowing(place: Place, type: Type, isExpected: boolean): string {
  const { making } = place;
  const missing = place.values.filter((value) => value.type.kind === "Nullable");
  const value = missing[making.choices.below(missing.length)];
  if (value === undefined || value.type.kind !== "Nullable") return expression(place, type, isExpected);
  const { text } = value;
  const known = narrowed(place, text, value.type.of);
  const [there, gone] = [block(known, type, isExpected), block(without(place, text), type, isExpected)];
  return making.choices.pick([
    `if ${text} != none ${there} else ${gone}`,
    `if ${text} == none ${gone} else ${there}`,
    `if ${text} != none and ${operand(known, bool)} ${there} else ${gone}`,
    `if not (${text} == none or ${operand(known, bool)}) ${there} else ${gone}`,
  ]);
}
