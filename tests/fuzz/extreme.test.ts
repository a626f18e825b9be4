// Texts that nobody writes: thousands of brackets, of arms, of names on one line, marks without end. The compiler answers
// each of them, soon, as `answered` says; the command does the same with bytes that are no text.

import { expect, test } from "vitest";
import { place } from "../cli/command.ts";
import { answered } from "./answered.ts";

const many = 8_000;

const times = (part: string, count = many): string => part.repeat(count);
const each = (make: (index: number) => string, between: string, count = many): string =>
  Array.from({ length: count }, (_, index) => make(index)).join(between);
/** Nested as often: `open`s, a middle, `close`s. */
const nested = (open: string, middle: string, close: string): string => times(open) + middle + times(close);

const texts: { readonly [name: string]: string } = {
  "nested parentheses": `x = ${nested("(", "1", ")")}`,
  "nested lists": `x = ${nested("[", "", "]")}`,
  "nested structs": `x = ${nested("{a: ", "1", "}")}`,
  "nested holes": `x = ${nested('"{', "1", '}"')}`,
  "nested holes of long texts": `x = ${nested('"""{', "1", '}"""')}`,
  "nested blocks": `task f() { ${nested("if true { ", "1", "}")} }`,
  "nested loops": nested("for a in [1] { ", "1", "}"),
  "nested handlers": `x = ${nested("try { ", "1", "} catch { 2 }")}`,
  "nested retries": nested("retry 3 times { ", "1", "}"),
  "nested calls": `x = ${nested("f(", "1", ")")}`,
  "nested lambdas": `x = ${times("a => ")}1`,
  "nested when": `x = ${nested("when 1 { _ => ", "1", "}")}`,
  "nested patterns": `x = when 1 { ${nested("{a: ", "_", "}")} => 1 }`,
  "nested types": `x: ${nested("list[", "int", "]")} = []`,
  "nested function types": `x: ${nested("(", "int", ") -> int")} = 1`,
  "nested struct types": `type T ${nested("{ a: ", "int", " }")}`,
  "nested timers": `agent A { role "x"\non start { ${nested("after 1.s { ", "1", "}")} } }`,
  "mixed brackets": `x = ${nested('([{a: "{', "1", '}"}])')}`,
  "brackets that open": times("([{"),
  "brackets that close": times(")]}"),
  quotes: times('"'),
  "long quotes": times('"""'),
  "a long sum": `x = 1${times(" + 1")}`,
  "a sum that leans right": `x = ${nested("1 + (", "1", ")")}`,
  "a long condition": `x = true${times(" and not false or true")}`,
  "many nots": `x = ${times("not ")}true`,
  "many minuses": `x = ${times("- ")}1`,
  "many defaults": `y: int? = 1\nx = y${times(" ?? y")}`,
  "a long pipe": `task f(n: int) -> int { n }\nx = 1${times(" |> f")}`,
  "a long chain": `x = "a"${times(".trim()")}`,
  "a long safe chain": `y: {a: int}? = none\nx = y${times("?.a")}`,
  "many indices": `x = [1]${times("[0]")}`,
  "many marks": `y: int? = 1\nx = y${times("!")}`,
  "many casts": `x = 1${times(" as int")}`,
  "many question marks": `x: int${times("?")} = 1`,
  "a long else if": `x = if true { 1 } ${times("else if false { 2 } ")} else { 3 }`,
  "many verbs": times("classify summarize draft extract prompt decide notify ask show confirm send delegate "),
  "many words": times("if else when for in return break continue and or not true false none self try catch "),
  "many operators": times("+ - * / % == != < > ?? |> => -> . .. , : ; "),
  "many strange marks": times("@ $ & ~ ^ ` ' ; \\ "),
  "a long name": `${times("a")} = 1`,
  "a long number": `x = ${times("9")}`,
  "a long fraction": `x = 0.${times("1")}`,
  "a long exponent": `x = 1e${times("9")}`,
  "a long text": `x = "${times("a")}"`,
  "many escapes": `x = "${times("\\q\\u{")}"`,
  "a long comment": `#${times("a")}`,
  "many comments": times("# a\n"),
  "many doc comments": `${times("## a\n")}task f() { }`,
  "many empty lines": times("\n"),
  "carriage returns": times("x = 1\r"),
  "lines of another system": times("x = 1\r\n"),
  "byte order marks": times("\ufeff"),
  NULs: times("\0"),
  "half characters": `x = "${times("\ud800")}"\n${times("\udc00")} = 1`,
  "marks that turn the line": `x = "${times("\u202e\u2066")}"`,
  "many arms": `x = when 1 { ${each((n) => `${n} => ${n}`, "\n")}\n_ => 0 }`,
  "one arm many times": `x = when 1 { ${times("1 => 1\n")}_ => 0 }`,
  "many patterns of one arm": `x = when 1 { ${times("1, ")}_ => 1 }`,
  "many arms with fields": `p = {a: 1}\nx = when p { ${each((n) => `{a: ${n}} => ${n}`, "\n")}\n_ => 0 }`,
  "many patterns with fields": `p = {a: 1}\nx = when p { ${each((n) => `{a: ${n}}`, ", ")} => 1\n_ => 0 }`,
  "many flags": `type E = a | b\ntask f(p: {${each((n) => `f${n}: E`, ", ", 20)}}) { when p { ${each((n) => `{f${n}: a} => 1`, "\n", 20)} } }`,
  "many variants": `type E = ${each((n) => `v${n}`, " | ")}\nx = v1`,
  "a variant many times": `type E = ${times("low | ")}high`,
  "many fields": `x = {${each((n) => `f${n}: ${n}`, ", ")}}`,
  "a field many times": `x = {${times("a: 1, ")}}`,
  "many copies": `p = {a: 1}\nx = {${times("..p, ")}}`,
  "many elements": `x = [${times("1, ")}]`,
  "many arguments": `task f(a: int) -> int { a }\nx = f(${times("1, ")})`,
  "many parameters": `task f(${each((n) => `a${n}: int = 1`, ", ")}) -> int { 1 }\nx = f()`,
  "many bindings": `v0 = 1\n${each((n) => `v${n + 1} = v${n} + 1`, "\n")}`,
  "one name bound again and again": `x = 1\n${times("x = x + 1\n")}`,
  "many tasks": each((n) => `task t${n}() { t${n + 1}() }`, "\n"),
  "one task many times": times("task t() { }\n"),
  "many constants": each((n) => `c${n} = c${n + 1}`, "\n"),
  "many types": `${each((n) => `type T${n} { a: T${n + 1}? }`, "\n")}`,
  "many aliases": `${each((n) => `type T${n} = T${n + 1}`, "\n")}`,
  "types without end":
    "type T = T\ntype S { s: S }\ntype G[A] { a: G[list[A]]? }\ntype H[A] { a: H[{x: A, y: A}]? }\nx: G[int]? = none\ny: H[int]? = none\nz: G[str]? = x",
  "many agents": each((n) => `agent A${n} {\nrole "x"\non start { notify user "a" }\n}\nrun A${n}`, "\n", 1_000),
};

