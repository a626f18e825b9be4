// The newest state of a run as a fold over its events. What each event does to it stands once, in `apply`, over cells:
// small keyed facts. Here the cells lie in memory; the store keeps the same cells as rows, in the transaction of the
// event. The law `head = fold(events)` holds both together.

import { manners } from "../../interp/effect.ts";
import type { Json } from "../../ir/kir.ts";
import { invariant, unreachable } from "../../source/invariant.ts";
import type {
  ActivationStarted,
  Cause,
  Event,
  GateOpened,
  OfStep,
  Recorded,
  RunUpgraded,
  StepRetried,
  TimerSet,
} from "./event.ts";
import type { RunStatus } from "./store.ts";

export interface Head {
  readonly status: RunStatus;
  readonly seq: number;
  readonly at: number;
  /** Activations that have started and not ended, in the order of their start. */
  readonly live: readonly LiveActivation[];
  /** The newest state of each agent that has one, by field. */
  readonly states: { readonly [agent: string]: { readonly [field: string]: Json } };
  /** The newest tick of each schedule. */
  readonly schedules: { readonly [schedule: string]: { readonly count: number; readonly due: number } };
  /** Questions asked and not closed. */
  readonly gates: readonly OpenGate[];
  /** Timers set and not fired: waits, retry delays and blocks. */
  readonly timers: readonly OpenTimer[];
  /** Agents with an agent.started and no agent.stopped since; `since` is the agent.started's time. A schedule's count starts with the run, not with the agent. */
  readonly agents: readonly RunningAgent[];
  /** Agents that were told to stop and have not stopped yet. */
  readonly stopping: readonly string[];
  /** step.intended without an outcome (Delegate included). */
  readonly doubts: readonly Doubt[];
  /** Messages not yet handled, by seq. */
  readonly mail: readonly { readonly seq: number; readonly to: string }[];
  /** The seqs of its run.upgraded events, in order. */
  readonly upgrades: readonly number[];
  readonly calls: number;
  readonly cost: number;
  readonly unpriced: number;
}

export interface LiveActivation {
  readonly id: string;
  /** The seq of its activation.started. */
  readonly seq: number;
  readonly agent?: string;
  readonly cause: Cause;
  /** The seq of its newest checkpoint. */
  readonly checkpoint?: number;
}

export interface OpenGate {
  readonly id: string;
  readonly step: string;
  readonly effect: string;
  readonly question: string;
  readonly seq: number;
  readonly expires?: number;
}

export interface OpenTimer {
  readonly id: string;
  readonly due: number;
  /** Of `after`: the seq of the timer.set, which holds the block. */
  readonly block: boolean;
  readonly seq: number;
}

export interface RunningAgent {
  readonly agent: string;
  readonly activation: string;
  readonly n: number;
  readonly since: number;
  readonly background: boolean;
}

export interface Doubt {
  readonly activation: string;
  readonly n: number;
  readonly step: string;
  readonly effect: string;
  readonly seq: number;
}

// ── cells ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What a head is made of, by kind. The key of a cell is its own within its kind. */
export interface CellKinds {
  readonly live: LiveActivation;
  readonly state: { readonly agent: string; readonly field: string; readonly value: Json };
  readonly schedule: { readonly schedule: string; readonly count: number; readonly due: number };
  readonly gate: OpenGate;
  readonly timer: OpenTimer;
  readonly agent: RunningAgent;
  readonly doubt: Doubt;
  readonly mail: { readonly seq: number; readonly to: string };
  readonly upgrade: { readonly seq: number };
  readonly stopping: { readonly agent: string };
}

export type CellKind = keyof CellKinds;

/** Where cells lie. `of` gives them in the order of their `seq`. */
export interface Cells {
  get<K extends CellKind>(kind: K, key: string): CellKinds[K] | undefined;
  put<K extends CellKind>(kind: K, key: string, seq: number, cell: CellKinds[K]): void;
  drop(kind: CellKind, key: string): void;
  of<K extends CellKind>(kind: K): readonly (readonly [key: string, cell: CellKinds[K]])[];
}

/** The part of a head that every event changes. */
export interface Totals {
  readonly status: RunStatus;
  readonly seq: number;
  readonly at: number;
  readonly calls: number;
  readonly cost: number;
  readonly unpriced: number;
}

