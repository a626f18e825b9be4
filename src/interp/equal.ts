// Structural equality. Order of fields and of map entries does not count; a field left out is none. `identity` is
// the same relation as a text: two values are equal exactly if their identities are.

import type { Struct, Value } from "./value.ts";
import { Duration, Float, FunctionValue, KeelMap, Variant } from "./value.ts";
import { getField } from "./fields.ts";

export function equal(a: Value, b: Value): boolean {
  if (a === b) return true;
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return false;
  if (a instanceof Float) return b instanceof Float && a.value === b.value;
  if (a instanceof Duration) return b instanceof Duration && a.ms === b.ms;
  if (a instanceof Variant) {
    if (!(b instanceof Variant) || a.name !== b.name || a.type !== b.type) return false;
    return a.fields === b.fields || (a.fields !== null && b.fields !== null && equalFields(a.fields, b.fields));
  }
  if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b);
  if (a instanceof KeelMap) return b instanceof KeelMap && equalMaps(a, b);
  if (a instanceof FunctionValue) {
    return b instanceof FunctionValue && a.id === b.id && equalLists(a.captures, b.captures);
  }
  return isStruct(b) && equalFields(a as Struct, b);
}

export function isStruct(value: Value): value is Struct {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof Float) &&
    !(value instanceof Duration) &&
    !(value instanceof Variant) &&
    !(value instanceof KeelMap) &&
    !(value instanceof FunctionValue)
  );
}

function equalLists(a: readonly Value[], b: readonly Value[]): boolean {
  return a.length === b.length && a.every((item, index) => equal(item, b[index] as Value));
}

function equalFields(a: Struct, b: Struct): boolean {
  for (const name of Object.keys(a)) if (!equal(getField(a, name), getField(b, name))) return false;
  for (const name of Object.keys(b)) if (b[name] !== null && !Object.hasOwn(a, name)) return false;
  return true;
}

function equalMaps(a: KeelMap, b: KeelMap): boolean {
  if (a.size !== b.size) return false;
  for (const [key, item] of a.entries()) {
    const other = b.get(key);
    if (other === undefined || !equal(item, other)) return false;
  }
  return true;
}

export function identity(value: Value): string {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value === "string") return JSON.stringify(value);
  if (value instanceof Float) return `f${value.value + 0}`;
  if (value instanceof Duration) return `d${value.ms}`;
  if (Array.isArray(value)) return `[${value.map(identity).join()}]`;
  if (value instanceof Variant) {
    return `${value.type}.${value.name}${value.fields === null ? "" : fieldsIdentity(value.fields)}`;
  }
  if (value instanceof KeelMap) {
    const entries = Array.from(value.entries(), ([key, item]) => `${identity(key)}:${identity(item)}`);
    return `m{${entries.sort().join()}}`;
  }
  if (value instanceof FunctionValue) return `(${value.id}${identity(value.captures)})`;
  return fieldsIdentity(value as Struct);
}

function fieldsIdentity(struct: Struct): string {
  const entries = Object.entries(struct).filter(([, item]) => item !== null);
  return `{${entries
    .map(([name, item]) => `${JSON.stringify(name)}:${identity(item)}`)
    .sort()
    .join()}}`;
}
