import fc from "fast-check";
import { expect, test } from "vitest";
import { matches } from "../../src/interp/builtins/pattern.ts";

test.each([
  ["[0-9]+", "order 66", true],
  ["^\\d{2,3}$", "1234", false],
  ["^\\d{2,3}$", "123", true],
  ["^a{2}$", "aaa", false],
  ["^(?:ab|c)+$", "abcab", true],
  ["(?i)URGENT", "very urgent", true],
  ["(?i:a)B", "AB", true],
  ["(?i:a)B", "Ab", false],
  ["\\bcat\\b", "a cat.", true],
  ["\\bcat\\b", "concat", false],
  ["^.$", "😀", true],
  ["^.$", "\n", false],
  ["(?s)^.$", "\n", true],
  ["(?m)^b$", "a\nb", true],
  ["^b$", "a\nb", false],
  ["[^a-z]", "abc", false],
  ["[]a]", "]", true],
  ["[[:upper:]-]+x", "A-x", true],
  ["\\p{Greek}", "αβγ", true],
  ["\\PL", "abc", false],
  ["\\x41\\x{1F600}", "A😀", true],
  ["", "anything", true],
  ["a|", "b", true],
  ["(?P<word>x)", "x", true],
  ["(a*)*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false],
])("%s in %s: %s", (pattern, text, expected) => {
  expect(matches(text, pattern)).toBe(expected);
});

test.each([
  "(",
  ")",
  "[a",
  "*a",
  "a**",
  "a{3,1}",
  "\\",
  "(?=a)",
  "(?<!a)b",
  "\\1",
  "a{1001}",
  "\\p{Nope}",
  "[z-a]",
  "(".repeat(300),
])("%s is no pattern", (pattern) => {
  expect(() => matches("text", pattern)).toThrow("the pattern");
});

test("agrees with the host on what both have", () => {
  const atom = fc.constantFrom("a", "b", "[ab]", "[^a]", ".", "(?:ab)", "(?:a|b)", "\\w", "\\s");
  const part = fc.tuple(atom, fc.constantFrom("", "*", "+", "?", "{2}", "{1,2}")).map((each) => each.join(""));
  const pattern = fc
    .array(part, { maxLength: 4 })
    .chain((parts) => fc.constantFrom(parts.join(""), `^${parts.join("")}$`, parts.join("|")));
  fc.assert(
    fc.property(pattern, fc.string({ unit: fc.constantFrom("a", "b", "c", " "), maxLength: 8 }), (source, text) => {
      expect(matches(text, source)).toBe(new RegExp(source, "u").test(text));
    }),
    { numRuns: 1000 },
  );
});

test("is linear in the text", () => {
  expect(matches("a".repeat(100_000), "(a|aa)*$x")).toBe(false);
});