export const noTotals: Totals = { status: "running", seq: 0, at: 0, calls: 0, cost: 0, unpriced: 0 };

/** The id of a gate or a timer, and of everything else that one effect opens. */
export function effectId(of: { readonly activation: string; readonly n: number }): string {
  return `${of.activation}:${of.n}`;
}

// ── what each event does ────────────────────────────────────────────────────────────────────────────────────────

/** Applies an event to the cells of its run. */
export function apply(event: Recorded, cells: Cells): void {
  switch (event.type) {
    case "run.started":
    case "run.resumed":
    case "run.suspended":
    case "run.interrupted":
    case "run.failed":
      return;
    case "run.completed":
    case "run.cancelled":
      return closeAll(cells);
    case "run.upgraded":
      return upgrade(event, cells);
    case "activation.started":
      return begin(event, cells);
    case "activation.completed":
    case "activation.failed":
      return end(event.activation, event.state, event.seq, cells);
    case "checkpoint": {
      const live = cells.get("live", event.activation);
      invariant(live !== undefined, `activation ${event.activation} is live at its checkpoint`);
      return cells.put("live", live.id, live.seq, { ...live, checkpoint: event.seq });
    }
    case "step.intended": {
      const { activation, n, step, effect, seq } = event;
      return cells.put("doubt", effectId(event), seq, { activation, n, step, effect, seq });
    }
    case "step.completed":
    case "step.failed":
      return mayBeIntended(event) ? cells.drop("doubt", effectId(event)) : undefined;
    case "model.replied":
      return;
    case "gate.opened":
      return openGate(event, cells);
    case "gate.answered":
    case "gate.expired":
      return cells.drop("gate", effectId(event));
    case "step.retried":
      return setTimer(event, false, cells);
    case "timer.set":
      return setTimer(event, event.block !== undefined, cells);
    case "timer.fired":
      return cells.drop("timer", effectId(event));
    case "message.sent":
      return cells.put("mail", String(event.seq), event.seq, { seq: event.seq, to: event.to });
    case "agent.started": {
      const { agent, activation, n, background, at } = event;
      return cells.put("agent", agent, event.seq, { agent, activation, n, since: at, background });
    }
    case "agent.stopping":
      return cells.put("stopping", event.agent, event.seq, { agent: event.agent });
    case "agent.stopped":
      return stopAgent(event.agent, cells);
    default:
      return unreachable(event);
  }
}

/** The totals after an event. */
export function count(totals: Totals, event: Recorded): Totals {
  const { seq, at } = event;
  const status = statusAfter(event) ?? totals.status;
  const used = event.type === "step.failed" ? event.spent : event.type === "model.replied" ? event : undefined;
  if (used === undefined) return { ...totals, status, seq, at };
  const cost = totals.cost + (used.cost ?? 0);
  return { status, seq, at, calls: totals.calls + 1, cost, unpriced: totals.unpriced + (used.cost === null ? 1 : 0) };
}

function statusAfter(event: Event): RunStatus | undefined {
  return event.type in statuses ? statuses[event.type as keyof typeof statuses] : undefined;
}

const statuses = {
  "run.started": "running",
  "run.resumed": "running",
  "run.suspended": "suspended",
  "run.interrupted": "interrupted",
  "run.completed": "completed",
  "run.failed": "failed",
  "run.cancelled": "cancelled",
} as const satisfies { readonly [T in Exclude<Extract<Event["type"], `run.${string}`>, "run.upgraded">]: RunStatus };

function begin(event: Recorded<ActivationStarted>, cells: Cells): void {
  const { activation: id, seq, agent, cause } = event;
  cells.put("live", id, seq, { id, seq, ...(agent === undefined ? {} : { agent }), cause });
  if (cause.kind === "Tick") {
    const { schedule, due } = cause;
    cells.put("schedule", schedule, seq, { schedule, count: cause.count, due });
  }
  if (cause.kind === "Message") cells.drop("mail", String(cause.message));
  if (cause.kind === "Timer") cells.drop("timer", cause.timer);
}

function end(id: string, state: { readonly [field: string]: Json } | undefined, seq: number, cells: Cells): void {
  const agent = cells.get("live", id)?.agent;
  cells.drop("live", id);
  if (state === undefined) return;
  invariant(agent !== undefined, `activation ${id} changed state and is no live activation of an agent`);
  for (const [field, value] of Object.entries(state)) {
    cells.put("state", `${agent}.${field}`, seq, { agent, field, value });
  }
}

