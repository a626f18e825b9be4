// Suggested edits are applied as an editor would: the first edit of the first diagnostic that has one, again and again.
// In the end nothing is said any more, and the program is what a person would have written.

import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { Source } from "../../src/source/text.ts";

const urgency = "type Urgency = low | medium | high\n";

interface Cure {
  readonly text: string;
  /** What is still said, and cannot be cured by an edit. */
  readonly left: readonly string[];
  /** The codes that were cured, in turn. */
  readonly cured: readonly string[];
}

function cure(text: string): Cure {
  const cured: string[] = [];
  for (let now = text, round = 0; ; round += 1) {
    const { diagnostics } = compile(new Source("main.keel", now), stdlib);
    const found = diagnostics.find(({ edits = [] }) => edits.length > 0);
    const edit = found?.edits?.[0];
    if (found === undefined || edit === undefined || round === 10) {
      return { text: now, left: diagnostics.map(({ code, message }) => `${code} ${message}`), cured };
    }
    cured.push(found.code);
    now = now.slice(0, edit.span.start) + edit.text + now.slice(edit.span.end);
  }
}

/** Each program before and after; `codes` are what was cured. */
function cures(codes: string, before: string, after: string): void {
  expect(cure(before)).toEqual({ text: after, left: [], cured: codes.split(" ") });
}

describe("missing arms", () => {
  test("are added on lines of their own, and fail where a value is wanted", () => {
    cures(
      "K3001",
      `${urgency}task f(u: Urgency) -> str {\n  when u {\n    low => "l"   # the least\n  }\n}\n`,
      `${urgency}task f(u: Urgency) -> str {\n  when u {\n    low => "l"   # the least\n    medium => fail "not handled yet"\n    high => fail "not handled yet"\n  }\n}\n`,
    );
  });

  test("do nothing where no value is wanted", () => {
    cures(
      "K3001",
      `${urgency}task f(u: Urgency) {\n  when u {\n    low => notify user "l",\n    high => notify user "h"\n  }\n}\n`,
      `${urgency}task f(u: Urgency) {\n  when u {\n    low => notify user "l",\n    high => notify user "h"\n    medium => { }\n  }\n}\n`,
    );
  });

  test("stay on the line of a short `when`", () => {
    cures(
      "K3001",
      `x = when [1].first { none => 0 }\n`,
      `x = when [1].first { none => 0, _ => fail "not handled yet" }\n`,
    );
  });

  test("are patterns with their fields", () => {
    const type = "type Action = | reply { urgent: bool, to: str } | skip\n";
    cures(
      "K3001",
      `${type}task f(a: Action?) -> int {\n  when a {\n    reply {urgent: true} => 1\n  }\n}\n`,
      `${type}task f(a: Action?) -> int {\n  when a {\n    reply {urgent: true} => 1\n    none => fail "not handled yet"\n    reply {urgent: false} => fail "not handled yet"\n    skip => fail "not handled yet"\n  }\n}\n`,
    );
  });
});

