// One thing that a process does to one run on a real store: it starts it, resumes it, gives it another program, prunes
// it. Right before or right after the n-th transaction of the store it may have to die. Time is the test clock's, so
// waiting costs nothing.

import { readFileSync } from "node:fs";
import type { Places, Program } from "../../src/ir/kir.ts";
import { resumeRun, startRun, type RunRequest } from "../../src/runtime/engine/run.ts";
import { upgradeRun } from "../../src/runtime/engine/upgrade.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import type { Store } from "../../src/runtime/journal/store.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";
import type { World } from "../../src/runtime/world.ts";
import { testWorld } from "../support/world.ts";

export interface Job {
  readonly task: "start" | "resume" | "upgrade" | "prune";
  /** A file with `{program, places}`: what is started, or what the run is given. */
  readonly compiled: string;
  readonly data: string;
  readonly directory: string;
  readonly connect: { readonly [name: string]: string };
  readonly env: { readonly [name: string]: string };
  readonly replies: string;
  readonly answers: string;
  readonly ticks?: number;
  /** What the clock shows at first. */
  readonly start: number;
  /** How many transactions of the run there were before. */
  readonly counted: number;
}

export interface Kill {
  /** From 1, over all processes of a run; the first one makes it. */
  readonly transaction: number;
  readonly when: "before" | "after";
}

/** `end` is how the job ended, `transactions` how many there are now, `checkpoint` the number of one that wrote one. */
export type Mark = "line" | "note" | "warn" | "end" | "transactions" | "checkpoint";

export interface Surroundings {
  say(mark: Mark, text: string): void;
  /** Dies if this is the moment. */
  risk(transaction: number, when: Kill["when"]): void;
}

export async function work(job: Job, { say, risk }: Surroundings): Promise<void> {
  let transactions = job.counted;
  const write = (action: () => unknown, given: readonly unknown[]): unknown => {
    transactions += 1;
    risk(transactions, "before");
    const result = action();
    risk(transactions, "after");
    if (writesCheckpoint(given)) say("checkpoint", String(transactions));
    return result;
  };
  const store = openStore(job.data);
  try {
    say("end", await done(job, mortal(store, write), worldOf(job, say)));
    say("transactions", String(transactions));
  } finally {
    store.close();
  }
}

const writes: ReadonlySet<string | symbol> = new Set<keyof Store>([
  "create",
  "acquire",
  "append",
  "drain",
  "release",
  "remember",
  "forget",
  "upgrade",
  "prune",
  "sweep",
]);

function mortal(store: Store, write: (action: () => unknown, given: readonly unknown[]) => unknown): Store {
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      const bound = member.bind(target) as (...given: readonly unknown[]) => unknown;
      if (!writes.has(name)) return bound;
      return (...given: readonly unknown[]) => write(() => bound(...given), given);
    },
  });
}

function writesCheckpoint(given: readonly unknown[]): boolean {
  const isCheckpoint = (event: { readonly type?: unknown }): boolean => event.type === "checkpoint";
  return given.some((each) => Array.isArray(each) && (each as readonly object[]).some(isCheckpoint));
}

function worldOf({ directory, start, env }: Job, say: Surroundings["say"]): World {
  const world = testWorld({ directory, start, env, onLine: (text) => say("line", text) });
  return {
    ...world,
    terminal: { ...world.terminal, note: (text) => say("note", text), warn: (text) => say("warn", text) },
  };
}

/** Does the job; gives what became of the run. */
async function done(job: Job, store: Store, world: World): Promise<string> {
  const { task, start, env } = job;
  const run = store.find() ?? "";
  if (task === "start") return (await startRun(requestOf(job), store, world).end).status;
  if (task === "resume") return (await resumeRun(run, store, world, process.pid).end).status;
  if (task === "upgrade") {
    const { obstacles } = upgradeRun(run, compiledOf(job), store, await loadDecoder(), { inputs: {}, env }, start);
    return obstacles.length === 0 ? "upgraded" : JSON.stringify(obstacles);
  }
  const lease = store.acquire(run, start);
  store.prune(lease, start);
  store.release(lease);
  store.sweep();
  return "pruned";
}

function compiledOf({ compiled }: Job): { program: Program; places: Places } {
  return JSON.parse(readFileSync(compiled, "utf8")) as { program: Program; places: Places };
}

function requestOf(job: Job): RunRequest {
  const { replies, answers, connect, ticks } = job;
  return {
    ...compiledOf(job),
    file: "main.keel",
    models: { kind: "mock", script: replies },
    answers,
    connect,
    inputs: {},
    ...(ticks === undefined ? {} : { ticks }),
    keel: "test",
  };
}
