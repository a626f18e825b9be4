import { expect, test } from "vitest";
import { accepts, errors, types, warnings } from "./checking.ts";

const two = "type Level = low | high\ntype Pitch = low | sharp\n";

test("an unknown name gets the nearest known one", () => {
  expect(errors('message = "hi"\nnotify user mesage')).toEqual(["K1001 2:13 Unknown name 'mesage'"]);
});

test("a binding is seen below it, not above", () => {
  expect(errors("notify user x\nx = 1")).toEqual(["K1012 1:13 'x' is not visible here: it is bound further down"]);
});

test("tasks see constants of the top level, wherever they stand", () => {
  accepts("task f() -> int { limit }\nlimit = 5");
});

test("tasks see no name that is bound twice, has effects, or reads one that does", () => {
  expect(errors("x = 1\nx = 2\ntask f() -> int { x }")).toEqual([
    "K1012 3:19 'x' is not visible here: it is bound more than once",
  ]);
  expect(errors('x = ask user "?"\ntask f() -> str { x }')).toEqual([
    "K1012 2:19 'x' is not visible here: its value has effects",
  ]);
  expect(errors('x = ask user "?"\ny = x.upper()\ntask f() -> str { y }')).toEqual([
    "K1012 3:19 'y' is not visible here: its value has effects",
  ]);
  expect(errors('task g() -> str { ask user "?" }\nx = g()\ntask f() -> str { x }')).toEqual([
    "K1012 3:19 'x' is not visible here: its value has effects",
  ]);
});

test("a bare variant: by what is expected, else the only one of that name", () => {
  expect(types("type U = low | high\nx = high")).toEqual({ x: "U" });
  expect(errors(`${two}x = low`)).toEqual(["K1009 3:5 'low' is a variant of Level and of Pitch"]);
  expect(types(`${two}x: Pitch = low\ny = x == low\nz = Level.low`)).toEqual({ x: "Pitch", y: "bool", z: "Level" });
  expect(errors("type U = | low\nx = U.lo")).toEqual(["K1015 2:7 U has no variant 'lo'"]);
});

test("a local goes before a variant, a variant that is expected before a task", () => {
  expect(types("type U = | low\nlow = 1\nx = low")).toEqual({ low: "int", x: "int" });
  expect(types("type U = | low\ntask low() -> int { 1 }\nx: U = low\ny = low()")).toEqual({ x: "U", y: "int" });
});

test("a variable goes before a type, a connection and `env`", () => {
  expect(types("env = {a: 1}\nx = env.a\nemail = [2]\ny = email.first")).toMatchObject({ x: "int", y: "int?" });
});

test("the program's enums go before predeclared ones", () => {
  expect(types("type Status = Failure | ok\nx = Failure")).toEqual({ x: "Status" });
});

test("a program may declare anew what is predeclared", () => {
  expect(types('type Email { subject: str }\ntask f(e: Email) -> str { e.subject }\nx = f({subject: "a"})')).toEqual({
    x: "str",
  });
  expect(types("task range(n: int) -> str { n.to_str() }\nx = range(3)")).toEqual({ x: "str" });
});

test("duplicates are errors", () => {
  expect(errors("type A = | x\ntype A = | y")).toEqual(["K1005 2:6 Type 'A' is declared twice"]);
  expect(errors('type A = | x\nagent A { role "r" }')).toEqual(["K1005 2:7 Agent 'A' is declared twice"]);
  expect(errors("task f() -> int { 1 }\ntask f() -> int { 2 }")).toEqual(["K1005 2:6 Task 'f' is declared twice"]);
  expect(errors("type A = x | y | x")).toEqual(["K1005 1:18 Variant 'x' is declared twice"]);
  expect(errors("type A { x: int, x: int }")).toEqual(["K1005 1:18 Field 'x' is declared twice"]);
  expect(errors("x = {a: 1, a: 2}")).toEqual(["K1005 1:12 Field 'a' is declared twice"]);
});

test("rebinding shadows with any type", () => {
  expect(types('x = 1\nx = "a"\ny = x.length')).toEqual({ x: "str", y: "int" });
});

test("an inner binding whose value reads the outer one is an error", () => {
  expect(errors("total = 0\nfor x in [1, 2] { total = total + x }")).toEqual([
    "K1011 2:19 This 'total' ends with its block, but its value reads the 'total' outside",
  ]);
  expect(errors("n = 1\ntask f() -> int {\n  n = n + 1\n  n\n}")).toEqual([
    "K1011 3:3 This 'n' ends with its block, but its value reads the 'n' outside",
  ]);
  accepts("task f(name: str) -> str {\n  name = name.trim()\n  name\n}");
  accepts("x = 1\nif true {\n  x = 2\n  x = x + 1\n  notify user x\n}");
  accepts("x = 1\nif true { x = [1].map(x => x + 1)\n notify user x }");
});

test("unused names are warned about inside tasks and agents", () => {
  expect(warnings("task f() -> int {\n  x = 1\n  _y = 2\n  3\n}")).toEqual(["K1101 2:3 'x' is never used"]);
  expect(warnings("task f() -> int {\n  x = 1\n  x = 2\n  x\n}")).toEqual(["K1101 2:3 'x' is never used"]);
  expect(warnings("x = 1")).toEqual([]);
});

test("styles of names are warned about", () => {
  expect(warnings("type urgency = | low\nmyName = 1\ntask doIt() -> int { 1 }")).toEqual([
    "K1102 1:6 Type 'urgency' should be written 'Urgency'",
    "K1102 2:1 Name 'myName' should be written 'my_name'",
    "K1102 3:6 Task 'doIt' should be written 'do_it'",
  ]);
});

test("a name of something that is no value", () => {
  expect(errors('connect work via maildir { path: "." }\nx = work')).toEqual([
    "K1016 2:5 'work' is a connection, not a value",
  ]);
  expect(errors("type U = | low\nx = U")).toEqual(["K1016 2:5 'U' is a type, not a value"]);
  expect(errors("x = env")).toEqual(["K1016 1:5 'env' is the environment, not a value"]);
  expect(errors("x = email(1)")).toEqual(["K1016 1:5 'email' is a connection, not a value"]);
  expect(errors('x = "a" |> env')).toEqual(["K1016 1:12 'env' is the environment, not a value"]);
});

test("an agent's task is no name outside", () => {
  expect(errors('agent A {\n  role "r"\n  task t() -> int { 1 }\n}\nt()')).toEqual(["K1001 5:1 Unknown name 't'"]);
});
