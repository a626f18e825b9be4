// The surroundings of one AI operation in a test: a clock that the test moves, the stdlib's own templates, and the lines
// that were shown.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { modelHandlers } from "../../src/runtime/effects/model.ts";
import type { ModelAccess } from "../../src/runtime/models/access.ts";
import type { AgentSettings, Handler, Performed, StepContext } from "../../src/runtime/effects/handler.ts";
import type { EffectOfModel, ModelKind } from "../../src/runtime/models/operation.ts";
import type { Clock } from "../../src/runtime/world.ts";

const folder = path.join(import.meta.dirname, "../../stdlib/prompts");

export const prompts: { readonly [operation: string]: string } = Object.fromEntries(
  readdirSync(folder)
    .filter((file) => file.endsWith(".md"))
    .map((file) => [path.basename(file, ".md"), readFileSync(path.join(folder, file), "utf8")]),
);

/** Waits of up to a minute pass at once; longer ones end when the test says so. */
export class TestClock implements Clock {
  readonly zone = "UTC";
  readonly waits: number[] = [];
  #now = Date.UTC(2026, 4, 1, 9);
  #sleepers: { readonly at: number; wake(): void }[] = [];

  now(): number {
    return this.#now;
  }

  until(at: number, signal: AbortSignal): Promise<void> {
    if (at - this.#now <= 60_000 && !signal.aborted) {
      this.waits.push(at - this.#now);
      this.#now = Math.max(at, this.#now);
      return Promise.resolve();
    }
    return new Promise((resolve) => {
      if (signal.aborted) return resolve();
      this.#sleepers.push({ at, wake: resolve });
      signal.addEventListener("abort", () => resolve(), { once: true });
    });
  }

  pass(ms: number): void {
    this.#now += ms;
    for (const { at, wake } of this.#sleepers) if (at <= this.#now) wake();
  }
}

export interface TestStep extends StepContext {
  readonly lines: string[];
  readonly clock: TestClock;
  readonly abort: AbortController;
}

export function testStep(agent?: Partial<AgentSettings>): TestStep {
  const clock = new TestClock();
  const abort = new AbortController();
  const lines: string[] = [];
  const nothing = () => {
    throw new Error("an AI operation reached for something it does not need");
  };
  return {
    lines,
    clock,
    abort,
    world: {
      clock,
      terminal: { line: nothing, note: nothing, warn: nothing, ask: nothing },
      random: nothing,
      env: {},
      directory: "/",
      pollMs: 250,
    },
    program: {
      keel: 1,
      semantics: 1,
      main: "main",
      functions: {},
      agents: {},
      connections: {},
      prompts,
      env: [],
      models: [],
    },
    run: "run",
    key: "run/main/1",
    place: { step: "triage/classify", indices: [] },
    agent: agent && { ...silentAgent, ...agent },
    signal: abort.signal,
    call: nothing,
    settings: nothing,
    progress: (text) => lines.push(text),
    mask: (text) => text,
    memory: { put: nothing, all: nothing, drop: nothing },
  };
}

const silentAgent: AgentSettings = {
  name: "Assistant",
  role: "",
  model: undefined,
  rules: [],
  config: {},
  state: {},
  intervals: [],
  times: [],
  memory: "session",
};

/** Performs one operation with handlers of its own. */
export function perform<K extends ModelKind>(
  access: ModelAccess,
  effect: EffectOfModel<K>,
  step: StepContext,
): Promise<Performed> {
  const handler = modelHandlers(access)[effect.kind] as Handler<K>;
  return handler.perform(effect, step);
}

export function classifyMood(value: string, model: string | null = null): EffectOfModel<"Classify"> {
  return { kind: "Classify", enum: "Mood", variants: ["happy", "neutral", "sad"], given: { value, hints: [], model } };
}
