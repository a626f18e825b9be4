// A store in a temporary folder and programs run in it, for tests that stop a run and take it up again.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import type { Places, Program } from "../../src/ir/kir.ts";
import { resumeRun, startRun, type Driven, type RunRequest } from "../../src/runtime/engine/run.ts";
import type { Recorded } from "../../src/runtime/journal/event.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import type { Store } from "../../src/runtime/journal/store.ts";
import { Source } from "../../src/source/text.ts";
import { checkLaws } from "./journal.ts";
import { checkReplay } from "./replay.ts";
import { testWorld, type TestWorld, type WorldGiven } from "./world.ts";

export interface Session {
  readonly directory: string;
  readonly store: Store;
  /** Starts a program; `end` is awaited and the laws are checked by `finish`. */
  start(text: string, given?: SessionGiven): Running;
  resume(run: string, given?: WorldGiven): Running;
  events(run: string): readonly Recorded[];
}

export type SessionGiven = WorldGiven &
  Partial<Pick<RunRequest, "ticks" | "models" | "connect">> & {
    /** The text of an answers file. */
    readonly answersFile?: string;
  };

export interface Running extends Driven {
  readonly world: TestWorld;
}

export function session(): Session {
  const directory = mkdtempSync(path.join(tmpdir(), "keel-session-"));
  const store = openStore(path.join(directory, "data"));
  const env: { [name: string]: string } = {};
  onTestFinished(() => {
    for (const { run } of store.runs()) {
      checkLaws(store, run);
      checkReplay(store, run, { env });
    }
    store.close();
    rmSync(directory, { recursive: true });
  });
  return {
    directory,
    store,
    start: (text, given = {}) => {
      Object.assign(env, given.env);
      const world = testWorld({ directory, ...given });
      const { ticks, models, answersFile, connect } = given;
      const request: RunRequest = {
        ...compiled(text),
        file: "main.keel",
        models: models ?? { kind: "mock" },
        connect: connect ?? {},
        inputs: {},
        keel: "test",
        ...(ticks === undefined ? {} : { ticks }),
        ...(answersFile === undefined ? {} : { answers: answersFile }),
      };
      return { ...startRun(request, store, world), world };
    },
    resume: (run, given = {}) => {
      const world = testWorld({ directory, ...given });
      return { ...resumeRun(run, store, world, process.pid), world };
    },
    events: (run) => [...store.events(run)],
  };
}

/** Compiles a program that must have no errors. */
export function compiled(text: string): { readonly program: Program; readonly places: Places } {
  const { program, places, diagnostics } = compile(new Source("main.keel", text), stdlib);
  if (program === undefined || places === undefined) {
    throw new Error(
      `the program does not compile: ${diagnostics.map((each) => `${each.code} ${each.message}`).join("; ")}`,
    );
  }
  return { program, places };
}
