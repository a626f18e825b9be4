import { describe, expect, test } from "vitest";
import { accepts, errors, types } from "./checking.ts";

const greet = 'task greet(name: str, tone: str = "warm", times: int = 1) -> str { "{tone} {name} {times}" }\n';

describe("arguments", () => {
  test("positional, named, defaults", () => {
    accepts(`${greet}a = greet("x")\nb = greet("x", times: 3)\nc = greet(name: "x", tone: "y")`);
    expect(errors(`${greet}greet(42)`)).toEqual(["K2002 2:1 Argument 'name' of task 'greet': expected str, got int"]);
    expect(errors(`${greet}greet()`)).toEqual(["K2003 2:1 Argument 'name' of task 'greet' is missing"]);
    expect(errors(`${greet}greet("a", "b", 1, 2)`)).toEqual([
      "K2004 2:20 Too many arguments: task 'greet' takes 3, got 4",
    ]);
    expect(errors(`${greet}greet("a", tune: "b")`)).toEqual([
      "K2005 2:12 There is no parameter 'tune' in task 'greet'",
    ]);
    expect(errors(`${greet}greet("a", name: "b")`)).toEqual([
      "K2006 2:12 Argument 'name' of task 'greet' is given twice",
    ]);
  });

  test("a default is pure and may read parameters before it", () => {
    accepts("task f(a: int, b: int = a + 1) -> int { a + b }");
    expect(errors('task f(a: str = ask user "?") -> str { a }')).toEqual(["K4004 1:17 A default must have no effects"]);
  });

  test("the pipe gives the first argument", () => {
    accepts(`${greet}x = "a" |> greet |> greet(tone: "y")`);
    expect(errors(`${greet}x = 1 |> greet`)).toEqual([
      "K2002 2:5 Argument 'name' of task 'greet': expected str, got int",
    ]);
  });

  test("each call has its arguments in the order of the parameters", () => {
    accepts(`${greet}x = greet(times: 2, name: "a")`);
  });
});

describe("generics", () => {
  test("built-ins", () => {
    expect(
      types(
        'a = [1, 2].map(n => "{n}")\nb = a.zip([1.5])\nc = [3, 1].sort_by(n => n, descending: true)\nd = ["x"].group_by(s => s.length)\ne = [1, none].compact()\nf = [[1], [2]].flat_map(x => x)\ng = [1.5].sum()\nh = ["b"].max()',
      ),
    ).toEqual({
      a: "list[str]",
      b: "list[{first: str, second: float}]",
      c: "list[int]",
      d: "map[int, list[str]]",
      e: "list[int]",
      f: "list[int]",
      g: "float",
      h: "str?",
    });
  });

  test("what began as `[]` is learnt from what follows", () => {
    expect(
      types(
        "a = [].append(1)\nb = [1, 2].reduce([], (acc, n) => acc.append(n * 2))\nc = [1].reduce(0, (a, b) => a + b)",
      ),
    ).toEqual({
      a: "list[int]",
      b: "list[int]",
      c: "int",
    });
  });

  test("what is open joins with what is given", () => {
    expect(types("x = [[]].append(none)")).toEqual({ x: "list[list[never]?]" });
  });

  test("nested first looks do not multiply", () => {
    accepts(`x = ${"[1].reduce([], (a, n) => ".repeat(40)}a${")".repeat(40)}`);
  });

  test("constraints", () => {
    expect(errors('x = ["a"].sum()')).toEqual(["K2001 1:5 Expected a list of numbers, got list[str]"]);
    expect(errors("x = [1].sort_by(n => [n])")).toEqual([
      "K2001 1:22 Expected values that have an order (int, float, str, duration, datetime), got list[int]",
    ]);
  });

  test("tasks of the program", () => {
    expect(
      types(
        'type Page[T] { items: list[T] }\ntask first_of[T](p: Page[T]) -> T? { p.items.first }\ntask pick[T](xs: list[T], f: (T) -> bool) -> T? { xs.find(f) }\ntask pair[A](a: A, n: int) -> list[A] { if n > 0 { pair(a, n - 1) } else { [a] } }\np: Page[int] = {items: [1]}\nx = first_of(p)\ny = pick(["a"], s => s.length > 0)\nz = pair(1.5, 2)',
      ),
    ).toMatchObject({ x: "int?", y: "str?", z: "list[float]" });
  });
});

