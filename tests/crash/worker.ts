// The process that a crash test kills: it starts or resumes one run on a real store and really dies, by SIGKILL, right
// before or right after the n-th transaction of its journal. Time is the test clock's, so waiting costs nothing.
// Every line is written at once, so that what stands on stdout is what a terminal would have shown.

import { readFileSync, writeSync } from "node:fs";
import type { Places, Program } from "../../src/ir/kir.ts";
import { resumeRun, startRun, type Driven } from "../../src/runtime/engine/run.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import type { Store } from "../../src/runtime/journal/store.ts";
import type { World } from "../../src/runtime/world.ts";
import { testWorld } from "../support/world.ts";

export interface Job {
  /** A file with `{program, places}`. */
  readonly compiled: string;
  readonly data: string;
  readonly directory: string;
  readonly connect: { readonly [name: string]: string };
  readonly replies: string;
  readonly answers: string;
  readonly ticks: number;
  readonly start: number;
  readonly resume: boolean;
  readonly kill?: Kill;
}

export interface Kill {
  /** From 1; the store's first transaction makes the run. */
  readonly transaction: number;
  readonly when: "before" | "after";
}

let transactions = 0;

function mortal(store: Store, kill: Kill | undefined): Store {
  const deadly = <A extends readonly unknown[], R>(write: (...given: A) => R): ((...given: A) => R) => {
    return (...given) => {
      transactions += 1;
      if (kill?.transaction === transactions && kill.when === "before") die();
      const result = write(...given);
      if (kill?.transaction === transactions && kill.when === "after") die();
      return result;
    };
  };
  const writes: ReadonlySet<string | symbol> = new Set(["create", "append", "drain"]);
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      const bound = member.bind(target) as (...given: readonly unknown[]) => unknown;
      return writes.has(name) ? deadly(bound) : bound;
    },
  });
}

function die(): never {
  process.kill(process.pid, "SIGKILL");
  for (;;);
}

function say(mark: string, text: string): void {
  writeSync(1, `${JSON.stringify([mark, text])}\n`);
}

function worldOf(job: Job): World {
  const world = testWorld({ directory: job.directory, start: job.start, onLine: (text) => say("line", text) });
  return {
    ...world,
    terminal: { ...world.terminal, note: (text) => say("note", text), warn: (text) => say("warn", text) },
  };
}

function drive(job: Job, store: Store, world: World): Driven {
  if (job.resume) return resumeRun(store.find() ?? "", store, world, process.pid);
  const { program, places } = JSON.parse(readFileSync(job.compiled, "utf8")) as { program: Program; places: Places };
  return startRun(
    {
      program,
      places,
      file: "main.keel",
      models: { kind: "mock", script: job.replies },
      answers: job.answers,
      connect: job.connect,
      inputs: {},
      ticks: job.ticks,
      keel: "test",
    },
    store,
    world,
  );
}

const job = JSON.parse(process.argv[2] ?? "{}") as Job;
const store = openStore(job.data);
const end = await drive(job, mortal(store, job.kill), worldOf(job)).end;
say("end", end.status);
say("transactions", String(transactions));
store.close();
