// What others wrote into the run's inbox: answers to open questions, verdicts on steps in doubt, a cancellation. An
// item leaves the inbox in the transaction of the event it led to. One for a question or a step that is open in the
// journal, but where nobody waits for it yet, stays; one that fits nothing is dropped and said. An answer counts from
// when it was given, not from when it is taken: one that came before its question expired is in time.

import type { Outcome } from "../../interp/effect.ts";
import type { InboxItem, Posted } from "../journal/store.ts";
import type { Event, OfStep } from "../journal/event.ts";
import { outcomeOf, type Activation } from "./activation.ts";
import { launch } from "./perform.ts";
import { answeredElsewhere } from "./questions.ts";
import type { RunState } from "./state.ts";
import { effectId } from "../journal/fold.ts";

/** Takes everything from the inbox whose time has come; gives whether there was anything. */
export function takeInbox(state: RunState): boolean {
  const items = state.store.inbox(state.run);
  return items.filter((posted) => takeItem(state, posted)).length > 0;
}

/** Takes the answer to an activation's question that came before the question expired, if one did. */
export function takeAnswerInTime(state: RunState, activation: Activation): boolean {
  const posted = state.store.inbox(state.run).find(({ item }) => item.kind === "Answer" && fits(activation, item));
  return posted !== undefined && takeItem(state, posted);
}

/** Told to stop for good: nothing may be begun any more, so this is looked for before anything goes on. */
export function takeCancel(state: RunState): boolean {
  const cancel = state.store.inbox(state.run).find(({ item }) => item.kind === "Cancel");
  return cancel !== undefined && takeItem(state, cancel);
}

function takeItem(state: RunState, { id, item, at }: Posted): boolean {
  if (item.kind === "Cancel") {
    state.stop = "cancel";
    state.recorder.forget(id);
    return true;
  }
  const activation = [...state.live.values()].find((each) => fits(each, item));
  if (activation === undefined ? isOpen(state, item) : isLate(activation, at)) return false;
  if (activation === undefined) {
    state.recorder.forget(id);
    state.world.terminal.warn(
      `  ✗ an answer to ${item.kind === "Answer" ? item.gate : item.step} came, but nothing waits for it`,
    );
  } else if (item.kind === "Answer") answer(state, id, activation, item.answer);
  else resolve(state, id, activation, item.verdict);
  return true;
}

/** The question expires first; then nothing waits for the answer. */
function isLate({ waiting }: Activation, at: number): boolean {
  return waiting.kind === "Gate" && waiting.expires !== undefined && waiting.expires <= at;
}

/** Its activation has not come to it yet, or is looking itself what became of the step. */
function isOpen(state: RunState, item: Exclude<InboxItem, { kind: "Cancel" }>): boolean {
  const { gates, doubts } = state.store.head(state.run);
  if (item.kind === "Answer") return gates.some((gate) => gate.id === item.gate);
  return doubts.some((doubt) => effectId(doubt) === item.step);
}

/** Whether a person has said already what became of a step: then nobody looks. */
export function hasVerdict(state: RunState, step: OfStep): boolean {
  const id = effectId(step);
  return state.store.inbox(state.run).some(({ item }) => item.kind === "Resolve" && item.step === id);
}

function fits({ waiting }: Activation, item: Exclude<InboxItem, { kind: "Cancel" }>): boolean {
  if (item.kind === "Answer") return waiting.kind === "Gate" && waiting.gate === item.gate;
  return waiting.kind === "Doubt" && effectId(waiting.step) === item.step;
}

function answer(state: RunState, item: number, activation: Activation, given: string | boolean): void {
  const { waiting } = activation;
  if (waiting.kind !== "Gate") return;
  const value = typeof given === "string" ? state.environment.mask.text(given) : given;
  state.questions.withdraw(waiting.gate, answeredElsewhere(value));
  const outcome: Outcome = { kind: "Value", value };
  settleWith(state, item, activation, { type: "gate.answered", ...waiting.step, answer: value, by: "inbox" }, outcome);
}

function resolve(state: RunState, item: number, activation: Activation, verdict: "done" | "retry" | "fail"): void {
  const { waiting } = activation;
  if (waiting.kind !== "Doubt") return;
  const { step, effect } = waiting;
  if (verdict === "retry") {
    state.recorder.forget(item);
    state.recorder.commit();
    activation.waiting = { kind: "World", step, effect, once: true };
    return launch(state, activation, step, effect);
  }
  // Of what gives a value, a person can say that it was done, and not what came of it.
  const givesValue = effect.kind === "FetchUrl" || effect.kind === "Operation";
  const isKnown = verdict === "done" && !(givesValue && isWanted(state, activation));
  const message = verdict === "done" ? "was done, and what came of it is not known" : "was declared failed";
  const error = { name: "ToolError", message: `${step.step} ${message}`, fields: {} };
  const event: Event = isKnown
    ? { type: "step.completed", ...step, value: null, settled: "done" }
    : { type: "step.failed", ...step, error };
  settleWith(state, item, activation, event, outcomeOf({ ...event, seq: 0, at: 0 }));
}

/** Whether the program has a use for the value of the effect that an activation waits for. */
function isWanted({ program }: RunState, { machine }: Activation): boolean {
  const frame = machine.frames.at(-1);
  const node = frame === undefined ? undefined : program.functions[frame.function];
  const step = node?.kind === "Steps" ? node.steps[frame?.step ?? 0] : undefined;
  return step?.kind === "Perform" && step.slot !== undefined;
}

function settleWith(state: RunState, item: number, activation: Activation, event: Event, outcome: Outcome): void {
  activation.time = state.recorder.addTaken(item, event);
  activation.waiting = { kind: "Ready", outcome };
}
