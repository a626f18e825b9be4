// An error on its way down the frames, to the nearest handler that takes it: a try that catches it, or a retry with
// attempts left. What stands above that handler (calls, loops, folds) is dropped.

import { invariant } from "../source/invariant.ts";
import type { Code } from "./link.ts";
import type { Effect } from "./effect.ts";
import { takes } from "./evaluate-flow.ts";
import { Failure, messageOf } from "./failure.ts";
import type { Machine, Turn } from "./execute.ts";
import type { Frame, Handler } from "./frame.ts";
import { placeOf } from "./frame.ts";
import { stepOf } from "./steps.ts";
import type { Variant } from "./value.ts";

const RETRY_DELAY_MS = 1_000;

type RetryHandler = Extract<Handler, { readonly kind: "Retry" }>;

/** `step` is the id of the effect that failed, if one did. Gives a turn where the machine must stop. */
export function unwind(code: Code, machine: Machine, error: Variant, step: string | undefined): Turn | undefined {
  machine.pending = null;
  for (let frame = machine.frames.at(-1); frame !== undefined; frame = machine.frames.at(-1)) {
    frame.fold = null;
    for (let handler = frame.handlers.at(-1); handler !== undefined; handler = frame.handlers.at(-1)) {
      frame.loops.length = handler.loops;
      frame.step = handler.step;
      if (handler.kind === "Retry") {
        if (handler.attempt < handler.count) return again(code, machine, frame, handler, error);
        const turn = gaveUp(code, machine, frame, handler, error, step);
        frame.handlers.pop();
        if (handler.count > 0) return turn;
      } else {
        frame.handlers.pop();
        if (caught(code, frame, error)) return undefined;
      }
    }
    machine.frames.pop();
  }
  machine.pending = null;
  return { kind: "Failed", error, ...(step === undefined ? {} : { step }) };
}

function caught(code: Code, frame: Frame, error: Variant): boolean {
  const enter = stepOf(code, frame);
  invariant(enter.kind === "Enter", "a handler at another step");
  const failure = new Failure(error);
  const taken = enter.catches.find((each) => takes(each.errors, failure));
  if (taken === undefined) return false;
  frame.slots[taken.slot] = error;
  frame.step = taken.to;
  return true;
}

/** Begins again, after a delay that is reported: the first of them by the attempt that failed. */
function again(code: Code, machine: Machine, frame: Frame, handler: RetryHandler, error: Variant): Turn {
  const retry = retryOf(code, frame);
  const attempt = handler.attempt + 1;
  const effect: Effect = {
    kind: "RetryDelay",
    attempt,
    of: handler.count,
    delayMs: RETRY_DELAY_MS * (retry.backoff ? 2 ** Math.min(handler.attempt, 40) : 1),
    given: { message: messageOf(error) },
  };
  const place = placeOf(machine, retry.id);
  handler.attempt = attempt;
  frame.step = handler.step + 1;
  machine.pending = { kind: "RetryDelay", effect, place };
  return { kind: "Effect", effect, place };
}

function gaveUp(
  code: Code,
  machine: Machine,
  frame: Frame,
  handler: RetryHandler,
  error: Variant,
  step: string | undefined,
): Turn {
  const effect: Effect = { kind: "RetryFailed", of: handler.count, given: { message: messageOf(error) } };
  const place = placeOf(machine, retryOf(code, frame).id);
  if (handler.count > 0) machine.pending = { kind: "RetryFailed", effect, place, error, step };
  return { kind: "Effect", effect, place };
}

function retryOf(code: Code, frame: Frame): { readonly id: string; readonly backoff: boolean } {
  const retry = stepOf(code, frame);
  invariant(retry.kind === "Retry", "a retry at another step");
  return retry;
}
