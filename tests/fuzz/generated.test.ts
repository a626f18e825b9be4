// What holds of every program that checks, by programs of chance (`tests/generate`): the checker takes what is well
// typed, answers what is not, and what it takes runs; the formatter changes nothing that is run; a process that dies
// changes nothing of what comes out. A failure prints the seed and the smallest program that was found;
// KEEL_FUZZ_COUNT tries more of them.

import fc from "fast-check";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { format } from "../../src/parser/format.ts";
import { Source } from "../../src/source/text.ts";
import { broken } from "../generate/breaking.ts";
import { Choices, chosen } from "../generate/choices.ts";
import { type EffectProgram, effectProgram, effectPrograms } from "../generate/effect-program.ts";
import { programOf } from "../generate/meaning.ts";
import { pureProgram, pureText } from "../generate/pure-program.ts";
import { simulate } from "../simulation/simulate.ts";
import { answered } from "./answered.ts";
import { runToEnd } from "./run-to-end.ts";

const count = Number(process.env["KEEL_FUZZ_COUNT"] ?? 100);
const timeout = 60_000 + count * 600;

/** Shrinking ends in time for the test to say what it found. */
const limits = { numRuns: count, interruptAfterTimeLimit: timeout - 10_000 } as const;

test("what is well typed checks and runs", { timeout }, async () => {
  const runs = fc.asyncProperty(effectPrograms(false), async ({ text, answers }) => {
    const { compiled, fault } = answered(text);
    expect(fault).toBeUndefined();
    expect(compiled?.diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
    if (compiled !== undefined) await runToEnd(compiled, { answers });
  });
  await fc.assert(runs, limits);
});

test("what is not is refused, or runs", { timeout }, async () => {
  let refused = 0;
  const runs = fc.asyncProperty(chosen(brokenProgram, 900), async ({ text, answers }) => {
    const { compiled, fault } = answered(text);
    expect(fault).toBeUndefined();
    if (compiled?.program === undefined) refused += 1;
    else await runToEnd(compiled, { answers });
  });
  await fc.assert(runs, limits);
  expect(refused).toBeGreaterThan(count / 2);
  expect(refused).toBeLessThan(count);
});

/** A changed program, of values only or with effects. What is changed is decided first, for a program uses its row up. */
function brokenProgram(choices: Choices): EffectProgram {
  const changes = new Choices(Array.from({ length: 12 }, () => choices.below(2 ** 16)));
  const isPure = choices.percent(50);
  const text = isPure ? pureText(pureProgram(choices), { k0: true, k1: false }) : effectProgram(choices, false).text;
  const changed = broken(text, changes);
  return { text: changed, answers: ["y", "no"], [fc.toStringMethod]: () => `\n${changed}\n` };
}

test("the formatter changes nothing that is run", { timeout }, () => {
  const isKept = fc.property(effectPrograms(false), ({ text }) => {
    const once = formatted(text);
    expect(formatted(once)).toBe(once);
    expect(compile(new Source("main.keel", once), stdlib).program).toEqual(programOf(text));
  });
  fc.assert(isKept, limits);
});

function formatted(text: string): string {
  return format(new Source("main.keel", text)).text ?? expect.fail("it has syntax errors");
}

test("a process that dies changes nothing of what comes out", { timeout }, async () => {
  let processes = 0;
  const isSame = fc.asyncProperty(effectPrograms(true), fc.nat(), async ({ text }, seed) => {
    const program = { name: text, text, ticks: 1 };
    const quiet = await simulate(program, 0, 0);
    const course = await simulate(program, seed, 0.2);
    expect(course.outcome).toEqual(quiet.outcome);
    processes += course.processes;
  });
  await fc.assert(isSame, { ...limits, numRuns: Math.ceil(count / 2) });
  expect(processes).toBeGreaterThan(count);
});
