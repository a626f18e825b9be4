// Lays what a changed program asks for beside what is recorded, effect by effect. Two effects are one where they stand
// at the same place, or are equal. A recorded effect that the program jumps over is removed, one that is not recorded is
// added; an added and a removed one of the same kind between the same neighbours are one that was changed.
//
// Invariant: every outcome that the program is given is recorded, or is the only one that its effect can have.

import { decode } from "../../interp/codec.ts";
import { mannerOf, type Effect, type Outcome, type Place } from "../../interp/effect.ts";
import type { FunctionValue } from "../../interp/value.ts";
import type { Json } from "../../ir/kir.ts";
import type { OfStep, Recorded } from "../journal/event.ts";
import { effectId } from "../journal/fold.ts";
import { outcomeOf } from "./activation.ts";
import { blockOf, effectJson, stepOf } from "./opening.ts";
import { derive } from "./rehearse-derive.ts";
import { compareReplies, sameStep } from "./rehearse-activation.ts";
import type { AddedStep, Attempt, Finding, RemovedStep } from "./rehearsal.ts";
import type { Player, Stage } from "./rehearse-stage.ts";
import type { Record } from "./rehearse-trace.ts";
import type { Walk } from "./rehearse-walk.ts";

export class Alignment {
  readonly #stage: Stage;
  readonly #player: Player;
  readonly #records: readonly Record[];
  readonly #on: Walk;
  /** The activation is live in the journal: what comes after its last event is not known. */
  readonly #isLive: boolean;
  /** The blocks that its timers will run, by timer. */
  readonly #blocks: Map<string, FunctionValue>;
  readonly #findings: Finding[] = [];
  readonly #places = new Map<string, number[]>();
  #added: AddedStep[] = [];
  #removed: RemovedStep[] = [];
  #next = 0;
  matched = 0;
  /** It came to where the journal has no more to say. */
  open = false;
  newest: Recorded | undefined;

  constructor(
    stage: Stage,
    player: Player,
    records: readonly Record[],
    on: Walk,
    isLive: boolean,
    blocks: Map<string, FunctionValue>,
  ) {
    this.#stage = stage;
    this.#player = player;
    this.#records = records;
    this.#on = on;
    this.#isLive = isLive;
    this.#blocks = blocks;
    for (const [index, { recorded }] of records.entries()) {
      const place = placeText(recorded);
      this.#places.set(place, [...(this.#places.get(place) ?? []), index]);
    }
  }

  meet(effect: Effect, place: Place): Outcome | undefined {
    const { mask } = this.#stage.world.environment;
    const on = this.#on;
    const step = stepOf(on.activation, this.#next + 1, effect, place, mask);
    const attempt: Attempt = { kind: "Step", step, effect: effectJson(effect, mask) };
    const at = this.#find(attempt);
    if (at === undefined && this.#next >= this.#records.length && this.#isLive) {
      this.open = true;
      return undefined;
    }
    if (at === undefined) return this.#add(effect, attempt);
    for (const { recorded } of this.#records.slice(this.#next, at)) {
      this.#removed.push({ kind: "RemovedStep", recorded });
    }
    this.#settleGap();
    const record = this.#records[at];
    this.#next = at + 1;
    return record === undefined ? undefined : this.#match(effect, attempt, record);
  }

  /** What was found; `ended`: the program came to its end, so what is left of the record is not in it. */
  finish(ended: boolean): readonly Finding[] {
    if (ended) {
      for (const { recorded } of this.#records.slice(this.#next)) this.#removed.push({ kind: "RemovedStep", recorded });
    }
    this.#settleGap();
    return this.#findings;
  }

  /** The recorded effect that an attempt is: the next one, or a later one at the same place. */
  #find(attempt: Attempt): number | undefined {
    const next = this.#records[this.#next];
    if (next !== undefined && (sameStep(next.recorded, attempt.step) || isEqual(next, attempt))) return this.#next;
    return this.#places.get(placeText(attempt.step))?.find((index) => index > this.#next);
  }

  #match(effect: Effect, attempt: Attempt, record: Record): Outcome | undefined {
    const { recorded, given, outcome } = record;
    this.matched += 1;
    this.newest = recorded;
    this.#on.n += 1;
    this.#on.time = (outcome ?? recorded).at;
    if (effect.kind === "After") this.#blocks.set(effectId(recorded), blockOf(effect));
    const same = given === undefined ? recorded.args === attempt.step.args : sameArguments(given, attempt.effect);
    if (!same) {
      const known = given === undefined ? {} : { given };
      this.#findings.push({ kind: "OtherArguments", recorded, ...known, attempted: attempt });
    } else if (!sameStep(recorded, attempt.step)) {
      this.#findings.push({ kind: "MovedStep", recorded, attempted: attempt });
    }
    if (outcome === undefined) {
      this.open = true;
      return undefined;
    }
    return this.#outcome(effect, attempt.step, outcome, same);
  }

