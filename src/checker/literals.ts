// Literals. Two of them depend on what is expected: an integer literal may stand for a float, and a struct literal for
// a map, or for a struct with `T?` fields that it leaves out.

import type {
  DurationLiteral,
  Entry,
  Expression,
  IntLiteral,
  ListLiteral,
  Spread,
  StringLiteral,
  StructLiteral,
} from "../parser/ast.ts";
import type { Env } from "./context.ts";
import { check, expected, hint, infer, value, wantOf } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { missingMember } from "./missing.ts";
import { fits, holdsFunction, joinAll } from "./relate.ts";
import {
  canBeNone,
  duration,
  float,
  int,
  isPrimitive,
  isUnknown,
  listOf,
  mapOf,
  never,
  str,
  typeText,
  unknown,
} from "./type.ts";
import type { MapType, StructShape, Type } from "./type.ts";

const largest = 9223372036854775807n;

export function numberLiteral(env: Env, literal: IntLiteral, use: Use): Type {
  const wanted = expected(use);
  if (wanted !== undefined && isPrimitive(wanted, "float")) return float;
  return integer(env, literal, false);
}

/** `negative` after a minus, where one more fits. */
export function integer(env: Env, literal: IntLiteral, negative: boolean): Type {
  const limit = negative ? largest + 1n : largest;
  if (
    literal.text.length > 19 ? BigInt(literal.text) > limit : literal.text.length === 19 && BigInt(literal.text) > limit
  ) {
    const digits = literal.text.length > 40 ? `${literal.text.slice(0, 40)}…` : literal.text;
    env.cx.report("K2021", literal.span, { text: `${negative ? "-" : ""}${digits}` });
  }
  return int;
}

/** The units a duration literal takes, in milliseconds. */
export const units: { readonly [unit: string]: number } = unitTable();

function unitTable(): { [unit: string]: number } {
  const minute = 60_000;
  const table: { [unit: string]: number } = { ms: 1 };
  const add = (words: string, milliseconds: number): void => {
    for (const word of words.split(" ")) table[word] = milliseconds;
  };
  add("seconds second sec s", 1_000);
  add("minutes minute min m", minute);
  add("hours hour hr h", 60 * minute);
  add("days day d", 24 * 60 * minute);
  add("weeks week w", 7 * 24 * 60 * minute);
  return table;
}

export function durationLiteral(env: Env, literal: DurationLiteral): Type {
  const unit = literal.unit.text;
  if (!Object.hasOwn(units, unit)) env.cx.report("K2022", literal.unit.span, { unit });
  return duration;
}

export function stringLiteral(env: Env, literal: StringLiteral): Type {
  for (const part of literal.parts) if (part.kind !== "TextPart") data(env, part, "text");
  return str;
}

/** A value of any type but a function: what can be stored, sent or written. */
export function data(env: Env, expression: Expression, where: string, use: Use = value): Type {
  const type = infer(env, expression, use);
  if (holdsFunction(type)) env.cx.report("K2018", expression.span, { where });
  return type;
}

export function listLiteral(env: Env, literal: ListLiteral, use: Use): Type {
  const wanted = expected(use);
  const want = wantOf(use);
  if (wanted?.kind === "List" && want?.strict === true) {
    const types = literal.items.map((item) => check(env, item, wanted.of));
    refuseFunctions(env, literal.items, types, "an element of a list");
    return wanted;
  }
  const hoped = wanted?.kind === "List" ? wanted.of : undefined;
  const types = literal.items.map((item) => infer(env, item, hint(hoped)));
  refuseFunctions(env, literal.items, types, "an element of a list");
  const joined = joinAll(types, hoped);
  if ("type" in joined) return listOf(joined.type);
  noJoin(env, literal.items[joined.conflict] ?? literal, joined.with, types[joined.conflict] ?? unknown);
  return listOf(unknown);
}

function refuseFunctions(env: Env, items: readonly Expression[], types: readonly Type[], where: string): void {
  for (const [index, type] of types.entries()) {
    const item = items[index];
    if (item !== undefined && holdsFunction(type)) env.cx.report("K2018", item.span, { where });
  }
}

/** Sources of one value that have nothing in common. */
export function noJoin(env: Env, at: { readonly span: Expression["span"] }, first: Type, second: Type): void {
  const numbers = isPrimitive(first, "int") && isPrimitive(second, "float");
  const help = numbers ? { help: "write the integers as floats: `1.0`" } : {};
  env.cx.report("K2011", at.span, { first: typeText(first), second: typeText(second) }, help);
}

