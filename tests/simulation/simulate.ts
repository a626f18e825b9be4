// One simulated run, from its start to its end through as many processes as it takes, and what is to be compared of it.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { resumeRun, startRun, type Driven, type RunRequest } from "../../src/runtime/engine/run.ts";
import type { RunEnd } from "../../src/runtime/engine/scheduler.ts";
import type { Json } from "../../src/ir/kir.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { StoreError, type Store } from "../../src/runtime/journal/store.ts";
import { checkLaws } from "../support/journal.ts";
import { checkReplay } from "../support/replay.ts";
import { compiled } from "../support/session.ts";
import { answerTo, replies, type Simulated } from "./programs.ts";
import {
  below,
  Crash,
  drawing,
  mortal,
  process as simulated,
  SimulatedTime,
  type Draw,
  type Process,
} from "./world.ts";

/** What must be the same whatever happened on the way. */
export interface Outcome {
  readonly status: string;
  /** What was said, each line once. */
  readonly lines: readonly string[];
  readonly states: { readonly [agent: string]: Json };
  /** The model calls that were paid for, by place. */
  readonly calls: { readonly [step: string]: number };
}

export interface Simulation {
  readonly outcome: Outcome;
  readonly processes: number;
}

const request = new Map<string, RunRequest>();

function requestOf({ name, text, ticks }: Simulated, script: string): RunRequest {
  const known = request.get(name);
  const models = { kind: "mock" as const, script };
  if (known !== undefined) return { ...known, models };
  const fresh: RunRequest = {
    ...compiled(text),
    file: "main.keel",
    models,
    connect: {},
    inputs: {},
    keel: "test",
    ...(ticks === undefined ? {} : { ticks }),
  };
  request.set(name, fresh);
  return fresh;
}

/** `chance` is how likely each write kills its process. */
export async function simulate(program: Simulated, seed: number, chance: number): Promise<Simulation> {
  const directory = mkdtempSync(path.join(fastFolder(), "keel-simulation-"));
  try {
    return await new Course(program, directory, drawing(seed), chance).run();
  } finally {
    rmSync(directory, { recursive: true });
  }
}

/** Thousands of small databases: in memory, where the host has a place for that. */
function fastFolder(): string {
  return process.platform === "linux" ? "/dev/shm" : tmpdir();
}

const start = Date.UTC(2026, 0, 5, 8);
const mostProcesses = 400;

class Course {
  readonly #program: Simulated;
  readonly #directory: string;
  readonly #draw: Draw;
  readonly #chance: number;
  readonly #time: SimulatedTime;
  readonly #processes: Process[] = [];
  readonly #frozen: { readonly process: Process; readonly end: Promise<unknown>; readonly store: Store }[] = [];

  constructor(program: Simulated, directory: string, draw: Draw, chance: number) {
    this.#program = program;
    this.#directory = directory;
    this.#draw = draw;
    this.#chance = chance;
    this.#time = new SimulatedTime(draw, start);
  }

