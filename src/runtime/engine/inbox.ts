// What others wrote into the run's inbox: answers to open questions, verdicts on steps in doubt, a cancellation. An
// item leaves the inbox in the transaction of the event it led to; one that fits nothing is dropped and said.

import type { Outcome } from "../../interp/effect.ts";
import type { InboxItem } from "../journal/store.ts";
import type { Event } from "../journal/event.ts";
import { outcomeOf, type Activation } from "./activation.ts";
import { launch } from "./perform.ts";
import { effectId, type RunState } from "./state.ts";

/** Takes everything that lies in the inbox; gives whether there was anything. */
export function takeInbox(state: RunState): boolean {
  const items = state.store.inbox(state.run);
  for (const { id, item } of items) {
    if (item.kind === "Cancel") {
      state.stop = "cancel";
      state.recorder.forget(id);
      continue;
    }
    const activation = [...state.live.values()].find((each) => fits(each, item));
    if (activation === undefined) {
      state.recorder.forget(id);
      state.world.terminal.warn(
        `  ✗ an answer to ${item.kind === "Answer" ? item.gate : item.step} came, but nothing waits for it`,
      );
    } else if (item.kind === "Answer") answer(state, id, activation, item.answer);
    else resolve(state, id, activation, item.verdict);
  }
  return items.length > 0;
}

function fits({ waiting }: Activation, item: Exclude<InboxItem, { kind: "Cancel" }>): boolean {
  if (item.kind === "Answer") return waiting.kind === "Gate" && waiting.gate === item.gate;
  return waiting.kind === "Doubt" && effectId(waiting.step.activation, waiting.step.n) === item.step;
}

function answer(state: RunState, item: number, activation: Activation, value: string | boolean): void {
  const { waiting } = activation;
  if (waiting.kind !== "Gate") return;
  state.questions.withdraw(waiting.gate);
  const outcome: Outcome = { kind: "Value", value };
  settleWith(state, item, activation, { type: "gate.answered", ...waiting.step, answer: value, by: "inbox" }, outcome);
}

function resolve(state: RunState, item: number, activation: Activation, verdict: "done" | "retry" | "fail"): void {
  const { waiting } = activation;
  if (waiting.kind !== "Doubt") return;
  const { step, effect } = waiting;
  if (verdict === "retry") {
    state.recorder.forget(item);
    activation.waiting = { kind: "World", step, effect, once: true };
    return launch(state, activation, step, effect);
  }
  const error = { name: "ToolError", message: `${step.step} was declared failed`, fields: {} };
  const event: Event =
    verdict === "done"
      ? { type: "step.completed", ...step, value: null, settled: "done" }
      : { type: "step.failed", ...step, error };
  settleWith(state, item, activation, event, outcomeOf({ ...event, seq: 0, at: 0 }));
}

function settleWith(state: RunState, item: number, activation: Activation, event: Event, outcome: Outcome): void {
  activation.time = state.recorder.addTaken(item, event);
  activation.waiting = { kind: "Ready", outcome };
}
