import { expect, test } from "vitest";
import { encode } from "../../src/interp/codec.ts";
import { text } from "../../src/interp/text.ts";
import type { Value } from "../../src/interp/value.ts";
import { Duration, Float, KeelMap, Variant } from "../../src/interp/value.ts";
import { binary, builtin, closure, evaluate, literal, pure, slot } from "./build.ts";

const map = new KeelMap([
  ["a", 1],
  ["b", 2],
]);
const high = new Variant("U", "high");

test.each<[string, readonly Value[], Value]>([
  ["list.count", [[4, 5]], 2],
  ["list.first", [[]], null],
  ["list.last", [[4, 5]], 5],
  ["list.at", [[4, 5], -1], 5],
  ["list.at", [[4, 5], 2], null],
  ["list.join", [["a", 1, high], ", "], "a, 1, high"],
  ["list.contains", [[{ a: 1 }], { a: 1 }], true],
  ["list.index_of", [["a", "b"], "b"], 1],
  ["list.index_of", [["a"], "b"], null],
  ["list.reverse", [[1, 2, 3]], [3, 2, 1]],
  ["list.take", [[1, 2, 3], 2], [1, 2]],
  ["list.take", [[1, 2, 3], -1], []],
  ["list.drop", [[1, 2, 3], 2], [3]],
  ["list.slice", [[1, 2, 3, 4], 1, 3], [2, 3]],
  ["list.slice", [[1, 2, 3, 4], -2, null], [3, 4]],
  ["list.slice", [[1, 2, 3, 4], 3, 1], []],
  ["list.unique", [[{ a: 1 }, { a: 1 }, "1", 1, high, "high"]], [{ a: 1 }, "1", 1, high, "high"]],
  [
    "list.zip",
    [
      [1, 2, 3],
      ["a", "b"],
    ],
    [
      { first: 1, second: "a" },
      { first: 2, second: "b" },
    ],
  ],
  ["list.sum", [[1, 2, 9007199254740991]], 9007199254740994n],
  ["list.sum", [[new Float(0.5), new Float(1)]], new Float(1.5)],
  ["list.sum", [[]], 0],
  ["list.sum", [[], new Float(0)], new Float(0)],
  ["list.min", [["b", "a"]], "a"],
  ["list.max", [[new Duration(1), new Duration(3)]], new Duration(3)],
  ["list.max", [[]], null],
  ["list.append", [[1], [2]], [1, [2]]],
  ["list.concat", [[1], [[2]]], [1, [2]]],
  ["list.chunk", [[1, 2, 3], 2], [[1, 2], [3]]],
  ["list.compact", [[1, null, 2]], [1, 2]],
  ["map.count", [map], 2],
  ["map.keys", [map], ["a", "b"]],
  ["map.values", [map], [1, 2]],
  ["map.get", [map, "b"], 2],
  ["map.get", [map, "c"], null],
  ["map.has", [new KeelMap([["a", null]]), "a"], true],
  [
    "map.set",
    [map, "a", 3],
    new KeelMap([
      ["a", 3],
      ["b", 2],
    ]),
  ],
  ["map.remove", [map, "a"], new KeelMap([["b", 2]])],
  [
    "map.merge",
    [
      map,
      new KeelMap([
        ["b", 3],
        ["c", 4],
      ]),
    ],
    new KeelMap([
      ["a", 1],
      ["b", 3],
      ["c", 4],
    ]),
  ],
  ["json.at", [[1, 2], -1], 2],
  ["json.at", [map, "a"], 1],
  ["json.at", ["text", 0], null],
  ["str.length", ["a😀é"], 3],
  ["str.slice", ["a😀bc", 1, 3], "😀b"],
  ["str.slice", ["hello", -3, null], "llo"],
  ["str.index_of", ["😀b", "b"], 1],
  ["str.split", ["a😀", ""], ["a", "😀"]],
  ["str.split", ["a,b,c", ","], ["a", "b", "c"]],
  ["str.replace", ["hello", "l", "$&"], "he$&$&o"],
  ["str.lines", ["a\r\nb\n"], ["a", "b"]],
  ["str.repeat", ["ab", 2], "abab"],
  ["str.pad_start", ["7", 3, "0"], "007"],
  ["str.pad_end", ["é", 4, "ab"], "éaba"],
  ["str.to_int", [" -42 "], -42],
  ["str.to_int", ["9223372036854775808"], null],
  ["str.to_int", ["4.2"], null],
  ["str.to_float", ["3"], new Float(3)],
  ["str.to_float", ["1e999"], null],
  ["int.to_float", [3], new Float(3)],
  ["int.abs", [-9007199254740993n], 9007199254740993n],
  ["float.to_int", [new Float(-3.9)], -3],
  ["float.round", [new Float(2.5)], 3],
  ["float.round", [new Float(-2.5)], -3],
  ["float.round", [new Float(0.49999999999999994)], 0],
  ["float.floor", [new Float(-2.1)], -3],
  ["float.ceil", [new Float(2.1)], 3],
  ["any.to_str", [high], "high"],
  ["any.to_json", [[1, new Float(2)]], "[1, 2.0]"],
  ["range", [3, null], [0, 1, 2]],
  ["range", [2, 5], [2, 3, 4]],
  ["range", [5, 2], []],
  ["range", [9007199254740991, 9007199254740993n], [9007199254740991, 9007199254740992n]],
  [
    "map_of",
    [
      [
        ["a", 1],
        ["b", 2],
      ],
    ],
    map,
  ],
  ["parse_json", ['{"a": 1, "b": 2}'], map],
  ["parse_json", ["{"], null],
  ["parse_datetime", ["2026-05-01T09:00:00Z"], "2026-05-01T09:00:00.000Z"],
  ["datetime.format", ["2026-05-01T09:00:00.000Z", "DD.MM.YYYY HH:mm:ss", "Europe/Berlin"], "01.05.2026 11:00:00"],
])("%s of %o is %o", (id, given, expected) => {
  expect(encode(evaluate(builtin(id, ...given.map(literal))))).toEqual(encode(expected));
});

