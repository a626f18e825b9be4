// The ordering of the ordered types: ints, floats, texts by code point (a datetime is a text), durations, false
// before true. Negative, zero or positive. Both values are of one type.

import { Bug } from "../source/invariant.ts";
import type { Value } from "./value.ts";
import { Duration, Float } from "./value.ts";

export function compare(a: Value, b: Value): number {
  if (typeof a === "string" && typeof b === "string") return compareTexts(a, b);
  if (a instanceof Float && b instanceof Float) return a.value - b.value;
  if (a instanceof Duration && b instanceof Duration) return a.ms - b.ms;
  if ((typeof a === "number" || typeof a === "bigint") && (typeof b === "number" || typeof b === "bigint")) {
    return a < b ? -1 : a > b ? 1 : 0;
  }
  if (typeof a === "boolean" && typeof b === "boolean") return Number(a) - Number(b);
  if (a === null || b === null) return Number(a !== null) - Number(b !== null);
  throw new Bug("two values without an order");
}

/** The host orders by UTF-16 code unit, where a surrogate (beyond U+FFFF) stands before U+E000 to U+FFFF. */
function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

function rank(unit: number): number {
  return unit >= 0xd800 && unit <= 0xdfff ? unit + 0x10000 : unit;
}
