// A program with parts exchanged: an expression for another one of the program, a type for a type, a pattern for a
// pattern, a name for a name, or an argument, arm, field or statement less or twice. It can be read as before; most no
// longer check, and what still does is what a hole in the checker would let through.

import type { Node } from "../../src/parser/ast.ts";
import { parse } from "../../src/parser/parse.ts";
import { children } from "../../src/parser/walk.ts";
import { Source } from "../../src/source/text.ts";
import { unreachable } from "../../src/source/invariant.ts";
import type { Choices } from "./choices.ts";

type Family = "expression" | "type" | "pattern" | "name" | "entry";

interface Part {
  readonly family: Family;
  readonly start: number;
  readonly end: number;
}

/** What is no expression, by its kind. */
const families: { readonly [kind: string]: Family | "none" } = {
  Program: "none",
  Name: "name",
  Argument: "entry",
  Arm: "entry",
  Entry: "entry",
  Catch: "entry",
  Parameter: "entry",
  TypeField: "entry",
  StateField: "entry",
  VariantNode: "entry",
  FieldPattern: "entry",
  Hint: "entry",
  NamedType: "type",
  NullableType: "type",
  FunctionType: "type",
  StructType: "type",
  WildcardPattern: "pattern",
  LiteralPattern: "pattern",
  NamePattern: "pattern",
  VariantPattern: "pattern",
  StructPattern: "pattern",
  TextPart: "none",
  Block: "none",
};

function partsOf(text: string): readonly Part[] {
  const parts: Part[] = [];
  const stack: Node[] = [parse(new Source("main.keel", text)).program];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const { start, end } = node.span;
    const family =
      families[node.kind] ?? (/Declaration|Member|Body|Owner|Parameter$/.test(node.kind) ? "none" : "expression");
    if (family !== "none" && end > start) parts.push({ family, start, end });
    stack.push(...children(node));
  }
  return parts;
}

/** One change, or two. */
export function broken(text: string, choices: Choices): string {
  const once = changeOne(text, choices);
  return choices.percent(30) ? changeOne(once, choices) : once;
}

function changeOne(text: string, choices: Choices): string {
  const parts = partsOf(text);
  const part = parts[choices.below(parts.length)];
  if (part === undefined) return text;
  const put = (written: string): string => text.slice(0, part.start) + written + text.slice(part.end);
  const own = text.slice(part.start, part.end);
  const isInside = (other: Part): boolean => other.start >= part.start && other.end <= part.end;
  const others = parts.filter((other) => other.family === part.family && other.start !== part.start);
  const inside = others.filter(isInside);
  const near = inside.length > 0 && choices.percent(40) ? inside : others;
  const other = near[choices.below(near.length)];
  const written = other === undefined ? "none" : text.slice(other.start, other.end);
  switch (part.family) {
    case "entry":
      return put(choices.pick(["", `${own}, ${own}`, `${own}\n${own}`, written]));
    case "type":
      return put(choices.pick([written, written, `${own}?`, `list[${own}]`, "int", "str?"]));
    case "expression":
      return put(choices.pick([`(${written})`, written, ...around(own, written)]));
    case "pattern":
      return put(choices.pick([written, written, "_", "none", `${own}, ${written}`]));
    case "name":
      return put(written);
    default:
      return unreachable(part.family);
  }
}

/** The expression as it is, with something around it. */
function around(own: string, other: string): readonly string[] {
  return [`maybe(${own})`, `(${own})!`, `[${own}]`, `((${own}) ?? (${other}))`, `same(${own})`, `{..(${own})}`];
}
