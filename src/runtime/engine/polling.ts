// `wait until`: between its beginning and the moment the condition came true nothing is recorded and nothing counted,
// so a wait of days leaves one event. What a poll reads is read anew each time; on a resume after that moment the
// condition is not evaluated at all.

import type { Effect, EffectOf, Outcome } from "../../interp/effect.ts";
import { toolError } from "../../interp/failure.ts";
import { Variant } from "../../interp/value.ts";
import { invariant, unreachable } from "../../source/invariant.ts";
import type { OfStep } from "../journal/event.ts";
import { errorOf, type Activation } from "./activation.ts";
import { errorRecord, maskedError } from "./failures.ts";
import { record } from "./meet.ts";
import { launch } from "./perform.ts";
import type { RunState } from "./state.ts";

export const POLL_MS = 1000;
const evaluate: Outcome = { kind: "Value", value: null };

/** A `wait until` begins: `step` is the effect that its end will be the outcome of. */
export function beginPolling(activation: Activation, step: OfStep): Outcome {
  activation.polling = { step, randoms: activation.randoms };
  return evaluate;
}

/** What an activation that polls asks for. Gives `undefined` where it has to wait. */
export function poll(state: RunState, activation: Activation, effect: Effect): Outcome | undefined {
  if (effect.kind === "WaitUntil") return endPoll(state, activation, effect);
  const { polling } = activation;
  invariant(polling !== undefined, "only what polls is polled");
  if (effect.kind !== "Fetch" && effect.kind !== "FetchUrl" && effect.kind !== "Search" && effect.kind !== "Recall") {
    return { kind: "Failure", error: toolError("a condition of `wait until` may only read").error };
  }
  state.recorder.commit();
  activation.waiting = { kind: "World", step: polling.step, effect, once: false };
  launch(state, activation, polling.step, effect);
  return undefined;
}

function endPoll(state: RunState, activation: Activation, effect: EffectOf<"WaitUntil">): Outcome | undefined {
  const { polling } = activation;
  invariant(polling !== undefined, "a wait ends that began");
  const { step, randoms } = polling;
  switch (effect.phase) {
    case "again":
      state.recorder.commit();
      activation.waiting = { kind: "Pause", due: state.world.clock.now() + POLL_MS };
      return undefined;
    case "over":
      stopPolling(activation, randoms);
      record(state, activation, { type: "step.completed", ...step, value: true });
      return { kind: "Value", value: true };
    case "failed": {
      const { error } = effect.given;
      invariant(error instanceof Variant, "a condition fails with an error");
      const failed = maskedError(state.environment.mask, errorRecord(error));
      stopPolling(activation, randoms);
      record(state, activation, { type: "step.failed", ...step, error: failed });
      return { kind: "Failure", error: errorOf(failed) };
    }
    case "begin":
      return (invariant(false, "a wait in the condition of a wait"), undefined);
    default:
      return unreachable(effect.phase);
  }
}

/** Random numbers that a condition drew were not drawn, for the program. */
function stopPolling(activation: Activation, randoms: number): void {
  activation.polling = undefined;
  activation.randoms = randoms;
}