/** Of these kinds no step.intended is ever written, so the store is spared a look. */
function mayBeIntended(of: OfStep): boolean {
  return !neverIntended.has(of.effect);
}

const neverIntended: ReadonlySet<string> = new Set(
  // A FetchUrl that may change something is intended.
  Object.entries(manners).flatMap(([kind, manner]) =>
    (manner === "repeatable" && kind !== "FetchUrl") || manner === "line" ? [kind] : [],
  ),
);

function openGate(event: Recorded<GateOpened>, cells: Cells): void {
  const { step, effect, question, seq, expires } = event;
  const id = effectId(event);
  cells.put("gate", id, seq, { id, step, effect, question, seq, ...(expires === undefined ? {} : { expires }) });
}

function setTimer(event: Recorded<StepRetried | TimerSet>, block: boolean, cells: Cells): void {
  const { due, seq } = event;
  const id = effectId(event);
  cells.put("timer", id, seq, { id, due, block, seq });
}

/** What waited in its mailbox is dropped with it. */
function stopAgent(agent: string, cells: Cells): void {
  cells.drop("agent", agent);
  cells.drop("stopping", agent);
  for (const [key, { to }] of cells.of("mail")) if (to === agent) cells.drop("mail", key);
}

/** A checkpoint is a machine of the program before. */
function upgrade(event: Recorded<RunUpgraded>, cells: Cells): void {
  cells.put("upgrade", String(event.seq), event.seq, { seq: event.seq });
  for (const [key, { checkpoint, ...live }] of cells.of("live")) {
    if (checkpoint !== undefined) cells.put("live", key, live.seq, live);
  }
  for (const [agent, fields] of Object.entries(event.dropped)) {
    for (const field of fields) cells.drop("state", `${agent}.${field}`);
  }
}

/** A run that is over waits for nothing. */
function closeAll(cells: Cells): void {
  for (const kind of ["gate", "timer", "agent", "stopping", "doubt", "mail"] as const) {
    for (const [key] of cells.of(kind)) cells.drop(kind, key);
  }
}

// ── in memory ───────────────────────────────────────────────────────────────────────────────────────────────────

/** The head that cells and totals make. */
export function assemble(totals: Totals, cells: Cells): Head {
  const list = <K extends CellKind>(kind: K): readonly CellKinds[K][] => cells.of(kind).map(([, cell]) => cell);
  const states = new Map<string, [field: string, value: Json][]>();
  for (const { agent, field, value } of list("state"))
    states.set(agent, [...(states.get(agent) ?? []), [field, value]]);
  return {
    ...totals,
    live: list("live"),
    states: Object.fromEntries([...states].map(([agent, fields]) => [agent, Object.fromEntries(fields)])),
    schedules: Object.fromEntries(list("schedule").map(({ schedule, count, due }) => [schedule, { count, due }])),
    gates: list("gate"),
    timers: list("timer"),
    agents: list("agent"),
    stopping: list("stopping").map(({ agent }) => agent),
    doubts: list("doubt"),
    mail: list("mail"),
    upgrades: list("upgrade").map(({ seq }) => seq),
  };
}

/** The head after these events, from the first on. */
export function fold(events: Iterable<Recorded>): Head {
  const cells = memory();
  let totals = noTotals;
  for (const event of events) {
    apply(event, cells);
    totals = count(totals, event);
  }
  return assemble(totals, cells);
}

function memory(): Cells {
  const kinds: { readonly [K in CellKind]: Map<string, { readonly seq: number; readonly cell: CellKinds[K] }> } = {
    live: new Map(),
    state: new Map(),
    schedule: new Map(),
    gate: new Map(),
    timer: new Map(),
    agent: new Map(),
    doubt: new Map(),
    mail: new Map(),
    upgrade: new Map(),
    stopping: new Map(),
  };
  return {
    get: (kind, key) => kinds[kind].get(key)?.cell,
    put: (kind, key, seq, cell) => void kinds[kind].set(key, { seq, cell }),
    drop: (kind, key) => void kinds[kind].delete(key),
    of: (kind) => [...kinds[kind]].sort(([, a], [, b]) => a.seq - b.seq).map(([key, { cell }]) => [key, cell] as const),
  };
}
