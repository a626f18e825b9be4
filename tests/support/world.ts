// A world for tests: a clock that jumps to whatever is waited for next, a terminal that is a list of lines, answers
// from a list, randomness from a counter. No test waits for time.

import { loadDecoder } from "../../src/runtime/models/structured.ts";
import type { Clock, Question, Terminal, World } from "../../src/runtime/world.ts";

// Its clock leaps while the host reads files, so what an AI operation loads at first use is loaded before.
await loadDecoder();

export interface TestWorld extends World {
  readonly terminal: TestTerminal;
  readonly clock: Clock;
}

export interface TestTerminal extends Terminal {
  /** What the program said. */
  readonly lines: string[];
  readonly notes: string[];
  readonly warnings: string[];
  readonly questions: Question[];
}

export interface WorldGiven {
  readonly answers?: readonly string[];
  readonly env?: { readonly [name: string]: string };
  readonly directory?: string;
  readonly start?: number;
  /** The zone of the machine. */
  readonly zone?: string;
  readonly onLine?: (text: string) => void;
  /** A person who does otherwise than to answer with the next of `answers`. */
  readonly ask?: Terminal["ask"];
  /** The system's, where a test reads from a real server. */
  readonly clock?: Clock;
}

export function testWorld(given: WorldGiven = {}): TestWorld {
  let drawn = 0;
  return {
    clock: given.clock ?? testClock(given.start ?? Date.UTC(2026, 0, 5, 8), given.zone ?? "UTC"),
    terminal: testTerminal(given),
    random: (bytes) => String((drawn += 1)).padStart(bytes * 2, "0"),
    env: given.env ?? {},
    directory: given.directory ?? ".",
    pollMs: 600_000,
  };
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** The rounds of the event loop that everything else gets before time goes on. */
const PATIENCE = 4;

function testClock(start: number, zone: string): Clock {
  let now = start;
  let pumping = false;
  const sleepers = new Set<Sleeper>();
  const pump = (patience: number): void => {
    if (sleepers.size === 0) return void (pumping = false);
    if (patience > 0) return void setImmediate(pump, patience - 1);
    const next = Math.min(...[...sleepers].map((sleeper) => sleeper.at));
    now = Math.max(now, next);
    for (const sleeper of [...sleepers]) if (sleeper.at <= now) sleeper.wake();
    setImmediate(pump, PATIENCE);
  };
  return {
    zone,
    now: () => now,
    until: (at, signal) =>
      new Promise((resolve) => {
        if (at <= now || signal.aborted) return resolve();
        const sleeper = { at, wake: (): void => finish() };
        const finish = (): void => {
          sleepers.delete(sleeper);
          signal.removeEventListener("abort", finish);
          resolve();
        };
        signal.addEventListener("abort", finish);
        sleepers.add(sleeper);
        if (!pumping) setImmediate(pump, PATIENCE);
        pumping = true;
      }),
  };
}

function testTerminal({ answers = [], onLine, ask }: WorldGiven): TestTerminal {
  const left = [...answers];
  const lines: string[] = [];
  const notes: string[] = [];
  const warnings: string[] = [];
  const questions: Question[] = [];
  return {
    lines,
    notes,
    warnings,
    questions,
    line: (text) => {
      lines.push(text);
      onLine?.(text);
    },
    note: (text) => void notes.push(text),
    warn: (text) => void warnings.push(text),
    ask: (question, signal) => {
      questions.push(question);
      return ask === undefined ? Promise.resolve(left.shift()) : ask(question, signal);
    },
  };
}
