// `j as T`: JSON as a value of a shape, undefined where it does not fit. The reader of what the world says; what it
// takes is what `jsonText` writes. Fields that the shape does not name are left behind; a missing `T?` is none.

import type { Shape, ShapeField, ShapeVariant } from "../ir/kir.ts";
import { datetimeText, parseInstant } from "./datetime.ts";
import { isStruct } from "./equal.ts";
import type { OpenStruct } from "./fields.ts";
import { getField, setField } from "./fields.ts";
import { intOfDouble, isInt, parseInt64 } from "./numbers.ts";
import { mapKey } from "./text.ts";
import type { Struct, Value } from "./value.ts";
import { Duration, Float, KeelMap, Variant } from "./value.ts";

type ShapeOf<K extends Shape["kind"]> = Extract<Shape, { readonly kind: K }>;
type Reading = Value | undefined;

export function cast(value: Value, shape: Shape): Reading {
  switch (shape.kind) {
    case "json":
      return asJson(value);
    case "none":
      return value === null ? null : undefined;
    case "bool":
      return typeof value === "boolean" ? value : undefined;
    case "str":
      return typeof value === "string" ? value : undefined;
    case "int":
      return castInt(value);
    case "float":
      return value instanceof Float ? value : isInt(value) ? new Float(Number(value)) : undefined;
    case "duration":
      return value instanceof Duration ? value : typeof value === "number" ? new Duration(value) : undefined;
    case "datetime":
      return castDatetime(value);
    case "nullable":
      return value === null ? null : cast(value, shape.of);
    case "list":
      return Array.isArray(value) ? all(value.map((item) => cast(item, shape.of))) : undefined;
    case "map":
      return castMap(value, shape);
    case "struct":
      return castFields(value, shape.fields);
    case "enum":
      return castEnum(value, shape);
  }
}

/** A float that is whole is an int of JSON too: `3.0`. */
function castInt(value: Value): Reading {
  if (isInt(value)) return value;
  if (!(value instanceof Float) || !Number.isInteger(value.value) || Math.abs(value.value) >= 2 ** 63) return undefined;
  return intOfDouble(value.value);
}

function castDatetime(value: Value): Reading {
  const ms = typeof value === "string" ? parseInstant(value) : null;
  return ms === null ? undefined : datetimeText(ms);
}

/** What is no JSON yet (a struct, an enum, a duration) as JSON. */
function asJson(value: Value): Reading {
  if (value instanceof Variant) {
    return value.fields === null ? value.name : new KeelMap([[value.name, asJson(value.fields) ?? null]]);
  }
  if (value instanceof Duration) return value.ms;
  if (Array.isArray(value)) return all(value.map(asJson));
  const entries = entriesOf(value);
  return entries === undefined
    ? value
    : new KeelMap(entries.map(([key, item]) => [key, asJson(item) ?? null] as const));
}

function castMap(value: Value, shape: ShapeOf<"map">): Reading {
  const entries: [Value, Value][] = [];
  for (const [name, given] of entriesOf(value) ?? []) {
    const key = shape.key.kind === "int" ? (parseInt64(name) ?? undefined) : cast(name, shape.key);
    const item = cast(given, shape.value);
    if (key === undefined || item === undefined) return undefined;
    entries.push([key, item]);
  }
  return entriesOf(value) === undefined ? undefined : new KeelMap(entries);
}

function castFields(value: Value, fields: readonly ShapeField[]): Struct | undefined {
  const read = fieldReader(value);
  if (read === undefined) return undefined;
  const struct: OpenStruct = {};
  for (const field of fields) {
    const item = cast(read(field.name), field.shape);
    if (item === undefined) return undefined;
    setField(struct, field.name, item);
  }
  return struct;
}

function castEnum(value: Value, shape: ShapeOf<"enum">): Reading {
  if (value instanceof Variant && value.type !== shape.name) return undefined;
  const [name, held] = variantOf(value);
  const variant: ShapeVariant | undefined = shape.variants.find((each) => each.name === name);
  if (variant === undefined) return undefined;
  if (variant.fields === undefined) return held === null ? new Variant(shape.name, variant.name) : undefined;
  const fields = castFields(held ?? {}, variant.fields);
  return fields && new Variant(shape.name, variant.name, fields);
}

/** `"reply"`, `{"reply": {…}}` or a variant: its name and what it holds. */
function variantOf(value: Value): readonly [name: string | undefined, held: Value] {
  if (typeof value === "string") return [value, null];
  if (value instanceof Variant) return [value.name, value.fields];
  const [only, another] = entriesOf(value) ?? [];
  return only === undefined || another !== undefined ? [undefined, null] : only;
}

function entriesOf(value: Value): readonly (readonly [string, Value])[] | undefined {
  if (value instanceof KeelMap) return Array.from(value.entries(), ([key, item]) => [mapKey(key), item] as const);
  return isStruct(value) ? Object.entries(value) : undefined;
}

function fieldReader(value: Value): ((name: string) => Value) | undefined {
  if (value instanceof KeelMap) return (name) => value.get(name) ?? null;
  return isStruct(value) ? (name) => getField(value, name) : undefined;
}

function all(items: readonly Reading[]): Reading {
  return items.some((item) => item === undefined) ? undefined : (items as readonly Value[]);
}
