// The simulated world: everything that may go one way or another is drawn from a seed. The clock jumps, overshoots, and
// now and then is set back; what is due together wakes in any order; whoever is asked answers late or not at all; a
// write of the store may be the last thing its process does, or the process may freeze and wake up when another one
// has its run. Invariant: one seed, one course, on every machine.

import type { Store } from "../../src/runtime/journal/store.ts";
import type { Clock, Question, Terminal, World } from "../../src/runtime/world.ts";

export type Draw = () => number;

/** Numbers in [0, 1): mulberry32. */
export function drawing(seed: number): Draw {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

export function below(draw: Draw, limit: number): number {
  return Math.floor(draw() * limit);
}

/** Where a process's life ends in the middle of a write. */
export class Crash extends Error {
  override readonly name = "Crash";
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** Time as all processes of a simulation see it. */
export class SimulatedTime {
  readonly #draw: Draw;
  #now: number;
  #pumping = false;
  #jumps = 0;
  #giveUp: (reason: Error) => void = () => undefined;
  /** Rejects when time has gone on for too long. */
  readonly stuck = new Promise<never>((_, reject) => (this.#giveUp = reject));
  readonly #sleepers = new Set<Sleeper>();

  constructor(draw: Draw, start: number) {
    this.#draw = draw;
    this.#now = start;
    this.stuck.catch(() => undefined);
  }

  get now(): number {
    return this.#now;
  }

  skip(ms: number): void {
    this.#now += ms;
  }

  /** A clock for one process; it stands still while `isFrozen`. */
  clock(isFrozen: () => boolean): Clock {
    return {
      zone: "UTC",
      now: () => this.#now,
      until: (at, signal) =>
        new Promise((resolve) => {
          if (at <= this.#now || signal.aborted) return resolve();
          const wake = (): void => {
            if (isFrozen()) return;
            this.#sleepers.delete(sleeper);
            signal.removeEventListener("abort", wake);
            resolve();
          };
          const sleeper = { at, wake };
          signal.addEventListener("abort", wake);
          this.#sleepers.add(sleeper);
          if (!this.#pumping) this.#pump();
        }),
    };
  }

  #pump(): void {
    this.#pumping = true;
    setImmediate(() => this.#settle(rounds));
  }

  /** Everything that can go on without time gets its turn before time goes on. */
  #settle(left: number): void {
    if (left > 0) return void setImmediate(() => this.#settle(left - 1));
    this.#pumping = false;
    if (this.#sleepers.size === 0) return;
    this.#advance();
    if ((this.#jumps += 1) > mostJumps) this.#giveUp(new Error(`it did not end after ${mostJumps} jumps of the clock`));
    else if (this.#sleepers.size > 0) this.#pump();
  }

  #advance(): void {
    const next = Math.min(...[...this.#sleepers].map(({ at }) => at));
    const isLate = this.#draw() < 0.3;
    this.#now = Math.max(this.#now, next) + (isLate ? below(this.#draw, 90_000) : 0);
    if (this.#draw() < 0.02) this.#now -= below(this.#draw, 10_000);
    const due = [...this.#sleepers].filter(({ at }) => at <= this.#now);
    for (const sleeper of shuffled(due, this.#draw)) sleeper.wake();
  }
}

/** Rounds of the event loop in which promises that wait for nothing come to their end. */
const rounds = 3;
/** A simulation that goes on for longer than this is stuck. */
const mostJumps = 5_000;

function shuffled<T>(items: readonly T[], draw: Draw): T[] {
  const out = [...items];
  for (let last = out.length - 1; last > 0; last -= 1) {
    const other = below(draw, last + 1);
    [out[last], out[other]] = [out[other] as T, out[last] as T];
  }
  return out;
}

/** One process: what it says and is asked, until it dies. */
export interface Process {
  readonly world: World;
  readonly lines: readonly string[];
  state: "alive" | "frozen" | "dead";
}

export function process(draw: Draw, time: SimulatedTime, answer: (question: Question) => string): Process {
  const lines: string[] = [];
  const self: { -readonly [K in keyof Process]: Process[K] } = { lines, state: "alive", world: undefined as never };
  const clock = time.clock(() => self.state !== "alive");
  const terminal: Terminal = {
    line: (text) => void (self.state === "dead" ? 0 : lines.push(text)),
    note: () => undefined,
    warn: () => undefined,
    ask: async (question, signal) => {
      if (draw() < 0.2) return undefined;
      await clock.until(clock.now() + below(draw, 120_000), signal);
      return answer(question);
    },
  };
  self.world = {
    clock,
    terminal,
    random: (bytes) => Array.from({ length: bytes * 2 }, () => below(draw, 16).toString(16)).join(""),
    env: {},
    directory: ".",
    pollMs: 250_000,
  };
  return self;
}

/** The store as a process sees it that may die before or after any write. */
export function mortal(store: Store, draw: Draw, chance: number, die: () => void): Store {
  const writes: ReadonlySet<string | symbol> = new Set(["append", "drain", "remember", "forget"]);
  const risk = (): void => {
    if (draw() >= chance) return;
    die();
    throw new Crash();
  };
  return new Proxy(store, {
    get(target, name) {
      const member: unknown = Reflect.get(target, name);
      if (typeof member !== "function") return member;
      const bound = member.bind(target) as (...given: readonly unknown[]) => unknown;
      if (!writes.has(name)) return bound;
      return (...given: readonly unknown[]) => {
        risk();
        const result = bound(...given);
        risk();
        return result;
      };
    },
  });
}
