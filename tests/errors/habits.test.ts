// What people who come from other languages write, and what they are told: the help names what Keel has instead, and one
// slip gives one message, at most two.

import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { Source } from "../../src/source/text.ts";

function said(text: string): string[] {
  const { diagnostics } = compile(new Source("main.keel", text.replaceAll(" ⏎ ", "\n")), stdlib);
  return diagnostics.map(({ code, help }) => `${code} ${help ?? ""}`);
}

/** Each says one thing: this code, and a help that holds this text. */
function helps(cases: readonly (readonly [text: string, code: string, help: string])[]): void {
  test.each(cases)("%s", (text, code, help) => {
    const found = said(text);
    expect(found).toHaveLength(1);
    expect(found[0]).toContain(`${code} `);
    expect(found[0]).toContain(help);
  });
}

describe("words at the beginning of a statement", () => {
  helps([
    ["let x = 1 ⏎ notify user x", "K0003", "`x = 1`"],
    ["const x = 1 ⏎ notify user x", "K0003", "`x = 1`"],
    ["var x: int = 1 ⏎ notify user x", "K0003", "`x = 1`"],
    ["def f(x) { ⏎ 1 ⏎ } ⏎ notify user f(1)", "K0003", "`task name(x: int) -> int { … }`"],
    ["fn f(x: int) -> int { ⏎ x ⏎ }", "K0003", "`task name"],
    ["func f() { 1 }", "K0003", "`task name"],
    ["function f(x) { ⏎ return x ⏎ }", "K0003", "`task name"],
    ['while true { ⏎ notify user "x" ⏎ }', "K0003", "`for x in list { … }`"],
    ["switch x { ⏎ case 1: 2 ⏎ }", "K0003", "`when x { a => …, _ => … }`"],
    ["match x { ⏎ 1 => 2 ⏎ }", "K0003", "`when x"],
    ['throw "x"', "K0003", '`fail "message"`'],
    ['raise Error("x")', "K0003", '`fail "message"`'],
    ['import { a } from "a.keel"', "K0003", "`use { name } from"],
    ["from a import b", "K0003", "`use { name } from"],
    ["class A { ⏎ x: int ⏎ } ⏎ a: A = {x: 1}", "K0003", "`type Name { field: str }`"],
    ["enum A { x, y }", "K0003", "`type Name = one | two`"],
    ['print "x"', "K0003", "`notify user …`"],
    ["async task f() { 1 }", "K0003", "nothing is awaited"],
    ["export task f() { 1 }", "K0003", "as it is"],
    ['str name = "a" ⏎ notify user name', "K0003", "`name: str = …`"],
    ['if true { notify user "a" } elif false { notify user "b" }', "K0011", "`else if`"],
    ['if true { notify user "a" } ⏎ elif false { notify user "b" }', "K0003", "`else if`"],
    ['if true { notify user "a" } else-if false { notify user "b" }', "K0001", "`else if`"],
  ]);
});

describe("marks and words within one", () => {
  helps([
    ["x = 1 ⏎ if x == 1 && x != 2 { show user x }", "K0003", "write `and`"],
    ["x = 1 ⏎ if x == 1 || x != 2 { show user x }", "K0003", "write `or`"],
    ["x = true ⏎ if !x { show user x }", "K0001", "`not`"],
    ["x = 1 ⏎ x++", "K0003", "`x + 1` is a new one"],
    ["x = 1; ⏎ show user x", "K0003", "ends with its line"],
    ["x = true ? 1 : 2 ⏎ show user x", "K0011", "`if c { a } else { b }`"],
    ["x = 1 if true else 2", "K0011", "`if c { a } else { b }`"],
    ["x = 2 ** 3", "K0003", "`x * x`"],
    ["x = 'a' ⏎ show user x.upper()", "K0003", "double quotes"],
    ['x = f"a {1}" ⏎ show user x', "K0011", "holes"],
    ['notify "x"', "K0011", "`notify user …`"],
    ['x = ask "name?" ⏎ notify user x', "K0011", "`ask user …`"],
    ['if confirm "sure?" { show user 1 }', "K0001", "`confirm user …`"],
    ["task f(): int { 1 } ⏎ show user f()", "K0001", "`-> int`"],
    ["xs = [1].map(n -> n + 1) ⏎ show user xs", "K0001", "`n => n + 1`"],
    ["for i in 0..3 { show user i }", "K0001", "`range(0, 3)`"],
    ["for (i in [1]) { show user i }", "K0001", "`for x in list { … }`"],
    ["for i in [1]: show user i", "K0001", "between `{` and `}`"],
    ["x = [n * 2 for n in [1]] ⏎ show user x", "K0001", "`list.map(x => …)`"],
    ["x = [1][0:1]", "K0001", "`list.slice(0, 2)`"],
    ["x = (1, 2)", "K0001", "a list `[a, b]`"],
    ['x = "{"a": 1}"', "K0001", "`\\{`"],
    ["x = 1 ⏎ + 2", "K0001", "at the end of the line above"],
    ["x = 1 in [1]", "K0011", "`list.contains(x)`"],
    ["x: int? = 1 ⏎ if x is none { show user x }", "K0001", "`x == none`"],
    ["x: list<int> = [1] ⏎ show user x", "K0001", "`list[int]`"],
    ["x: int[] = [1] ⏎ show user x", "K0001", "`list[int]`"],
    ["x = new Foo() ⏎ show user x", "K0011", "`{field: value}`"],
    ["wait 5 seconds", "K0011", "`5.seconds`"],
    ["wait 5", "K2001", "`5.seconds`"],
    ['y: map[str, int]? = map_of([["k", 1]]) ⏎ z = y?["k"] ⏎ show user z', "K0003", "`(value ?? [])[0]`"],
    ['y: map[str, int]? = map_of([["k", 1]]) ⏎ z = y["k"] ⏎ show user z', "K2007", "`(value ?? [])[0]`"],
    ["try { fail 1 } catch (e) { show user 1 }", "K0001", "`catch err { … }`"],
  ]);

  test("a loop of three parts is two", () => {
    expect(said("for (i = 0; i < 3; i++) { show user i }")).toHaveLength(2);
  });
});

