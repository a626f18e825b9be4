// When an input is whole: for each, what it is after each of its lines.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { reachOf } from "../../src/cli/repl/reach.ts";
import { parse } from "../../src/parser/parse.ts";
import { Source } from "../../src/source/text.ts";

test.each([
  ["1 + 2", "Whole"],
  ["", "Whole"],
  ["# a comment", "Whole"],
  ["## of what follows", "Wants"],
  ["1 +", "Wants"],
  ["1 + # one more", "Wants"],
  ["x =", "Wants"],
  ["task f", "Wants"],
  ["if ready", "Wants"],
  ["task f() {", "Open"],
  ["f(1,", "Open"],
  ['"""a', "Open"],
  ['agent A {\n  role "x"', "Open"],
  ['"a', "Whole"],
  ["f(]", "Whole"],
  ["{ ( }", "Whole"],
  [")", "Whole"],
  ["foo bar", "Whole"],
  ["1 + +", "Whole"],
  ["type A =\n  | b", "MayGoOn"],
  ["type A =\n  | b\n  | c", "MayGoOn"],
])("%j is %s", (text, reach) => {
  expect(reachOf(text)).toBe(reach);
});

test("every declaration of the examples is open until its last line", () => {
  const root = path.join(import.meta.dirname, "../../examples");
  const files = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".keel"));
  let lines = 0;
  for (const file of files) {
    const text = readFileSync(path.join(root, file), "utf8");
    for (const { kind, span } of parse(new Source(file, text)).program.items) {
      const item = text.slice(span.start, span.end).split("\n");
      for (const at of kind.endsWith("Declaration") ? item.keys() : []) {
        lines += 1;
        const isWhole = reachOf(item.slice(0, at + 1).join("\n")) === "Whole";
        expect(isWhole, `${file}: ${item[at]}`).toBe(at === item.length - 1);
      }
    }
  }
  expect(lines).toBeGreaterThan(50);
});
