// Values as the REPL shows them.

import { expect, test } from "vitest";
import { literal, oneLine } from "../../src/cli/repl/literal.ts";
import { Duration, Float, KeelMap, Variant } from "../../src/interp/value.ts";

test.each([
  [null, "none"],
  [3, "3"],
  [9_007_199_254_740_993n, "9007199254740993"],
  [new Float(3), "3.0"],
  ['a "b" {c}\t\\', '"a \\"b\\" \\{c\\}\\t\\\\"'],
  [new Duration(90_000), "90.seconds"],
  [new Duration(3_600_000), "1.hour"],
  [new Duration(0), "0.ms"],
  [new Variant("Mood", "happy"), "Mood.happy"],
  [new Variant("Action", "reply", { to: "a" }), 'Action.reply(to: "a")'],
  [new KeelMap([["a b", 1]]), '{"a b": 1}'],
  [{ a: [1, { b: true }] }, "{a: [1, {b: true}]}"],
  [[], "[]"],
])("%#", (value, text) => {
  expect(literal(value)).toBe(text);
});

test("a text of several lines is a block", () => {
  expect(literal("Dear {you},\n\nbye", "  ")).toBe('"""\n  Dear \\{you\\},\n\n  bye\n  """');
});

test("what is long is cut and says so", () => {
  const many = Array.from({ length: 5_000 }, (_, index) => index);
  expect(literal(many)).toMatch(/^\[\n {4}0, 1, 2,[^]*\n {4}… \d{4} more\n {2}\]$/);
  expect(literal(many).split("\n").length).toBeLessThan(30);
  expect(oneLine("x".repeat(500)).length).toBeLessThan(130);
  const rows = Array.from({ length: 30 }, (_, id) => ({ id, name: `number ${id}` }));
  expect(literal(rows)).toContain('\n    {id: 19, name: "number 19"}\n    … 10 more\n  ]');
});
