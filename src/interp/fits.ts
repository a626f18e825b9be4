// Whether a value is one of a type, as a shape: what another program left behind, looked at by this one. Stricter than
// `cast`, which reads JSON: nothing is converted, an int is no float. Fields that the shape does not name are welcome.

import type { Shape, ShapeField } from "../ir/kir.ts";
import { unreachable } from "../source/invariant.ts";
import { parseInstant } from "./datetime.ts";
import { isStruct } from "./equal.ts";
import { getField } from "./fields.ts";
import { isInt } from "./numbers.ts";
import type { Struct, Value } from "./value.ts";
import { Duration, Float, FunctionValue, KeelMap, Variant } from "./value.ts";

export function fits(value: Value, shape: Shape): boolean {
  switch (shape.kind) {
    case "json":
      return !(value instanceof FunctionValue);
    case "none":
      return value === null;
    case "bool":
      return typeof value === "boolean";
    case "str":
      return typeof value === "string";
    case "int":
      return isInt(value);
    case "float":
      return value instanceof Float;
    case "duration":
      return value instanceof Duration;
    case "datetime":
      return typeof value === "string" && parseInstant(value) !== null;
    case "nullable":
      return value === null || fits(value, shape.of);
    case "list":
      return Array.isArray(value) && value.every((item: Value) => fits(item, shape.of));
    case "map":
      return (
        value instanceof KeelMap &&
        Array.from(value.entries()).every(([key, item]) => fits(key, shape.key) && fits(item, shape.value))
      );
    case "struct":
      return isStruct(value) && hasFields(value, shape.fields);
    case "enum":
      return value instanceof Variant && isVariant(value, shape);
    default:
      return unreachable(shape);
  }
}

function isVariant({ type, name, fields }: Variant, shape: Extract<Shape, { readonly kind: "enum" }>): boolean {
  const variant = shape.variants.find((each) => each.name === name);
  if (type !== shape.name || variant === undefined) return false;
  return variant.fields === undefined ? fields === null : fields !== null && hasFields(fields, variant.fields);
}

/** A field that is missing is none. */
function hasFields(value: Struct, fields: readonly ShapeField[]): boolean {
  return fields.every(({ name, shape }) => fits(getField(value, name), shape));
}
