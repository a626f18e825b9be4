import { expect, test } from "vitest";
import { show } from "../../src/interp/show.ts";
import { Float, KeelMap, Variant } from "../../src/interp/value.ts";
import { displayWidth } from "../../src/interp/width.ts";

const high = new Variant("Urgency", "high");

test("a struct is a box", () => {
  expect(show({ from: "alice@example.com", subject: "Q3 Review", urgency: high })).toBe(
    ["  ┌", "  │ from     alice@example.com", "  │ subject  Q3 Review", "  │ urgency  Urgency.high", "  └"].join("\n"),
  );
});

test("a map is a box too, and a value of several lines stays in its column", () => {
  expect(
    show(
      new KeelMap([
        ["a", "one\ntwo\n"],
        ["long", [1, new Float(2)]],
      ]),
    ),
  ).toBe(["  ┌", "  │ a     one", "  │       two", "  │ long  [1, 2.0]", "  └"].join("\n"));
});

test("a list of structs is a table", () => {
  expect(
    show([
      { name: "Alice", status: "active" },
      { name: "Bob", status: "away" },
    ]),
  ).toBe(["  name   status", "  ─────  ──────", "  Alice  active", "  Bob    away"].join("\n"));
});

test("columns line up under wide characters, and rows may have other fields", () => {
  expect(
    show([
      { 名: "日本", n: 1 },
      { 名: "é👩‍👩‍👧", u: high, x: "a\nb" },
    ]),
  ).toBe(
    ["  名    n  u             x", "  ────  ─  ────────────  ───", "  日本  1", "  é👩‍👩‍👧      Urgency.high  a b"].join(
      "\n",
    ),
  );
});

test("all else is its text", () => {
  expect(show(high)).toBe("  Urgency.high");
  expect(show(new Variant("Action", "reply", { to: "a" }))).toBe('  Action.reply {"to": "a"}');
  expect(show(null)).toBe("  none");
  expect(show([1, 2])).toBe("  [1, 2]");
  expect(show("a\nb\tc\u001b[31m")).toBe("  a\n  b  c�[31m");
});

test.each([
  ["abc", 3],
  ["日本", 4],
  ["e\u0301", 1],
  ["👩‍👩‍👧", 2],
  ["🇩🇪", 2],
  ["ｆｕ", 4],
  ["─", 1],
  ["\u200b", 0],
])("%s takes %i columns", (content, columns) => {
  expect(displayWidth(content)).toBe(columns);
});
