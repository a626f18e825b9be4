import { describe, expect, test } from "vitest";
import { accepts, errors, types, warnings } from "./checking.ts";

describe("literals and operators", () => {
  test("integers stand for floats where one is expected or beside one", () => {
    expect(types("x: float = 1\ny = 2.5\nz = y * 2\nw = 2 * y\nv = -1 + y")).toEqual({
      x: "float",
      y: "float",
      z: "float",
      w: "float",
      v: "float",
    });
    expect(errors("x = 1\ny: float = x")).toEqual(["K2001 2:12 Expected float, got int"]);
    expect(errors("x = 1\ny = x + 1.5")).toEqual(["K2009 2:5 `+` does not take int and float"]);
  });

  test("integers fit 64 bits", () => {
    accepts("x = 9223372036854775807\ny = -9223372036854775808");
    expect(errors("x = 9223372036854775808")).toEqual(["K2021 1:5 9223372036854775808 does not fit a 64-bit integer"]);
    expect(errors("x = -9223372036854775809")).toEqual([
      "K2021 1:6 -9223372036854775809 does not fit a 64-bit integer",
    ]);
  });

  test("durations and instants", () => {
    expect(types("a = 1.day + 2.hours * 3\nb = now - a\nc = now - b\nd = a / 2\ne = a < 3.weeks")).toEqual({
      a: "duration",
      b: "datetime",
      c: "duration",
      d: "duration",
      e: "bool",
    });
    expect(errors("x = 5.fortnights")).toEqual(["K2022 1:7 Unknown unit of time 'fortnights'"]);
    expect(errors("x = 1.day * 2.days")).toEqual(["K2009 1:5 `*` does not take duration and duration"]);
  });

  test("an instant is a text, a text is no instant", () => {
    accepts("x: str = now");
    expect(errors('x: datetime = "2026"')).toEqual(["K2001 1:15 Expected datetime, got str"]);
  });

  test("a long chain costs no depth", () => {
    accepts(`x = ${Array.from({ length: 400 }, () => "1").join(" + ")}`);
  });

  test("comparisons", () => {
    expect(errors('x = 1 == "a"')).toEqual(["K2030 1:5 int and str can never be equal"]);
    expect(errors("x = [1] < [2]")).toEqual(["K2009 1:5 `<` does not take list[int] and list[int]"]);
    expect(warnings("x = 1 == none")).toEqual(["K2102 1:5 This is never none: it is int"]);
    accepts('x = {a: 1, b: "x"} == {a: 1}');
  });
});

describe("structs and maps", () => {
  test("width: a struct with more fields fits", () => {
    accepts('task f(x: {a: int}) -> int { x.a }\ny = f({a: 1, b: 2})\nz = {a: 1, c: ""}\nw = f(z)');
    accepts("task f(x: list[{a: int}?]) -> int { x.count }\ny = [{a: 1, b: 2}]\nz = f(y)");
    expect(errors("task f(x: {a: int}) -> int { x.a }\ny = {b: 1}\nz = f(y)")).toEqual([
      "K2002 3:5 Argument 'x' of task 'f': expected {a: int}, got {b: int}",
    ]);
  });

  test("a literal may leave out fields that may be none, a value may not", () => {
    accepts("type P { a: int, b: str? }\nx: P = {a: 1}");
    expect(errors("type P { a: int, b: str? }\ny = {a: 1}\nx: P = y")).toEqual(["K2001 3:8 Expected P, got {a: int}"]);
    expect(errors("type P { a: int, b: str? }\nx: P = {}")).toEqual(["K2008 2:8 Field 'a' of P is missing"]);
  });

  test("a struct literal fits a map, a struct value does not", () => {
    expect(types('m: map[str, int] = {a: 1}\nx = m["a"]\ny = m.keys')).toEqual({
      m: "map[str, int]",
      x: "int?",
      y: "list[str]",
    });
    expect(errors("s = {a: 1}\nm: map[str, int] = s")).toEqual(["K2001 2:20 Expected map[str, int], got {a: int}"]);
    expect(types('m = map_of([["a", 1], ["b", 2]])')).toEqual({ m: "map[str, int]" });
    expect(errors("type A { x: map[float, int] }")).toEqual(["K2029 1:17 float cannot be the key of a map"]);
  });

  test("a copy with other fields", () => {
    expect(types('a = {x: 1, y: "b"}\nb = {..a, x: 2.5}')).toEqual({ a: "{x: int, y: str}", b: "{x: float, y: str}" });
  });

  test("types may be recursive, but not without end", () => {
    accepts(
      "type Tree { value: int, children: list[Tree] }\nt: Tree = {value: 1, children: [{value: 2, children: []}]}",
    );
    expect(errors("type A = list[A]")).toEqual(["K2028 1:6 Type 'A' refers to itself without end"]);
    expect(errors("type A[T] { next: A[list[T]]? }")[0]).toMatch(/^K2028 1:6/);
  });

  test("generic types", () => {
    expect(
      types("type Page[T] { items: list[T], next: str? }\np: Page[int] = {items: [1]}\nx = p.items.first"),
    ).toEqual({
      p: "Page[int]",
      x: "int?",
    });
    expect(errors("type Page[T] { items: list[T] }\nx: Page = {items: []}")).toEqual([
      "K2027 2:4 Page takes 1 type argument, got 0",
    ]);
  });
});

