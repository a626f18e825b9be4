// JSON and shapes: `settle` makes what a model wrote look like what its schema says, where that needs no guess (the
// case of a variant's name, a nullable field left out, a key nobody asked for); `valueOf` makes a value of what was
// found valid. In between stands the validation (`structured`).
//
// Invariants: `settle` and `valueOf` are total over all JSON. A value of `valueOf` fits its shape exactly.

import { setField } from "../../interp/fields.ts";
import { MAX_INT, MIN_INT } from "../../interp/limits.ts";
import { normal } from "../../interp/numbers.ts";
import { Duration, Float, KeelMap, Variant } from "../../interp/value.ts";
import type { Struct, Value } from "../../interp/value.ts";
import type { Json, Shape, ShapeField, ShapeVariant } from "../../ir/kir.ts";
import { chooseWhole } from "./choice.ts";
import { longInteger, wellFormed } from "./repair.ts";

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !isList(json);
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

// ── settle ──────────────────────────────────────────────────────────────────────────────────────────────────────

export function settle(json: Json, shape: Shape): Json {
  switch (shape.kind) {
    case "nullable":
      return json === null ? null : settle(json, shape.of);
    case "list":
      return isList(json) ? json.map((item) => settle(item, shape.of)) : json;
    case "map":
      return isObject(json) ? settleMap(json, shape) : json;
    case "struct":
      return isObject(json) ? settleStruct(json, shape.fields) : json;
    case "enum":
      return settleEnum(json, shape.variants);
    case "datetime":
      return typeof json === "string" ? settleTime(json) : json;
    case "int":
    case "duration":
      return json === 0 ? 0 : json;
    case "float":
    case "str":
    case "bool":
    case "none":
    case "json":
      return json;
  }
}

function settleMap(json: JsonObject, shape: Extract<Shape, { kind: "map" }>): Json {
  return record(
    Object.entries(json).map(([key, item]) => {
      const settled = shape.key.kind === "enum" ? settle(key, shape.key) : key;
      return [typeof settled === "string" ? settled : key, settle(item, shape.value)];
    }),
  );
}

/** An object that has none of the fields is something else, and is left as it is. */
function settleStruct(json: JsonObject, fields: readonly ShapeField[]): Json {
  const keys = Object.keys(json);
  const found = fields.map((field) => [field, keyOf(field.name, keys, fields)] as const);
  if (keys.length > 0 && fields.length > 0 && found.every(([, key]) => key === undefined)) return json;
  const entries: (readonly [string, Json])[] = [];
  for (const [{ name, shape }, key] of found) {
    const item = key === undefined ? undefined : json[key];
    if (item !== undefined) entries.push([name, settle(item, shape)]);
    else if (shape.kind === "nullable") entries.push([name, null]);
  }
  return record(entries);
}

/** The key of a field: its name, or the one key that differs from it in case or `-` only and is no field's own. */
function keyOf(name: string, keys: readonly string[], fields: readonly ShapeField[]): string | undefined {
  if (keys.includes(name)) return name;
  const alike = keys.filter((key) => sameKey(key, name) && fields.every((field) => field.name !== key));
  const rivals = fields.filter((field) => sameKey(field.name, name));
  return alike.length === 1 && rivals.length === 1 ? alike[0] : undefined;
}

function sameKey(a: string, b: string): boolean {
  const fold = (key: string) => key.toLowerCase().replace(/[\s_-]/g, "");
  return fold(a) === fold(b);
}

function settleEnum(json: Json, variants: readonly ShapeVariant[]): Json {
  const bare = variants.filter((variant) => variant.fields === undefined).map(({ name }) => name);
  if (typeof json === "string") {
    const choice = chooseWhole(json, bare);
    return choice.kind === "One" ? choice.name : json;
  }
  if (!isObject(json)) return json;
  const [key, ...others] = Object.keys(json);
  if (key === undefined || others.length > 0) return json;
  const choice = chooseWhole(
    key,
    variants.map(({ name }) => name),
  );
  const variant = choice.kind === "One" ? variants.find(({ name }) => name === choice.name) : undefined;
  const held = json[key];
  if (variant === undefined || held === undefined) return json;
  if (variant.fields === undefined) return isObject(held) && Object.keys(held).length === 0 ? variant.name : json;
  return record([[variant.name, isObject(held) ? settleStruct(held, variant.fields) : held]]);
}

/** Any instant with its offset, in the one form of a datetime. */
function settleTime(text: string): string {
  const complete = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)$/i.test(text.trim());
  const ms = complete ? Date.parse(text.trim().replace(" ", "T").toUpperCase()) : Number.NaN;
  return Number.isNaN(ms) ? text : new Date(ms).toISOString();
}

function record(entries: readonly (readonly [string, Json])[]): JsonObject {
  const result: { [key: string]: Json } = {};
  for (const [key, item] of entries) setField(result, key, item);
  return result;
}

// ── valueOf ─────────────────────────────────────────────────────────────────────────────────────────────────────

export type Fitted = { readonly kind: "Value"; readonly value: Value } | Misfit;

