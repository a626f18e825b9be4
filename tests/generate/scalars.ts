// Numbers, texts, truth, time: what each is computed from.

import { lambda } from "./calls.ts";
import { enclosed, expression, operand, type Production } from "./expressions.ts";
import { literal, smallInt } from "./literals.ts";
import { onLine, type Place } from "./place.ts";
import { anyType, orderedType, somePlain } from "./some-type.ts";
import {
  bool,
  datetime,
  duration,
  float,
  int,
  listOf,
  mapOf,
  nullable,
  type Plain,
  str,
  type Type,
  typeText,
} from "./types.ts";

export function scalarsOf(place: Place, type: Plain): readonly Production[] {
  switch (type.name) {
    case "int":
      return ints(place);
    case "float":
      return floats(place);
    case "str":
      return texts(place);
    case "bool":
      return truths(place);
    case "duration":
      return durations(place);
    case "datetime":
      return instants(place);
    case "json":
      return [];
  }
}

/** An operator between two operands of these types. */
function infix(place: Place, left: Type, operators: readonly [string, ...string[]], right = left): () => string {
  return () => `${operand(place, left)} ${place.making.choices.pick(operators)} ${operand(place, right)}`;
}

function ints(place: Place): readonly Production[] {
  const of = (type: Type): string => operand(place, type);
  const { choices } = place.making;
  return [
    [8, infix(place, int, ["+", "-", "*"])],
    [2, infix(place, int, ["/", "%"])],
    [1, () => `-${of(int)}`],
    [1, () => `${of(int)}.abs()`],
    [2, () => `${of(float)}.${choices.pick(["to_int", "round", "floor", "ceil"])}()`],
    [2, () => `${of(str)}.length`],
    [2, () => `${of(listOf(anyType(place)))}.count`],
    [1, () => `${of(mapOf(str, somePlain(place)))}.count`],
    [2, () => `${of(listOf(int))}.sum()`],
    [1, () => `${of(str)}.to_int() ?? ${of(int)}`],
    [place.weight === 1 ? 1 : 0, () => deep(place)],
    [1, () => `${of(str)}.index_of(${expression(place, str)}) ?? ${of(int)}`],
  ];
}

/** Calls near the bound of 1,000. */
function deep(place: Place): string {
  const { choices } = place.making;
  const n = choices.pick(["0", "3", "400", "498", "990", "995", "997", "999", "1_000"]);
  if (choices.percent(50)) return `down(${n}${choices.percent(50) ? `, ${expression(place, int)}` : ""})`;
  return `later(${n}, ${lambda(place, { parameters: [int], result: int })})`;
}

function floats(place: Place): readonly Production[] {
  const of = (type: Type): string => operand(place, type);
  const { choices } = place.making;
  return [
    [8, infix(place, float, ["+", "-", "*", "/", "%"])],
    [1, () => `-${of(float)}`],
    [2, () => `${of(int)}.to_float()`],
    [1, () => `${of(float)}.abs()`],
    [1, () => `${of(listOf(float))}.sum()`],
    [1, () => `${of(str)}.to_float() ?? ${of(float)}`],
    [1, () => `${of(float)} ${choices.pick(["+", "*", "-"])} 2`],
    [1, () => `3 ${choices.pick(["+", "*", "-"])} ${of(float)}`],
  ];
}

function texts(place: Place): readonly Production[] {
  const of = (type: Type): string => operand(place, type);
  const { choices } = place.making;
  const small = (): string => smallInt(place);
  return [
    [8, () => interpolation(place)],
    [3, infix(place, str, ["+"])],
    [2, () => `same(${expression(place, anyType(place), false)}).${choices.pick(["to_str", "to_json"])}()`],
    [1, () => `${of(str)}.${choices.pick(["trim", "upper", "lower"])}()`],
    [1, () => `${of(str)}.slice(${small()}${choices.percent(50) ? `, ${small()}` : ""})`],
    [1, () => `${of(str)}.replace(${expression(place, str)}, ${expression(place, str)}).slice(0, 40)`],
    [1, () => `${of(str)}.repeat(${choices.pick(["0", "2", "3", "-1"])}).slice(0, 40)`],
    [1, () => `${of(str)}.${choices.pick(["pad_start", "pad_end"])}(${small()}, ${expression(place, str)})`],
    [2, () => `${of(listOf(anyType(place)))}.join(${choices.percent(60) ? '", "' : ""})`],
    [1, () => `${of(datetime)}.format("YYYY-MM-DD HH:mm:ss", ${choices.pick(['"UTC"', '"Europe/Berlin"', '"Mars"'])})`],
  ];
}

/** `"a {1 + 2} b"`: a hole may hold any value. */
function interpolation(place: Place): string {
  const { choices } = place.making;
  const holes = Array.from({ length: 1 + choices.below(3) }, () => {
    const before = choices.pick(["", " ", "a ", "\\n", "ü\\{"]);
    return `${before}{${hole(place)}}`;
  });
  return `"${holes.join("")}${choices.pick(["", "."])}"`;
}

/** A hole that begins with a brace would be read as one brace too many. */
function hole(place: Place): string {
  const text = expression(onLine(place), anyType(place), false);
  return text.startsWith("{") ? ` ${text} ` : text;
}

function truths(place: Place): readonly Production[] {
  const of = (type: Type): string => operand(place, type);
  const { choices } = place.making;
  return [
    [5, () => comparison(place)],
    [4, () => equality(place)],
    [5, infix(place, bool, ["and", "or"])],
    [2, () => `not ${of(bool)}`],
    // Behind a call, so that the condition says nothing of a path.
    [1, () => `same(${expression(place, nullable(anyType(place)), false)}) ${choices.pick(["==", "!="])} none`],
    [1, () => `${of(str)}.${choices.pick(["contains", "starts_with", "ends_with"])}(${expression(place, str)})`],
    [1, () => `${of(str)}.matches(${choices.pick(['"[0-9]+"', '"^a"', '"(a|b)*c$"', '"("', '"."'])})`],
    [1, () => `${of(choices.pick<Type>([str, listOf(int), mapOf(str, int)]))}.is_empty`],
    [1, () => contains(place)],
  ];
}

function comparison(place: Place): string {
  return infix(place, orderedType(place), ["<", "<=", ">", ">="])();
}

function equality(place: Place): string {
  const { choices } = place.making;
  const type = anyType(place);
  // A bare variant takes the other side's type; what only holds one does not.
  const isBare = type.kind === "Enum" && choices.percent(50);
  const right = isBare ? enclosed(literal(place, type, true)) : operand(place, type);
  return `${operand(place, type)} ${choices.pick(["==", "!="])} ${right}`;
}

function contains(place: Place): string {
  const type = anyType(place);
  return `${operand(place, listOf(type))}.contains(${expression(place, type)})`;
}

function durations(place: Place): readonly Production[] {
  const { choices } = place.making;
  return [
    [4, infix(place, duration, ["+", "-"])],
    [2, infix(place, duration, ["*", "/"], int)],
    [2, infix(place, datetime, ["-"])],
    [1, () => `-${operand(place, duration)}`],
    [1, () => `${choices.pick(["1", "3", "1_000"])}.${choices.pick(["ms", "s", "min", "hours", "days", "weeks"])}`],
  ];
}

function instants(place: Place): readonly Production[] {
  return [
    [4, infix(place, datetime, ["+", "-"], duration)],
    [1, () => `parse_datetime(${expression(place, str)}) ?? ${operand(place, datetime)}`],
    [1, () => `(parse_json(${literal(place, str, false)}) as ${typeText(datetime)}) ?? ${operand(place, datetime)}`],
  ];
}
