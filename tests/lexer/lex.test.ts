import { describe, expect, it } from "vitest";
import { lex, type Lexed } from "../../src/lexer/lex.ts";
import { unindent } from "../../src/lexer/strings.ts";
import { Source } from "../../src/source/text.ts";

const scan = (text: string): Lexed => lex(new Source("main.keel", text));
const images = (text: string): string[] => scan(text).tokens.map((token) => token.image);
const types = (text: string): string =>
  scan(text)
    .tokens.map(({ tokenType }) => tokenType.name)
    .join(" ");
const codes = (text: string): string[] => scan(text).diagnostics.map(({ code }) => code);
const values = (text: string): string[] =>
  scan(text)
    .tokens.filter(({ tokenType }) => tokenType.name === "TextPart")
    .map(({ value }) => value);

describe("words and numbers", () => {
  it("knows the words of the language, and that others are names", () => {
    expect(types("if draft foo größe")).toBe("IfWord DraftWord Identifier Identifier");
  });

  it.each([
    ["42 1_000", "Int Int"],
    ["3.14 1e-3 2.5E10", "Float Float Float"],
    ["5.minutes 1.5.hours 5.fortnights", "Duration Duration Duration"],
    ["3.to_float() 3.14.round()", "Int Dot Identifier LeftParen RightParen Float Dot Identifier LeftParen RightParen"],
    ["5.minutes.to_str()", "Duration Dot Identifier LeftParen RightParen"],
    ["xs[0].name", "Identifier LeftBracket Int RightBracket Dot Identifier"],
    ["{..e}", "LeftBrace Spread Identifier RightBrace"],
    ["a?.b ?? c! != d", "Identifier SafeDot Identifier Default Identifier Bang NotEqual Identifier"],
  ])("%s", (text, expected) => {
    expect(types(text)).toBe(expected);
    expect(codes(text)).toEqual([]);
  });

  it("refuses what is neither number nor name", () => {
    expect(codes("x = 12abc")).toEqual(["K0007"]);
    expect(codes("x = 1__0")).toEqual(["K0007"]);
  });

  it("tells newlines and blanks", () => {
    const flags = scan("a (b)\n  c # d\n\ne").tokens.map(({ newline, blank }) => [newline, blank]);
    const [first, , inside] = [
      [true, true],
      [false, true],
      [false, false],
    ];
    expect(flags).toEqual([first, [false, true], inside, inside, [true, true], [true, true]]);
  });
});

describe("texts", () => {
  it("resolves escapes", () => {
    expect(values(String.raw`"a\n\t\r\\\"\{\}\u{1F600}}"`)).toEqual(['a\n\t\r\\"{}😀}']);
  });

  it.each([String.raw`"\q"`, String.raw`"\u{110000}"`, String.raw`"\u{D800}"`, String.raw`"\u41"`])(
    "refuses the escape in %s",
    (text) => {
      const { diagnostics } = scan(text);
      expect(diagnostics.map(({ code, span }) => [code, span.start])).toEqual([["K0006", 1]]);
    },
  );

  it("nests texts and calls in holes", () => {
    expect(images('"a{f("b{c}", {d: 1})}e"').join(" ")).toBe('" a { f ( " b { c } " , { d : 1 } ) } e "');
  });

  it("ends a text on its line, holes included", () => {
    expect(codes('x = "abc\ny = 1')).toEqual(["K0004"]);
    expect(codes('x = "abc {name\ny = 1')).toEqual(["K0005"]);
    expect(codes('x = "abc {f("d\ny = 1')).toEqual(["K0005"]);
    expect(codes('x = "abc {name"\ny = 1')).toEqual(["K0005"]);
    expect(images('x = "abc {f({\ny')).toEqual(["x", "=", '"', "", "y"]);
  });

  it("takes the indentation from a text of several lines", () => {
    expect(values('"""\n    a\n      b\n\n    c\n    """')).toEqual(["a\n  b\n\nc"]);
    expect(values('"""a\n  b"""')).toEqual(["a\nb"]);
    expect(values('"""\r\n  a\r\n  b\r\n"""')).toEqual(["a\nb"]);
    expect(values('"""\n  "quoted" and \\n\n"""')).toEqual(['"quoted" and \n']);
    expect(values('""""""')).toEqual([]);
  });

  it("counts a line that begins with a hole", () => {
    expect(values('"""\n    a {x}\n  {y}\n    """')).toEqual(["  a ", "\n", ""]);
    expect(values('"""{x}\n  a"""')).toEqual(["\na"]);
    expect(values('"""\n  {x}{"""\n     b"""}\n  c"""')).toEqual(["", "\n     b".trimStart(), "\nc"]);
  });

  it("says where a text of several lines was opened", () => {
    const { diagnostics } = scan('x = """\n a\n');
    expect(diagnostics.map(({ code, span }) => [code, span])).toEqual([["K0008", { start: 4, end: 7 }]]);
  });

  it("leaves a text alone that has no indentation", () => {
    expect(unindent(["\na\n  b\n"])).toEqual(["a\n  b"]);
  });
});

