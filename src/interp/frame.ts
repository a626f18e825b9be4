// A machine is plain data: what an activation is in the middle of, and nothing of the host. Written down with
// `encodeMachine` between two turns and read back, it goes on as if nothing had happened.

import type { Json } from "../ir/kir.ts";
import { decode, decodeStruct, encode, encodeStruct } from "./codec.ts";
import type { Effect, Place } from "./effect.ts";
import type { Machine } from "./execute.ts";
import type { OpenStruct } from "./fields.ts";
import type { Value, Variant } from "./value.ts";

/** A call in flight. While another frame stands above it, it is at its Call, CallValue or Fold step. */
export interface Frame {
  readonly function: string;
  step: number;
  readonly slots: Value[];
  readonly loops: Loop[];
  readonly handlers: Handler[];
  fold: FoldProgress | null;
}

/** `index` is that of the element in hand, −1 before the first. */
export interface Loop {
  readonly list: readonly Value[];
  index: number;
  readonly results: Value[];
}

/** `loops` is how many loops there were when it began: those above are dropped when an error comes to it. */
export type Handler =
  | { readonly kind: "Enter"; readonly step: number; readonly loops: number }
  | {
      readonly kind: "Retry";
      readonly step: number;
      readonly loops: number;
      readonly count: number;
      /** How often it has begun again. */
      attempt: number;
    };

/** A collection method half-way: `state` is its fold's. */
export interface FoldProgress {
  readonly list: readonly Value[];
  readonly callee: Value;
  index: number;
  readonly state: OpenStruct;
}

/** What the machine waits for. A Perform is at its step and can be done over; a retry's two reports say what comes next. */
export type Pending =
  | { readonly kind: "Perform" }
  | { readonly kind: "RetryDelay"; readonly effect: Effect; readonly place: Place }
  | {
      readonly kind: "RetryFailed";
      readonly effect: Effect;
      readonly place: Place;
      readonly error: Variant;
      readonly step: string | undefined;
    };

/** Where the machine stands: a step's id with the indices of loops, retries and folds around it, outermost first. */
export function placeOf(machine: Machine, step: string): Place {
  const indices: number[] = [];
  for (const frame of machine.frames) {
    let entered = 0;
    for (const handler of frame.handlers) {
      for (const loop of frame.loops.slice(entered, handler.loops)) indices.push(loop.index);
      entered = handler.loops;
      if (handler.kind === "Retry") indices.push(handler.attempt);
    }
    for (const loop of frame.loops.slice(entered)) indices.push(loop.index);
    if (frame.fold !== null) indices.push(frame.fold.index);
  }
  return { step, indices };
}

export function encodeMachine(machine: Machine): Json {
  return {
    frames: machine.frames.map((frame) => ({
      function: frame.function,
      step: frame.step,
      slots: encode(frame.slots),
      loops: frame.loops.map(({ list, index, results }) => ({ list: encode(list), index, results: encode(results) })),
      handlers: frame.handlers.map((handler) => ({ ...handler })),
      fold: frame.fold && {
        list: encode(frame.fold.list),
        callee: encode(frame.fold.callee),
        index: frame.fold.index,
        state: encodeStruct(frame.fold.state),
      },
    })),
    state: encodeStruct(machine.state),
    changed: machine.changed,
    pending: machine.pending && encodePending(machine.pending),
  };
}

function encodePending(pending: Pending): Json {
  if (pending.kind === "Perform") return { kind: "Perform" };
  const { given, ...known } = pending.effect;
  const report = {
    kind: pending.kind,
    effect: { ...known, given: encodeStruct(given) } as Json,
    place: { ...pending.place },
  };
  if (pending.kind === "RetryDelay") return report;
  return { ...report, error: encode(pending.error), step: pending.step ?? null };
}

export function decodeMachine(json: Json): Machine {
  const written = json as unknown as WrittenMachine;
  return {
    frames: written.frames.map((frame) => ({
      ...frame,
      slots: decodeItems(frame.slots),
      loops: frame.loops.map(({ list, index, results }) => ({
        list: decodeItems(list),
        index,
        results: decodeItems(results),
      })),
      handlers: frame.handlers.map((handler) => ({ ...handler })),
      fold: frame.fold && {
        list: decodeItems(frame.fold.list),
        callee: decode(frame.fold.callee),
        index: frame.fold.index,
        state: { ...decodeStruct(frame.fold.state) },
      },
    })),
    state: { ...decodeStruct(written.state) },
    changed: [...written.changed],
    pending: written.pending && decodePending(written.pending),
  };
}

function decodePending(written: WrittenPending): Pending {
  if (written.kind === "Perform") return { kind: "Perform" };
  const effect = { ...written.effect, given: decodeStruct(written.effect.given) } as Effect;
  if (written.kind === "RetryDelay") return { kind: "RetryDelay", effect, place: written.place };
  const error = decode(written.error) as Variant;
  return { kind: "RetryFailed", effect, place: written.place, error, step: written.step ?? undefined };
}

function decodeItems(json: Json): Value[] {
  return decode(json) as Value[];
}

/** The JSON that `encodeMachine` wrote. */
interface WrittenMachine {
  readonly frames: readonly {
    readonly function: string;
    readonly step: number;
    readonly slots: Json;
    readonly loops: readonly { readonly list: Json; readonly index: number; readonly results: Json }[];
    readonly handlers: readonly Handler[];
    readonly fold: null | { readonly list: Json; readonly callee: Json; readonly index: number; readonly state: Json };
  }[];
  readonly state: Json;
  readonly changed: readonly string[];
  readonly pending: WrittenPending | null;
}

interface WrittenReport {
  readonly effect: { readonly kind: string; readonly given: Json };
  readonly place: Place;
}

type WrittenPending =
  | { readonly kind: "Perform" }
  | (WrittenReport & { readonly kind: "RetryDelay" })
  | (WrittenReport & { readonly kind: "RetryFailed"; readonly error: Json; readonly step: string | null });
