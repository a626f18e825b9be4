// Which JSON Schemas a provider's strict mode can promise: it takes closed objects only, so a form with a map or with
// arbitrary JSON is none of them.

import type { Json } from "../../ir/kir.ts";
import { isObject } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";

/** Whether every object in a schema says which keys it has, and every part of it what it is. */
export function isStrict(schema: Json): boolean {
  if (!isObject(schema)) return false;
  if (schema["type"] === "object" && schema["additionalProperties"] !== false) return false;
  const known = ["type", "enum", "const", "anyOf", "oneOf", "$ref"].some((key) => Object.hasOwn(schema, key));
  return known && parts(schema).every(isStrict);
}

function parts(schema: JsonObject): readonly Json[] {
  const properties = schema["properties"] ?? {};
  const choices = ["anyOf", "oneOf"].flatMap((key) => {
    const list = schema[key];
    return Array.isArray(list) ? (list as readonly Json[]) : [];
  });
  const items = schema["items"] === undefined ? [] : [schema["items"]];
  return [...(isObject(properties) ? Object.values(properties) : []), ...choices, ...items];
}