describe("comments", () => {
  it("keeps them beside the tokens", () => {
    const { comments, tokens } = scan("# one\nx = 1 # two\n## doc\n## more\ntask");
    expect(comments.map(({ text, ownLine }) => [text, ownLine])).toEqual([
      ["# one", true],
      ["# two", false],
      ["## doc", true],
      ["## more", true],
    ]);
    expect(tokens.map(({ doc }) => doc)).toEqual([undefined, undefined, undefined, "doc\nmore"]);
  });

  it("is no comment in a text", () => {
    expect(values('"a # b"')).toEqual(["a # b"]);
  });
});

describe("what is no Keel", () => {
  it.each([
    ["a && b", "K0003", "and"],
    ["a || b", "K0003", "or"],
    ["a === b", "K0003", "=="],
    ["x += 1", "K0003", "x = x + 1"],
    ["a; b", "K0003", "line"],
    ["// note", "K0003", "#"],
    ["'a'", "K0003", "double"],
    ["“a”", "K0003", "straight"],
  ])("%s: says what to write", (text, code, word) => {
    const [first] = scan(text).diagnostics;
    expect(first?.code).toBe(code);
    expect(first?.help).toContain(word);
  });

  it("refuses what is no text at all, once", () => {
    expect(codes("a\0b\0c")).toEqual(["K0002"]);
    expect(codes("a\uFFFD\uFFFD")).toEqual(["K0002"]);
    expect(codes("x".repeat(5 * 1024 * 1024))).toEqual(["K0024"]);
  });

  it("refuses what is nested too deeply, once and quickly", () => {
    expect(codes("{".repeat(10_000_000))).toEqual(["K0010"]);
    expect(codes("[(".repeat(100_000))).toEqual(["K0010"]);
    expect(codes('"{'.repeat(100_000))).toEqual(["K0010"]);
  });
});

describe("brackets", () => {
  const places = (text: string): (string | number)[][] =>
    scan(text).diagnostics.map(({ code, span }) => [code, span.start]);

  it("says where it was opened what is never closed", () => {
    expect(places("x = f(a")).toEqual([["K0008", 5]]);
    expect(places("task f() { if a { b }")).toEqual([["K0008", 9]]);
  });

  it("says only the innermost of braces that the end of the file leaves open", () => {
    expect(places("task f() { if a { when b {")).toEqual([["K0008", 25]]);
    expect(places("task f() { x = g(1")).toEqual([
      ["K0008", 16],
      ["K0008", 9],
    ]);
  });

  it("leaves out what closes nothing", () => {
    expect(places("a )\n}")).toEqual([
      ["K0009", 2],
      ["K0009", 4],
    ]);
    expect(images("a )\n}")).toEqual(["a"]);
  });

  it("finds the brace that is missing by the indentation and by the next declaration", () => {
    const text = "task f() {\n  if a {\n    b\n}\n\ntask g() {\n  c\n}\n";
    expect(places(text)).toEqual([["K0008", text.indexOf("{\n    b")]]);
    const open = "task f() {\n  a\n\ntask g() {\n  c\n}\n";
    expect(places(open)).toEqual([["K0008", 9]]);
  });

  it("closes a parenthesis at the end of its line", () => {
    const tokens = scan("x = f(a\ny = 1").tokens.map(({ image }) => image);
    expect(tokens).toEqual(["x", "=", "f", "(", "a", "", "y", "=", "1"]);
  });

  it("tells every bracket where it closes", () => {
    const { tokens } = scan('f({a: [1]}, "{b}")');
    for (const token of tokens.filter(({ close }) => close >= 0)) {
      expect(tokens[token.close]?.depth).toBe(token.depth);
    }
    expect(tokens.filter(({ close }) => close >= 0).length).toBe(4);
  });
});
