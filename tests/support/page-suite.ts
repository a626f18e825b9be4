// The tests that a page of programs is: each program is checked against what its comments expect and, where the page
// says what it prints, run. tests/lang/README.md says how a page is read.

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Type, typeText } from "../../src/checker/type.ts";
import { type Compiled, compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import type { Expression } from "../../src/parser/ast.ts";
import { walk } from "../../src/parser/walk.ts";
import { renderDiagnostic } from "../../src/source/render.ts";
import { Source } from "../../src/source/text.ts";
import { type LangCase, readPage } from "./lang-page.ts";
import { runProgram } from "./run-program.ts";

export const root = path.join(import.meta.dirname, "../..");

/** `page` is a path from the root of the repository. */
export function describePage(page: string): void {
  describe(page, () => {
    for (const each of readPage(readFileSync(path.join(root, page), "utf8"))) {
      test(`${each.name} (line ${each.line})`, async () => {
        const source = new Source("main.keel", each.program);
        const compiled = compile(source, stdlib, each.load);
        const shown = compiled.diagnostics.map((said) => renderDiagnostic(source, said, { color: false })).join("\n");
        expect(said(compiled, source, each), shown).toEqual(each.expectations);
        expect(typed(compiled, source, each)).toEqual(each.types);
        if (each.output !== undefined || each.failure !== undefined) await run(compiled, each);
      });
    }
  });
}

/** What the compiler said, by line; of a message that contains the expected text only that. */
function said({ diagnostics }: Compiled, source: Source, { expectations }: LangCase): object[] {
  const found = diagnostics.map(({ severity, code, message, span }) => {
    const { line } = source.position(span.start);
    const wanted = expectations.find(
      (expected) => expected.line === line && expected.code === code && message.includes(expected.text),
    );
    return { severity, code, text: wanted?.text ?? message, line };
  });
  return found.sort((a, b) => a.line - b.line);
}

/** The types of what the asked lines bind, or of their first expression. */
function typed({ checked }: Compiled, source: Source, { types }: LangCase): object[] {
  if (types.length === 0) return [];
  const bound = new Map<number, string>();
  const valued = new Map<number, string>();
  walk(checked.program, (node) => {
    const { line } = source.position(node.span.start);
    if (node.kind === "Bind") put(bound, line, checked.bindings.get(node)?.type);
    else put(valued, line, checked.types.get(node as Expression));
  });
  return types.map(({ line }) => ({ type: bound.get(line) ?? valued.get(line) ?? "nothing", line }));
}

/** Keeps the first of a line: the outermost. */
function put(lines: Map<number, string>, line: number, type: Type | undefined): void {
  if (type !== undefined && !lines.has(line)) lines.set(line, typeText(type));
}

async function run({ program, places }: Compiled, each: LangCase): Promise<void> {
  if (program === undefined || places === undefined) expect.fail("it does not compile, so it cannot be run");
  const ran = await runProgram(program, {
    places,
    ...(each.inputs === undefined ? {} : { inputs: each.inputs }),
    ...(each.env === undefined ? {} : { env: each.env }),
    ...(each.stdin === undefined ? {} : { answers: each.stdin }),
    ...(each.replies === undefined ? {} : { replies: each.replies }),
  });
  const lines = ran.lines.flatMap((line) => line.replace(/^ {2}▸ /, "").split("\n"));
  expect(lines).toEqual(each.output ?? []);
  if (each.failure === undefined) expect(ran.failure).toBeUndefined();
  else expect(ran.failure ?? "it succeeded").toContain(each.failure);
}
