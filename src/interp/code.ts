// What functions are compiled to: closures over slots for terms, operations on a frame for steps. Nothing here depends
// on a run but Context, which holds only from the moment a door (`advance`, `callPure`) is entered until it is left.

import type { Machine, Turn } from "./execute.ts";
import type { Frame } from "./frame.ts";
import type { Value } from "./value.ts";

/** Slots of one call: captures, parameters, the rest. */
export type Slots = Value[];

/** A compiled term. One that leaves its function or loop may give an Exit in a value's place: see `exit`. */
export type Evaluate = (slots: Slots) => Value;

/** A compiled step: moves the frame on, or gives the turn that ends the machine's run for now. */
export type Operate = (frame: Frame, machine: Machine) => Turn | undefined;

export interface Context {
  /** Calls in flight. Terms raise and lower it; who catches what they throw puts it back. */
  depth: number;
  /** Whose state `self.f` means. */
  machine: Machine | null;
}

export interface PureCode {
  readonly id: string;
  readonly captures: number;
  readonly parameters: number;
  readonly slots: number;
  /** Compiles itself when it is first called. */
  body: Evaluate;
}

/** Any function as steps: a pure one is a single step that returns. */
export interface StepCode {
  readonly id: string;
  readonly slots: number;
  readonly operations: readonly Operate[];
}
