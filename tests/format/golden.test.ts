// The pairs of `golden.md`, and the programs of the page that describes the style, which are in it.

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it, test } from "vitest";
import { format } from "../../src/parser/format.ts";
import { Source } from "../../src/source/text.ts";

const page = readFileSync(path.join(import.meta.dirname, "golden.md"), "utf8");
const pairs = [...page.matchAll(/^## (.*)\n\n```before\n([\s\S]*?)```\n\n```after\n([\s\S]*?)```$/gm)].map(
  ([, name = "", before = "", after = ""]) => ({ name, before, after }),
);

function formatted(text: string): string | undefined {
  return format(new Source("main.keel", text)).text;
}

describe("golden.md", () => {
  it("is read whole", () => {
    expect(pairs.length).toBe(page.match(/^```before$/gm)?.length);
  });

  it.each(pairs)("$name", ({ before, after }) => {
    expect(formatted(before)).toBe(after);
    expect(formatted(after)).toBe(after);
  });
});

test("the programs of docs/language/formatting.md are formatted", () => {
  const text = readFileSync(path.join(import.meta.dirname, "../../docs/language/formatting.md"), "utf8");
  const programs = [...text.matchAll(/^```keel\n([\s\S]*?)```$/gm)].map(([, program = ""]) => program);
  expect(programs.length).toBeGreaterThan(4);
  expect(programs.map(formatted)).toEqual(programs);
});