describe("a default for what may be none", () => {
  test.each([
    ["a binding", "K2001", "n: int = [1].first\n", "n: int = [1].first ?? 0\n"],
    ["an argument", "K2002", 'x = "a".repeat([1].first)\n', 'x = "a".repeat([1].first ?? 0)\n'],
    [
      "one of several arguments",
      "K2002",
      'x = "a".pad_start([1].first, "b")\n',
      'x = "a".pad_start([1].first ?? 0, "b")\n',
    ],
    ["an operand left", "K2009", "x = [1].first + 1\n", "x = ([1].first ?? 0) + 1\n"],
    ["an operand right", "K2009", "x = 1 + [1].first\n", "x = 1 + ([1].first ?? 0)\n"],
    [
      "a condition",
      "K2001",
      'if [true].first { notify user "x" }\n',
      'if ([true].first ?? false) { notify user "x" }\n',
    ],
    ["a part of a condition", "K2001", "x = true and [true].first\n", "x = true and ([true].first ?? false)\n"],
    [
      "a field",
      "K2001",
      'p: {a: str, b: int} = {a: [""].last, b: 1}\n',
      'p: {a: str, b: int} = {a: [""].last ?? "", b: 1}\n',
    ],
    ["a result", "K2001", "task f() -> float {\n  [1.5].first\n}\n", "task f() -> float {\n  [1.5].first ?? 0.0\n}\n"],
    [
      "a returned value",
      "K2001",
      "task f() -> int {\n  return [1].first\n}\n",
      "task f() -> int {\n  return [1].first ?? 0\n}\n",
    ],
    ["a value that is cast", "K2001", 'n: int = parse_json("1") as int\n', 'n: int = (parse_json("1") as int) ?? 0\n'],
    [
      "a list to run over",
      "K2014",
      'for n in [[1]].first { notify user "{n}" }\n',
      'for n in ([[1]].first ?? []) { notify user "{n}" }\n',
    ],
    ["a model's text", "K2001", 's: str = summarize "a" in 1 line\n', 's: str = summarize "a" in 1 line fallback ""\n'],
    ["what is sent", "K2105", 'send draft "x" to "a@b.c"\n', 'send draft "x" fallback "" to "a@b.c"\n'],
  ])("%s", (_, codes, before, after) => cures(codes, before, after));

  test("reading goes on only where there is something", () => {
    cures(
      "K2007 K2001",
      "task f(name: str?) -> str {\n  name.upper()\n}\n",
      'task f(name: str?) -> str {\n  name?.upper() ?? ""\n}\n',
    );
  });

  test("none is guessed for a type without a plain value", () => {
    expect(cure(`${urgency}u: Urgency = Urgency.from("low")\n`).cured).toEqual([]);
  });
});

describe("misspelt words", () => {
  test.each([
    ["a name", "K1001", "count = 1\nx = cuont\n", "count = 1\nx = count\n"],
    ["a type", "K1002", "x: boool = true\n", "x: bool = true\n"],
    ["an agent", "K1003", 'agent Watcher { role "w" }\nrun Wacher\n', 'agent Watcher { role "w" }\nrun Watcher\n'],
    [
      "a connection",
      "K1004",
      'agent A {\n  role "a"\n  tools [emial]\n}\n',
      'agent A {\n  role "a"\n  tools [email]\n}\n',
    ],
    ["a field", "K1007", "p = {name: 1}\nx = p.nmae\n", "p = {name: 1}\nx = p.name\n"],
    ["a method", "K1008", 'x = "a".uper()\n', 'x = "a".upper()\n'],
    ["a kind", "K1014", 'connect w via mailldir { path: "." }\n', 'connect w via maildir { path: "." }\n'],
    ["a variant", "K1015", `${urgency}x = Urgency.hihg\n`, `${urgency}x = Urgency.high\n`],
    [
      "an argument",
      "K2005",
      "task f(count: int) -> int { count }\nx = f(cuont: 1)\n",
      "task f(count: int) -> int { count }\nx = f(count: 1)\n",
    ],
    [
      "an error",
      "K1020",
      'try { fail "x" } catch e: TimeoutEror { notify user e.message }\n',
      'try { fail "x" } catch e: TimeoutError { notify user e.message }\n',
    ],
  ])("%s", (_, codes, before, after) => cures(codes, before, after));
});

