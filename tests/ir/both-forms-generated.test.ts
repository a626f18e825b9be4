// One meaning, two forms, over programs of chance: a task's value or error is the same as terms, as steps, and as steps
// with terms between them; and which probes have an effect changes nothing of the order in which the others are reached.

import fc from "fast-check";
import { expect, test } from "vitest";
import { meaningOf } from "../generate/meaning.ts";
import { purePrograms, pureText } from "../generate/pure-program.ts";

const numRuns = Number(process.env["KEEL_FUZZ_COUNT"] ?? 300);

test(`${numRuns} programs mean the same in both forms`, { timeout: 60_000 + numRuns * 300 }, () => {
  let inSteps = 0;
  let failed = 0;
  const isSame = fc.property(purePrograms(), (program) => {
    const terms = meaningOf(pureText(program, { k0: false, k1: false }));
    const steps = meaningOf(pureText(program, { k0: true, k1: true }));
    const mixed = meaningOf(pureText(program, { k0: false, k1: true }));
    expect(terms.isSteps).toBe(false);
    expect(terms.trace).toEqual([]);
    expect(steps.outcome).toBe(terms.outcome);
    expect(mixed.outcome).toBe(terms.outcome);
    expect(mixed.trace).toEqual(steps.trace.filter((line) => line.startsWith("k1")));
    if (steps.isSteps) inSteps += 1;
    if (/^[A-Z]\w+: /.test(terms.outcome)) failed += 1;
  });
  fc.assert(isSame, { numRuns, interruptAfterTimeLimit: 50_000 + numRuns * 300 });
  expect(inSteps).toBeGreaterThan(numRuns / 4);
  expect(failed).toBeLessThan(numRuns / 2);
});
