// Every error of a file in one run, in the order of the text; one broken part does not hide the next.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "../../src/parser/parse.ts";
import { Source } from "../../src/source/text.ts";
import { hardWords, marks, verbWords } from "../../src/lexer/tokens.ts";
import { read, shape, source } from "./shape.ts";

/** `CODE line:column` of all that is wrong with a text. */
function faults(text: string): string[] {
  const file = source(text);
  return parse(file).diagnostics.map(({ code, span }) => {
    const { line, column } = file.position(span.start);
    return `${code} ${line}:${column}`;
  });
}

const messages = (text: string): string[] => parse(source(text)).diagnostics.map(({ message }) => message);
const helps = (text: string): (string | undefined)[] => parse(source(text)).diagnostics.map(({ help }) => help);

describe("recovery", () => {
  it("goes on after a broken declaration", () => {
    const text = "task f(x int) { ⏎   1 ⏎ } ⏎ task g() { 2 ⏎ } ⏎ type A = 3 ⏎ type B { a b } ⏎ x = 3";
    expect(faults(text)).toEqual(["K0020 1:10", "K0001 6:10", "K0020 7:12"]);
    expect(read(text).shapes).toContain("Bind(name: x, value: 3)");
    expect(read(text).shapes.some((item) => item.startsWith("TaskDeclaration(name: g"))).toBe(true);
  });

  it("reports every broken statement of a body, and keeps the others", () => {
    const text = "task f() { ⏎ a b ⏎ c = 1 ⏎ x = ) ⏎ d = 2 ⏎ when e { low => 1 high => 2 ⏎ mid ⏎ z => 3 } ⏎ }";
    expect(faults(text)).toEqual(["K0011 2:3", "K0001 4:4", "K0009 4:5", "K0012 6:19", "K0001 7:4"]);
    const [task] = parse(source(text)).program.items;
    const shown = task === undefined ? "" : shape(task);
    for (const kept of ["Bind(name: c, value: 1)", "Bind(name: d, value: 2)", "NamePattern(name: high)", "body: 3"]) {
      expect(shown).toContain(kept);
    }
  });

  it("says a missing brace once, where it was opened, and reads the next declaration", () => {
    const text = "task f() { ⏎   if a { ⏎     b ⏎ } ⏎ task g() { ⏎   c d ⏎ }";
    expect(faults(text)).toEqual(["K0008 2:8", "K0011 6:5"]);
    expect(parse(source(text)).program.items).toHaveLength(2);
  });

  it("says a missing parenthesis once", () => {
    expect(faults("x = f(a, ⏎ y = 1")).toEqual(["K0008 1:6"]);
    expect(faults("x = f(a ⏎ y = 1")).toEqual(["K0008 1:6"]);
    expect(faults("task f(a: int { ⏎ b ⏎ }")).toEqual(["K0008 1:7"]);
  });

  it("puts the errors of the lexer and of the parser into the order of the text", () => {
    expect(faults('a b ⏎ x = "\\q" ⏎ c d')).toEqual(["K0011 1:3", "K0006 2:6", "K0011 3:3"]);
  });

  it("stops after a screenful and counts the rest", () => {
    const found = messages("a b\n".repeat(50));
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toBe("… and 30 more errors");
  });

  it("reads a `=` in a condition as `==`", () => {
    expect(read("if x = 1 { a }")).toEqual({
      codes: ["K0014"],
      shapes: ["If(condition: Binary ==(left: x, right: 1), then: Block(body: [a]))"],
    });
  });
});

