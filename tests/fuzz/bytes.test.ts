// Whatever stands in a file, the compiler answers: it never throws, what it says is about places inside the text and can
// be shown, and it is done soon. KEEL_FUZZ_SEED and KEEL_FUZZ_COUNT try other and more texts.

import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import type { Diagnostic } from "../../src/source/diagnostic.ts";
import { renderDiagnostic } from "../../src/source/render.ts";
import { Source, type Span } from "../../src/source/text.ts";
import { chance, langCases, mutateBytes, programFiles, type Written } from "./mutate.ts";

const first = Number(process.env["KEEL_FUZZ_SEED"] ?? 20_260_501);
const count = Number(process.env["KEEL_FUZZ_COUNT"] ?? 300);
/** Far more than any of these takes, even on a busy machine. */
const soon = 3_000;

const files = programFiles();
const cases = langCases();

test("there are programs to change", () => {
  expect(files.length).toBeGreaterThan(5);
  expect(cases.length).toBeGreaterThan(100);
});

test(`${count} texts made by chance compile or are refused`, { timeout: 60_000 + count * 100 }, () => {
  const wrong: string[] = [];
  let refused = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const by = chance(seed);
    const all: readonly Written[] = by.below(3) === 0 ? files : cases;
    const written = all[by.below(all.length)];
    if (written === undefined) continue;
    const text = mutateBytes(written.text, by);
    const { fault, isRefused } = tried(written, text);
    if (isRefused) refused += 1;
    if (fault !== undefined) wrong.push(`seed ${seed}, ${written.name}: ${fault}\n${JSON.stringify(text)}`);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(refused).toBeGreaterThan(count / 2);
});

function tried({ load }: Written, text: string): { readonly fault?: string; readonly isRefused: boolean } {
  const source = new Source("main.keel", text);
  const start = performance.now();
  try {
    const { diagnostics, program } = compile(source, stdlib, load);
    const took = performance.now() - start;
    const stray = diagnostics.map((each) => strayOf(each, source)).find((each) => each !== undefined);
    for (const each of diagnostics) renderDiagnostic(each.source ?? source, each, { color: false });
    const isRefused = program === undefined;
    if (stray !== undefined) return { fault: stray, isRefused };
    if (took > soon) return { fault: `took ${Math.round(took)} ms`, isRefused };
    if (isRefused && !diagnostics.some((each) => each.severity === "error"))
      return { fault: "refused without a word", isRefused };
    return { isRefused };
  } catch (error) {
    return { fault: `threw ${error instanceof Error ? error.stack : String(error)}`, isRefused: false };
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
