// The one written form of a value: JSON that describes itself and keeps order. Plain are none, bools, safe ints,
// texts, lists and structs; the rest is an object with one key that begins with `$` (see `ARCHITECTURE`, storage).
// Invariant: decode(JSON.parse(JSON.stringify(encode(v)))) is v, whatever names its fields have.

import { Bug, invariant } from "../source/invariant.ts";
import type { Json } from "../ir/kir.ts";
import type { OpenStruct } from "./fields.ts";
import { setField } from "./fields.ts";
import { normal } from "./numbers.ts";
import { floatText } from "./text.ts";
import type { Struct, Value } from "./value.ts";
import { Duration, Float, FunctionValue, KeelMap, Variant } from "./value.ts";

interface JsonObject {
  readonly [key: string]: Json;
}

export function encode(value: Value): Json {
  if (value === null || typeof value === "boolean" || typeof value === "number" || typeof value === "string")
    return value;
  if (typeof value === "bigint") return { $i: String(value) };
  if (Array.isArray(value)) return value.map(encode);
  if (value instanceof Float) return { $f: floatText(value.value) };
  if (value instanceof Duration) return { $d: value.ms };
  if (value instanceof Variant) {
    const name = `${value.type}.${value.name}`;
    return value.fields === null ? { $e: name } : { $e: name, of: encodeStruct(value.fields) };
  }
  if (value instanceof KeelMap)
    return { $m: Array.from(value.entries(), ([key, item]) => [encode(key), encode(item)]) };
  if (value instanceof FunctionValue) return { $fn: value.id, captured: value.captures.map(encode) };
  return encodeStruct(value as Struct);
}

/** `$s` where a field could be taken for one of our own keys. */
export function encodeStruct(struct: Struct): Json {
  const entries = Object.entries(struct);
  if (entries.some(([name]) => name.startsWith("$")))
    return { $s: entries.map(([name, item]) => [name, encode(item)]) };
  const result: { [key: string]: Json } = {};
  for (const [name, item] of entries) setField(result, name, encode(item));
  return result;
}

export function decode(json: Json): Value {
  if (json === null || typeof json !== "object") return json;
  if (isList(json)) return json.map(decode);
  const [first] = Object.keys(json);
  return first?.startsWith("$") ? decodeTagged(first, json) : decodeEntries(Object.entries(json));
}

export function decodeStruct(json: Json): Struct {
  const value = decode(json);
  invariant(value !== null && typeof value === "object" && !Array.isArray(value), "a struct was expected");
  return value as Struct;
}

function decodeTagged(tag: string, json: JsonObject): Value {
  const held = json[tag] ?? null;
  switch (tag) {
    case "$i":
      return normal(BigInt(asText(held)));
    case "$f":
      return new Float(Number(held));
    case "$d":
      return new Duration(Number(held));
    case "$e": {
      const name = asText(held);
      const dot = name.indexOf(".");
      const fields = Object.hasOwn(json, "of") ? decodeStruct(json["of"] ?? {}) : null;
      return new Variant(name.slice(0, dot), name.slice(dot + 1), fields);
    }
    case "$m":
      return new KeelMap(asPairs(held).map(([key, item]) => [decode(key), decode(item)] as const));
    case "$s":
      return decodeEntries(asPairs(held).map(([name, item]) => [asText(name), item] as const));
    case "$fn":
      return new FunctionValue(asText(held), asList(json["captured"] ?? []).map(decode));
    default:
      throw new Bug(`a value written as ${tag}`);
  }
}

function decodeEntries(entries: readonly (readonly [string, Json])[]): Struct {
  const struct: OpenStruct = {};
  for (const [name, item] of entries) setField(struct, name, decode(item));
  return struct;
}

function isList(json: Json): json is readonly Json[] {
  return Array.isArray(json);
}

function asText(json: Json): string {
  invariant(typeof json === "string", "a text was expected");
  return json;
}

function asList(json: Json): readonly Json[] {
  invariant(isList(json), "a list was expected");
  return json;
}

function asPairs(json: Json): readonly (readonly [Json, Json])[] {
  return asList(json).map((pair) => {
    const [first, second] = asList(pair);
    invariant(first !== undefined && second !== undefined, "a pair was expected");
    return [first, second] as const;
  });
}
