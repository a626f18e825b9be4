// The arguments of built-ins as the host's types, and places in lists and texts.

import { invariant } from "../../source/invariant.ts";
import { asCount } from "../numbers.ts";
import type { Value } from "../value.ts";
import { KeelMap } from "../value.ts";

export function asList(value: Value): readonly Value[] {
  invariant(Array.isArray(value), "a list was expected");
  return value;
}

export function asText(value: Value): string {
  invariant(typeof value === "string", "a text was expected");
  return value;
}

export function asMap(value: Value): KeelMap {
  invariant(value instanceof KeelMap, "a map was expected");
  return value;
}

/** `start` and `end` of a slice as offsets in 0..length: negative ones count from the end, none is the end. */
export function bounds(start: Value, end: Value, length: number): readonly [start: number, end: number] {
  const from = offset(asCount(start), length);
  return [from, Math.max(from, end === null ? length : offset(asCount(end), length))];
}

function offset(place: number, length: number): number {
  return place < 0 ? Math.max(0, length + place) : Math.min(place, length);
}
