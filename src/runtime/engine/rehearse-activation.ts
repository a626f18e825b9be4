// One recorded activation, followed by the program it was recorded with: every event that its effects led to is derived
// again and compared as text. Invariant: the machine is only ever given what is recorded, so that one difference is one
// finding; after another step than the recorded one nothing is known any more, and the activation is left.

import { decode } from "../../interp/codec.ts";
import type { Effect, Outcome, Place } from "../../interp/effect.ts";
import { start } from "../../interp/execute.ts";
import { decodeMachine, encodeMachine } from "../../interp/frame.ts";
import type { ActivationStarted, Checkpoint, Event, ModelReplied, OfStep, Recorded } from "../journal/event.ts";
import { eventText } from "../journal/rows.ts";
import type { Sealed } from "../journal/store.ts";
import type { Json } from "../../ir/kir.ts";
import { outcomeOf } from "./activation.ts";
import { completed, failed } from "./activation-events.ts";
import { effectJson, stepOf } from "./opening.ts";
import { endOf, firstDifference, type Attempt, type Finding } from "./rehearsal.ts";
import { derive, type Derived, type Scene } from "./rehearse-derive.ts";
import { stateOf, type Player, type Stage } from "./rehearse-stage.ts";
import { walk, type Walk, type WalkEnd } from "./rehearse-walk.ts";

export interface Followed {
  readonly steps: number;
  /** It came to where the journal has no more to say, and is live there. */
  readonly open: boolean;
  readonly findings: readonly Finding[];
}

/** An activation's events by what they are. */
export interface Part {
  readonly began: Recorded<ActivationStarted>;
  /** By effect, in order. */
  readonly effects: ReadonlyMap<number, readonly Sealed[]>;
  readonly checkpoints: ReadonlyMap<number, Sealed>;
  readonly end: Sealed | undefined;
}

/** The events before `to`. */
export function partOf(began: Recorded<ActivationStarted>, events: readonly Sealed[], to = Infinity): Part {
  const effects = new Map<number, Sealed[]>();
  const checkpoints = new Map<number, Sealed>();
  let end: Sealed | undefined;
  for (const event of events) {
    const { n, type } = event;
    if (to < Infinity && event.open().seq >= to) break;
    if (type === "activation.completed" || type === "activation.failed") end = event;
    if (n === null) continue;
    if (type === "checkpoint") checkpoints.set(n, event);
    else effects.set(n, [...(effects.get(n) ?? []), event]);
  }
  return { began, effects, checkpoints, end };
}

export function follow(stage: Stage, player: Player, part: Part): Followed {
  return new Follower(stage, player, part).run();
}

/** A journal that was changed can hold what no program can make sense of. */
export function lost(recorded: Recorded, error: unknown): Finding {
  return { kind: "Lost", recorded, why: error instanceof Error ? error.message : String(error) };
}

class Follower {
  readonly #stage: Stage;
  readonly #player: Player;
  readonly #part: Part;
  readonly #on: Walk;
  readonly #findings: Finding[] = [];
  /** The newest event of the activation that was compared. */
  #newest: Recorded;

  constructor(stage: Stage, player: Player, part: Part) {
    this.#stage = stage;
    this.#player = player;
    this.#part = part;
    this.#newest = part.began;
    this.#on = walkOf(stage, player, part);
  }

  run(): Followed {
    let end: WalkEnd | undefined;
    let known = true;
    try {
      end = walk(this.#stage, this.#on, (effect, place) => {
        const outcome = this.#meet(effect, place);
        known = outcome !== "unknown";
        return outcome === "unknown" || outcome === "open" ? undefined : outcome;
      });
      if (end !== undefined) this.#conclude(end);
    } catch (error) {
      this.#find(lost(this.#newest, error));
    }
    return { steps: this.#on.n, open: end === undefined && known, findings: this.#findings };
  }

