// The newest state of a run as a fold over its events. The store keeps the same as rows, in the same transactions;
// the law `head = fold(events)` holds both together.

import type { Json } from "../../ir/kir.ts";
import type { Cause } from "./event.ts";
import type { RunStatus } from "./store.ts";

export interface Head {
  readonly status: RunStatus;
  readonly seq: number;
  readonly at: number;
  /** Activations that have started and not ended, in the order of their start. */
  readonly live: readonly LiveActivation[];
  /** The newest state of each agent that has one, by field. */
  readonly states: { readonly [agent: string]: { readonly [field: string]: Json } };
  /** The newest tick of each schedule. */
  readonly schedules: { readonly [schedule: string]: { readonly count: number; readonly due: number } };
  /** Every schedule whose first tick completed. */
  readonly gates: readonly OpenGate[];
  /** Timers set and not fired: waits, retry delays and blocks. */
  readonly timers: readonly OpenTimer[];
  /** Agents that a `Run` started and that have not stopped: the intent's activation and n. */
  readonly agents: readonly RunningAgent[];
  /** `once` effects with an intent and no outcome, `Run` aside. */
  readonly doubts: readonly Doubt[];
  /** Messages not yet handled, by seq. */
  readonly mail: readonly { readonly seq: number; readonly to: string }[];
  readonly calls: number;
  readonly cost: number;
  readonly unpriced: number;
}

export interface LiveActivation {
  readonly id: string;
  /** The seq of its activation.started. */
  readonly seq: number;
  readonly agent?: string;
  readonly cause: Cause;
}

export interface OpenGate {
  readonly id: string;
  readonly step: string;
  readonly effect: string;
  readonly question: string;
  readonly seq: number;
  readonly expires?: number;
}

export interface OpenTimer {
  readonly id: string;
  readonly due: number;
  /** Of `after`: the seq of the timer.set, which holds the block. */
  readonly block: boolean;
  readonly seq: number;
}

export interface RunningAgent {
  readonly agent: string;
  readonly activation: string;
  readonly n: number;
  readonly since: number;
  readonly background: boolean;
}

export interface Doubt {
  readonly activation: string;
  readonly n: number;
  readonly step: string;
  readonly effect: string;
  readonly seq: number;
}
