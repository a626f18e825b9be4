// The text of a value (LANGUAGE §2): what interpolation, `to_str`, `notify`, `to_json` and prompts see. Defined by
// the language alone: a float is the shortest decimal that reads back as it, always with a point or an exponent.

import { Bug } from "../source/invariant.ts";
import type { Json } from "../ir/kir.ts";
import { setField } from "./fields.ts";
import type { Struct, Value } from "./value.ts";
import { Duration, Float, FunctionValue, KeelMap, Variant } from "./value.ts";

/** The interpolated form: texts as they are, enums by name, durations in their largest unit, all else as JSON. */
export function text(value: Value): string {
  if (typeof value === "string") return value;
  if (value === null) return "none";
  if (value instanceof Duration) return durationText(value.ms);
  if (value instanceof Variant && value.fields === null) return value.name;
  return jsonText(value);
}

export function floatText(value: number): string {
  if (Object.is(value, -0)) return "-0.0";
  const digits = String(value).replace("e+", "e");
  return /[.e]/.test(digits) ? digits : `${digits}.0`;
}

const units = [
  ["w", 604_800_000],
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["m", 60_000],
  ["s", 1_000],
] as const;

/** In the largest unit that divides it: `90s`, `5m`, `1w`. */
export function durationText(ms: number): string {
  if (ms === 0) return "0s";
  for (const [unit, size] of units) if (ms % size === 0) return `${ms / size}${unit}`;
  return `${ms}ms`;
}

/** A value as JSON on one line: `{"a": 1, "b": [2.0, "c"]}`. Ints keep all their digits, floats their point. */
export function jsonText(value: Value): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Duration) return String(value.ms);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(", ")}]`;
  if (value instanceof Variant) {
    const name = JSON.stringify(value.name);
    return value.fields === null ? name : `{${name}: ${structText(value.fields)}}`;
  }
  if (value instanceof KeelMap) {
    const entries = [...value.entries()].map(([key, item]) => `${JSON.stringify(mapKey(key))}: ${jsonText(item)}`);
    return `{${entries.join(", ")}}`;
  }
  if (value instanceof FunctionValue) throw new Bug("a function has no text");
  return structText(value as Struct);
}

function structText(struct: Struct): string {
  const entries = Object.entries(struct).map(([name, item]) => `${JSON.stringify(name)}: ${jsonText(item)}`);
  return `{${entries.join(", ")}}`;
}

/** A value as plain JSON data. An int that a double cannot hold is the text of its digits. */
export function jsonOf(value: Value): Json {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (typeof value === "bigint") return String(value);
  if (value instanceof Float) return value.value;
  if (value instanceof Duration) return value.ms;
  if (Array.isArray(value)) return value.map(jsonOf);
  if (value instanceof Variant) {
    return value.fields === null ? value.name : record([[value.name, structJson(value.fields)]]);
  }
  if (value instanceof KeelMap) {
    return record(Array.from(value.entries(), ([key, item]) => [mapKey(key), jsonOf(item)] as const));
  }
  if (value instanceof FunctionValue) throw new Bug("a function is no JSON");
  return structJson(value as Struct);
}

function structJson(struct: Struct): Json {
  return record(Object.entries(struct).map(([name, item]) => [name, jsonOf(item)] as const));
}

function record(entries: readonly (readonly [string, Json])[]): Json {
  const result: { [key: string]: Json } = {};
  for (const [key, item] of entries) setField(result, key, item);
  return result;
}

/** A map's key as JSON writes it: a text, digits, or an enum's name. */
export function mapKey(key: Value): string {
  return typeof key === "string" ? key : text(key);
}
