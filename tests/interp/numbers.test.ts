import fc from "fast-check";
import { expect, test } from "vitest";
import type { Operator } from "../../src/ir/kir.ts";
import { normal } from "../../src/interp/numbers.ts";
import type { Value } from "../../src/interp/value.ts";
import { Duration, Float } from "../../src/interp/value.ts";
import { binary, block, evaluate, literal, set, slot } from "./build.ts";

const int64 = fc.oneof(
  fc.integer({ min: -100, max: 100 }).map(BigInt),
  fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  fc.bigInt({ min: -3n, max: 3n }).map((near) => near + 2n ** 53n),
  fc.bigInt({ min: -3n, max: 3n }).map((near) => near - 2n ** 53n),
);

const exact: { readonly [operator: string]: (a: bigint, b: bigint) => bigint | boolean } = {
  "int.add": (a, b) => a + b,
  "int.sub": (a, b) => a - b,
  "int.mul": (a, b) => a * b,
  "int.div": (a, b) => a / b,
  "int.mod": (a, b) => a % b,
  lt: (a, b) => a < b,
  le: (a, b) => a <= b,
  gt: (a, b) => a > b,
  ge: (a, b) => a >= b,
  eq: (a, b) => a === b,
  ne: (a, b) => a !== b,
};

function outcome(compute: () => Value): string {
  try {
    const value = compute();
    if (typeof value === "number") expect(Object.is(value, -0)).toBe(false);
    if (typeof value === "bigint") expect(Number.isSafeInteger(Number(value))).toBe(false);
    return String(value);
  } catch (thrown) {
    return (thrown as { error: { name: string } }).error.name;
  }
}

test.each(Object.keys(exact))("%s is exact on 64 bits, in each of its compiled forms", (operator) => {
  fc.assert(
    fc.property(int64, int64, (a, b) => {
      const expected = outcome(() => {
        const division = operator === "int.div" || operator === "int.mod";
        if (division && b === 0n) throw Object.assign(new Error(), { error: { name: "ArithmeticError" } });
        const value = exact[operator]?.(a, b) ?? false;
        return typeof value === "boolean" ? value : normal(value);
      });
      const left = literal(normal(a));
      const right = literal(normal(b));
      const of = operator as Operator;
      expect(outcome(() => evaluate(binary(of, left, right)))).toBe(expected);
      expect(outcome(() => evaluate(block(set(0, left), binary(of, slot(0), right))))).toBe(expected);
      expect(outcome(() => evaluate(block(set(0, left), set(1, right), binary(of, slot(0), slot(1)))))).toBe(expected);
    }),
    { numRuns: 300 },
  );
});

test.each<[Operator, number, number]>([
  ["int.mul", 0, -5],
  ["int.mod", -4, 2],
  ["int.div", -1, 2],
])("%s of %i and %i is 0, not -0", (operator, a, b) => {
  expect(Object.is(evaluate(binary(operator, literal(a), literal(b))), 0)).toBe(true);
  expect(Object.is(evaluate(block(set(0, literal(a)), binary(operator, slot(0), literal(b)))), 0)).toBe(true);
});

test("negation overflows once", () => {
  const negate = (value: Value): Value => evaluate({ kind: "Unary", operator: "int.neg", of: literal(value) });
  expect(Object.is(negate(0), 0)).toBe(true);
  expect(negate(-(2n ** 53n))).toBe(2n ** 53n);
  expect(() => negate(-(2n ** 63n))).toThrow("does not fit");
});

const float = (operator: Operator, a: number, b: number): Value =>
  evaluate(binary(operator, literal(new Float(a)), literal(new Float(b))));

test("floats are never infinite and never NaN", () => {
  expect(float("float.div", 10, 4)).toEqual(new Float(2.5));
  expect(float("float.mod", -7.5, 2)).toEqual(new Float(-1.5));
  expect(() => float("float.div", 1, 0)).toThrow("division by zero");
  expect(() => float("float.mul", 1e308, 10)).toThrow("too large");
});

test("durations and datetimes", () => {
  const minute = literal(new Duration(60_000));
  const at = literal("2026-03-01T00:00:00.000Z");
  expect(evaluate(binary("duration.mul", minute, literal(3)))).toEqual(new Duration(180_000));
  expect(evaluate(binary("duration.mul", literal(3), minute))).toEqual(new Duration(180_000));
  expect(evaluate(binary("duration.div", minute, literal(7)))).toEqual(new Duration(8571));
  expect(evaluate(binary("datetime.sub", at, minute))).toBe("2026-02-28T23:59:00.000Z");
  expect(evaluate(binary("datetime.diff", at, literal("2026-02-28T00:00:00.000Z")))).toEqual(new Duration(86_400_000));
  expect(() => evaluate(binary("duration.div", minute, literal(0)))).toThrow("division by zero");
  expect(() => evaluate(binary("datetime.add", at, literal(new Duration(2 ** 52))))).toThrow("9999");
});