  async run(): Promise<Simulation> {
    const script = replies(() => below(this.#draw, 40_000));
    let run: string | undefined;
    for (;;) {
      if (this.#processes.length > mostProcesses) throw new Error(`it did not end in ${mostProcesses} processes`);
      const known: string | undefined = run;
      const end = await this.#live((store, world) => {
        const driven =
          known === undefined
            ? startRun(requestOf(this.#program, script), store, world)
            : resumeRun(known, store, world, this.#processes.length);
        run = driven.run;
        return driven;
      });
      run ??= this.#onlyRun();
      if (end?.status === "suspended" && run !== undefined) this.#answer(run);
      else if (end !== undefined && end.status !== "interrupted") return await this.#conclude(run ?? "", end);
      this.#time.skip(below(this.#draw, 120_000));
    }
  }

  /** One process. Gives how the run ended, or nothing where the process did. */
  async #live(drive: (store: Store, world: Process["world"]) => Driven): Promise<RunEnd | undefined> {
    const store = openStore(this.#directory);
    const self = simulated(this.#draw, this.#time, ({ text }) => answerTo(text));
    this.#processes.push(self);
    let crashed: (reason: undefined) => void = () => undefined;
    const crash = new Promise<undefined>((resolve) => (crashed = resolve));
    const guarded = mortal(store, this.#draw, this.#chance, () => {
      self.state = "dead";
      crashed(undefined);
    });
    try {
      const driven = drive(guarded, self.world);
      const ended = driven.end.catch((error: unknown) => {
        if (error instanceof Crash || self.state !== "alive") return undefined;
        throw error;
      });
      const frozen = this.#chance > 0 && this.#draw() < 0.1 ? this.#freeze(self, driven, store) : never;
      const end = await Promise.race([ended, crash, frozen, this.#time.stuck]);
      if (self.state !== "frozen") store.close();
      return end;
    } catch (error) {
      store.close();
      if (error instanceof Crash) return undefined;
      throw error;
    }
  }

  /** The process stands still at some moment; another one may take its run ten seconds later. */
  async #freeze(self: Process, driven: Driven, store: Store): Promise<undefined> {
    await this.#rounds(below(this.#draw, 60));
    if (self.state !== "alive") return never;
    self.state = "frozen";
    this.#frozen.push({ process: self, end: driven.end.catch((error: unknown) => error), store });
    this.#time.skip(10_001);
    return undefined;
  }

  async #rounds(count: number): Promise<void> {
    for (let round = 0; round < count; round += 1) await new Promise((resolve) => setImmediate(resolve));
  }

  #onlyRun(): string | undefined {
    const store = openStore(this.#directory);
    const [first] = store.runs();
    store.close();
    return first?.run;
  }

  #answer(run: string): void {
    const store = openStore(this.#directory);
    for (const { id, question, effect } of store.head(run).gates) {
      const answer = effect === "Confirm" ? answerTo(question) === "y" : answerTo(question);
      store.post(run, { kind: "Answer", gate: id, answer }, this.#time.now);
    }
    for (const doubt of store.head(run).doubts.filter(({ effect }) => effect !== "Delegate")) {
      store.post(run, { kind: "Resolve", step: `${doubt.activation}:${doubt.n}`, verdict: "retry" }, this.#time.now);
    }
    store.close();
  }

  async #conclude(run: string, end: RunEnd): Promise<Simulation> {
    const store = openStore(this.#directory);
    try {
      const seq = store.head(run).seq;
      await this.#wake();
      if (store.head(run).seq !== seq) throw new Error("a process that lost its run wrote to it");
      checkLaws(store, run);
      checkReplay(store, run);
      return { outcome: outcomeOf(store, run, end, this.#processes), processes: this.#processes.length };
    } finally {
      store.close();
    }
  }

  /** Whoever was frozen goes on, and has to find that the run is somebody else's. */
  async #wake(): Promise<void> {
    for (const { process: self, end, store } of this.#frozen) {
      self.state = "alive";
      this.#time.skip(600_000);
      void self.world.clock.until(this.#time.now + 1, new AbortController().signal);
      const error = await Promise.race([end, this.#rounds(200)]);
      if (error instanceof Error && !(error instanceof Crash)) {
        if (!(error instanceof StoreError) || error.problem !== "lost") throw error;
      }
      self.state = "dead";
      store.close();
    }
  }
}

const never = new Promise<undefined>(() => undefined);

function outcomeOf(store: Store, run: string, end: RunEnd, processes: readonly Process[]): Outcome {
  const calls: { [step: string]: number } = {};
  for (const event of store.events(run)) {
    if (event.type !== "model.replied") continue;
    const place = `${event.step} ${event.args}`;
    calls[place] = (calls[place] ?? 0) + 1;
  }
  const lines = [...new Set(processes.flatMap(({ lines: said }) => said))].sort();
  return { status: end.status, lines, states: store.head(run).states, calls: sorted(calls) };
}

function sorted<T>(record: { readonly [name: string]: T }): { readonly [name: string]: T } {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
