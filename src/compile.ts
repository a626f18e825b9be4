// The front end on one screen: text → tree → checked tree → KIR. Every error of a file is found in one go, in the order
// of the text; what is lowered has none.

import { check } from "./checker/check.ts";
import type { Checked } from "./checker/checked.ts";
import type { Stdlib } from "./checker/prelude.ts";
import type { Places, Program } from "./ir/kir.ts";
import { lower } from "./ir/lower.ts";
import { parse } from "./parser/parse.ts";
import type { Diagnostic } from "./source/diagnostic.ts";
import type { Source } from "./source/text.ts";

/** `program` and `places` are there where no diagnostic is an error. */
export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  readonly checked: Checked;
  readonly program?: Program;
  readonly places?: Places;
}

export function compile(source: Source, stdlib: Stdlib): Compiled {
  const parsed = parse(source);
  const { checked, diagnostics } = check(parsed.program, source, stdlib);
  const found = inOrder([...parsed.diagnostics, ...diagnostics]);
  if (found.some(isError)) return { diagnostics: found, checked };
  const lowered = lower(checked, source, stdlib);
  const all = inOrder([...found, ...lowered.diagnostics]);
  if (all.some(isError)) return { diagnostics: all, checked };
  return { diagnostics: all, checked, program: lowered.program, places: lowered.places };
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error";
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.start - b.span.start);
}
