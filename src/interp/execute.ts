// The step machine: a synchronous loop over frames that runs until it needs the world, is done, has failed or has
// used up its fuel. `start` makes a machine, `advance` moves it and is given what came of the effect it asked for.
//
// 1. Everything that is kept between two turns is in the Machine; nothing is in the host's stack or in closures.
// 2. Advanced without an outcome, a machine that waits asks for the same effect at the same place again.
// 3. A term and a step see one count of calls: `context.depth` begins at the number of calls among the frames.

import { Bug, invariant } from "../source/invariant.ts";
import type { Operate } from "./code.ts";
import type { Code } from "./link.ts";
import type { Effect, Outcome, Place } from "./effect.ts";
import { callValue } from "./evaluate-calls.ts";
import type { Failure } from "./failure.ts";
import { asFailure } from "./failure.ts";
import type { OpenStruct } from "./fields.ts";
import type { Frame, Pending } from "./frame.ts";
import { push, settle, stepOf } from "./steps.ts";
import { unwind } from "./unwind.ts";
import type { FunctionValue, Struct, Value, Variant } from "./value.ts";

export interface Machine {
  /** Outermost first. Empty once the machine is done or has failed. */
  readonly frames: Frame[];
  /** The agent's state as this activation sees it. */
  readonly state: OpenStruct;
  /** The state fields that were assigned. */
  readonly changed: string[];
  /** The effect whose outcome is awaited. */
  pending: Pending | null;
}

export type Turn =
  | { readonly kind: "Effect"; readonly effect: Effect; readonly place: Place }
  | { readonly kind: "Done"; readonly value: Value }
  /** `step` is the id of the step whose effect failed; where it was no effect that did, `main@3`: function and number. */
  | { readonly kind: "Failed"; readonly error: Variant; readonly step?: string }
  /** The fuel is used up; advance again, without an outcome. */
  | { readonly kind: "Yield" };

/** A machine at the beginning of a function of either form. The state is copied. */
export function start(
  code: Code,
  functionId: string,
  captures: readonly Value[],
  given: readonly Value[],
  state: Struct,
): Machine {
  const machine: Machine = { frames: [], state: { ...state }, changed: [], pending: null };
  push(code, machine, functionId, [...captures, ...given]);
  return machine;
}

/** Runs on. `outcome` is that of the effect last asked for; `fuel` is how many steps may be done before a Yield. */
export function advance(code: Code, machine: Machine, outcome?: Outcome, fuel = Infinity): Turn {
  invariant(machine.frames.length > 0, "a machine that has ended was advanced");
  code.context.machine = machine;
  try {
    return (outcome === undefined ? asked(machine) : given(code, machine, outcome)) ?? run(code, machine, fuel);
  } finally {
    code.context.machine = null;
  }
}

/** Calls a function value whose function is pure. Throws a Failure. */
export function callPure(code: Code, callee: FunctionValue, given: readonly Value[]): Value {
  const { depth } = code.context;
  code.context.depth = 0;
  try {
    return callValue(code, callee, given);
  } catch (thrown) {
    throw asFailure(thrown);
  } finally {
    code.context.depth = depth;
  }
}

/** What a waiting machine waits for; a Perform is done over by running on. */
function asked(machine: Machine): Turn | undefined {
  const { pending } = machine;
  if (pending === null || pending.kind === "Perform") return undefined;
  return { kind: "Effect", effect: pending.effect, place: pending.place };
}

function given(code: Code, machine: Machine, outcome: Outcome): Turn | undefined {
  const { pending } = machine;
  const frame = top(machine);
  if (pending === null) throw new Bug("an outcome that nobody waits for");
  if (outcome.kind === "Failure") return unwind(code, machine, outcome.error, failedStep(code, machine, frame));
  machine.pending = null;
  if (pending.kind === "RetryFailed") return unwind(code, machine, pending.error, pending.step);
  if (pending.kind === "RetryDelay") return undefined;
  const step = stepOf(code, frame);
  invariant(step.kind === "Perform", "an outcome at another step");
  return settle(frame, step.slot, outcome.value);
}

function failedStep(code: Code, { pending }: Machine, frame: Frame): string | undefined {
  if (pending?.kind !== "Perform") return pending?.place.step;
  const step = stepOf(code, frame);
  return step.kind === "Perform" ? step.id : undefined;
}

function run(code: Code, machine: Machine, fuel: number): Turn {
  let left = fuel;
  for (;;) {
    let failure: Failure;
    let step: string;
    try {
      for (; left > 0; left--) {
        const frame = top(machine);
        code.context.depth = machine.frames.length - 1;
        const turn = operation(code, frame)(frame, machine);
        if (turn !== undefined) return turn;
      }
      return { kind: "Yield" };
    } catch (thrown) {
      failure = asFailure(thrown);
      const frame = top(machine);
      step = `${frame.function}@${frame.step}`;
    }
    left--;
    const turn = unwind(code, machine, failure.error, step);
    if (turn !== undefined) return turn;
  }
}

function operation(code: Code, frame: Frame): Operate {
  const operate = code.steps(frame.function).operations[frame.step];
  if (operate === undefined) throw new Bug(`no step ${frame.step} in ${frame.function}`);
  return operate;
}

function top(machine: Machine): Frame {
  return machine.frames[machine.frames.length - 1] as Frame;
}
