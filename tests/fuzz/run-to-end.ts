// What a program that checks is owed when it runs: it may end in an error that Keel names, but never in a Bug, and its
// journal keeps the laws.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "vitest";
import type { Compiled } from "../../src/compile.ts";
import { startRun } from "../../src/runtime/engine/run.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { checkLaws } from "../support/journal.ts";
import { testWorld } from "../support/world.ts";

export interface Given {
  readonly answers?: readonly string[] | undefined;
  /** A script of canned replies. */
  readonly replies?: string | undefined;
}

/** A run that goes on for longer (a `retry` of a million times does) is interrupted. */
const patience = 2_000;

/** Nothing where the compiler refuses the program. Throws where it runs and what is owed is not given. */
export async function runToEnd({ program, places }: Compiled, given: Given): Promise<string | undefined> {
  if (program === undefined || places === undefined) return undefined;
  const { answers = [], replies } = given;
  const directory = mkdtempSync(path.join(tmpdir(), "keel-fuzz-"));
  const store = openStore(directory);
  try {
    const models = { kind: "mock" as const, ...(replies === undefined ? {} : { script: replies }) };
    const world = testWorld({ directory, answers });
    const request = { program, places, file: "main.keel", models, connect: {}, inputs: {}, ticks: 1, keel: "test" };
    const { run, end, interrupt } = startRun(request, store, world);
    const watch = setTimeout(interrupt, patience);
    const ended = await end.finally(() => clearTimeout(watch));
    checkLaws(store, run);
    if (ended.status === "failed") expect(ended.error.message).not.toContain("not supported yet");
    return ended.status;
  } finally {
    store.close();
    rmSync(directory, { recursive: true });
  }
}
