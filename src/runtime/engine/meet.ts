// How an effect meets the journal: what is recorded answers it, what is not is recorded, performed or waited for, in
// the manner of its kind. Invariants: an effect with an outcome is never performed; an outcome is durable before
// anything that depends on it; a `once` effect has its intent in the journal before it is begun.

import { mannerOf, type Effect, type EffectOf, type Outcome, type Place } from "../../interp/effect.ts";
import { Float, type Value } from "../../interp/value.ts";
import { invariant, unreachable } from "../../source/invariant.ts";
import type { Event, GateOpened, OfStep, Recorded } from "../journal/event.ts";
import { outcomeOf, type Activation } from "./activation.ts";
import { weigh } from "./checkpoint.ts";
import { Divergence } from "./divergence.ts";
import { actorOf, awaitAgent, awaitStop, delegate, post, runAgent, stopAgent } from "./agents.ts";
import { hasVerdict } from "./inbox.ts";
import { asked, blockOf, blockTimer, intent, printed, retryTimer, stepOf, waitTimer } from "./opening.ts";
import type { EngineKind, GateKind, LineKind } from "./opening.ts";
import { launch, settle } from "./perform.ts";
import { beginPolling, poll } from "./polling.ts";
import { readVariable } from "./setup.ts";
import { seededRandom, type RunState } from "./state.ts";
import { effectId } from "../journal/fold.ts";

const answered = (value: Value): Outcome => ({ kind: "Value", value });

/** Gives the effect's outcome if it is known now; else the activation waits for it, and says so in `waiting`. */
export function meet(state: RunState, activation: Activation, effect: Effect, place: Place): Outcome | undefined {
  if (effect.kind === "Env") return readVariable(effect, state.environment);
  if (effect.kind === "Now") return answered(new Date(nowOf(state, activation)).toISOString());
  if (effect.kind === "Random") {
    return answered(new Float(seededRandom(state.seed, activation.id, (activation.randoms += 1))));
  }
  if (activation.polling !== undefined) return poll(state, activation, effect);
  activation.n += 1;
  const step = stepOf(activation.id, activation.n, effect, place, state.environment.mask);
  const past = activation.past.get(activation.n);
  if (past?.outcome !== undefined) return recall(activation, step, past.outcome.open());
  if (past?.intent === undefined) return begin(state, activation, effect, step);
  return takeUp(state, activation, effect, step, past.intent.open());
}

/** A condition that is polled sees time go by; all else sees the time of the newest event. */
function nowOf(state: RunState, activation: Activation): number {
  return activation.polling === undefined ? activation.time : Math.max(activation.time, state.world.clock.now());
}

/** The journal's answer, if it is one to this question. */
function recall(activation: Activation, step: OfStep, event: Recorded): Outcome {
  compare(step, event);
  activation.time = event.at;
  return outcomeOf(event);
}

function compare(step: OfStep, recorded: Recorded): void {
  if (!("step" in recorded) || !("args" in recorded)) return;
  const same =
    recorded.step === step.step &&
    recorded.args === step.args &&
    sameIndices(recorded.indices ?? [], step.indices ?? []);
  if (!same) throw new Divergence(recorded, step);
}

function sameIndices(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((index, at) => index === b[at]);
}

/** Records an event of an activation; its time becomes the activation's. */
export function record(state: RunState, activation: Activation, event: Event): void {
  activation.time = state.recorder.add(event);
  weigh(activation.look, event);
}

// ── for the first time ──────────────────────────────────────────────────────────────────────────────────────────

function begin(state: RunState, activation: Activation, effect: Effect, step: OfStep): Outcome | undefined {
  const manner = mannerOf(effect);
  switch (manner) {
    case "repeatable":
    case "once":
      return beginWorld(state, activation, effect, step, manner === "once");
    case "line":
      return print(state, activation, effect as EffectOf<LineKind>, step);
    case "gate":
      return open(state, activation, effect as EffectOf<GateKind>, step);
    case "engine":
      return beginEngine(state, activation, effect as EffectOf<EngineKind>, step);
    case "derived":
      return (invariant(false, `${effect.kind} is recorded nowhere`), undefined);
    default:
      return unreachable(manner);
  }
}

function beginWorld(state: RunState, activation: Activation, effect: Effect, step: OfStep, once: boolean): undefined {
  if (once) record(state, activation, intent(effect, step, state.environment.mask));
  state.recorder.commit();
  activation.waiting = { kind: "World", step, effect, once };
  launch(state, activation, step, effect);
}

