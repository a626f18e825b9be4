// Shape → JSON Schema (draft 2020-12): what a model's structured output is asked for with and validated by. Objects
// are closed and all of their fields required, a `T?` being a `null` that is said; so it fits providers' strict modes.

import { unreachable } from "../source/invariant.ts";
import type { Json, Shape, ShapeField, ShapeVariant } from "./kir.ts";

export type Schema = { readonly [keyword: string]: Json };

export function jsonSchema(shape: Shape): Schema {
  switch (shape.kind) {
    case "int":
      return { type: "integer" };
    case "float":
      return { type: "number" };
    case "str":
      return { type: "string" };
    case "bool":
      return { type: "boolean" };
    case "none":
      return { type: "null" };
    case "json":
      return {};
    case "duration":
      return { type: "integer", description: "milliseconds" };
    case "datetime":
      return { type: "string", format: "date-time" };
    case "list":
      return { type: "array", items: jsonSchema(shape.of) };
    case "map":
      return { type: "object", ...keys(shape.key), additionalProperties: jsonSchema(shape.value) };
    case "nullable":
      return { anyOf: [jsonSchema(shape.of), { type: "null" }] };
    case "struct":
      return closed(shape.fields);
    case "enum":
      return enumSchema(shape.variants);
    default:
      return unreachable(shape);
  }
}

function keys(key: Shape): Schema {
  if (key.kind === "enum") return { propertyNames: { enum: key.variants.map(({ name }) => name) } };
  return key.kind === "int" ? { propertyNames: { pattern: "^-?[0-9]+$" } } : {};
}

function closed(fields: readonly ShapeField[]): Schema {
  const properties = fields.map(({ name, shape, doc }) => [name, described(jsonSchema(shape), doc)] as const);
  return {
    type: "object",
    properties: Object.fromEntries(properties),
    required: fields.map(({ name }) => name),
    additionalProperties: false,
  };
}

/** A doc comment does not replace what has to be known of a type, like the unit of a duration. */
function described(schema: Schema, doc: string | undefined): Schema {
  if (doc === undefined) return schema;
  const known = schema["description"];
  return { ...schema, description: typeof known === "string" ? `${doc} (${known})` : doc };
}

/** A variant without fields is its name; one with fields an object of one key, its name. */
function enumSchema(variants: readonly ShapeVariant[]): Schema {
  const bare = variants.filter(({ fields }) => fields === undefined).map(({ name }) => name);
  const plain: readonly Schema[] = bare.length === 0 ? [] : [{ type: "string", enum: bare }];
  const [first, ...others] = [
    ...plain,
    ...variants.flatMap(({ name, fields }) =>
      fields === undefined ? [] : [closed([{ name, shape: { kind: "struct", fields } }])],
    ),
  ];
  return first !== undefined && others.length === 0 ? first : { anyOf: first === undefined ? [] : [first, ...others] };
}
