// What checks, runs: see `run-to-end`. The programs are those of the language's pages with words, values and operators
// exchanged; most are refused, and what is left is what a hole in the checker would let through. KEEL_FUZZ_SEED and
// KEEL_FUZZ_COUNT as in `bytes.test.ts`.

import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { Source } from "../../src/source/text.ts";
import { chance, langCases, mutateWords } from "./mutate.ts";
import { runToEnd } from "./run-to-end.ts";

const first = Number(process.env["KEEL_FUZZ_SEED"] ?? 20_260_501);
const count = Number(process.env["KEEL_FUZZ_COUNT"] ?? 400);

/** Programs whose run needs nothing from outside, whatever is exchanged. */
const cases = langCases().filter(
  ({ program, output, failure, inputs }) =>
    (output ?? failure) !== undefined &&
    inputs === undefined &&
    !/\b(?:fetch|search|connect|input|env)\b/.test(program),
);

test("there are programs to change", () => expect(cases.length).toBeGreaterThan(50));

test(`of ${count} programs made by chance, those that check run`, { timeout: 60_000 + count * 200 }, async () => {
  const wrong: string[] = [];
  let ran = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const by = chance(seed);
    const written = cases[by.below(cases.length)];
    if (written === undefined) continue;
    const text = mutateWords(written.text, by);
    const compiled = compile(new Source("main.keel", text), stdlib);
    try {
      const status = await runToEnd(compiled, { answers: written.stdin, replies: written.replies });
      if (status !== undefined) ran += 1;
    } catch (error) {
      const fault = error instanceof Error ? (error.stack ?? error.message) : String(error);
      wrong.push(`seed ${seed}, ${written.name}: ${fault}\n${text}`);
    }
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(ran).toBeGreaterThan(count / 20);
});
