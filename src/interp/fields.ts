// Structs are plain objects of the host; these are the two ways to touch them that no field name can surprise:
// `__proto__`, `constructor` and the like are fields as any other.

import type { Struct, Value } from "./value.ts";

/** A struct while it is built. */
export interface OpenStruct {
  [field: string]: Value;
}

/** Reads a field; a field that is not there is none. */
export function getField(struct: Struct, name: string): Value {
  return Object.hasOwn(struct, name) ? (struct[name] ?? null) : null;
}

/** An entry of a table, and nothing that it inherits. */
export function own<V>(record: { readonly [name: string]: V }, name: string): V | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined;
}

/** Sets a field of any record. */
export function setField<V>(record: { [field: string]: V }, name: string, value: V): void {
  if (name === "__proto__") {
    Object.defineProperty(record, name, { value, writable: true, enumerable: true, configurable: true });
  } else {
    record[name] = value;
  }
}

/** Whether every object of the host has something of this name, so that a plain read would not mean the field. */
export function isInherited(name: string): boolean {
  return name in {};
}
