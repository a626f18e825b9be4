// The laws of a journal (see event.ts), as a check over a whole run: what breaks one, in words. The suite calls it
// after every test; the runtime never does.

import { isDeepStrictEqual } from "node:util";
import { manners } from "../../interp/effect.ts";
import type { Event, EventType, OfStep, Recorded } from "./event.ts";
import { effectId, fold, type Head } from "./fold.ts";

/** What an event is for its effect: (activation, n) has intents, at most one outcome, and what an open timer leads to. */
type Part = "none" | "intent" | "outcome" | "late";

function partOf(event: Recorded, blocks: ReadonlySet<string>): Part {
  if (event.type === "timer.set") return event.block === undefined ? "intent" : "outcome";
  // The block of a timer begins whenever it is due; the effect that set it had its outcome long before.
  if (event.type === "timer.fired" && blocks.has(effectId(event))) return "late";
  return parts[event.type];
}

const parts = {
  "run.started": "none",
  "run.resumed": "none",
  "run.suspended": "none",
  "run.interrupted": "none",
  "run.completed": "none",
  "run.failed": "none",
  "run.cancelled": "none",
  "run.upgraded": "none",
  "activation.started": "none",
  "activation.completed": "none",
  "activation.failed": "none",
  checkpoint: "none",
  "step.intended": "intent",
  "step.completed": "outcome",
  "step.failed": "outcome",
  "step.retried": "intent",
  "model.replied": "outcome",
  "gate.opened": "intent",
  "gate.answered": "outcome",
  "gate.expired": "outcome",
  "timer.set": "intent",
  "timer.fired": "outcome",
  "message.sent": "outcome",
  "agent.started": "intent",
  "agent.stopping": "intent",
  "agent.stopped": "none",
} as const satisfies { readonly [T in EventType]: Part };

/** Every breach of a law, with the seq of the event; none is good. */
export function breaches(events: readonly Recorded[], head: Head): string[] {
  const found: string[] = [];
  const law = (number: number, event: Recorded, what: string): void =>
    void found.push(`law ${number}: event ${event.seq} (${event.type}): ${what}`);
  order(events, law);
  course(events, law);
  activations(events, law);
  effects(events, law);
  openings(events, law);
  found.push(...headBreaches(events, head));
  return found;
}

type Law = (number: number, event: Recorded, what: string) => void;

function order(events: readonly Recorded[], law: Law): void {
  let at = -Infinity;
  events.forEach((event, index) => {
    if (event.seq !== index + 1) law(1, event, `stands at place ${index + 1}`);
    if (event.at < at) law(1, event, `is ${at - event.at} ms earlier than the one before`);
    at = event.at;
  });
}

function course(events: readonly Recorded[], law: Law): void {
  let last: Event["type"] | undefined;
  for (const event of events) {
    if ((event.type === "run.started") !== (last === undefined))
      law(2, event, "run.started is the first event and no other");
    if (last !== undefined && ends.has(last)) law(2, event, `follows ${last}`);
    if (event.type === "run.upgraded") continue;
    if (last !== undefined && pauses.has(last) && event.type !== "run.resumed") law(2, event, `follows ${last}`);
    last = event.type;
  }
}

const ends: ReadonlySet<EventType> = new Set<EventType>(["run.completed", "run.cancelled"]);
const pauses: ReadonlySet<EventType> = new Set<EventType>(["run.suspended", "run.interrupted", "run.failed"]);

function activations(events: readonly Recorded[], law: Law): void {
  const live = new Set<string>();
  const started = new Set<string>();
  const blocks = blocksOf(events);
  for (const event of events) {
    if (event.type === "run.completed" && live.size > 0) law(6, event, `${[...live].join(", ")} is live`);
    if (!("activation" in event) || event.type === "run.failed") continue;
    const id = event.activation ?? "";
    if (event.type === "activation.started") {
      if (started.has(id)) law(3, event, `${id} starts again`);
      started.add(id);
      live.add(id);
    } else if (!live.has(id) && partOf(event, blocks) !== "late") {
      law(3, event, started.has(id) ? `${id} has ended` : `${id} has not started`);
    }
    if (event.type === "activation.completed" || event.type === "activation.failed") live.delete(id);
  }
}

