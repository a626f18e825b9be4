// What has arrived becomes events, and the activation it is for becomes ready. Nothing goes on here; see `scheduler`.

import { decode, encode } from "../../interp/codec.ts";
import type { Outcome } from "../../interp/effect.ts";
import { unreachable } from "../../source/invariant.ts";
import { Variant, type Struct } from "../../interp/value.ts";
import type { OfStep, StepFailed } from "../journal/event.ts";
import { errorOf, type Activation } from "./activation.ts";
import type { Alarms } from "./alarms.ts";
import type { Arrival } from "./arrivals.ts";
import { recordable } from "./environment.ts";
import { errorRecord } from "./failures.ts";
import { takeInbox } from "./inbox.ts";
import { doubt, record } from "./meet.ts";
import { launch } from "./perform.ts";
import { meaning } from "./questions.ts";
import type { RunState } from "./state.ts";

export function take(state: RunState, alarms: Alarms, arrival: Arrival): void {
  switch (arrival.kind) {
    case "Performed":
      return takePerformed(state, arrival);
    case "Settled":
      return takeSettled(state, arrival);
    case "Answered":
      return takeAnswer(state, arrival);
    case "Yielded":
      return takeYielded(arrival.activation);
    case "Clock":
      alarms.rang();
      takeInbox(state);
      return;
    case "Posted":
      takeInbox(state);
      return;
    case "Interrupt":
      state.stop ??= "interrupt";
      return;
    case "Leave":
      state.stop ??= "leave";
      return;
    case "Broken":
      throw arrival.error;
    default:
      return unreachable(arrival);
  }
}

function takeYielded(activation: Activation): void {
  const { waiting } = activation;
  if (waiting.kind !== "Turn") return;
  activation.waiting = waiting.outcome === undefined ? { kind: "Ready" } : { kind: "Ready", outcome: waiting.outcome };
}

function takePerformed(state: RunState, { activation, performed }: Extract<Arrival, { kind: "Performed" }>): void {
  const { waiting } = activation;
  if (waiting.kind !== "World") return;
  // A repeatable effect that an interruption aborted has no outcome: a resume performs it.
  if (state.stop !== undefined && !waiting.once) return;
  const outcome = masked(state, performed.outcome);
  if (activation.polling !== undefined) {
    activation.waiting = { kind: "Ready", outcome };
    return;
  }
  const { step } = waiting;
  const { model: used } = performed;
  if (outcome.kind === "Failure") {
    const paid = used === undefined || used.replies.length === 0 ? {} : { spent: used };
    return fail(state, activation, step, outcome.error, paid);
  }
  const value = encode(outcome.value);
  if (used === undefined) record(state, activation, { type: "step.completed", ...step, value });
  else record(state, activation, { type: "model.replied", ...step, ...used, value });
  activation.waiting = { kind: "Ready", outcome };
}

/** The program is given the error as it is recorded, without the fields that are none. */
function fail(
  state: RunState,
  activation: Activation,
  step: OfStep,
  thrown: Variant,
  paid: Pick<StepFailed, "spent"> = {},
): void {
  const error = errorRecord(thrown);
  record(state, activation, { type: "step.failed", ...step, error, ...paid });
  activation.waiting = { kind: "Ready", outcome: { kind: "Failure", error: errorOf(error) } };
}

/** The program is given what is recorded: a secret that comes back from the world is masked there too. */
function masked(state: RunState, outcome: Outcome): Outcome {
  const { mask } = state.environment;
  if (mask.empty) return outcome;
  if (outcome.kind === "Value") return { kind: "Value", value: recordable(mask, outcome.value) };
  const { type, name, fields } = outcome.error;
  const known = mask.json(encode(fields));
  return { kind: "Failure", error: new Variant(type, name, decode(known) as Struct | null) };
}

function takeSettled(state: RunState, { activation, settled }: Extract<Arrival, { kind: "Settled" }>): void {
  const { waiting } = activation;
  if (waiting.kind !== "World") return;
  const { step, effect } = waiting;
  if (settled.kind === "Unknown") return doubt(state, activation, step, effect, settled.why);
  if (settled.kind === "Absent") return launch(state, activation, step, effect);
  const outcome = masked(state, settled.outcome);
  if (outcome.kind === "Failure") return fail(state, activation, step, outcome.error);
  record(state, activation, { type: "step.completed", ...step, value: encode(outcome.value), settled: "found" });
  activation.waiting = { kind: "Ready", outcome };
}

function takeAnswer(state: RunState, { activation, gate, answer, by }: Extract<Arrival, { kind: "Answered" }>): void {
  const { waiting } = activation;
  if (waiting.kind !== "Gate" || waiting.gate !== gate || state.stop !== undefined) return;
  if (answer === undefined) {
    waiting.unanswered = true;
    return;
  }
  const { mask } = state.environment;
  const value = meaning(waiting.step.effect === "Ask" ? "Ask" : "Confirm", mask.text(answer));
  record(state, activation, { type: "gate.answered", ...waiting.step, answer: value, by });
  activation.waiting = { kind: "Ready", outcome: { kind: "Value", value } };
}