describe("what is never needed or never reached", () => {
  const [low, high, again] = ['low => "l"', 'high, medium => "h"', 'low => "again"'];
  const task = (...arms: string[]): string =>
    `${urgency}task f(u: Urgency) -> str {\n  when u {\n${arms.map((arm) => `    ${arm}\n`).join("")}  }\n}\n`;

  test.each([
    ["a default", "K2101", 'x = "a" ?? "b"\n', 'x = "a"\n'],
    ["a default in parentheses", "K2101", 'x = ("a") ?? ("b")\n', 'x = ("a")\n'],
    ["the last of several", "K2101", 'x = ["a"].first ?? "b" ?? "c"\n', 'x = ["a"].first ?? "b"\n'],
    ["`?.`", "K2102", 'x = "a"?.upper()\n', 'x = "a".upper()\n'],
    ["`!`", "K2102", 'x = "a"!\n', 'x = "a"\n'],
    ["a comparison with none", "K2102", "n = 1\nx = n == none\n", "n = 1\nx = false\n"],
    ["an arm", "K3002", task(low, again, high), task(low, high)],
    ["a last arm", "K3002", task(low, high, again), task(low, high)],
    [
      "an arm on the line",
      "K3002",
      "x = when true { true => 1, false => 2, _ => 3 }\n",
      "x = when true { true => 1, false => 2 }\n",
    ],
    ["a pattern", "K3003", task(low, 'low, medium, high => "h"'), task(low, 'medium, high => "h"')],
    ["a last pattern", "K3003", task(low, 'medium, high, low => "h"'), task(low, 'medium, high => "h"')],
    [
      "a catch",
      "K3005",
      'try { fail "x" } catch e { notify user e.message } catch { notify user "y" }\n',
      'try { fail "x" } catch e { notify user e.message }\n',
    ],
  ])("%s goes", (_, codes, before, after) => cures(codes, before, after));
});

describe("other words", () => {
  test.each([
    [
      "a name that nobody uses",
      "K1101",
      "task f() -> int {\n  x = 1\n  2\n}\n",
      "task f() -> int {\n  _x = 1\n  2\n}\n",
    ],
    [
      "a field that nobody uses",
      "K1101",
      "task f(p: {a: int}) -> int {\n  {a} = p\n  2\n}\n",
      "task f(p: {a: int}) -> int {\n  {a: _a} = p\n  2\n}\n",
    ],
    [
      "a renamed field that nobody uses",
      "K1101",
      "task f(p: {a: int}) -> int {\n  {a: b} = p\n  2\n}\n",
      "task f(p: {a: int}) -> int {\n  {a: _b} = p\n  2\n}\n",
    ],
    ["a property that is called", "K2036", 'x = "a".length()\n', 'x = "a".length\n'],
    ["a method that is not called", "K2037", 'x = "a".upper\n', 'x = "a".upper()\n'],
    [
      "a number to run over",
      "K2014",
      'for n in 3 { notify user "{n}" }\n',
      'for n in range(3) { notify user "{n}" }\n',
    ],
    [
      "a variant of two enums",
      "K1009",
      "type A = low | x\ntype B = low | y\nz = low\n",
      "type A = low | x\ntype B = low | y\nz = A.low\n",
    ],
  ])("%s", (_, codes, before, after) => cures(codes, before, after));

  test("a field in a pattern that nobody uses", () => {
    const program = (pattern: string): string =>
      `type Action = | reply { to: str } | skip\ntask f(a: Action) -> int {\n  when a {\n    reply {${pattern}} => 1\n    skip => 2\n  }\n}\n`;
    cures("K1101", program("to"), program("to: _to"));
    cures("K1101", program("to: address"), program("to: _address"));
  });

  test("a connection that an agent may not use", () => {
    const agent = (tools: string): string =>
      `connect work via maildir { path: "." }\nagent A {\n  role "a"\n  tools [${tools}]\n  every 1.day {\n    for m in fetch work { notify user m.subject }\n    archive {id: "1"}\n  }\n}\n`;
    cures("K4001 K4001", agent(""), agent("work, email"));
    cures("K4001", agent("email"), agent("email, work"));
  });

  test("an agent outside the team", () => {
    const agents = (team: string): string =>
      `agent B {\n  role "b"\n  task t() -> int { 1 }\n}\nagent A {\n  role "a"\n  team [${team}]\n  every 1.day { delegate t() to B }\n}\n`;
    cures("K4002", agents(""), agents("B"));
  });
});

test("names in the arms of an unknown type are not called unused", () => {
  const { left, cured } = cure("task f(u: Xyz) -> int {\n  when u {\n    low => 1\n    _ => 2\n  }\n}\n");
  expect({ left, cured }).toEqual({ left: ["K1002 Unknown type 'Xyz'"], cured: [] });
});
