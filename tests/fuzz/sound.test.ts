// What checks, runs: a program that the compiler takes may end in an error that Keel names, but never in a Bug, and its
// journal keeps the laws. The programs are those of the language's pages with words, values and operators exchanged; most
// are refused, and what is left is what a hole in the checker would let through. KEEL_FUZZ_SEED and KEEL_FUZZ_COUNT as in
// `bytes.test.ts`.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { startRun } from "../../src/runtime/engine/run.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { Source } from "../../src/source/text.ts";
import { checkLaws } from "../support/journal.ts";
import { checkReplay } from "../support/replay.ts";
import { testWorld } from "../support/world.ts";
import { chance, langCases, mutateWords } from "./mutate.ts";

const first = Number(process.env["KEEL_FUZZ_SEED"] ?? 20_260_501);
const count = Number(process.env["KEEL_FUZZ_COUNT"] ?? 400);

type Fate = "refused" | "ran";

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
    const fault = await tried(written, text).catch((error: unknown) =>
      error instanceof Error ? (error.stack ?? error.message) : String(error),
    );
    if (fault === "ran") ran += 1;
    else if (fault !== "refused") wrong.push(`seed ${seed}, ${written.name}: ${fault}\n${text}`);
  }
  expect(wrong.slice(0, 5)).toEqual([]);
  expect(ran).toBeGreaterThan(count / 20);
});

/** A run that goes on for longer (a `retry` of a million times does) is interrupted. */
const patience = 2_000;

async function tried({ stdin, replies }: (typeof cases)[number], text: string): Promise<Fate> {
  const { program, places } = compile(new Source("main.keel", text), stdlib);
  if (program === undefined || places === undefined) return "refused";
  const directory = mkdtempSync(path.join(tmpdir(), "keel-fuzz-"));
  const store = openStore(directory);
  try {
    const models = { kind: "mock" as const, ...(replies === undefined ? {} : { script: replies }) };
    const world = testWorld({ directory, answers: stdin ?? [] });
    const request = { program, places, file: "main.keel", models, connect: {}, inputs: {}, ticks: 1, keel: "test" };
    const { run, end, interrupt } = startRun(request, store, world);
    const watch = setTimeout(interrupt, patience);
    const ended = await end.finally(() => clearTimeout(watch));
    checkLaws(store, run);
    checkReplay(store, run);
    if (ended.status === "failed") expect(ended.error.message).not.toContain("not supported yet");
    return "ran";
  } finally {
    store.close();
    rmSync(directory, { recursive: true });
  }
}