export function structLiteral(env: Env, literal: StructLiteral, use: Use): Type {
  const wanted = expected(use);
  const spread = literal.entries.some((entry) => entry.kind === "Spread");
  if (wanted?.kind === "Map" && !spread) return mapLiteral(env, literal, wanted, wantOf(use)?.strict === true);
  const shape = wanted?.kind === "Struct" ? wanted : undefined;
  const strict = wantOf(use)?.strict === true;
  const fields = new Map<string, Type>();
  const places = new Map<string, Entry>();
  for (const entry of literal.entries) if (entry.kind === "Spread") spreadFields(env, entry, fields);
  refuseSecond(env, literal);
  for (const entry of literal.entries) {
    if (entry.kind === "Entry") field(env, entry, shape, strict, fields, places);
  }
  if (shape === undefined) return { kind: "Struct", fields };
  return completed(env, literal, shape, strict, fields);
}

/** A value may have more fields than its type tells, so what it is copied over could get another type: only entries are. */
function refuseSecond({ cx }: Env, literal: StructLiteral): void {
  const [, second] = literal.entries.filter((entry) => entry.kind === "Spread");
  if (second === undefined) return;
  const help = { help: "one value is copied; write the fields of the other one: `a: x.a`" };
  cx.report("K2001", second.span, { expected: "one `..` in a struct", got: "a second one" }, help);
}

function spreadFields(env: Env, entry: Spread, fields: Map<string, Type>): void {
  const type = infer(env, entry.value);
  if (type.kind === "Struct") for (const [name, of] of type.fields) fields.set(name, of);
  else if (!isUnknown(type)) env.cx.report("K2001", entry.value.span, { expected: "a struct", got: typeText(type) });
}

function field(
  env: Env,
  entry: Entry,
  shape: StructShape | undefined,
  strict: boolean,
  fields: Map<string, Type>,
  places: Map<string, Entry>,
): void {
  const name = entry.key.text;
  const first = places.get(name);
  if (first !== undefined) {
    const related = [{ span: first.key.span, message: "first here" }];
    env.cx.report("K1005", entry.key.span, { what: "Field", name }, { related });
  }
  places.set(name, entry);
  refuseNumber(env, entry);
  const wanted = shape?.fields.get(name);
  const type =
    wanted !== undefined && strict ? check(env, entry.value, wanted) : data(env, entry.value, "a field", hint(wanted));
  if (first === undefined)
    fields.set(name, wanted !== undefined && strict ? (fits(type, wanted) ? type : wanted) : type);
}

/** The host would put such a field before all others. */
export function refuseNumber({ cx }: Env, { key: { text, span } }: Entry): void {
  if (/^\d+$/.test(text)) cx.report("K2046", span, { name: text });
}

/** The literal's own fields, and those `T?` fields of the expected type that it leaves out. */
function completed(
  env: Env,
  literal: StructLiteral,
  shape: StructShape,
  strict: boolean,
  fields: Map<string, Type>,
): Type {
  let missing = false;
  const all = new Map(fields);
  for (const [name, type] of shape.fields) {
    if (all.has(name)) continue;
    if (canBeNone(type)) all.set(name, type);
    else {
      missing = true;
      if (strict) missingMember(env, literal, name, shape);
    }
  }
  if (missing && strict) return shape;
  const extra = [...all.keys()].some((name) => !shape.fields.has(name));
  const widened: StructShape = { kind: "Struct", fields: all };
  return !extra && !missing && fits(widened, shape) && strict ? shape : widened;
}

function mapLiteral(env: Env, literal: StructLiteral, wanted: MapType, strict: boolean): Type {
  if (strict && !fits(str, wanted.key)) {
    env.cx.report("K2001", literal.span, { expected: typeText(wanted), got: "a struct literal, whose keys are str" });
  }
  const types: Type[] = [];
  for (const entry of literal.entries) {
    if (entry.kind === "Spread") continue;
    types.push(strict ? check(env, entry.value, wanted.value) : data(env, entry.value, "a value", hint(wanted.value)));
  }
  if (strict) return wanted;
  const joined = joinAll(types, wanted.value);
  return mapOf(str, "type" in joined ? joined.type : never);
}