describe("functions", () => {
  test("a lambda's parameters need a type", () => {
    accepts("f = (n: int) => n + 1\nx = f(2)");
    expect(errors("f = n => n")).toEqual(["K2016 1:5 The type of parameter 'n' is not known here"]);
    expect(errors("x = [1].filter(n => n * 2)")).toEqual(["K2001 1:21 Expected bool, got int"]);
    expect(errors("x = [1].map((a, b) => a)")).toEqual(["K2001 1:13 Expected a function of 1 parameter, got one of 2"]);
  });

  test("a task for a lambda", () => {
    accepts("task double(n: int) -> int { n * 2 }\nx = [1].map(double)");
    expect(errors('task double(n: int) -> int { n * 2 }\nx = ["a"].map(double)')).toEqual([
      "K2002 2:15 Argument 'f' of 'map': expected (str) -> int, got (int) -> int",
    ]);
  });

  test("results", () => {
    expect(types("task f(n: int) { n * 2 }\nx = f(1)")).toEqual({ x: "int" });
    expect(errors("task f(n: int) { if n > 0 { f(n - 1) } else { 0 } }")).toEqual([
      "K2017 1:6 Task 'f' calls itself, so its result type must be written",
    ]);
    accepts("task f(n: int) -> int { if n > 0 { f(n - 1) } else { 0 } }");
    accepts(
      Array.from({ length: 2_000 }, (_, i) => `task f${i}(x: int) { ${i < 1_999 ? `f${i + 1}(x)` : "x"} }`).join("\n"),
    );
  });

  test("members that are not there, or not called as they should be", () => {
    expect(errors('x = "a".uper()')).toEqual(["K1008 1:9 str has no method 'uper'"]);
    expect(errors('x = "a".length()')).toEqual(["K2036 1:9 'length' is a property"]);
    expect(errors('x = "a".upper')).toEqual(["K2037 1:9 'upper' is a method"]);
    expect(errors("x = 1\ny = x(2)")).toEqual(["K2013 2:5 A value of type int cannot be called"]);
  });
});

describe("variants with fields", () => {
  const action = "type Action = | reply { to: str, tone: str? } | skip\n";

  test("are built like a call", () => {
    expect(types(`${action}a = reply(to: "x")\nb = Action.reply(to: "x", tone: "y")\nc = skip`)).toEqual({
      a: "Action",
      b: "Action",
      c: "Action",
    });
    expect(errors(`${action}a = reply(tone: "x")`)).toEqual(["K2003 2:5 Argument 'to' of variant 'reply' is missing"]);
    expect(errors(`${action}a = reply`)).toEqual(["K2003 2:5 Argument 'to' of variant 'reply' is missing"]);
    expect(errors(`${action}a = reply(to: 1)`)).toEqual([
      "K2002 2:5 Argument 'to' of variant 'reply': expected str, got int",
    ]);
  });

  test("from text, and all of them", () => {
    expect(types('type U = low | high\na = U.from("low")\nb = U.values')).toEqual({ a: "U?", b: "list[U]" });
  });
});

test("json is read with `as`", () => {
  expect(
    types('j = parse_json("1")\na = j as int\nb = j?.items\nc = fetch "https://x.org"\nd = c.json() as list[str]'),
  ).toMatchObject({
    j: "json?",
    a: "int?",
    b: "json?",
    d: "list[str]?",
  });
  expect(errors('x = "a" as int')).toEqual(["K2001 1:5 Expected json, got str"]);
});