  /** A model's reply is read again as the changed program asks for it; so is what was fetched. */
  #outcome(effect: Effect, step: OfStep, outcome: Recorded, same: boolean): Outcome {
    const { mask } = this.#stage.world.environment;
    const isReply = outcome.type === "model.replied" || (outcome.type === "step.failed" && outcome.spent !== undefined);
    if (!isReply && effect.kind !== "Fetch") return outcomeOf(outcome);
    const known = "args" in outcome ? { ...step, ...placeOf(outcome) } : step;
    const scene = { stage: this.#stage, player: this.#player, effect, step: known, before: 0 };
    const derived = derive(scene, outcome, outcome);
    if (derived.type === "unfit") {
      this.#findings.push({ kind: "Unfit", recorded: outcome, why: derived.why });
      return outcomeOf(outcome);
    }
    const masked = mask.event(derived);
    const found = outcome.type === "model.replied" ? compareReplies(outcome, masked) : [];
    this.#findings.push(...found.filter((each) => same || (each.kind === "OtherReply" && each.what === "decoded")));
    return masked.type === "model.replied" ? { kind: "Value", value: decode(masked.value) } : outcomeOf(outcome);
  }

  /** An effect that is not recorded: the program goes on where its outcome is certain. */
  #add(effect: Effect, attempt: Attempt): Outcome | undefined {
    const next = this.#records[this.#next];
    const certain = certainOutcome(effect);
    const replaced = certain === undefined && next?.recorded.effect === effect.kind && next.outcome !== undefined;
    if (replaced) {
      this.#settleGap();
      this.#next += 1;
      this.#findings.push({ kind: "OtherStep", recorded: next.recorded, attempted: attempt });
      this.#on.time = next.outcome.at;
      return this.#outcome(effect, attempt.step, next.outcome, false);
    }
    const before = next === undefined ? {} : { before: next.recorded };
    this.#added.push({ kind: "AddedStep", attempted: attempt, ...before, last: certain === undefined });
    return certain;
  }

  /** What was added and removed since the last match: of one kind each, it is a step that was changed. */
  #settleGap(): void {
    const left = [...this.#removed];
    for (const added of this.#added) {
      const at = left.findIndex(({ recorded }) => recorded.effect === added.attempted.step.effect);
      const [removed] = at === -1 ? [] : left.splice(at, 1);
      this.#findings.push(
        removed === undefined ? added : { kind: "OtherStep", recorded: removed.recorded, attempted: added.attempted },
      );
    }
    this.#findings.push(...left);
    this.#added = [];
    this.#removed = [];
  }
}

function placeText({ step, indices = [], effect }: OfStep): string {
  return `${effect} ${step}[${indices.join()}]`;
}

function isEqual({ recorded, given }: Record, { step, effect }: Attempt): boolean {
  if (recorded.effect !== step.effect) return false;
  return given === undefined ? recorded.args === step.args : sameArguments(given, effect);
}

/** A function is what it captured: its name only says where it stands. */
function sameArguments(a: Json, b: Json): boolean {
  return JSON.stringify(a, withoutNames) === JSON.stringify(b, withoutNames);
}

function withoutNames(key: string, value: unknown): unknown {
  return key === "$fn" ? "" : value;
}

function placeOf({ step, n, effect, args }: OfStep): Pick<OfStep, "step" | "n" | "effect" | "args"> {
  return { step, n, effect, args };
}

/** What comes of an effect where only one thing can. */
function certainOutcome(effect: Effect): Outcome | undefined {
  if (mannerOf(effect) === "line") return none;
  if (effect.kind === "Confirm" && effect.given.question === null) return { kind: "Value", value: false };
  if (effect.kind === "WaitUntil") return { kind: "Value", value: true };
  return silent.has(effect.kind) ? none : undefined;
}

const none: Outcome = { kind: "Value", value: null };

const silent: ReadonlySet<Effect["kind"]> = new Set<Effect["kind"]>([
  "Wait",
  "RetryDelay",
  "After",
  "Send",
  "Archive",
  "Settle",
  "Remember",
  "Forget",
  "Run",
  "Stop",
  "Post",
]);