export interface Misfit {
  readonly kind: "Misfit";
  /** Where and why, as `/items/2: is no instant`. */
  readonly reason: string;
}

export function valueOf(json: Json, shape: Shape): Fitted {
  try {
    return { kind: "Value", value: convert(json, shape, "") };
  } catch (thrown) {
    if (thrown instanceof Mismatch) return { kind: "Misfit", reason: thrown.message };
    throw thrown;
  }
}

/** Ends a conversion; never leaves this file. */
class Mismatch extends Error {
  constructor(path: string, what: string) {
    super(`${path === "" ? "the reply" : path}: ${what}`);
  }
}

function convert(json: Json, shape: Shape, path: string): Value {
  switch (shape.kind) {
    case "int":
      return integer(json, path);
    case "float":
      return float(json, path);
    case "duration": {
      const ms = integer(json, path);
      if (typeof ms === "number") return new Duration(ms);
      throw new Mismatch(path, "must be milliseconds");
    }
    case "str":
      if (typeof json === "string") return wellFormed(json);
      throw new Mismatch(path, "must be a text");
    case "datetime":
      if (typeof json === "string" && /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(json)) return json;
      throw new Mismatch(path, "must be an instant like 2026-05-01T09:00:00.000Z");
    case "bool":
      if (typeof json === "boolean") return json;
      throw new Mismatch(path, "must be true or false");
    case "none":
      if (json === null) return null;
      throw new Mismatch(path, "must be null");
    case "json":
      return anyValue(json);
    case "nullable":
      return json === null ? null : convert(json, shape.of, path);
    case "list":
      if (isList(json)) return json.map((item, index) => convert(item, shape.of, `${path}/${index}`));
      throw new Mismatch(path, "must be a list");
    case "map":
      if (!isObject(json)) throw new Mismatch(path, "must be an object");
      return new KeelMap(
        Object.entries(json).map(([key, item]) => [
          mapKey(key, shape.key, path),
          convert(item, shape.value, `${path}/${key}`),
        ]),
      );
    case "struct":
      return struct(json, shape.fields, path);
    case "enum":
      return variant(json, shape, path);
  }
}

function integer(json: Json, path: string): number | bigint {
  const long = longInteger(json);
  if (long !== undefined) {
    if (long >= MIN_INT && long <= MAX_INT) return normal(long);
  } else if (typeof json === "number" && Number.isSafeInteger(json)) return json;
  throw new Mismatch(
    path,
    typeof json === "number" || long !== undefined ? "is no 64-bit integer" : "must be an integer",
  );
}

function float(json: Json, path: string): Float {
  const number = typeof json === "number" ? json : Number(longInteger(json) ?? Number.NaN);
  if (Number.isFinite(number)) return new Float(number);
  throw new Mismatch(path, "must be a number");
}

function struct(json: Json, fields: readonly ShapeField[], path: string): Struct {
  if (!isObject(json)) throw new Mismatch(path, "must be an object");
  const result: { [field: string]: Value } = {};
  for (const { name, shape } of fields) {
    const item = Object.hasOwn(json, name) ? json[name] : undefined;
    if (item === undefined && shape.kind !== "nullable") throw new Mismatch(`${path}/${name}`, "is missing");
    setField(result, name, item === undefined ? null : convert(item, shape, `${path}/${name}`));
  }
  return result;
}

function variant(json: Json, shape: Extract<Shape, { kind: "enum" }>, path: string): Variant {
  const name = typeof json === "string" ? json : isObject(json) ? Object.keys(json)[0] : undefined;
  const found = shape.variants.find((each) => each.name === name);
  if (found === undefined || (typeof json === "string") !== (found.fields === undefined)) {
    throw new Mismatch(path, `must be one of ${shape.variants.map((each) => each.name).join(", ")}`);
  }
  if (found.fields === undefined || !isObject(json)) return new Variant(shape.name, found.name);
  return new Variant(shape.name, found.name, struct(json[found.name] ?? null, found.fields, `${path}/${found.name}`));
}

function mapKey(key: string, shape: Shape, path: string): Value {
  if (shape.kind === "int") {
    if (/^-?\d{1,15}$/.test(key)) return Number(key) || 0;
    throw new Mismatch(path, `the key ${JSON.stringify(key)} is no integer`);
  }
  return shape.kind === "enum" ? variant(key, shape, path) : wellFormed(key);
}

function anyValue(json: Json): Value {
  if (json === null || typeof json === "boolean") return json;
  if (typeof json === "string") return anyInteger(longInteger(json)) ?? wellFormed(json);
  if (typeof json === "number") return Number.isSafeInteger(json) ? json || 0 : new Float(json);
  if (isList(json)) return json.map(anyValue);
  return new KeelMap(Object.entries(json).map(([key, item]) => [wellFormed(key), anyValue(item)]));
}

function anyInteger(long: bigint | undefined): Value | undefined {
  if (long === undefined) return undefined;
  return long >= MIN_INT && long <= MAX_INT ? normal(long) : new Float(Number(long));
}
