import { expect, test } from "vitest";
import type { Term } from "../../src/ir/kir.ts";
import { encode } from "../../src/interp/codec.ts";
import type { Value } from "../../src/interp/value.ts";
import { Variant } from "../../src/interp/value.ts";
import {
  binary,
  block,
  builtin,
  call,
  closure,
  evaluate,
  fail,
  leave,
  literal,
  loop,
  pure,
  set,
  slot,
  when,
} from "./build.ts";

const numbers = literal([1, 2, 3, 4]);
const isTwo = binary("eq", slot(0), literal(2));
const isThree = binary("eq", slot(0), literal(3));
const stop: Term = { kind: "Break" };
const skip: Term = { kind: "Continue" };
const coalesce = (left: Term, right: Term): Term => ({ kind: "Coalesce", left, right });
const attempt = (body: Term, into: number, handler: Term, ...errors: string[]): Term => ({
  kind: "Try",
  body,
  catches: [{ errors, slot: into, body: handler }],
});

test.each<[string, Term, Value]>([
  ["a loop gives its bodies' values", loop(0, numbers, binary("int.mul", slot(0), slot(0))), [1, 4, 9, 16]],
  ["continue gives none of its own", loop(0, numbers, block(when(isTwo, skip), slot(0))), [1, 3, 4]],
  ["break ends the loop", loop(0, numbers, block(when(isThree, stop), slot(0))), [1, 2]],
  [
    "break from the middle of an expression",
    loop(0, numbers, binary("int.add", literal(1), when(isThree, stop, slot(0)))),
    [2, 3],
  ],
  ["return leaves loops", block(loop(0, numbers, when(isThree, leave(slot(0)), literal(0))), literal(9)), 3],
  ["return from the middle of an expression", block(binary("int.add", literal(1), leave(literal(7))), literal(9)), 7],
  [
    "return out of a loop's expression",
    block(loop(0, numbers, { kind: "List", items: [when(isTwo, leave(slot(0)))] }), literal(9)),
    2,
  ],
  ["return on the right of ??", block(set(0, coalesce(literal(null), leave(literal("out")))), literal("on")), "out"],
  ["return not reached", block(set(0, coalesce(literal("in"), leave(literal("out")))), slot(0)), "in"],
  ["return in a try is no error", block(attempt(leave(literal(1)), 0, literal(2)), literal(3)), 1],
  ["return in a catch", block(attempt(fail("x"), 0, leave(literal(2))), literal(3)), 2],
  ["break in a try", loop(0, numbers, attempt(block(when(isThree, stop), slot(0)), 1, literal(9))), [1, 2]],
  [
    "break in the inner of two loops",
    loop(1, literal([1, 2]), loop(0, numbers, block(when(isTwo, stop), slot(0)))),
    [[1], [1]],
  ],
  [
    "an error is caught by name",
    attempt(binary("int.div", literal(1), literal(0)), 0, literal("caught"), "ArithmeticError"),
    "caught",
  ],
  ["and is a value", attempt(fail("why"), 0, { kind: "Field", of: slot(0), name: "message" }, "Failure"), "why"],
  ["Error takes all", attempt(fail("why"), 0, literal("all"), "Error"), "all"],
  ["a chain stops at none", { kind: "Chain", of: literal(null), slot: 0, then: fail("reached") }, null],
  ["a chain goes on", { kind: "Chain", of: literal("ab"), slot: 0, then: builtin("str.length", slot(0)) }, 2],
  ["else if", when(literal(false), literal(1), when(literal(true), literal(2), literal(3))), 2],
  ["if without else", when(literal(false), literal(1), when(literal(false), literal(2))), null],
  ["and stops early", { kind: "And", left: literal(false), right: fail("reached") }, false],
  ["or stops early", { kind: "Or", left: literal(true), right: fail("reached") }, true],
  ["text", { kind: "Text", parts: ["a=", literal(1), " ", literal(new Variant("U", "low"))] }, "a=1 low"],
  ["fields that the host knows", { kind: "Field", of: literal({ a: 1 }), name: "constructor" }, null],
  [
    "a copy with other fields",
    {
      kind: "Struct",
      base: literal({ a: 1, b: 2 }),
      fields: [
        ["b", literal(3)],
        ["__proto__", literal(4)],
      ],
    },
    JSON.parse('{"a":1,"b":3,"__proto__":4}') as Value,
  ],
  [
    "a variant's field",
    { kind: "Field", of: { kind: "Variant", enum: "A", variant: "reply", fields: [["to", literal("x")]] }, name: "to" },
    "x",
  ],
  ["a variant", { kind: "IsVariant", of: literal(new Variant("U", "low")), variant: "low" }, true],
  ["none is no variant", { kind: "IsVariant", of: literal(null), variant: "low" }, false],
])("%s", (_, term, expected) => {
  expect(encode(evaluate(term))).toEqual(encode(expected));
});

test("an error that no catch takes goes on", () => {
  expect(() => evaluate(attempt(fail("why"), 0, literal(1), "NullError"))).toThrow("why");
  expect(() => evaluate({ kind: "Assert", of: literal(null), what: "email" })).toThrow("email is none");
});

test("functions capture values", () => {
  const functions = {
    add: pure(1, binary("int.add", slot(0), slot(1)), 2, 1),
    apply: pure(1, { kind: "CallValue", callee: slot(0), arguments: [literal(5)] }),
  };
  expect(evaluate(builtin("list.map", literal([1, 2]), closure("add", literal(10))), functions)).toEqual([11, 12]);
  expect(evaluate(call("apply", closure("add", literal(3))), functions)).toBe(8);
});

test("a constant is evaluated once, and as if nothing had called it", () => {
  const big: Term = { kind: "Constant", function: "big" };
  const functions = {
    big: pure(0, call("down", literal(900))),
    down: pure(
      1,
      when(binary("eq", slot(0), literal(0)), literal("end"), call("down", binary("int.sub", slot(0), literal(1)))),
    ),
    late: pure(1, when(binary("eq", slot(0), literal(0)), big, call("late", binary("int.sub", slot(0), literal(1))))),
  };
  expect(evaluate(call("late", literal(500)), functions)).toBe("end");
});

const down = pure(
  1,
  when(binary("eq", slot(0), literal(0)), literal("end"), call("down", binary("int.sub", slot(0), literal(1)))),
);

test("1,000 calls may nest, and no more", () => {
  expect(evaluate(call("down", literal(998)), { down })).toBe("end");
  expect(() => evaluate(call("down", literal(999)), { down })).toThrow("calls nest more than 1,000 deep");
});

test("a caught LimitError leaves the count of calls as it was", () => {
  const again = loop(1, literal([1, 2, 3]), attempt(call("down", literal(5000)), 2, literal("deep"), "LimitError"));
  expect(evaluate(block(again, call("down", literal(990))), { down })).toBe("end");
});

test("what the host's stack cannot hold is a LimitError, never a crash", () => {
  let nested: Term = call("deep", binary("int.sub", slot(0), literal(1)));
  for (let level = 0; level < 100; level++) nested = binary("int.add", literal(1), nested);
  const deep = pure(1, when(binary("eq", slot(0), literal(0)), literal(0), nested));
  const guarded = attempt(call("deep", literal(900)), 0, { kind: "IsVariant", of: slot(0), variant: "LimitError" });
  expect(evaluate(call("deep", literal(5)), { deep })).toBe(500);
  expect([true, 90_000]).toContain(evaluate(guarded, { deep }));
});
