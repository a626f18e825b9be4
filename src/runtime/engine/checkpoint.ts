// Checkpoints: a long activation's machine is written into the journal from time to time, so that a resume begins there
// and not at its first effect. Invariants: a checkpoint says nothing to the program; what is spent on writing them is
// at most in proportion to what was recorded since the last one; a machine that holds a secret is not written down,
// since the journal would hold its mask and the machine could not go on from that.

import { encodeMachine } from "../../interp/frame.ts";
import type { Machine } from "../../interp/execute.ts";
import { FunctionValue, KeelMap, Variant, type Value } from "../../interp/value.ts";
import type { Json } from "../../ir/kir.ts";
import type { Event } from "../journal/event.ts";
import type { Mask } from "../journal/mask.ts";
import type { Activation } from "./activation.ts";
import type { RunState } from "./state.ts";

/** When to look next whether a checkpoint is due: at this many effects, or with this many bytes recorded since. */
export interface Look {
  /** How many effects there were at the last checkpoint. */
  last: number;
  n: number;
  /** Recorded since the last checkpoint, in characters of text and a few for all else. */
  weight: number;
  weightDue: number;
}

const everyEffects = 1_000;
const everyBytes = 1_000_000;
/** What an effect costs in the journal at the least. */
const bytesPerEffect = 200;

export function firstLook(n: number): Look {
  return { last: n, n: n + everyEffects, weight: 0, weightDue: everyBytes };
}

/** Counts what an event adds to what a resume would have to read. */
export function weigh(look: Look, event: Event): void {
  look.weight += weightOf(event as unknown as Json);
}

/**
 * Writes down where an activation stands if it has come far since it last did. It is about to ask for an effect that is
 * recorded: what is not has no number, so a replay could not tell between which two of them it stood.
 */
export function checkpoint(state: RunState, activation: Activation): void {
  const { look, machine, n } = activation;
  if (n < look.n && look.weight < look.weightDue) return;
  if (activation.polling !== undefined || activation.past.has(n + 1)) return;
  const recorded = Math.max(look.weight, (n - look.last) * bytesPerEffect, everyBytes);
  const size = machineWeight(machine, recorded);
  const written = size <= recorded ? encodeMachine(machine) : undefined;
  if (written === undefined || isMasked(state.environment.mask, written)) {
    look.n = n + Math.max(everyEffects, n - look.last);
    look.weightDue = 2 * Math.max(look.weight, everyBytes);
    return;
  }
  const { id, randoms, time } = activation;
  state.recorder.add({ type: "checkpoint", activation: id, n, randoms, time, machine: written });
  Object.assign(look, firstLook(n));
  look.n = n + Math.max(everyEffects, Math.ceil(size / bytesPerEffect));
  look.weightDue = Math.max(everyBytes, size);
}

function isMasked(mask: Mask, written: Json): boolean {
  return !mask.empty && JSON.stringify(mask.json(written)) !== JSON.stringify(written);
}

function weightOf(json: Json | undefined): number {
  if (typeof json === "string") return json.length;
  if (json === null || typeof json !== "object") return 4;
  let sum = 8;
  for (const item of Object.values<Json>(json)) sum += weightOf(item);
  return sum;
}

/** About how long the machine is when written; counting stops beyond `limit`. */
function machineWeight(machine: Machine, limit: number): number {
  let sum = 0;
  const add = (value: Value): void => {
    if (sum > limit) return;
    sum += 8;
    if (typeof value === "string") sum += value.length;
    else if (value === null || typeof value !== "object") return;
    else if (Array.isArray(value)) addAll(value as readonly Value[]);
    else if (value instanceof Variant) addAll(Object.values(value.fields ?? {}));
    else if (value instanceof KeelMap) for (const [, item] of value.entries()) add(item);
    else if (value instanceof FunctionValue) addAll(value.captures);
    else addAll(Object.values(value));
  };
  const addAll = (values: Iterable<Value>): void => {
    for (const value of values) {
      if (sum > limit) return;
      add(value);
    }
  };
  for (const { slots, loops, fold } of machine.frames) {
    addAll(slots);
    for (const { list, results } of loops) [list, results].forEach(addAll);
    if (fold !== null) [fold.list, [fold.callee], Object.values(fold.state)].forEach(addAll);
  }
  addAll(Object.values(machine.state));
  return sum;
}
