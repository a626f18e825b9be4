// What an effect is in the journal: its step, and the event with which it enters. Pure, so that a replay derives the
// same event from the same effect; `now` is the clock's reading that the event's time comes from.

import { encode } from "../../interp/codec.ts";
import type { Effect, EffectOf, Place } from "../../interp/effect.ts";
import { text } from "../../interp/text.ts";
import { Duration, FunctionValue, type Value } from "../../interp/value.ts";
import type { Json } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import { lineOf, retryLine } from "../effects/lines.ts";
import type {
  AgentStarted,
  AgentStopping,
  GateOpened,
  MessageSent,
  OfStep,
  StepCompleted,
  StepIntended,
  StepRetried,
  TimerSet,
} from "../journal/event.ts";
import type { Mask } from "../journal/mask.ts";
import { digest } from "./state.ts";

export type LineKind = "Notify" | "Show" | "RetryFailed";
export type GateKind = "Ask" | "Confirm";
export type EngineKind = "WaitUntil" | "Wait" | "RetryDelay" | "After" | "Run" | "Stop" | "Delegate" | "Post";

/** The `n`-th effect of an activation as a step. */
export function stepOf(activation: string, n: number, effect: Effect, place: Place, mask: Mask): OfStep {
  return {
    activation,
    n,
    step: place.step,
    ...(place.indices.length === 0 ? {} : { indices: place.indices }),
    effect: effect.kind,
    args: digest(JSON.stringify(effectJson(effect, mask))),
  };
}

/** An effect as JSON, masked: what its digest is made of and what its intent shows. */
export function effectJson(effect: Effect, mask: Mask): Json {
  const given: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries<Value | undefined>(effect.given)) {
    if (value !== undefined) given[name] = encode(value);
  }
  const json = { ...effect, given } as unknown as Json;
  return mask.empty ? json : mask.json(json);
}

export function intent(effect: Effect, step: OfStep, mask: Mask): StepIntended {
  return { type: "step.intended", ...step, detail: effectJson(effect, mask) };
}

/** A line that the program prints: the effect's only event. */
export function printed(effect: EffectOf<LineKind>, step: OfStep): StepCompleted & { readonly line: string } {
  return { type: "step.completed", ...step, value: null, line: lineOf(effect) };
}

/** The question, or for a Confirm of `none` its answer. */
export function asked(
  effect: EffectOf<GateKind>,
  step: OfStep,
  now: number,
): GateOpened | (StepCompleted & { readonly line: string }) {
  if (effect.kind === "Confirm" && effect.given.question === null) {
    return { type: "step.completed", ...step, value: false, line: "  ▸ nothing to confirm: none" };
  }
  const { question, timeout } = effect.given;
  return {
    type: "gate.opened",
    ...step,
    question: text(question),
    ...(timeout === undefined ? {} : { expires: dueAfter(timeout, now) }),
  };
}

export function waitTimer(effect: EffectOf<"Wait">, step: OfStep, now: number): TimerSet {
  return { type: "timer.set", ...step, due: dueAfter(effect.given.duration, now) };
}

export function retryTimer(effect: EffectOf<"RetryDelay">, step: OfStep, now: number): StepRetried {
  const { attempt, of, delayMs } = effect;
  const line = retryLine(attempt, of, delayMs, text(effect.given.message));
  return { type: "step.retried", ...step, attempt, of, due: now + delayMs, line };
}

/** The timer of a block, which will run in the mailbox of `agent`, or of main. */
export function blockTimer(
  effect: EffectOf<"After">,
  step: OfStep,
  agent: string | undefined,
  now: number,
): TimerSet & { readonly block: Json } {
  return {
    type: "timer.set",
    ...step,
    due: dueAfter(effect.given.delay, now),
    block: encode(blockOf(effect)),
    ...(agent === undefined ? {} : { agent }),
  };
}

export function blockOf({ given }: EffectOf<"After">): FunctionValue {
  invariant(given.block instanceof FunctionValue, "a timer's block is a function");
  return given.block;
}

/** What is sent: a letter becomes a Message from the agent that sends it, or from main. */
export function messageOf({ letter, given: { message } }: EffectOf<"Post">, sender: string | undefined): Value {
  return letter ? { from: sender ?? "main", body: message } : message;
}

export function posted(effect: EffectOf<"Post">, step: OfStep, sender: string | undefined): MessageSent {
  return { type: "message.sent", ...step, to: effect.agent, body: encode(messageOf(effect, sender)) };
}

export function begun({ agent, background }: EffectOf<"Run">, { activation, n }: OfStep): AgentStarted {
  return { type: "agent.started", agent, activation, n, background };
}

export function stopping({ agent }: EffectOf<"Stop">, { activation, n }: OfStep): AgentStopping {
  return { type: "agent.stopping", agent, activation, n };
}

function dueAfter(delay: Value, now: number): number {
  invariant(delay instanceof Duration, "a delay is a duration");
  return now + Math.max(0, delay.ms);
}
