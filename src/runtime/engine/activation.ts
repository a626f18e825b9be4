// An activation: one sequential execution, and what its journal already holds. Its effects are numbered as they come;
// the n-th is answered by the n-th of the journal if that is there.

import { invariant } from "../../source/invariant.ts";
import { decode } from "../../interp/codec.ts";
import { errorValue } from "../../interp/failure.ts";
import type { Machine } from "../../interp/execute.ts";
import type { Effect, Outcome } from "../../interp/effect.ts";
import { Variant, type Struct } from "../../interp/value.ts";
import type { Cause, ErrorRecord, EventType, OfStep, Recorded } from "../journal/event.ts";
import type { Sealed } from "../journal/store.ts";
import type { Actor } from "./actor.ts";
import type { Look } from "./checkpoint.ts";

export interface Activation {
  readonly id: string;
  readonly actor: Actor;
  readonly cause: Cause;
  readonly machine: Machine;
  /** What the journal holds of its effects when it was taken up. */
  readonly past: ReadonlyMap<number, Past>;
  /** How many effects it has recorded. */
  n: number;
  /** How many random numbers it has drawn. */
  randoms: number;
  /** The time of its newest event: what `now` is. */
  time: number;
  waiting: Waiting;
  /** When to look next whether it is time for a checkpoint. */
  readonly look: Look;
  /** Set while it evaluates the condition of a `wait until`. */
  polling: Polling | undefined;
}

export interface Polling {
  /** The wait itself. */
  readonly step: OfStep;
  /** How many random numbers had been drawn before it. */
  readonly randoms: number;
}

/** What an activation waits for. */
export type Waiting =
  | { readonly kind: "Ready"; readonly outcome?: Outcome }
  | { readonly kind: "World"; readonly step: OfStep; readonly effect: Effect; readonly once: boolean }
  | {
      readonly kind: "Gate";
      readonly step: OfStep;
      readonly gate: string;
      readonly question: string;
      /** When nobody answering becomes a TimeoutError. */
      readonly expires: number | undefined;
      /** Somebody here was asked. */
      asked: boolean;
      /** Nobody here can answer. */
      unanswered: boolean;
    }
  | { readonly kind: "Doubt"; readonly step: OfStep; readonly effect: Effect }
  | { readonly kind: "Timer"; readonly step: OfStep; readonly due: number }
  /** Until an agent has stopped: `run` and `stop`. */
  | { readonly kind: "Agent"; readonly step: OfStep; readonly agent: string }
  /** Until another activation has done the task that was delegated. */
  | { readonly kind: "Task"; readonly step: OfStep; readonly agent: string }
  /** Until the next poll of a `wait until`: a timer of this process only. */
  | { readonly kind: "Pause"; readonly due: number }
  /** Until everyone else had a turn. */
  | { readonly kind: "Turn"; readonly outcome?: Outcome }
  | { readonly kind: "Over" };

/** The events of one effect: what came before its outcome, and the outcome. */
export interface Past {
  readonly intent?: Sealed;
  readonly outcome?: Sealed;
}

/** Groups an activation's recorded events by effect. */
export function pastOf(events: readonly Sealed[]): ReadonlyMap<number, Past> {
  const past = new Map<number, Past>();
  for (const event of events) {
    const { n } = event;
    if (n === null || event.type === "checkpoint") continue;
    const known = past.get(n);
    if (isIntent(event)) past.set(n, { intent: event });
    else if (known === undefined) past.set(n, { outcome: event });
    else if (known.outcome === undefined) past.set(n, { ...known, outcome: event });
  }
  return past;
}

/** A block's timer.set is an outcome: the program went on at once. */
function isIntent(sealed: Sealed): boolean {
  if (sealed.type !== "timer.set") return intents.has(sealed.type);
  const event = sealed.open();
  return event.type === "timer.set" && event.block === undefined;
}

const intents: ReadonlySet<EventType> = new Set<EventType>([
  "step.intended",
  "gate.opened",
  "step.retried",
  "agent.started",
  "agent.stopping",
]);

const noneOutcomes: ReadonlySet<EventType> = new Set<EventType>(["timer.fired", "timer.set", "message.sent"]);

/** The outcome that a recorded event stands for. */
export function outcomeOf(event: Recorded): Outcome {
  if (event.type === "step.completed" || event.type === "model.replied") {
    return { kind: "Value", value: decode(event.value) };
  }
  if (event.type === "step.failed") return { kind: "Failure", error: errorOf(event.error) };
  if (event.type === "gate.answered") return { kind: "Value", value: event.answer };
  if (event.type === "gate.expired") return unanswered;
  invariant(noneOutcomes.has(event.type), `${event.type} is no outcome`);
  return { kind: "Value", value: null };
}

/** What a question that expired comes to. */
export const unanswered: Outcome = {
  kind: "Failure",
  error: errorValue("TimeoutError", "nobody answered in time"),
};

export function errorOf(record: ErrorRecord): Variant {
  const fields = Object.entries(record.fields).map(([name, value]) => [name, decode(value)] as const);
  const known: Struct = { message: record.message, source: null };
  return new Variant("Error", record.name, { ...known, ...Object.fromEntries(fields) });
}
