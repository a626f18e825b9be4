// What holds of every program, by programs of chance (`programs.ts`) and by all that the repository holds.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { lex } from "../../src/lexer/lex.ts";
import type { Kind } from "../../src/parser/ast.ts";
import { format } from "../../src/parser/format.ts";
import { parse } from "../../src/parser/parse.ts";
import { childFields, walk } from "../../src/parser/walk.ts";
import { Source } from "../../src/source/text.ts";
import { readPage } from "../support/lang-page.ts";
import { programs } from "./programs.ts";

const source = (text: string): Source => new Source("main.keel", text);

/** The tree without its places; undefined where there is a syntax error. */
function tree(text: string): string | undefined {
  const { program, diagnostics } = parse(source(text));
  if (diagnostics.length > 0) return undefined;
  return JSON.stringify(program.items, (key, value: unknown) => (key === "span" ? undefined : value));
}

function formatted(text: string): string {
  const { text: result, diagnostics } = format(source(text));
  expect(diagnostics).toEqual([]);
  return result ?? "";
}

const bare = programs({ comments: false });
const commented = programs({ comments: true });

describe("programs of chance", () => {
  it("hold every kind of node", () => {
    const kinds = new Set<Kind>();
    for (const text of fc.sample(bare, { numRuns: 1_000, seed: 7 })) {
      walk(parse(source(text)).program, ({ kind }) => void kinds.add(kind));
    }
    // What stands where the parser recovered, and what is refused before its time.
    const others: readonly Kind[] = ["Missing", "MissingType", "LimitsMember"];
    const all = (Object.keys(childFields) as Kind[]).filter((kind) => !others.includes(kind));
    expect(all.filter((kind) => !kinds.has(kind))).toEqual([]);
  });

  it("keep their trees", () => {
    always(commented, (text) => expect(tree(formatted(text))).toBe(tree(text)));
  });

  it("do not change a second time", () => {
    const isSettled = (text: string): void => {
      const once = formatted(text);
      expect(formatted(once)).toBe(once);
    };
    always(bare, isSettled);
    always(commented, isSettled);
  });

  it("keep each comment, in its order", () => {
    always(commented, (text) => expect(comments(formatted(text))).toEqual(comments(text)));
  });

  it("have no blanks at the ends of lines, no tabs, one line break at the end", () => {
    always(commented, (text) => {
      const once = formatted(text);
      if (!once.includes('"""')) expect(once).not.toMatch(/[ \t]\n|\t|\n\n\n|^\n|\n\n$/);
      expect(once.endsWith("\n")).toBe(true);
    });
  });

  it("have parentheses only where they matter", () => {
    always(bare, (text) => expect(needless(formatted(text))).toEqual([]));
  });
});

function always(texts: fc.Arbitrary<string>, holds: (text: string) => void): void {
  const property = fc.property(texts, (text) => {
    holds(text);
  });
  fc.assert(property, { numRuns: 400 });
}

/** Comments as they are numbered; those in the holes of texts belong to the texts. */
function comments(text: string): readonly string[] {
  return lex(source(text))
    .comments.map((comment) => comment.text)
    .filter((comment) => /\d/.test(comment));
}

/** Control, and `return`, `until` on their own, are easier to read in parentheses. */
const clearer = ["if", "when", "for", "try", "retry", "return", "confirm", "until"];
/** So are the operands of these, */
const clearerAfter = ["send", "until"];
/** and what these are attached to. */
const clearerBefore = [".", "?.", "!", "[", "("];

/** Parentheses without which the tree is the same. A cast is left out: it ends with its type, whatever follows. */
function needless(text: string): readonly string[] {
  const whole = tree(text);
  const { tokens } = lex(source(text));
  return tokens.flatMap((open) => {
    const close = tokens[open.close];
    const image = (index: number): string => tokens[index]?.image ?? "";
    if (open.image !== "(" || close === undefined || clearer.includes(image(open.index + 1))) return [];
    if (clearerAfter.includes(image(open.index - 1)) || clearerBefore.includes(image(close.index + 1))) return [];
    const inner = text.slice(open.endOffset + 1, close.startOffset);
    const without = text.slice(0, open.startOffset) + inner + text.slice(close.endOffset + 1);
    return tree(without) === whole && !/ as /.test(inner) ? [inner] : [];
  });
}

const root = path.join(import.meta.dirname, "../..");
const keelFiles = ["examples", "stdlib", "tests"].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".keel"))
    .map((name) => path.join(folder, name)),
);
const pages = ["tests/lang", "docs/language", "docs/errors"].flatMap((folder) =>
  readdirSync(path.join(root, folder))
    .filter((name) => name.endsWith(".md"))
    .map((name) => path.join(folder, name)),
);

describe("the repository's own programs", () => {
  it("are there", () => {
    expect(keelFiles.length).toBeGreaterThan(10);
    expect(pages.length).toBeGreaterThan(20);
  });

  it.each(keelFiles)("%s", (file) => {
    isKept(readFileSync(path.join(root, file), "utf8"));
  });

  it.each(pages)("%s", (file) => {
    for (const { program } of readPage(readFileSync(path.join(root, file), "utf8"))) isKept(program);
  });
});

function isKept(text: string): void {
  const before = tree(text);
  if (before === undefined) return;
  const once = formatted(text);
  expect(tree(once)).toBe(before);
  expect(formatted(once)).toBe(once);
  expect(allComments(once)).toEqual(allComments(text));
}

function allComments(text: string): readonly string[] {
  return lex(source(text)).comments.map((comment) => comment.text);
}
