import fc from "fast-check";
import { expect, test } from "vitest";
import { cast } from "../../src/interp/cast.ts";
import { compare } from "../../src/interp/compare.ts";
import { datetimeText, parseInstant } from "../../src/interp/datetime.ts";
import { equal } from "../../src/interp/equal.ts";
import { jsonValue, parseJson } from "../../src/interp/json.ts";
import { floatText, jsonOf, jsonText, text } from "../../src/interp/text.ts";
import type { Value } from "../../src/interp/value.ts";
import { Duration, Float, KeelMap, Variant } from "../../src/interp/value.ts";

test.each<[Value, string]>([
  ["as it is", "as it is"],
  [3, "3"],
  [9223372036854775807n, "9223372036854775807"],
  [new Float(3), "3.0"],
  [new Float(1e21), "1e21"],
  [new Float(1.5e-7), "1.5e-7"],
  [new Float(-0), "-0.0"],
  [true, "true"],
  [null, "none"],
  [new Variant("Urgency", "high"), "high"],
  [new Duration(90_000), "90s"],
  [new Duration(300_000), "5m"],
  [new Duration(1_209_600_000), "2w"],
  [new Duration(1_500), "1500ms"],
  [new Duration(0), "0s"],
  [new Duration(-7_200_000), "-2h"],
  [[1, "a", new Float(2)], '[1, "a", 2.0]'],
  [{ a: null, u: new Variant("Urgency", "low"), d: new Duration(5) }, '{"a": null, "u": "low", "d": 5}'],
  [new Variant("Action", "reply", { to: "a@b.c" }), '{"reply": {"to": "a@b.c"}}'],
  [
    new KeelMap([
      [1, "x"],
      [new Variant("U", "low"), []],
    ]),
    '{"1": "x", "low": []}',
  ],
])("%o reads as %s", (value, expected) => {
  expect(text(value)).toBe(expected);
});

test("a float's text reads back as it and is never an int's", () => {
  fc.assert(
    fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
      expect(Number(floatText(value))).toBe(value);
      expect(floatText(value)).toMatch(/[.e]/);
    }),
  );
});

test("plain JSON", () => {
  const value = { __proto__: null, u: new Variant("U", "a", { n: new Float(3) }), big: 2n ** 60n, d: new Duration(7) };
  expect(JSON.stringify(jsonOf({ ...value }))).toBe('{"u":{"a":{"n":3}},"big":"1152921504606846976","d":7}');
});

test("JSON that is read says what the host's parser says, with ints told from floats", () => {
  fc.assert(
    fc.property(fc.json(), (source) => {
      const value = parseJson(source);
      expect(value).not.toBeUndefined();
      expect(JSON.parse(jsonText(value as Value))).toEqual(JSON.parse(source));
    }),
  );
  expect(parseJson("3")).toBe(3);
  expect(parseJson("3.0")).toEqual(new Float(3));
  expect(parseJson(" 9223372036854775807 ")).toBe(9223372036854775807n);
  expect(parseJson("9223372036854775808")).toEqual(new Float(9223372036854775808));
  for (const wrong of ["", "{", "[1,]", "01", '"\\x"', "nul", "1 2", "{a: 1}", "1e999", "[".repeat(5000), '"a\nb"']) {
    expect(parseJson(wrong), wrong).toBeUndefined();
  }
});

test("JSON as a value of a shape", () => {
  const shape = {
    kind: "struct",
    fields: [
      { name: "n", shape: { kind: "float" } },
      {
        name: "u",
        shape: {
          kind: "enum",
          name: "U",
          variants: [{ name: "low" }, { name: "to", fields: [{ name: "x", shape: { kind: "int" } }] }],
        },
      },
      { name: "note", shape: { kind: "nullable", of: { kind: "str" } } },
      { name: "at", shape: { kind: "datetime" } },
    ],
  } as const;
  const given = jsonValue({ n: 1, u: { to: { x: 2 } }, at: "2026-05-01T09:00:00Z", more: 1 });
  expect(cast(given, shape)).toEqual({
    n: new Float(1),
    u: new Variant("U", "to", { x: 2 }),
    note: null,
    at: "2026-05-01T09:00:00.000Z",
  });
  expect(cast(jsonValue({ n: 1, u: "high", at: "2026-05-01" }), shape)).toBeUndefined();
  expect(cast("low", shape.fields[1].shape)).toEqual(new Variant("U", "low"));
  expect(cast("to", shape.fields[1].shape)).toBeUndefined();
  expect(cast([1, "a"], { kind: "list", of: { kind: "int" } })).toBeUndefined();
  const map = cast(jsonValue({ "1": "x" }), { kind: "map", key: { kind: "int" }, value: { kind: "str" } });
  expect((map as KeelMap).get(1)).toBe("x");
});

test("texts order by code point", () => {
  expect(compare("\u{1F600}", "\uffff")).toBeGreaterThan(0);
  expect(compare("a", "ab")).toBeLessThan(0);
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 3 }), fc.string({ unit: "binary", maxLength: 3 }), (a, b) => {
      const points = (each: string): number[] => Array.from(each, (point) => point.codePointAt(0) ?? 0);
      const [left, right] = [points(a), points(b)];
      const at = left.findIndex((point, index) => point !== right[index]);
      const expected = at === -1 ? left.length - right.length : (left[at] ?? 0) - (right[at] ?? -1);
      expect(Math.sign(compare(a, b))).toBe(Math.sign(expected));
    }),
  );
});

test("equality looks into everything and at nothing else", () => {
  expect(equal({ a: 1, b: 2 }, { b: 2, a: 1 })).toBe(true);
  expect(equal({ a: 1 }, { a: 1, b: null })).toBe(true);
  expect(equal({ a: 1 }, { a: 1, b: 0 })).toBe(false);
  expect(
    equal(
      new KeelMap([
        [1, 2],
        [3, 4],
      ]),
      new KeelMap([
        [3, 4],
        [1, 2],
      ]),
    ),
  ).toBe(true);
  expect(equal(new Variant("A", "x"), new Variant("B", "x"))).toBe(false);
  expect(equal(new Float(0), new Float(-0))).toBe(true);
});

test("datetimes", () => {
  expect(datetimeText(parseInstant("2026-05-01T09:00:00+02:00") ?? 0)).toBe("2026-05-01T07:00:00.000Z");
  expect(datetimeText(parseInstant("2024-02-29") ?? 0)).toBe("2024-02-29T00:00:00.000Z");
  for (const wrong of ["2026-02-29", "2026-13-01", "yesterday", "2026-05-01T25:00", "2026-5-1"]) {
    expect(parseInstant(wrong), wrong).toBeNull();
  }
});
