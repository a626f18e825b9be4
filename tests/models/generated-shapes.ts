// Shapes of every kind, and values of them. The names are those that could be taken for something else: an envelope, a
// call of a tool, another spelling of a name beside it, something every object of the host has.

import fc from "fast-check";
import { MAX_INT, MIN_INT } from "../../src/interp/limits.ts";
import { normal } from "../../src/interp/numbers.ts";
import { setField } from "../../src/interp/fields.ts";
import { jsonText } from "../../src/interp/text.ts";
import { Duration, Float, KeelMap, Variant } from "../../src/interp/value.ts";
import type { Value } from "../../src/interp/value.ts";
import type { Shape, ShapeField, ShapeVariant } from "../../src/ir/kir.ts";

/** Not `__proto__`: the validator passes over a field of that name, so that no reply fits it. */
const name = fc.oneof(
  fc.stringMatching(/^[a-z]{1,4}$/),
  fc.constantFrom(
    ..."value result data name arguments input items type function category error a A a_b aB ab not_a no".split(" "),
    "constructor",
    "toString",
  ),
);

const names = fc.uniqueArray(name, { minLength: 1, maxLength: 4 });

const plain = fc.constantFrom<Shape>(
  { kind: "int" },
  { kind: "float" },
  { kind: "str" },
  { kind: "bool" },
  { kind: "none" },
  { kind: "json" },
  { kind: "duration" },
  { kind: "datetime" },
);

const bareEnum = names.map((variants): Shape => ({
  kind: "enum",
  name: "E",
  variants: variants.map((each) => ({ name: each })),
}));

export const shapes: fc.Arbitrary<Shape> = fc.letrec<{ shape: Shape; fields: readonly ShapeField[] }>((tie) => ({
  shape: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    plain,
    bareEnum,
    tie("shape").map((of): Shape => ({ kind: "list", of })),
    tie("shape").map((of): Shape => (of.kind === "nullable" || of.kind === "none" ? of : { kind: "nullable", of })),
    fc
      .tuple(fc.oneof(fc.constantFrom<Shape>({ kind: "str" }, { kind: "int" }), bareEnum), tie("shape"))
      .map(([key, value]): Shape => ({ kind: "map", key, value })),
    tie("fields").map((fields): Shape => ({ kind: "struct", fields })),
    fc
      .uniqueArray(fc.record({ name, fields: fc.option(tie("fields"), { nil: undefined }) }), {
        minLength: 1,
        maxLength: 3,
        selector: (variant) => variant.name,
      })
      .map((variants): Shape => ({
        kind: "enum",
        name: "Choice",
        variants: variants.map(({ name: each, fields }): ShapeVariant =>
          fields === undefined ? { name: each } : { name: each, fields },
        ),
      })),
  ),
  fields: fc.uniqueArray(fc.record({ name, shape: tie("shape") }), { maxLength: 3, selector: (field) => field.name }),
})).shape;

/** `...` as an item stands for items left out. */
const text = fc.string({ unit: "binary" }).filter((each) => !/^\s*(?:\.{3,}|…)\s*$/.test(each));
const float = fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => new Float(each));
const int = fc.oneof(fc.integer(), fc.bigInt({ min: MIN_INT, max: MAX_INT }).map(normal));

const anyJson: fc.Arbitrary<Value> = fc.letrec<{ value: Value }>((tie) => ({
  value: fc.oneof(
    { depthSize: "small" },
    fc.constant(null),
    fc.boolean(),
    int,
    float,
    text,
    fc.array(tie("value"), { maxLength: 3 }),
    fc
      .uniqueArray(fc.tuple(fc.oneof(name, text), tie("value")), { maxLength: 3, selector: ([key]) => key })
      .map((entries) => new KeelMap(entries)),
  ),
})).value;

export function valueOf(shape: Shape): fc.Arbitrary<Value> {
  switch (shape.kind) {
    case "int":
      return int;
    case "duration":
      return fc.maxSafeInteger().map((ms) => new Duration(ms));
    case "float":
      return float;
    case "str":
      return text;
    case "bool":
      return fc.boolean();
    case "none":
      return fc.constant(null);
    case "json":
      return anyJson;
    case "datetime":
      return fc
        .date({ min: new Date("0000-01-01T00:00:00Z"), max: new Date("9999-12-31T23:59:59.999Z"), noInvalidDate: true })
        .map((date) => date.toISOString());
    case "list":
      return fc.array(valueOf(shape.of), { maxLength: 4 });
    case "nullable":
      return fc.option(valueOf(shape.of));
    case "map":
      return fc
        .uniqueArray(fc.tuple(keyOf(shape.key), valueOf(shape.value)), {
          maxLength: 3,
          selector: ([key]) => jsonText(key),
        })
        .map((entries) => new KeelMap(entries));
    case "enum":
      return fc
        .constantFrom(...shape.variants)
        .chain(({ name: variant, fields }) =>
          fields === undefined
            ? fc.constant(new Variant(shape.name, variant))
            : structOf(fields).map((struct) => new Variant(shape.name, variant, struct)),
        );
    case "struct":
      return structOf(shape.fields);
  }
}

function keyOf(shape: Shape): fc.Arbitrary<Value> {
  return shape.kind === "str" ? fc.oneof(name, text) : valueOf(shape);
}

function structOf(fields: readonly ShapeField[]): fc.Arbitrary<{ readonly [field: string]: Value }> {
  return fc.tuple(...fields.map((field) => valueOf(field.shape))).map((values) => {
    const struct: { [field: string]: Value } = {};
    for (const [index, field] of fields.entries()) setField(struct, field.name, values[index] ?? null);
    return struct;
  });
}

/** The reply that was asked for: an object, in which anything but an object stands as `value`. */
export function replyOf(value: Value, shape: Shape): string {
  const isWrapped = shape.kind !== "struct" && shape.kind !== "map" && shape.kind !== "json";
  return isWrapped ? `{"value": ${jsonText(value)}}` : jsonText(value);
}