  /** Compares an effect with the record. `open`: the journal has no outcome of it; `unknown`: it is another effect. */
  #meet(effect: Effect, place: Place): Outcome | "open" | "unknown" {
    const on = this.#on;
    this.#compareCheckpoint();
    const { mask } = this.#stage.world.environment;
    const step = stepOf(on.activation, on.n + 1, effect, place, mask);
    const attempt = (): Attempt => ({ kind: "Step", step, effect: effectJson(effect, mask) });
    const recorded = this.#part.effects.get(on.n + 1);
    if (recorded === undefined) return this.#beyond(attempt);
    const events = recorded.map((event) => event.open());
    on.n += 1;
    const first = events.find(isOfStep);
    if (first !== undefined && !sameStep(first, step)) {
      this.#find({ kind: "OtherStep", recorded: first, attempted: attempt() });
      return "unknown";
    }
    if (first !== undefined && first.args !== step.args) {
      const given = first.type === "step.intended" ? { given: first.detail } : {};
      this.#find({ kind: "OtherArguments", recorded: first, ...given, attempted: attempt() });
    }
    const before = this.#newest.seq;
    const known = first === undefined ? step : { ...step, args: first.args };
    this.#compareEvents({ stage: this.#stage, player: this.#player, effect, step: known, before }, events);
    const outcome = this.#outcome(effect, events);
    const next = outcome === "open" ? this.#later() : undefined;
    if (next === undefined) return outcome;
    this.#find({ kind: "Unfit", recorded: next, why: `${step.step} before it has no outcome` });
    return "unknown";
  }

  /** An effect after the last recorded one. */
  #beyond(attempt: () => Attempt): "open" | "unknown" {
    const next = this.#later();
    if (next === undefined) return "open";
    this.#find({ kind: "OtherEnd", recorded: next, attempted: attempt() });
    return "unknown";
  }

  /** An event that the journal has of this activation after the effect at hand. */
  #later(): Recorded | undefined {
    const { effects, end } = this.#part;
    const n = [...effects.keys()].find((each) => each > this.#on.n);
    return ((n === undefined ? undefined : effects.get(n)?.[0]) ?? end)?.open();
  }

  #compareEvents(scene: Scene, events: readonly Recorded[]): void {
    let opened: Recorded | undefined;
    for (const recorded of events) {
      if (recorded.seq >= this.#stage.from) {
        this.#compare(recorded, this.#dated(recorded, derive(scene, recorded, opened)));
      }
      opened = recorded;
      this.#newest = recorded;
    }
  }

  /** Where the clock was set back, time stood still in the journal while what is due was counted by the clock. */
  #dated(recorded: Recorded, derived: Derived): Derived {
    const due = dueOf(recorded);
    const expected = derived.type === "unfit" ? undefined : dueOf(derived);
    if (due === undefined || expected === undefined || due >= expected) return derived;
    const before = this.#stage.history.journal.event(recorded.seq - 1);
    if (before?.at !== recorded.at) return derived;
    return { ...derived, ...("expires" in derived ? { expires: due } : { due }) };
  }

  #compare(recorded: Recorded, derived: Derived): void {
    if (derived.type === "unfit") return this.#find({ kind: "Unfit", recorded, why: derived.why });
    const { mask } = this.#stage.world.environment;
    const finding = compareEvents(recorded, mask.event(derived));
    if (finding !== undefined) this.#find(finding);
  }

  #outcome(effect: Effect, events: readonly Recorded[]): Outcome | "open" {
    const last = events.at(-1);
    if (last === undefined) return "open";
    this.#on.time = last.at;
    return isOutcome(effect.kind, last) ? outcomeOf(last) : "open";
  }

  #conclude(end: WalkEnd): void {
    const { activation, machine, n } = this.#on;
    const { mask } = this.#stage.world.environment;
    const last = this.#part.end?.open();
    const next = this.#part.effects.get(n + 1)?.[0];
    const derived =
      end.kind === "Done"
        ? completed(activation, end.value, machine)
        : failed(activation, end.error, end.step, machine, mask);
    const masked = mask.event(derived);
    if (next !== undefined) {
      this.#find({ kind: "OtherEnd", recorded: next.open(), attempted: endOf(masked) });
    } else if (last !== undefined) {
      const finding = compareEvents(last, masked);
      if (finding?.kind !== "OtherEvent") return;
      const other = last.type !== masked.type;
      this.#find(other ? { kind: "OtherEnd", recorded: last, attempted: endOf(masked) } : finding);
    }
  }

  #compareCheckpoint(): void {
    const { activation, n, randoms, time, machine } = this.#on;
    const sealed = this.#part.checkpoints.get(n);
    if (sealed === undefined || sealed.open().seq < this.#stage.from) return;
    const written: Checkpoint = { type: "checkpoint", activation, n, randoms, time, machine: encodeMachine(machine) };
    this.#compare(sealed.open(), written);
  }

  #find(finding: Finding): void {
    const { activation, secrets } = this.#on;
    const hidden = [...secrets, ...this.#stage.world.hiddenInputs];
    this.#findings.push({ ...finding, activation, ...(hidden.length === 0 ? {} : { secrets: hidden }) });
  }
}

