// Single decisions of the formatter that the golden page does not show.

import { describe, expect, it } from "vitest";
import { format } from "../../src/parser/format.ts";
import { Source } from "../../src/source/text.ts";

function formatted(text: string): string | undefined {
  return format(new Source("main.keel", text)).text;
}

describe("what cannot be read", () => {
  it("is left alone, and it is said why", () => {
    const { text, diagnostics } = format(new Source("main.keel", "x = (1\ny = 2\n"));
    expect(text).toBeUndefined();
    expect(diagnostics.map(({ code }) => code)).toEqual(["K0008"]);
  });
});

describe("the edges of a file", () => {
  it.each([
    ["nothing", "", ""],
    ["blanks", "\n \n\t\n", ""],
    ["comments alone", "\n\n# a\n\n\n# b", "# a\n\n# b\n"],
    ["no line break at the end", "x = 1", "x = 1\n"],
    ["line breaks of Windows", "x = 1\r\n\r\n\r\n# c \r\ny = 2\r\n", "x = 1\n\n# c\ny = 2\n"],
    ["a byte order mark", "\uFEFFx = 1\n", "x = 1\n"],
  ])("%s", (_, before, after) => {
    expect(formatted(before)).toBe(after);
  });
});

describe("comments without a place of their own", () => {
  it.each([
    ["in a condition's end", "if a # why\n{ b() }", "if a {  # why\n  b()\n}\n"],
    ["in empty brackets", "f( # why\n)\n", "f(  # why\n)\n"],
    ["in a literal", "x = {\n# why\n}\n", "x = {\n  # why\n}\n"],
    ["in parentheses that go", "x = ( # why\n  a)\n", "x =  # why\n  a\n"],
    ["after `=`", "x = # why\n  a\n", "x =  # why\n  a\n"],
    ["in front of a bar", "type T =\n  # one\n  | a\n  | b # two\n", "type T =\n  # one\n  | a\n  | b  # two\n"],
    ["above documentation", "# note\n## doc\ntype T { }\n", "# note\n## doc\ntype T { }\n"],
    ["in a text's hole", 'x = """{f(\n  # why\n  a)}"""\n', 'x = """{f(\n  # why\n  a)}"""\n'],
  ])("%s", (_, before, after) => {
    expect(formatted(before)).toBe(after);
    expect(formatted(after)).toBe(after);
  });

  it("stand in one column, unless that moves one too far", () => {
    expect(formatted("a # 1\nabc # 2\n\nab # 3\n")).toBe("a    # 1\nabc  # 2\n\nab  # 3\n");
    const far = "a".repeat(50);
    expect(formatted(`a # 1\n${far} # 2\n`)).toBe(`a  # 1\n${far}  # 2\n`);
  });
});

describe("long chains", () => {
  it.each(["+", "and", "|>"])("of thousands of `%s` are laid out", (operator) => {
    const lines = formatted(`x = a${` ${operator} b`.repeat(8_000)}`)?.split("\n");
    expect(lines).toHaveLength(8_002);
  });
});

describe("words that could be taken for others", () => {
  it.each([
    ["a clause below its form", "x = (fetch email)\nlimit + 1\n", "x = (fetch email)\nlimit + 1\n"],
    [
      "an arm that begins like a clause",
      "when x { a => fetch y, limit => 2 }",
      "when x {\n  a => fetch y,\n  limit => 2\n}\n",
    ],
    ["a verb before a word", "retry (search) times { f() }", "retry (search) times { f() }\n"],
    ["a verb before its options", "draft (search) { tone: 1 }", "draft (search) { tone: 1 }\n"],
    ["a literal that is no body", "x => { {a: 1} }", "x => { {a: 1} }\n"],
    ["a body that is a literal", "if c { a: 1 }", "if c { a: 1 }\n"],
    ["the empty literal", "x => ({})", "x => ({})\n"],
    ["a number's field", "(1).x", "(1).x\n"],
    ["a number's method", "(1).abs()", "1.abs()\n"],
    ["one variant", "type T = | only", "type T = | only\n"],
    ["a nullable function", "x: ((A) -> B)? = f", "x: ((A) -> B)? = f\n"],
  ])("%s", (_, before, after) => {
    expect(formatted(before)).toBe(after);
    expect(formatted(after)).toBe(after);
  });
});