interface EffectSoFar {
  readonly first: Recorded;
  intended: boolean;
  over: boolean;
}

function effects(events: readonly Recorded[], law: Law): void {
  const known = new Map<string, EffectSoFar>();
  const counts = new Map<string, number>();
  const blocks = blocksOf(events);
  for (const event of events) {
    const part = partOf(event, blocks);
    if (part === "none" || !("n" in event)) continue;
    const id = effectId(event);
    const expected = (counts.get(event.activation) ?? 0) + 1;
    if (!known.has(id)) {
      if (event.n !== expected) law(4, event, `${id} comes where ${event.activation}:${expected} was expected`);
      counts.set(event.activation, event.n);
    }
    const effect = known.get(id) ?? { first: event, intended: false, over: false };
    known.set(id, effect);
    if (!samePlace(effect.first, event)) law(4, event, `${id} is another step than in event ${effect.first.seq}`);
    if (part === "late") continue;
    if (effect.over) law(4, event, `${id} has an outcome already`);
    if (part === "intent" && effect.intended) law(4, event, `${id} is begun again`);
    if (part === "outcome" && needsIntent(event) && !effect.intended)
      law(4, event, `${id} has an outcome and no intent`);
    if (part === "intent") effect.intended = true;
    else effect.over = true;
  }
}

function needsIntent(event: Recorded): boolean {
  if (event.type === "gate.answered" || event.type === "gate.expired" || event.type === "timer.fired") return true;
  if (event.type !== "step.completed") return false;
  return event.effect in manners && manners[event.effect as keyof typeof manners] === "once";
}

function samePlace(a: Recorded, b: Recorded): boolean {
  const place = (event: Recorded): readonly unknown[] | undefined =>
    isOfStep(event) ? [event.step, event.indices ?? [], event.effect, event.args] : undefined;
  const [left, right] = [place(a), place(b)];
  return left === undefined || right === undefined || isDeepStrictEqual(left, right);
}

function isOfStep(event: Recorded): event is Recorded & OfStep {
  return "args" in event;
}

function openings(events: readonly Recorded[], law: Law): void {
  const state = new Map<string, "open" | "closed">();
  const open = (event: Recorded, id: string): void => {
    if (state.has(id)) law(5, event, `${id} is opened again`);
    state.set(id, "open");
  };
  const close = (event: Recorded, id: string): void => {
    if (state.get(id) !== "open") law(5, event, state.has(id) ? `${id} is closed again` : `${id} was never opened`);
    state.set(id, "closed");
  };
  for (const event of events) {
    if (event.type === "gate.opened") open(event, `gate ${effectId(event)}`);
    if (event.type === "gate.answered" || event.type === "gate.expired") close(event, `gate ${effectId(event)}`);
    if (event.type === "timer.set" || event.type === "step.retried") open(event, `timer ${effectId(event)}`);
    if (event.type === "timer.fired") close(event, `timer ${effectId(event)}`);
  }
}

function blocksOf(events: readonly Recorded[]): ReadonlySet<string> {
  return new Set(
    events.flatMap((event) => (event.type === "timer.set" && event.block !== undefined ? [effectId(event)] : [])),
  );
}

function headBreaches(events: readonly Recorded[], head: Head): string[] {
  const folded = fold(events);
  return (Object.keys(folded) as (keyof Head)[]).flatMap((part) =>
    isDeepStrictEqual(folded[part], head[part])
      ? []
      : [`law 7: head.${part} is ${JSON.stringify(head[part])}, its events say ${JSON.stringify(folded[part])}`],
  );
}