describe("messages", () => {
  it.each([
    ["x =", "Expected an expression, found the end of the file"],
    ["x = ⏎", "Expected an expression, found the end of the file"],
    ["if a ⏎ b", "Expected `{`, found the end of the line"],
    ["task f(x) { }", "Expected `:` and a type after 'x', found `)`"],
    ["task f(x: int) -> { }", "Expected `{`, found the end of the file"],
    ["task in(x: int) { }", "`in` is a word of the language and cannot be a name"],
    ["for = 3", "`for` is a word of the language and cannot be a name"],
    ["type A", "Expected `=` or `{` after the type's name, found the end of the file"],
    ["x = {a}", "The field 'a' has no value"],
    ["confirm user x then", "Expected a statement, found the end of the file"],
    ["classify x", "Expected `as` and the enum to classify into, found the end of the file"],
    ["extract T", "Expected `from` and what to extract it from, found the end of the file"],
    ["translate x", "Expected `to` and a language, found the end of the file"],
    ["agent A { state { n: int } }", "Expected `=` and the first value, found `}`"],
    ["agent A { rol 1 }", "An agent has no 'rol'"],
    ["task f() { ⏎ task g() { } ⏎ }", "`task` is declared at the top level, not inside a body"],
    ['x = "{}"', "Expected an expression, found `}`"],
    ["f(a b)", "Expected `,` or `)`, found `b`"],
  ])("%s", (text, message) => {
    expect(messages(text)).toEqual([message]);
  });

  it.each([
    ["tsak f() { }", "did you mean `task`?"],
    ['notfy user "x"', "did you mean `notify`?"],
    ["agent A { rol 1 }", "did you mean `role`?"],
    ["every 5.minutes { }", "`every` stands in the body of an agent"],
    ["if !a { b }", "a condition is denied with `not`"],
    ["f = x => {a, b: c}", "there is no short form: write `{a: a}`"],
  ])("%s: what to do", (text, help) => {
    expect(helps(text)).toEqual([help]);
  });
});

describe("limits", () => {
  it.each([
    ["parentheses", "x = " + "(".repeat(20_000) + "1" + ")".repeat(20_000)],
    ["lists", "x = " + "[".repeat(20_000)],
    ["denials", "x = " + "not ".repeat(20_000) + "1"],
    ["sums of sums", "x = " + "1 + (".repeat(20_000) + "1" + ")".repeat(20_000)],
    ["members", "x = a" + ".b".repeat(20_000)],
    ["defaults", "x = a" + " ?? b".repeat(20_000)],
    ["else-ifs", "if a { } " + "else if a { } ".repeat(20_000)],
    ["lambdas", "x = " + "a => ".repeat(20_000) + "1"],
    ["verbs", "notify user ".repeat(20_000) + "1"],
    ["thens", "confirm user a then ".repeat(20_000) + "1"],
    ["function types", "x: " + "(A) -> ".repeat(20_000) + "B = 1"],
  ])("too many %s are one error", (_, text) => {
    expect(faults(text)).toHaveLength(1);
    expect(faults(text)[0]).toContain("K0010");
  });

  it.each([
    ["parentheses", "x = " + "(".repeat(99) + "1" + ")".repeat(99)],
    ["bodies", "if a { ".repeat(40) + "1" + " }".repeat(40)],
    ["arms", "when a { b => ".repeat(40) + "1" + " }".repeat(40)],
    ["lambdas", "x = " + "f(x => { ".repeat(40) + "1" + " })".repeat(40)],
    ["holes", "x = " + '"{'.repeat(90) + "1" + '}"'.repeat(90)],
    ["sums", "x = 1" + " + 1".repeat(20_000)],
    ["conditions", "x = a" + " and b == c".repeat(20_000)],
    ["pipes", "x = a" + " |> f".repeat(20_000)],
  ])("many %s are fine", (_, text) => {
    expect(faults(text)).toEqual([]);
  });
});

describe("any text", () => {
  const words = [
    ...hardWords,
    ...verbWords,
    ...marks.map(([mark]) => mark),
    "x",
    "1",
    '"',
    '"""',
    "\n",
    "\n  ",
    "user",
  ];
  const more = ["as", "to", "fallback", "task", "agent", "type", "role", "every", "5.minutes", "# c", "\\", "…", "\0"];
  const soup = fc.array(fc.constantFrom(...words, ...more), { maxLength: 60 }).map((parts) => parts.join(" "));

  it.each([
    ["of words", soup],
    ["at all", fc.string({ unit: "binary", maxLength: 200 })],
  ])("%s is parsed without a throw, with places inside the text", (_, texts) => {
    fc.assert(
      fc.property(texts, (text) => {
        const { diagnostics, program } = parse(new Source("any.keel", text));
        for (const { span } of diagnostics) {
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThanOrEqual(span.start);
          expect(span.end).toBeLessThanOrEqual(Math.max(1, text.length));
        }
        expect(program.kind).toBe("Program");
      }),
      { numRuns: 600 },
    );
  });
});