describe("join", () => {
  test("the one source that all others fit", () => {
    expect(types("x = [{a: 1, b: 2}, {a: 3}]\ny = [1, none]\nz = if true { 1 } else { none }\nw = []")).toEqual({
      x: "list[{a: int}]",
      y: "list[int?]",
      z: "int?",
      w: "list[never]",
    });
    expect(errors('x = [1, "a"]')).toEqual(["K2011 1:9 int and str have no type in common"]);
    expect(errors('x = if true { 1 } else { "a" }')).toEqual(["K2011 1:26 int and str have no type in common"]);
  });

  test("where a type is expected, each source is held to it", () => {
    expect(errors('x: int = if true { 1 } else { "a" }')).toEqual(["K2001 1:31 Expected int, got str"]);
    expect(errors('x: list[int] = [1, "a"]')).toEqual(["K2001 1:20 Expected int, got str"]);
    accepts("type U = low | high\ntype V = | low\ntask f(c: bool) -> list[U] { if c { [low] } else { [high] } }");
  });

  test("a value nobody uses has no join", () => {
    accepts('if true { 1 } else { "a" }\nfor x in [1] { if x > 0 { "a" } else { 2 } }');
    accepts('agent A {\n  role "r"\n  every 1.day { if true { 1 } else { "a" } }\n}');
  });

  test("a task without a written result gives none where its end has no value", () => {
    expect(types("task f(c: bool) { if c { 1 } }\nx = f(true)")).toEqual({ x: "none" });
    expect(types('task f(c: bool) { if c { 1 } else { "a" } }\nx = f(true)')).toEqual({ x: "none" });
    expect(types("task f(c: bool) { if c { 1 } else { 2 } }\nx = f(true)")).toEqual({ x: "int" });
    expect(types("task f(c: bool) {\n  if c { return 1 }\n  none\n}\nx = f(true)")).toEqual({ x: "int?" });
  });

  test("an if that is used needs an else", () => {
    expect(errors("x = if true { 1 }")).toEqual(["K2012 1:5 An `if` that gives a value needs an `else`"]);
  });

  test("never joins with all: return, fail, break", () => {
    expect(
      types(
        'task f(c: bool) -> int {\n  x = if c { 1 } else { return 2 }\n  x + 1\n}\ny = if true { 1 } else { fail "no" }',
      ),
    ).toEqual({
      y: "int",
    });
  });
});

describe("none", () => {
  test("members of what may be none", () => {
    expect(errors("task f(x: str?) -> str { x.upper() }")).toEqual([
      "K2007 1:28 'upper' of a value that may be none: it is str?",
    ]);
    expect(
      types("task f() -> {a: {b: str}}? { none }\nx = f()\ny = x?.a.b\nz = x?.a.b.length\nw = x!.a.b"),
    ).toMatchObject({
      y: "str?",
      z: "int?",
      w: "str",
    });
  });

  test("checks that can never matter are warnings", () => {
    expect(warnings('x = "a" ?? "b"')).toEqual(["K2101 1:5 The value left of `??` is never none: it is str"]);
    expect(warnings('x = "a"\ny = x?.length\nz = x!')).toEqual([
      "K2102 2:5 This is never none: it is str",
      "K2102 3:5 This is never none: it is str",
    ]);
  });

  test("`??` chains", () => {
    expect(types("task f() -> int? { none }\nx = f() ?? f() ?? 3\ny = f() ?? f()")).toEqual({ x: "int", y: "int?" });
    expect(errors('task f() -> int? { none }\nx = f() ?? "a"')).toEqual([
      "K2011 2:12 int and str have no type in common",
    ]);
    expect(errors('task f() -> int? { none }\nx: str = f() ?? "a"')).toEqual(["K2001 2:10 Expected str?, got int"]);
  });

  test("env at the root of a chain left of `??` is none-safe", () => {
    expect(types('a = env.PORT.to_int() ?? 3000\nb = env.A ?? env.B ?? "x"\nc = env.A')).toEqual({
      a: "int",
      b: "str",
      c: "str",
    });
    expect(warnings('b = env.A ?? "x"')).toEqual([]);
  });
});

describe("functions are second-class", () => {
  test("no element, field, state or result", () => {
    const f = "task f(n: int) -> int { n }\n";
    expect(errors(`${f}x = [f]`)).toEqual(["K2018 2:6 A function cannot be an element of a list"]);
    expect(errors(`${f}x = {a: f}`)).toEqual(["K2018 2:9 A function cannot be a field"]);
    expect(errors("type A { f: (int) -> int }")).toEqual(["K2018 1:13 A function cannot be a field"]);
    expect(errors(`${f}task g() -> (int) -> int { f }`)).toEqual([
      "K2018 2:13 A function cannot be the result of a task",
    ]);
  });
});

test("statements without effects whose value nobody uses", () => {
  expect(warnings("x = 1\nx + 1")).toEqual(["K2103 2:1 Nobody uses this value"]);
  expect(warnings("x = 1\n-x")).toEqual(["K2104 2:1 Nobody uses this value: was the line above meant to go on?"]);
  expect(warnings('task f() -> str { ask user "?" }\nf()')).toEqual([]);
});

test("an error silences what follows from it", () => {
  expect(errors("x = nope\ny = x.a.b + 1\nz = y.map(q => q.r)\nif z { notify user y }")).toEqual([
    "K1001 1:5 Unknown name 'nope'",
  ]);
});

test("several errors in one run, in the order of the text", () => {
  expect(errors('a: int = "x"\nb = nope\ntask f() -> int { "s" }').map((line) => line.slice(0, 9))).toEqual([
    "K2001 1:1",
    "K1001 2:5",
    "K2001 3:1",
  ]);
});
