// Blocks with their statements, and the forms that have blocks.

import { lambda } from "./calls.ts";
import { few } from "./collections.ts";
import { effect } from "./effects.ts";
import { expression, operand } from "./expressions.ts";
import { narrowed } from "./patterns.ts";
import { deeper, freshName, type Place, repeated, type Value, withValues } from "./place.ts";
import { anyType, structTypeOf } from "./some-type.ts";
import { bool, nullable, str, type StructType, type Type, typeText } from "./types.ts";

/** `{ … }` with a value, and fewer than `most` statements before it. */
export function block(place: Place, type: Type, isExpected: boolean, most = 3): string {
  const { statements, after } = several(place, most);
  const value = expression(after, type, isExpected);
  return statements.length === 0 ? `{ ${value} }` : `{\n${[...statements, value].join("\n")}\n}`;
}

/** `{ … }` whose last statement leaves it. */
function leaving(place: Place): string {
  const { statements, after } = several(place);
  const last = exit(after);
  return statements.length === 0 ? `{ ${last} }` : `{\n${[...statements, last].join("\n")}\n}`;
}

interface Several {
  readonly statements: readonly string[];
  /** What follows sees what they bind. */
  readonly after: Place;
}

export function several(place: Place, most = 3): Several {
  const { choices } = place.making;
  const statements: string[] = [];
  let after = place;
  if (place.isLine || place.depth <= 0) return { statements, after };
  for (let left = choices.below(most); left > 0; left -= 1) {
    const made = statement(after);
    statements.push(made.text);
    after = made.after;
  }
  return { statements, after };
}

interface Statement {
  readonly text: string;
  readonly after: Place;
}

export function statement(place: Place): Statement {
  const inside = deeper(place);
  if (place.effects !== undefined && place.making.choices.percent(50)) {
    return { text: effect(inside, place.effects), after: place };
  }
  return place.making.choices.weighted<Statement>([
    [6, () => bind(inside, place)],
    [2, () => destructure(inside, place)],
    [3, () => bindFunction(inside, place)],
    [1, () => rebind(inside, place)],
    [2, () => leaveUnless(inside, place)],
    [2, () => ({ text: `if ${operand(inside, bool)} ${leaving(inside)}`, after: place })],
    [2, () => search(inside, place)],
    [1, () => attempt(inside, place)],
  ]);
}

function bind(inside: Place, place: Place): Statement {
  const { making } = place;
  const type = anyType(place);
  const text = freshName(making, "v");
  const after = withValues(place, { text, type });
  if (making.choices.percent(50)) return { text: `${text}: ${typeText(type)} = ${expression(inside, type)}`, after };
  return { text: `${text} = ${expression(inside, type, false)}`, after };
}

/** `v = f(v)`, in the same block only: an inner one must not read the name it hides. */
function rebind(inside: Place, place: Place): Statement {
  const { making } = place;
  const first = freshName(making, "v");
  const [type, other] = [anyType(place, 1), anyType(place, 1)];
  const before = `${first} = ${expression(inside, type, false)}`;
  const again = `${first} = ${expression(withValues(inside, { text: first, type }), other, false)}`;
  return { text: `${before}\n${again}`, after: withValues(place, { text: first, type: other }) };
}

function destructure(inside: Place, place: Place): Statement {
  const { making } = place;
  const type: StructType = structTypeOf(making);
  const parts = type.fields.slice(0, 1 + making.choices.below(type.fields.length)).map((field) => {
    return { field, text: freshName(making, "v") };
  });
  const names = parts.map(({ field, text }) => `${field.name}: ${text}`).join(", ");
  const bound = parts.map(({ field, text }): Value => ({ text, type: field.type }));
  return { text: `{${names}} = ${expression(inside, type, false)}`, after: withValues(place, ...bound) };
}

function bindFunction(inside: Place, place: Place): Statement {
  const { making } = place;
  const name = freshName(making, "f");
  const parameters = Array.from({ length: 1 + making.choices.below(2) }, () => anyType(place, 1));
  const type = { parameters, result: anyType(place, 1) };
  const text = `${name} = ${lambda(inside, type, { isAnnotated: true, isExpected: false })}`;
  return { text, after: { ...place, functions: [...place.functions, { name, type }] } };
}