describe("names, types and members", () => {
  helps([
    ["x = null", "K1001", "`none`"],
    ["x = True", "K1001", "`true`"],
    ['print("x")', "K1001", "`notify user"],
    ['console.log("x")', "K1001", "`notify user"],
    ["show user len([1])", "K1001", "`list.count`"],
    ["show user str(1)", "K1001", "`value.to_str()`"],
    ["x: string = 1.to_str() ⏎ show user x", "K1002", "'str'"],
    ["x: boolean = true ⏎ show user x", "K1002", "'bool'"],
    ["x: Array[int] = [1] ⏎ show user x", "K1002", "'list'"],
    ["n = 1 ⏎ wait n.minutes", "K1007", "`1.minute * n`"],
    ["x = [1].length", "K1007", "`count`"],
    ["x = [1].size()", "K1008", "`count`"],
    ["x = [1].push(2)", "K1008", "`append(item)`"],
    ['x = "a".append("b")', "K1008", "`+`"],
    ['x = "a".toUpperCase()', "K1008", "`upper()`"],
    ["x = {a: 1}.keys", "K1007", "`map`"],
    ["x = [1].max_of(n => n)", "K1008", "'max_by'"],
    ["x = [1].enumerate()", "K1008", "`range(list.count)`"],
    ["x = map_of([[1, 2]]).map_values(n => n)", "K1008", "`map_of(map.entries.map("],
    ["x = map_of([[1, 2]]).filter(n => true)", "K1008", "`map_of(map.entries.filter("],
    ["x = 2.5.toFixed(2)", "K1008", "cents"],
    ['agent A { ⏎ role "a" ⏎ every day at "08:00" { ⏎ notify user 1 ⏎ } ⏎ }', "K1001", '`every 1.day at "09:00"`'],
    ["x: list[int] = [1, none].filter(n => n != none) ⏎ show user x", "K2001", "`compact()`"],
    ["task f(x: list[int]) { ⏎ show user x ⏎ } ⏎ xs = [1, none] ⏎ f(xs)", "K2002", "`compact()`"],
  ]);
});

describe("one mistake", () => {
  test("a hole that goes on in the next line", () => {
    expect(said('x = 1 ⏎ notify user "a {x + ⏎ 2} b" ⏎ notify user "c"')).toHaveLength(1);
    expect(said('notify user "a {[1, ⏎ 2, ⏎ 3].map(n => n)} b" ⏎ notify user "c"')).toHaveLength(1);
  });

  test("a name as the pattern of an int", () => {
    expect(said("task f(n: int) -> int { ⏎ when n { ⏎ m where m < 0 => m ⏎ _ => 0 ⏎ } ⏎ }")).toHaveLength(1);
  });

  test("what was not read is not missed", () => {
    expect(said("task f(n int) -> int { n } ⏎ x = f(1) + f(2) ⏎ notify user x")).toHaveLength(1);
    expect(said("type A = 3 ⏎ task f(a: A) -> A { a } ⏎ show user f(1)")).toHaveLength(1);
    expect(said("task f() { ⏎ x = (1 2) ⏎ notify user x ⏎ notify user x ⏎ }")).toHaveLength(1);
  });
});