test("maps keep their order through every method", () => {
  const changed = evaluate(
    builtin("map.set", builtin("map.merge", literal(map), literal(new KeelMap([["c", 3]]))), literal("a"), literal(9)),
  );
  expect(text(changed)).toBe('{"a": 9, "b": 2, "c": 3}');
});

test.each([
  [builtin("range", literal(2 ** 40)), "LimitError"],
  [builtin("str.repeat", literal("abc"), literal(2 ** 40)), "LimitError"],
  [builtin("list.chunk", literal([1]), literal(0)), "ToolError"],
  [builtin("float.to_int", literal(new Float(1e19))), "ArithmeticError"],
  [builtin("str.matches", literal("a"), literal("(")), "ToolError"],
  [builtin("no.such", literal("a")), "ToolError"],
  [builtin("constructor", literal("a")), "ToolError"],
])("%o raises %s", (term, name) => {
  expect(() => evaluate(term)).toThrow(
    expect.objectContaining({ error: expect.objectContaining({ name }) as unknown }),
  );
});

test("sorting is stable, also downwards", () => {
  const functions = { key: pure(1, { kind: "Field", of: slot(0), name: "k" }) };
  const items = [
    { k: "b", n: 1 },
    { k: "a", n: 2 },
    { k: "b", n: 3 },
    { k: "a", n: 4 },
  ];
  const order = (descending: boolean): unknown =>
    (
      evaluate(builtin("list.sort_by", literal(items), closure("key"), literal(descending)), functions) as {
        n: number;
      }[]
    ).map(({ n }) => n);
  expect(order(false)).toEqual([2, 4, 1, 3]);
  expect(order(true)).toEqual([1, 3, 2, 4]);
});

test("a search stops at its answer", () => {
  const functions = { check: pure(1, binary("eq", binary("int.div", literal(6), slot(0)), literal(2))) };
  expect(evaluate(builtin("list.find", literal([1, 3, 0]), closure("check")), functions)).toBe(3);
  expect(evaluate(builtin("list.any", literal([3, 0]), closure("check")), functions)).toBe(true);
  expect(() => evaluate(builtin("list.any", literal([1, 0]), closure("check")), functions)).toThrow("division by zero");
});
