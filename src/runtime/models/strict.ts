// Which JSON Schemas a provider can promise. A strict mode takes closed objects only, so a form with a map or with any
// JSON is none for it; a grammar takes most, if it is told what `any` means.

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

/** How many parts of a schema are one of several things. */
export function unionsIn(schema: Json): number {
  if (!isObject(schema)) return 0;
  const isUnion = Object.hasOwn(schema, "anyOf") || Object.hasOwn(schema, "oneOf");
  return parts(schema).reduce<number>((sum, part) => sum + unionsIn(part), isUnion ? 1 : 0);
}

/** An empty schema is any JSON; to the makers of grammars it is an object. */
const anyJson: JsonObject = { type: ["object", "array", "string", "number", "boolean", "null"] };

/** The same schema for a maker of grammars. */
export function forGrammar(schema: Json): Json {
  if (!isObject(schema)) return schema;
  if (Object.keys(schema).every((key) => key === "description")) return { ...anyJson, ...schema };
  return Object.fromEntries(
    Object.entries(schema).map(([key, held]) => {
      if (key === "properties" && isObject(held)) {
        return [key, Object.fromEntries(Object.entries(held).map(([name, part]) => [name, forGrammar(part)]))];
      }
      if (key === "items" || key === "additionalProperties") return [key, forGrammar(held)];
      if (key === "anyOf" && Array.isArray(held)) return [key, (held as readonly Json[]).map(forGrammar)];
      return [key, held];
    }),
  );
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
