// The events with which an activation begins and ends. Pure, so that a replay derives the same from the same machine.

import { encode } from "../../interp/codec.ts";
import type { Machine } from "../../interp/execute.ts";
import type { Value, Variant } from "../../interp/value.ts";
import type { Json } from "../../ir/kir.ts";
import type { ActivationCompleted, ActivationFailed, ActivationStarted, Cause } from "../journal/event.ts";
import type { Mask } from "../journal/mask.ts";
import { errorRecord, maskedError } from "./failures.ts";

export interface Beginning {
  readonly id: string;
  readonly function: string;
  readonly captures: readonly Json[];
  readonly arguments: readonly Json[];
  /** Absent for main. */
  readonly agent: string | undefined;
  readonly cause: Cause;
}

export function started(beginning: Beginning): ActivationStarted {
  const { id, function: callee, captures, arguments: given, agent, cause } = beginning;
  return {
    type: "activation.started",
    activation: id,
    function: callee,
    captures,
    arguments: given,
    ...(agent === undefined ? {} : { agent }),
    cause,
  };
}

export function completed(activation: string, value: Value, machine: Machine): ActivationCompleted {
  return { type: "activation.completed", activation, value: encode(value), ...changedState(machine) };
}

/** `step` is that of the effect that failed, else where the error arose: `main@3`. */
export function failed(
  activation: string,
  error: Variant,
  step: string | undefined,
  machine: Machine,
  mask: Mask,
): ActivationFailed {
  return {
    type: "activation.failed",
    activation,
    error: maskedError(mask, errorRecord(error)),
    ...(step === undefined ? {} : { step }),
    ...changedState(machine),
  };
}

function changedState({ changed, state }: Machine): { readonly state?: { readonly [field: string]: Json } } {
  if (changed.length === 0) return {};
  return { state: Object.fromEntries(changed.map((field) => [field, encode(state[field] ?? null)])) };
}