/** `if v == none { return … }`: after it, `v` is there. */
function leaveUnless(inside: Place, place: Place): Statement {
  const { making } = place;
  const type = nullable(anyType(place, 1));
  const text = freshName(making, "v");
  const before = `${text}: ${typeText(type)} = ${expression(inside, type)}`;
  const condition = making.choices.pick([
    `${text} == none`,
    `not (${text} != none)`,
    `${text} == none or ${operand(narrowed(inside, text, type.of), bool)}`,
  ]);
  return { text: `${before}\nif ${condition} ${leaving(inside)}`, after: narrowed(place, text, type.of) };
}

/** A loop that is left with a result. */
function search(inside: Place, place: Place): Statement {
  const of = anyType(place, 1);
  const text = freshName(place.making, "e");
  const body = withValues({ ...repeated(inside), inLoop: true }, { text, type: of });
  const found = `if ${operand(body, bool)} ${leaving(body)}`;
  return { text: `for ${text} in ${few(inside, of)}${where(body)} {\n${found}\n}`, after: place };
}

function attempt(inside: Place, place: Place): Statement {
  const handler = freshName(place.making, "err");
  const handled = withValues(inside, { text: `${handler}.message`, type: str });
  const body = `if ${operand(inside, bool)} ${leaving(inside)}`;
  return { text: `try {\n${body}\n} catch ${handler} ${leaving(handled)}`, after: place };
}

/** What leaves its place and has no value. */
export function exit(place: Place): string {
  const { making, returns, inLoop } = place;
  return making.choices.weighted([
    [2, () => `fail ${operand(place, str)}`],
    [
      returns === undefined ? 0 : 6,
      () => (returns === undefined ? "" : `return ${expression(place, returns.type, returns.isExpected)}`),
    ],
    [inLoop ? 3 : 0, () => "break"],
    [inLoop ? 3 : 0, () => "continue"],
  ]);
}

export function ifElse(place: Place, type: Type, isExpected: boolean): string {
  const { choices } = place.making;
  const body = (): string => (choices.percent(8) ? leaving(place) : block(place, type, isExpected));
  const more = choices.percent(20) ? ` else if ${operand(place, bool)} ${body()}` : "";
  return `if ${operand(place, bool)} ${block(place, type, isExpected)}${more} else ${body()}`;
}

export function loop(place: Place, of: Type, isExpected: boolean): string {
  const from = anyType(place, 1);
  const text = freshName(place.making, "e");
  const list = few(place, from);
  const body = withValues({ ...repeated(place), inLoop: true }, { text, type: from });
  return `for ${text} in ${list}${where(body)} ${block(body, of, isExpected)}`;
}

const where = (place: Place): string =>
  place.making.choices.percent(25) ? ` where ${operand({ ...place, inLoop: false }, bool)}` : "";

const kinds = ["NullError", "ArithmeticError", "Failure", "LimitError", "ToolError"] as const;

export function tryCatch(place: Place, type: Type, isExpected: boolean): string {
  const { choices } = place.making;
  const leaves = choices.percent(8);
  const body = leaves ? leaving(place) : block(place, type, isExpected);
  const handler = (): string => handling(place, !leaves && choices.percent(10), type, isExpected);
  return `try ${body}${Array.from({ length: 1 + choices.below(2) }, handler).join("")}`;
}

/** An error somewhere inside: what stands left of it was evaluated, and nothing right of it. */
export function stopped(place: Place, type: Type, isExpected: boolean): string {
  const inside = { ...place, mayStop: true };
  return `try { ${expression(inside, type, isExpected)} }${handling(place, false, type, isExpected)}`;
}

/** `again`: the error goes on. */
function handling(place: Place, again: boolean, type: Type, isExpected: boolean): string {
  const { making } = place;
  const name = freshName(making, "err");
  const caught = making.choices.percent(50) ? "" : `: ${making.choices.pick(kinds)}`;
  const inside = withValues(deeper(place), { text: `${name}.message`, type: str });
  return ` catch ${name}${caught} ${again ? `{ fail ${name} }` : block(inside, type, isExpected)}`;
}
