// Material for the journal's tests: folders that vanish, a small program, and a lawful run with every type of event.

import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { onTestFinished } from "vitest";
import type { Places, Program } from "../../src/ir/kir.ts";
import type { Event, OfStep, RunStarted, StepCompleted } from "../../src/runtime/journal/event.ts";
import { programHash } from "../../src/runtime/journal/programs.ts";
import { openStore, type StoreOptions } from "../../src/runtime/journal/sqlite.ts";
import type { Lease, Store } from "../../src/runtime/journal/store.ts";

export const start = Date.UTC(2026, 4, 1, 9);

export const program: Program = {
  keel: 1,
  semantics: 1,
  main: "main",
  functions: { main: { kind: "Steps", captures: 0, parameters: 0, slots: 0, steps: [] } },
  agents: {},
  connections: {},
  prompts: { Classify: "Sort this: {value}" },
  env: [],
  models: [],
};

export const places: Places = { file: "a.keel", steps: { "main/classify": [3, 5] } };

export const started: RunStarted = {
  type: "run.started",
  program: programHash(program),
  file: "a.keel",
  directory: "/programs",
  seed: "00112233445566778899aabbccddeeff",
  zone: "Europe/Berlin",
  env: { USER: { kind: "value", value: "ada" }, TOKEN: { kind: "secret", fingerprint: "01234567" } },
  inputs: {},
  models: { kind: "mock" },
  connect: {},
  keel: "0.1.0",
};

export const mainStarted: Event = {
  type: "activation.started",
  activation: "main",
  function: "main",
  captures: [],
  arguments: [],
  cause: { kind: "Main" },
};

export function of(activation: string, n: number, effect: string, step = `${activation}/${effect}`): OfStep {
  return { activation, n, step, effect, args: "0123456789abcdef" };
}

export function completed(n: number, value: StepCompleted["value"], effect = "Fetch"): StepCompleted {
  return { type: "step.completed", ...of("main", n, effect), value };
}

export function temporary(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "keel-journal-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export function open(folder: string, options?: StoreOptions): Store {
  const store = openStore(folder, options);
  onTestFinished(() => store.close());
  return store;
}

/** A store with a run in which `main` has started. */
export function begun(folder: string, run = "r1"): { readonly store: Store; readonly lease: Lease } {
  const store = open(folder);
  const lease = store.create(run, program, places, started, start);
  store.append(lease, [mainStarted], start + 1);
  return { store, lease };
}

/** Everything that can happen, once at least, after the first two events of `begun`. */
export const eventful: readonly Event[] = [
  { type: "step.completed", ...of("main", 1, "Notify"), indices: [0, 2], value: null, line: "  ▸ hello" },
  {
    type: "model.replied",
    ...of("main", 2, "Classify"),
    model: "claude-haiku",
    used: "anthropic:claude-haiku-4-5-20251001",
    request: [
      ["system", "sort"],
      ["user", "this"],
    ],
    replies: [{ text: "high", input: 20, output: 1, stop: "end_turn" }],
    value: { $e: "Urgency.high" },
    cost: 25,
    ms: 412,
  },
  {
    type: "model.replied",
    ...of("main", 3, "Draft"),
    model: "m",
    used: "ollama:m",
    request: [],
    replies: [],
    value: null,
    reason: "empty",
    cost: null,
    ms: 3,
  },
  { type: "step.intended", ...of("main", 4, "Send"), detail: { kind: "Send" } },
  { type: "step.completed", ...of("main", 4, "Send"), value: null, settled: "found" },
  { type: "gate.opened", ...of("main", 5, "Ask"), question: "How?", expires: start + 60_000 },
  { type: "gate.answered", ...of("main", 5, "Ask"), answer: "so", by: "terminal" },
  { type: "gate.opened", ...of("main", 6, "Confirm"), question: "Sure?" },
  { type: "gate.expired", ...of("main", 6, "Confirm") },
  {
    type: "step.failed",
    ...of("main", 7, "Fetch"),
    error: { name: "NetworkError", message: "no route", fields: { status: 503 } },
  },
  { type: "step.retried", ...of("main", 8, "RetryDelay"), attempt: 1, of: 3, due: start + 1_000, line: "↻" },
  { type: "timer.fired", ...of("main", 8, "RetryDelay") },
  { type: "timer.set", ...of("main", 9, "After"), due: start + 5_000, block: { $fn: "main#1", captured: [] } },
  { type: "agent.started", agent: "Mailer", activation: "main", n: 10, background: true },
  { type: "step.completed", ...of("main", 10, "Run"), value: null },
  {
    type: "activation.started",
    activation: "Mailer/every#1[1]",
    function: "Mailer/every#1",
    captures: [],
    arguments: [],
    agent: "Mailer",
    cause: { kind: "Tick", schedule: "Mailer/every#1", count: 1, due: start },
  },
  { type: "activation.completed", activation: "Mailer/every#1[1]", value: null, state: { seen: 3, names: ["a"] } },
  { type: "message.sent", ...of("main", 11, "Post"), to: "Mailer", body: { from: "main", body: "hi" } },
  {
    type: "activation.started",
    activation: "Mailer/message[20]",
    function: "Mailer/message",
    captures: [],
    arguments: [],
    agent: "Mailer",
    cause: { kind: "Message", message: 20 },
  },
  {
    type: "activation.failed",
    activation: "Mailer/message[20]",
    error: { name: "Failure", message: "oh", fields: {} },
    step: "Mailer/message/fail",
    state: { seen: 4 },
  },
  { type: "checkpoint", activation: "main", n: 11, randoms: 2, time: start, machine: { frames: [] } },
  { type: "run.suspended", waiting: ["main:12"] },
  { type: "run.resumed", pid: 77, changed: ["TOKEN"] },
  { type: "run.interrupted" },
  { type: "run.resumed", pid: 78, changed: [] },
  { type: "run.failed", error: { name: "Failure", message: "x", fields: {} }, activation: "main", step: "main/x" },
  {
    type: "run.upgraded",
    program: started.program,
    env: { MORE: { kind: "unset" } },
    inputs: {},
    dropped: { Mailer: ["names"] },
  },
  { type: "run.resumed", pid: 79, changed: [] },
  { type: "agent.stopping", agent: "Mailer", activation: "main", n: 12 },
  { type: "agent.stopped", agent: "Mailer", dropped: 0 },
  { type: "step.completed", ...of("main", 12, "Stop"), value: null },
  { type: "activation.completed", activation: "main", value: null },
  { type: "timer.fired", ...of("main", 9, "After") },
  {
    type: "activation.started",
    activation: "main#9",
    function: "main#1",
    captures: [],
    arguments: [],
    cause: { kind: "Timer", timer: "main:9" },
  },
  { type: "activation.completed", activation: "main#9", value: null },
  { type: "run.completed" },
];
