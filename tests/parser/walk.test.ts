import { expect, it } from "vitest";
import type { Node } from "../../src/parser/ast.ts";
import { parse } from "../../src/parser/parse.ts";
import { children, walk } from "../../src/parser/walk.ts";
import { source } from "./shape.ts";

const text = 'task f(x: int = 1) -> int? { ⏎ when x { 1, 2 where y => "a{x}" ⏎ _ => none } ⏎ } ⏎ a = f(x: 2).b!';

it("visits every node once, parents first, in the order of the text", () => {
  const { program } = parse(source(text));
  const seen: Node[] = [];
  walk(program, (node) => {
    seen.push(node);
  });
  expect(new Set(seen).size).toBe(seen.length);
  const starts = seen.map(({ span }) => span.start);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(seen.map(({ kind }) => kind)).toContain("NoneLiteral");
});

it("has spans that contain those of the nodes below, and the text they speak of", () => {
  const file = source(text);
  walk(parse(file).program, (node) => {
    for (const child of children(node)) {
      expect(child.span.start).toBeGreaterThanOrEqual(node.span.start);
      expect(child.span.end).toBeLessThanOrEqual(node.span.end);
    }
    if (node.kind === "Name") expect(file.text.slice(node.span.start, node.span.end)).toBe(node.text);
    if (node.kind === "When") expect(file.text.slice(node.span.start, node.span.end)).toMatch(/^when x \{[^]*none \}$/);
  });
});

it("does not enter what the visitor refuses", () => {
  const kinds: string[] = [];
  walk(parse(source(text)).program, ({ kind }) => {
    kinds.push(kind);
    return kind !== "TaskDeclaration";
  });
  expect(kinds).toContain("TaskDeclaration");
  expect(kinds).not.toContain("When");
});
