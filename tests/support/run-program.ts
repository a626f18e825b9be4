// Runs a compiled program once, as `keel run` would: the real engine over a real store in a temporary folder, in the
// tests' world, where a wait takes no time, with AI operations answered by the mock. The journal's laws are checked.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { inputsOf } from "../../src/cli/inputs.ts";
import type { Places, Program } from "../../src/ir/kir.ts";
import { startRun } from "../../src/runtime/engine/run.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { checkLaws } from "./journal.ts";
import { checkReplay } from "./replay.ts";
import { testWorld } from "./world.ts";

export interface Given {
  readonly places: Places;
  /** A person's answers, in turn. Questions after the last one stay open. */
  readonly answers?: readonly string[];
  /** The text of a script of canned replies. */
  readonly replies?: string;
  /** `name=value` each, as `-i` takes it. */
  readonly inputs?: readonly string[];
  readonly env?: { readonly [name: string]: string };
}

export interface Ran {
  /** What the program printed with `notify` and `show`, as it stands on the terminal. */
  readonly lines: readonly string[];
  /** The message of the error that ended the run, if one did. */
  readonly failure?: string;
}

export async function runProgram(program: Program, given: Given): Promise<Ran> {
  const { places, answers = [], replies, inputs = [], env = {} } = given;
  const directory = mkdtempSync(path.join(tmpdir(), "keel-run-"));
  const store = openStore(directory);
  try {
    const world = testWorld({ directory, answers, env });
    const models = replies === undefined ? { kind: "mock" as const } : { kind: "mock" as const, script: replies };
    const file = "main.keel";
    const values = inputsOf(inputs, program, file);
    const request = { program, places, file, models, connect: {}, inputs: values, ticks: 1, keel: "test" };
    const driven = startRun(request, store, world);
    const end = await driven.end;
    checkLaws(store, driven.run);
    checkReplay(store, driven.run, { env, inputs: values });
    return { lines: world.terminal.lines, ...(end.status === "failed" ? { failure: end.error.message } : {}) };
  } finally {
    store.close();
    rmSync(directory, { recursive: true });
  }
}
