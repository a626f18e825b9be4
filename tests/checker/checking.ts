// Checks a small program and says what came of it in one line a diagnostic: `K2001 3:5 Expected int, got str`.

import { expect } from "vitest";
import { check } from "../../src/checker/check.ts";
import type { CheckResult } from "../../src/checker/check.ts";
import { typeText } from "../../src/checker/type.ts";
import { parse } from "../../src/parser/parse.ts";
import { Source } from "../../src/source/text.ts";
import { loadStdlib } from "../support/stdlib.ts";

export interface Outcome extends CheckResult {
  readonly source: Source;
}

export function checkText(text: string): Outcome {
  const source = new Source("main.keel", text);
  const { program, diagnostics } = parse(source);
  expect(diagnostics.map(({ message }) => message)).toEqual([]);
  return { ...check(program, source, loadStdlib()), source };
}

const lines = ({ source, diagnostics }: Outcome, severity: "error" | "warning"): string[] =>
  diagnostics
    .filter((diagnostic) => diagnostic.severity === severity)
    .map(({ code, span, message }) => {
      const { line, column } = source.position(span.start);
      return `${code} ${line}:${column} ${message}`;
    });

export const errors = (text: string): string[] => lines(checkText(text), "error");
export const warnings = (text: string): string[] => lines(checkText(text), "warning");

/** The program is accepted, if perhaps with warnings. */
export function accepts(text: string): void {
  expect(errors(text)).toEqual([]);
}

/** The types of the names bound by the statements of the top level, as a program writes them. */
export function types(text: string): { [name: string]: string } {
  const outcome = checkText(text);
  expect(lines(outcome, "error")).toEqual([]);
  const found: { [name: string]: string } = {};
  for (const item of outcome.checked.program.items) {
    if (item.kind !== "Bind") continue;
    const binding = outcome.checked.bindings.get(item);
    if (binding !== undefined) found[binding.name] = typeText(binding.type);
  }
  return found;
}
