// What the compiler owes any text: an answer. It does not throw, what it says is about places inside the text and can be
// shown, and it is done soon.

import { type Compiled, compile } from "../../src/compile.ts";
import type { Load } from "../../src/checker/modules.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import type { Diagnostic } from "../../src/source/diagnostic.ts";
import { renderDiagnostic } from "../../src/source/render.ts";
import { Source, type Span } from "../../src/source/text.ts";

/** Far more than any text of the suite takes, even on a busy machine. */
const soon = 6_000;

/** Far more than a person reads; no part of a program is shown at a greater length. */
const longest = 20_000;

export interface Answered {
  readonly compiled?: Compiled;
  /** What was not as it is owed. */
  readonly fault?: string;
}

export function answered(text: string, load?: Load): Answered {
  const source = new Source("main.keel", text);
  const start = performance.now();
  try {
    const compiled = compile(source, stdlib, load);
    const { diagnostics, program } = compiled;
    const shown = diagnostics.map((each) => renderDiagnostic(each.source ?? source, each, { color: false }));
    const took = performance.now() - start;
    const stray = diagnostics.map((each) => strayOf(each, source)).find((each) => each !== undefined);
    if (stray !== undefined) return { compiled, fault: stray };
    if (shown.some((each) => each.length > longest)) return { compiled, fault: "a diagnostic is too long" };
    if (took > soon) return { compiled, fault: `took ${Math.round(took)} ms` };
    const isRefused = diagnostics.some((each) => each.severity === "error");
    return program === undefined && !isRefused ? { compiled, fault: "refused without a word" } : { compiled };
  } catch (error) {
    return { fault: `threw ${error instanceof Error ? error.stack : String(error)}` };
  }
}

/** The first of a diagnostic's places that does not lie in its text. */
function strayOf(diagnostic: Diagnostic, main: Source): string | undefined {
  const own = diagnostic.source ?? main;
  const places: readonly [Span, Source][] = [
    [diagnostic.span, own],
    ...(diagnostic.edits ?? []).map((edit): [Span, Source] => [edit.span, own]),
    ...(diagnostic.related ?? []).map((each): [Span, Source] => [each.span, each.source ?? main]),
  ];
  const stray = places.find(([{ start, end }, { text }]) => !(0 <= start && start <= end && end <= text.length));
  return stray && `${diagnostic.code} stands at ${stray[0].start}..${stray[0].end} of ${stray[1].text.length}`;
}