test.each(Object.entries(texts))("%s", { timeout: 60_000 }, (_, text) => {
  expect(answered(text).fault).toBeUndefined();
});

const bytes: { readonly [name: string]: Uint8Array } = {
  "no UTF-8": Buffer.from([0x78, 0x20, 0x3d, 0x20, 0xff, 0xfe, 0x0a]),
  "a half character": Buffer.from([0x78, 0x3d, 0x22, 0xed, 0xa0, 0x80, 0x22]),
  "an overlong zero": Buffer.from([0xc0, 0x80]),
  "two bytes a character": Buffer.from('\ufeffnotify user "a"\n', "utf16le"),
  zeros: Buffer.alloc(100_000),
  noise: Buffer.from(Array.from({ length: 20_000 }, (_, index) => (index * 7_919 + (index >> 3)) % 256)),
  "a line of 3 MB": Buffer.from(`x = "${"a".repeat(3_000_000)}"`),
  brackets: Buffer.from("(".repeat(500_000)),
  "a mistake many times on one line": Buffer.from(`x = {${"a: 1, ".repeat(5_000)}}`),
};

test.each(Object.entries(bytes))("keel check: %s", { timeout: 60_000 }, async (_, content) => {
  const here = place();
  const file = here.write("a.keel", content);
  const { code, err } = await here.keel(["check", file]);
  expect([0, 1, 2]).toContain(code);
  expect(err).not.toMatch(/\bat .*\.[jt]s:\d|Keel itself failed/);
});
