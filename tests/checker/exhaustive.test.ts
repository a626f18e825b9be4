import { describe, expect, test } from "vitest";
import { any, constructor, isUseful, missing, record, some, spaceText } from "../../src/checker/exhaustive.ts";
import type { Space } from "../../src/checker/exhaustive.ts";
import { bool, int, nullable, structOf } from "../../src/checker/type.ts";
import type { EnumType, StructShape, Type } from "../../src/checker/type.ts";
import { accepts, errors, warnings } from "./checking.ts";

const enumOf = (name: string, variants: readonly (readonly [string, StructShape | undefined])[]): EnumType => ({
  kind: "Enum",
  name,
  declaration: undefined,
  variants: new Map(variants),
});

const level = enumOf("Level", [
  ["low", undefined],
  ["high", undefined],
]);
const action = enumOf("Action", [
  [
    "reply",
    structOf([
      ["to", level],
      ["urgent", bool],
    ]),
  ],
  ["skip", undefined],
]);

const shown = (arms: readonly Space[], type: Type): string[] | undefined =>
  missing(arms, type)?.map((space) => spaceText(space, type));

describe("usefulness", () => {
  test("enums", () => {
    expect(shown([constructor("low")], level)).toEqual(["high"]);
    expect(shown([], level)).toEqual(["low", "high"]);
    expect(shown([constructor("low"), any], level)).toEqual([]);
    expect(isUseful([constructor("low"), constructor("high")], any, level)).toBe(false);
    expect(isUseful([constructor("low")], constructor("low"), level)).toBe(false);
  });

  test("nested fields", () => {
    const lowUrgent = constructor("reply", [constructor("low"), constructor("true")]);
    expect(shown([lowUrgent, constructor("skip")], action)).toEqual([
      "reply {to: low, urgent: false}",
      "reply {to: high}",
    ]);
    const arms = [constructor("reply", [constructor("low"), any]), constructor("reply", [any, constructor("true")])];
    expect(shown(arms, action)).toEqual(["reply {to: high, urgent: false}", "skip"]);
  });

  test("none and the rest", () => {
    expect(shown([constructor("none")], nullable(level))).toEqual(["low", "high"]);
    expect(shown([constructor("none")], nullable(int))).toEqual(["_"]);
    expect(shown([constructor("none"), constructor(some, [constructor("low")])], nullable(level))).toEqual(["high"]);
    expect(shown([constructor(some, [any])], nullable(level))).toEqual(["none"]);
  });

  test("structs and values without end", () => {
    const pair = structOf([
      ["a", bool],
      ["b", bool],
    ]);
    expect(
      shown([constructor(record, [constructor("true"), any]), constructor(record, [any, constructor("true")])], pair),
    ).toEqual(["{a: false, b: false}"]);
    expect(shown([constructor("1"), constructor("2")], int)).toEqual(["_"]);
  });

  test("or", () => {
    expect(shown([{ kind: "Or", of: [constructor("low"), constructor("high")] }], level)).toEqual([]);
  });

  test("a match too large to tell is said to be so", () => {
    const size = 24;
    const wide = structOf(Array.from({ length: size }, (_, index) => [`f${index}`, level] as const));
    const arms = Array.from({ length: size * size }, (_, at) => {
      const pattern = (index: number) => (index === at % size ? "low" : index === (at * 7 + 3) % size ? "high" : "");
      const word = (index: number): Space => (pattern(index) === "" ? any : constructor(pattern(index)));
      return constructor(
        record,
        Array.from({ length: size }, (_, index) => word(index)),
      );
    });
    expect(missing(arms, wide, 1_000_000)).toBeUndefined();
  });
});

describe("when", () => {
  const type = "type U = low | medium | high\n";

  test("reports what is missing at its first arm", () => {
    expect(errors(`${type}u = U.low\nwhen u {\n  low => 1\n}`)).toEqual([
      "K3001 4:3 Non-exhaustive match on U: missing medium, high",
    ]);
    expect(errors(`${type}x = when U.low {\n  low, medium => 1\n}`)).toEqual([
      "K3001 3:3 Non-exhaustive match on U: missing high",
    ]);
  });

  test("a guarded arm does not cover", () => {
    expect(errors(`${type}u = U.low\nwhen u {\n  low where true => 1\n  medium, high => 2\n}`)).toEqual([
      "K3001 4:3 Non-exhaustive match on U: missing low",
    ]);
  });

  test("texts and numbers need `_`", () => {
    expect(errors('when "a" {\n  "a" => 1\n}')).toEqual(["K3001 2:3 Non-exhaustive match on str: missing _"]);
    accepts("when 3 {\n  1 => 1\n  -1 => 2\n  _ => 3\n}");
    accepts("when true {\n  true => 1\n  false => 2\n}");
  });

  test("fields bind, and match", () => {
    accepts(
      'type A = | reply { to: str, days: int } | skip\ntask f(a: A) -> str {\n  when a {\n    reply {to: t, days: 0} => t\n    reply {to} where to != "" => to\n    reply => "r"\n    skip => "s"\n  }\n}',
    );
    expect(
      errors("type A = | reply { to: str }\ntask f(a: A) -> int {\n  when a {\n    reply {too} => 1\n  }\n}"),
    ).toEqual(["K1007 4:12 A.reply has no field 'too'"]);
  });

  test("wrong patterns", () => {
    expect(errors(`${type}when U.low {\n  extreme => 1\n  _ => 2\n}`)).toEqual([
      "K1015 3:3 U has no variant 'extreme'",
    ]);
    expect(errors(`${type}when U.low {\n  1 => 1\n  _ => 2\n}`)).toEqual(["K3004 3:3 The pattern 1 does not match U"]);
    expect(errors("when 1 {\n  x => 1\n  _ => 2\n}")).toEqual(["K3004 2:3 The pattern 'x' does not match int"]);
  });

  test("arms and patterns that are never reached", () => {
    expect(warnings(`${type}x = when U.low {\n  low => 1\n  _ => 2\n  high => 3\n}`)).toEqual([
      "K3002 5:3 This arm is never reached: 'high' is matched above",
    ]);
    expect(warnings(`${type}x = when U.low {\n  low, medium => 1\n  medium, high => 2\n}`)).toEqual([
      "K3003 4:3 This pattern is never reached: 'medium' is matched above",
    ]);
    expect(warnings("try { notify user 1 } catch e { fail e } catch e: NullError { fail e }")).toEqual([
      "K3005 1:48 This `catch` is never reached: NullError is caught above",
    ]);
  });

  test("thousands of arms take no thousands of seconds", () => {
    const words = Array.from({ length: 1_000 }, (_, index) => `v${index}`);
    const arms = words.map((word, index) => `    ${word} => ${index}`).join("\n");
    accepts(`type E = ${words.join(" | ")}\ntask f(e: E) -> int {\n  when e {\n${arms}\n  }\n}`);
  });
});
