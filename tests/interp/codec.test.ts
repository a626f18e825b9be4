import fc from "fast-check";
import { expect, test } from "vitest";
import type { Json } from "../../src/ir/kir.ts";
import { decode, encode } from "../../src/interp/codec.ts";
import { equal, identity } from "../../src/interp/equal.ts";
import type { Value } from "../../src/interp/value.ts";
import { Duration, Float, FunctionValue, KeelMap, Variant } from "../../src/interp/value.ts";
import { anyValue } from "./values.ts";

const written = (value: Value): Json => JSON.parse(JSON.stringify(encode(value))) as Json;

test("what is written reads back as the same value, in the same order", () => {
  fc.assert(
    fc.property(anyValue, (value) => {
      const again = decode(written(value));
      expect(equal(again, value)).toBe(true);
      expect(JSON.stringify(encode(again))).toBe(JSON.stringify(encode(value)));
    }),
    { numRuns: 500 },
  );
});

test("identity is equality as a text", () => {
  fc.assert(
    fc.property(anyValue, anyValue, (a, b) => {
      expect(identity(a) === identity(b)).toBe(equal(a, b));
      expect(identity(a)).toBe(identity(decode(written(a))));
    }),
    { numRuns: 300 },
  );
});

test.each<[Value, Json]>([
  [3, 3],
  [9007199254740993n, { $i: "9007199254740993" }],
  [new Float(3), { $f: "3.0" }],
  [new Float(-0), { $f: "-0.0" }],
  [new Duration(300_000), { $d: 300_000 }],
  [new Variant("Urgency", "high"), { $e: "Urgency.high" }],
  [new Variant("Action", "reply", { to: "a" }), { $e: "Action.reply", of: { to: "a" } }],
  [
    new KeelMap([
      ["b", 1],
      [2, new Float(0.5)],
    ]),
    {
      $m: [
        ["b", 1],
        [2, { $f: "0.5" }],
      ],
    },
  ],
  [
    { b: 1, a: null },
    { b: 1, a: null },
  ],
  [
    { $x: 1, a: 2 },
    {
      $s: [
        ["$x", 1],
        ["a", 2],
      ],
    },
  ],
  [new FunctionValue("f", [1]), { $fn: "f", captured: [1] }],
])("%o is written as %o", (value, json) => {
  expect(encode(value)).toEqual(json);
});

test("a field named __proto__ is a field", () => {
  const value = decode(JSON.parse('{"__proto__": {"evil": true}, "a": 1}') as Json);
  expect(Object.keys(value as object)).toEqual(["__proto__", "a"]);
  expect((value as { evil?: boolean }).evil).toBeUndefined();
});