/** At the beginning; or at the newest checkpoint before which everything was pruned. */
function walkOf(stage: Stage, player: Player, { began, effects, checkpoints }: Part): Walk {
  const { activation, at } = began;
  const secrets = new Set<string>();
  const first = effects.keys().next().value ?? Infinity;
  const sealed = effects.has(1) ? undefined : [...checkpoints].find(([n]) => n < first)?.[1];
  const kept = sealed?.open();
  if (kept?.type === "checkpoint") {
    const { n, randoms, time, machine } = kept;
    return { activation, machine: decodeMachine(machine), n, randoms, time, secrets };
  }
  const [captures, given] = [began.captures.map(decode), began.arguments.map(decode)];
  const machine = start(stage.code, began.function, captures, given, stateOf(stage, player));
  return { activation, machine, n: 0, randoms: 0, time: at, secrets };
}

/** How two events of one place differ. What is compared is the text that the store holds, member by member. */
export function compareEvents(recorded: Recorded, derived: Event): Finding | undefined {
  if (eventText(recorded) === eventText(derived)) return undefined;
  const [reply] = recorded.type === "model.replied" ? compareReplies(recorded, derived) : [];
  const difference = firstDifference(fieldsOf(recorded), fieldsOf(derived)) ?? { path: "" };
  return reply ?? { kind: "OtherEvent", recorded, derived, difference };
}

/** What was asked, and what the replies came to. */
export function compareReplies(recorded: Recorded<ModelReplied>, derived: Event): readonly Finding[] {
  if (derived.type !== "model.replied") return [];
  const of = (what: "request" | "decoded", from: readonly Json[], to: readonly Json[], names: readonly string[]) => {
    const found = firstDifference(record(names, from), record(names, to));
    return found === undefined ? [] : [{ kind: "OtherReply" as const, what, recorded, difference: found }];
  };
  const asked = (event: ModelReplied): readonly Json[] => [event.model, event.request];
  const came = (event: ModelReplied): readonly Json[] => [event.value, event.reason ?? null, event.repaired ?? null];
  return [
    ...of("request", asked(recorded), asked(derived), ["model", "request"]),
    ...of("decoded", came(recorded), came(derived), ["value", "reason", "repaired"]),
  ];
}

function record(names: readonly string[], values: readonly Json[]): Json {
  return Object.fromEntries(names.map((name, index) => [name, values[index] ?? null]));
}

function fieldsOf(event: Event | Recorded): Json {
  const { type, ...rest } = event as unknown as { readonly [field: string]: Json };
  const fields = Object.entries(rest).filter(([name, value]) => name !== "seq" && name !== "at" && value !== undefined);
  return { type: type ?? null, ...Object.fromEntries(fields) };
}

function isOfStep(event: Recorded): event is Recorded & OfStep {
  return "args" in event;
}

/** At the same place, and of the same kind. */
export function sameStep(recorded: OfStep, step: OfStep): boolean {
  return (
    recorded.step === step.step &&
    recorded.effect === step.effect &&
    (recorded.indices ?? []).join() === (step.indices ?? []).join()
  );
}

/** Whether an effect of this kind is over with this event. */
export function isOutcome(effect: string, event: Recorded): boolean {
  if (event.type === "timer.set") return effect === "After";
  return !intents.has(event.type);
}

const intents: ReadonlySet<string> = new Set([
  "step.intended",
  "gate.opened",
  "step.retried",
  "agent.started",
  "agent.stopping",
]);

function dueOf(event: Event): number | undefined {
  if (event.type === "timer.set" || event.type === "step.retried") return event.due;
  return event.type === "gate.opened" ? event.expires : undefined;
}
