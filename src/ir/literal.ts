// Literals as the value codec writes them: ints beyond 2^53−1, floats and durations have forms of their own.

import type { DurationLiteral, Expression, FloatLiteral, IntLiteral } from "../parser/ast.ts";
import { unitsInMs } from "./duration-units.ts";
import type { Json, LiteralTerm } from "./kir.ts";

export function literal(value: Json): LiteralTerm {
  return { kind: "Literal", value };
}

export const none: LiteralTerm = literal(null);
export const yes: LiteralTerm = literal(true);
export const no: LiteralTerm = literal(false);
export const floatZero: LiteralTerm = literal({ $f: "0.0" });

export function intLiteral(node: IntLiteral, negative = false): LiteralTerm {
  const value = negative ? -BigInt(node.text) : BigInt(node.text);
  const safe = value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER);
  return literal(safe ? Number(value) : { $i: String(value) });
}

/** An integer literal may stand where a float is wanted. */
export function floatLiteral(node: FloatLiteral | IntLiteral, negative = false): LiteralTerm {
  const value = negative ? -Number(node.text) : Number(node.text);
  const digits = Object.is(value, -0) ? "-0" : String(value).replace("e+", "e");
  return literal({ $f: /[.e]/.test(digits) ? digits : `${digits}.0` });
}

export function durationLiteral(node: DurationLiteral, negative = false): LiteralTerm {
  const ms = Math.round(Number(node.amount.replaceAll("_", "")) * (unitsInMs[node.unit.text] ?? 0));
  return literal({ $d: negative ? -ms : ms });
}

/** A variant without fields. */
export function variantLiteral(type: string, variant: string): LiteralTerm {
  return literal({ $e: `${type}.${variant}` });
}

/** An expression that is one literal, `-` before it included. `float`: where its integers stand for floats. */
export function literalOf(node: Expression, float: boolean, negative = false): LiteralTerm | undefined {
  if (node.kind === "IntLiteral") return float ? floatLiteral(node, negative) : intLiteral(node, negative);
  if (node.kind === "FloatLiteral") return floatLiteral(node, negative);
  if (node.kind === "DurationLiteral") return durationLiteral(node, negative);
  if (node.kind === "NoneLiteral") return none;
  if (node.kind === "BoolLiteral") return literal(node.value);
  if (node.kind === "Unary" && node.operator === "-") return literalOf(node.operand, float, !negative);
  if (node.kind !== "StringLiteral") return undefined;
  const texts = node.parts.map((part) => (part.kind === "TextPart" ? part.text : undefined));
  return texts.includes(undefined) ? undefined : literal(texts.join(""));
}