/** A line is recorded first and printed then; it ends its transaction, so that a resume knows which one to repeat. */
function print(state: RunState, activation: Activation, effect: EffectOf<LineKind>, step: OfStep): Outcome {
  const event = printed(effect, step);
  record(state, activation, event);
  state.recorder.commit();
  state.world.terminal.line(event.line);
  return answered(null);
}

function beginEngine(
  state: RunState,
  activation: Activation,
  effect: EffectOf<EngineKind>,
  step: OfStep,
): Outcome | undefined {
  switch (effect.kind) {
    case "Wait":
      return wait(state, activation, effect, step);
    case "RetryDelay":
      return delayRetry(state, activation, effect, step);
    case "WaitUntil":
      return beginPolling(activation, step);
    case "After":
      return setBlock(state, activation, effect, step);
    case "Run":
      return runAgent(state, activation, effect, step);
    case "Stop":
      return stopAgent(state, activation, effect, step);
    case "Delegate":
      record(state, activation, intent(effect, step, state.environment.mask));
      return delegate(state, activation, effect, step);
    case "Post":
      return post(state, activation, effect, step);
    default:
      return unreachable(effect);
  }
}

function wait(state: RunState, activation: Activation, effect: EffectOf<"Wait">, step: OfStep): undefined {
  const event = waitTimer(effect, step, state.recorder.now());
  record(state, activation, event);
  state.recorder.commit();
  activation.waiting = { kind: "Timer", step, due: event.due };
}

function delayRetry(state: RunState, activation: Activation, effect: EffectOf<"RetryDelay">, step: OfStep): undefined {
  const event = retryTimer(effect, step, state.recorder.now());
  record(state, activation, event);
  state.recorder.commit();
  state.world.terminal.line(event.line);
  activation.waiting = { kind: "Timer", step, due: event.due };
}

function setBlock(state: RunState, activation: Activation, effect: EffectOf<"After">, step: OfStep): Outcome {
  const { actor, id } = activation;
  const event = blockTimer(effect, step, actor.name, state.recorder.now());
  record(state, activation, event);
  const { n, step: name } = step;
  state.blocks.set(effectId(step), {
    due: event.due,
    actor,
    callee: blockOf(effect),
    activation: id,
    n,
    step: name,
  });
  return answered(null);
}

// ── questions ───────────────────────────────────────────────────────────────────────────────────────────────────

function open(state: RunState, activation: Activation, effect: EffectOf<GateKind>, step: OfStep): Outcome | undefined {
  const event = asked(effect, step, state.recorder.now());
  record(state, activation, event);
  state.recorder.commit();
  if (event.type === "step.completed") {
    state.world.terminal.line(event.line);
    return answered(false);
  }
  awaitAnswer(activation, step, event);
  return undefined;
}

/** The scheduler puts the question; see `askOpen`. */
function awaitAnswer(activation: Activation, step: OfStep, { question, expires }: GateOpened): void {
  const gate = effectId(step);
  activation.waiting = { kind: "Gate", step, gate, question, expires, asked: false, unanswered: false };
}

// ── after a restart ─────────────────────────────────────────────────────────────────────────────────────────────

/** Takes up an effect that was begun by an earlier process and has no outcome. */
function takeUp(
  state: RunState,
  activation: Activation,
  effect: Effect,
  step: OfStep,
  begun: Recorded,
): Outcome | undefined {
  compare(step, begun);
  activation.time = begun.at;
  if (begun.type === "timer.set" || begun.type === "step.retried") {
    activation.waiting = { kind: "Timer", step, due: begun.due };
    return undefined;
  }
  if (begun.type === "gate.opened") {
    awaitAnswer(activation, step, begun);
    return undefined;
  }
  if (effect.kind === "Run") return awaitAgent(state, activation, effect, step);
  if (effect.kind === "Stop") return awaitStop(state, activation, actorOf(state, effect.agent), step);
  if (effect.kind === "Delegate") return delegate(state, activation, effect, step);
  if (hasVerdict(state, step)) activation.waiting = { kind: "Doubt", step, effect };
  else if (settle(state, activation, step, effect)) activation.waiting = { kind: "World", step, effect, once: true };
  else doubt(state, activation, step, effect, "there is no way to look");
  return undefined;
}

/** Leaves a `once` effect to a person: nobody can tell whether it happened. */
export function doubt(state: RunState, activation: Activation, step: OfStep, effect: Effect, why: string): void {
  const said = state.environment.mask.text(why);
  state.world.terminal.warn(`  ✗ nobody can tell whether ${step.step} happened: ${said}`);
  activation.waiting = { kind: "Doubt", step, effect };
}
