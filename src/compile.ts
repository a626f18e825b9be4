// The front end on one screen: texts → trees → checked trees → KIR. Every error of a program is found in one go, in the
// order of its files and of their texts; what is lowered has none.

import { checkModules } from "./checker/check.ts";
import type { Checked } from "./checker/checked.ts";
import { inItsFile, type Load, loadModules } from "./checker/modules.ts";
import type { Stdlib } from "./checker/prelude.ts";
import type { Places, Program } from "./ir/kir.ts";
import { lower } from "./ir/lower.ts";
import type { Diagnostic } from "./source/diagnostic.ts";
import type { Source } from "./source/text.ts";

/** `program` and `places` are there where no diagnostic is an error. */
export interface Compiled {
  readonly diagnostics: readonly Diagnostic[];
  readonly checked: Checked;
  readonly program?: Program;
  readonly places?: Places;
}

/** `load` reads the files that the program uses; without it, none can be used. */
export function compile(source: Source, stdlib: Stdlib, load?: Load): Compiled {
  const modules = loadModules(source, load);
  const { checked, diagnostics } = checkModules(modules, stdlib);
  // What a text that could not be read leaves unused says nothing.
  const isRead = !modules.diagnostics.some(isError);
  const found = [...modules.diagnostics, ...diagnostics.filter((each) => isRead || isError(each))];
  const said = (all: readonly Diagnostic[]): readonly Diagnostic[] =>
    inOrder(all).map((each) => inItsFile(modules, each));
  if (found.some(isError)) return { diagnostics: said(found), checked };
  const lowered = lower(checked, modules.source, stdlib);
  const all = [...found, ...lowered.diagnostics];
  if (all.some(isError)) return { diagnostics: said(all), checked };
  return { diagnostics: said(all), checked, program: lowered.program, places: lowered.places };
}

function isError(diagnostic: Diagnostic): boolean {
  return diagnostic.severity === "error";
}

function inOrder(diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  return diagnostics.toSorted((a, b) => a.span.start - b.span.start);
}
