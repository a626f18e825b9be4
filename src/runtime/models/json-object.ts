// An object among JSON that is known to be valid: a schema, a script.

import type { Json } from "../../ir/kir.ts";

export interface JsonObject {
  readonly [key: string]: Json;
}

export function isObject(json: Json | undefined): json is JsonObject {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}
