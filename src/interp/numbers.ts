// The arithmetic of `int` and `float`. An int is a number while it is a safe integer and a bigint beyond, never
// otherwise: `normal` keeps that. Sums and products of two safe integers are exact as doubles as long as the result
// is safe; all else goes through bigints. Overflow past 64 bits and floats that are no finite number are errors.

import { invariant } from "../source/invariant.ts";
import { arithmeticError } from "./failure.ts";
import { MAX_INT, MIN_INT } from "./limits.ts";
import type { Value } from "./value.ts";
import { Float } from "./value.ts";

export type Int = number | bigint;

const SAFE = BigInt(Number.MAX_SAFE_INTEGER);

/** The one form of an integer: number where safe; ArithmeticError past 64 bits. */
export function normal(value: bigint): Int {
  if (value <= SAFE && value >= -SAFE) return Number(value);
  if (value > MAX_INT || value < MIN_INT) throw arithmeticError("the result does not fit into a 64-bit int");
  return value;
}

export function isInt(value: Value): value is Int {
  return typeof value === "number" || typeof value === "bigint";
}

export function asInt(value: Value): Int {
  invariant(isInt(value), "an int was expected");
  return value;
}

/** An int as a host number, for counts and positions; one beyond the safe range keeps its sign and size only. */
export function asCount(value: Value): number {
  return Number(asInt(value));
}

/** The double of a float; an int where a float is due counts as one. */
export function asDouble(value: Value): number {
  return value instanceof Float ? value.value : Number(asInt(value));
}

/** Boxes a result, which must be finite. `+ 0` is not applied: -0.0 is a float of its own. */
export function floatResult(value: number): Float {
  if (!Number.isFinite(value)) {
    throw arithmeticError(Number.isNaN(value) ? "the result is not a number" : "the result is too large for a float");
  }
  return new Float(value);
}

export function addInt(a: Value, b: Value): Int {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum;
  }
  return normal(BigInt(asInt(a)) + BigInt(asInt(b)));
}

export function subtractInt(a: Value, b: Value): Int {
  if (typeof a === "number" && typeof b === "number") {
    const difference = a - b;
    if (Number.isSafeInteger(difference)) return difference;
  }
  return normal(BigInt(asInt(a)) - BigInt(asInt(b)));
}

export function multiplyInt(a: Value, b: Value): Int {
  if (typeof a === "number" && typeof b === "number") {
    const product = a * b;
    if (Number.isSafeInteger(product)) return product + 0;
  }
  return normal(BigInt(asInt(a)) * BigInt(asInt(b)));
}

/** Truncates toward zero. For safe integers the rounded quotient never reaches the next integer, so it is exact. */
export function divideInt(a: Value, b: Value): Int {
  if (b === 0) throw arithmeticError("division by zero");
  if (typeof a === "number" && typeof b === "number") return Math.trunc(a / b) + 0;
  return normal(BigInt(asInt(a)) / BigInt(asInt(b)));
}

/** Keeps the sign of the dividend. */
export function remainderInt(a: Value, b: Value): Int {
  if (b === 0) throw arithmeticError("division by zero");
  if (typeof a === "number" && typeof b === "number") return (a % b) + 0;
  return normal(BigInt(asInt(a)) % BigInt(asInt(b)));
}

export function negateInt(a: Value): Int {
  return typeof a === "number" ? 0 - a : normal(-BigInt(asInt(a)));
}

export function divideFloat(a: number, b: number): Float {
  if (b === 0) throw arithmeticError("division by zero");
  return floatResult(a / b);
}

export function remainderFloat(a: number, b: number): Float {
  if (b === 0) throw arithmeticError("division by zero");
  return floatResult(a % b);
}

/** The int with the value of a double that is whole. */
export function intOfDouble(value: number): Int {
  return Number.isSafeInteger(value) ? value + 0 : normal(BigInt(value));
}

/** `42`, `-7`, `+3`, with blanks around: the int, or none for what is no int or does not fit 64 bits. */
export function parseInt64(text: string): Int | null {
  const digits = text.trim();
  if (!/^[+-]?[0-9]+$/.test(digits) || digits.length > 64) return null;
  const value = BigInt(digits.startsWith("+") ? digits.slice(1) : digits);
  return value > MAX_INT || value < MIN_INT ? null : normal(value);
}

/** A decimal number, with blanks around: the float, or none for what is no number or not finite. */
export function parseFloat64(text: string): Float | null {
  const digits = text.trim();
  if (!/^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]+)?$/.test(digits)) return null;
  const value = Number(digits);
  return Number.isFinite(value) ? new Float(value) : null;
}
