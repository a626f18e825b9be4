// Arbitrary Keel values for property tests, hostile field names included.

import fc from "fast-check";
import { setField } from "../../src/interp/fields.ts";
import type { OpenStruct } from "../../src/interp/fields.ts";
import { normal } from "../../src/interp/numbers.ts";
import type { Value } from "../../src/interp/value.ts";
import { Duration, Float, FunctionValue, KeelMap, Variant } from "../../src/interp/value.ts";

const name = fc.oneof(
  fc.constantFrom("__proto__", "constructor", "toString", "$m", "$e", "$s", "$fn", "of", "hasOwnProperty"),
  fc.stringMatching(/^[a-z_$][a-z0-9_]{0,6}$/),
);

const int = fc.oneof(
  fc.maxSafeInteger().map((each) => each + 0),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(normal),
);

const scalar: fc.Arbitrary<Value> = fc.oneof(
  fc.constant(null),
  fc.boolean(),
  int,
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((each) => new Float(each)),
  fc.maxSafeInteger().map((each) => new Duration(each + 0)),
  name.map((each) => new Variant("Urgency", each)),
);

const key: fc.Arbitrary<Value> = fc.oneof(fc.string({ maxLength: 4 }), int);

export const anyValue: fc.Arbitrary<Value> = fc.letrec<{ value: Value; struct: OpenStruct }>((tie) => ({
  struct: fc.array(fc.tuple(name, tie("value")), { maxLength: 4 }).map((entries) => {
    const struct: OpenStruct = {};
    for (const [field, item] of entries) setField(struct, field, item);
    return struct;
  }),
  value: fc.oneof(
    { maxDepth: 3, withCrossShrink: true },
    scalar,
    fc.array(tie("value"), { maxLength: 4 }),
    tie("struct"),
    fc.array(fc.tuple(key, tie("value")), { maxLength: 4 }).map((entries) => new KeelMap(entries)),
    fc.tuple(name, tie("struct")).map(([variant, fields]) => new Variant("Action", variant, fields)),
    fc.array(tie("value"), { maxLength: 2 }).map((captures) => new FunctionValue("task", captures)),
  ),
})).value;

/** Values that JSON can say: no functions. */
export const jsonText = fc.json();
