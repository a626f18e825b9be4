// The seam between the engine and what keeps journals. One implementation, `sqlite`. All of it is synchronous: when
// `append` returns, its events are durable.

import type { Places, Program } from "../../ir/kir.ts";
import type { Event, EventType, Recorded, RunStarted, RunUpgraded } from "./event.ts";
import type { Doubt, Head, OpenGate } from "./fold.ts";
import type { Memory, Owner } from "./memory.ts";
import type { Prunable } from "./prune.ts";

/** The right to write to one run. Whoever holds an older epoch than the store's writes nothing any more. */
export interface Lease {
  readonly run: string;
  readonly epoch: number;
}

export interface RunSummary {
  readonly run: string;
  readonly file: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly lastAt: number;
  readonly events: number;
  /** Of these, how many are digests only. */
  readonly pruned: number;
  readonly calls: number;
  /** Millionths of a dollar; `unpriced` calls are not in it. */
  readonly cost: number;
  readonly unpriced: number;
  /** Open gates and steps in doubt. */
  readonly waiting: number;
  /** A live process holds it. */
  readonly held: boolean;
}

/** A run that is not over: somebody should drive it, or it waits for a person. */
export interface PendingRun {
  readonly run: string;
  readonly status: "running" | "suspended";
  /** Of its newest event. */
  readonly seq: number;
  /** A live process holds it. */
  readonly held: boolean;
  /** The newest item of its inbox. */
  readonly posted?: number;
  /** When the first of its open questions expires, in ms since the epoch. */
  readonly expires?: number;
}

/** Something that a run cannot go on with alone: an open question, or a step of which nobody knows whether it happened. */
export type Waiting = WaitingOf &
  ({ readonly kind: "Gate"; readonly gate: OpenGate } | { readonly kind: "Doubt"; readonly doubt: Doubt });

interface WaitingOf {
  readonly run: string;
  readonly file: string;
  readonly status: RunStatus;
  /** A live process holds the run. */
  readonly held: boolean;
  /** The time of the run's newest event. */
  readonly lastAt: number;
  readonly openedAt: number;
  /** The agent it belongs to; absent for `main`. */
  readonly agent?: string;
  /** What a person said lies in the inbox. */
  readonly answered: boolean;
}

export type RunStatus = "running" | "suspended" | "interrupted" | "completed" | "failed" | "cancelled";

/** What someone other than the holder wants written: the answer to a gate, a verdict on a step in doubt, a cancellation. */
export type InboxItem =
  | { readonly kind: "Answer"; readonly gate: string; readonly answer: string | boolean }
  | { readonly kind: "Resolve"; readonly step: string; readonly verdict: "done" | "retry" | "fail" }
  | { readonly kind: "Cancel" };

/** An item of the inbox, and when it was put there. */
export interface Posted {
  readonly id: number;
  readonly item: InboxItem;
  readonly at: number;
}

export interface Store {
  /** Makes a run with its first event, its program and its places; gives the lease to this process. */
  create(run: string, program: Program, places: Places, started: RunStarted, at: number): Lease;
  /** Makes a run that begins with the events of another one, each at its own time. */
  branch(run: string, program: Program, places: Places, events: readonly Recorded[], at: number): Lease;
  /** Gives a run another program: one transaction with the event that says so. Throws StoreError `lost`. */
  upgrade(lease: Lease, program: Program, places: Places, event: RunUpgraded, at: number): void;
  /**
   * Takes the lease of a run. Throws StoreError `held` where a live process has it: at once if it is dead on this
   * host, else after 10 s without a heartbeat.
   */
  acquire(run: string, at: number): Lease;
  heartbeat(lease: Lease, at: number): void;
  release(lease: Lease): void;
  /** One transaction, checked against the lease's epoch. Gives the events as recorded. Throws StoreError `lost`. */
  append(lease: Lease, events: readonly Event[], at: number): readonly Recorded[];

  head(run: string): Head;
  program(run: string): { readonly hash: string; readonly program: Program; readonly places: Places };
  /** A program by the hash that an event names. Throws StoreError `corrupt` where it is not there. */
  programNamed(hash: string): Program;
  /** All events of a run that were not pruned, in order, blobs resolved. */
  events(run: string): Iterable<Recorded>;
  /** The events of one activation after a seq, in order and unopened: what a resume reads. */
  activation(run: string, activation: string, after?: number): readonly Sealed[];
  /** Whether an activation ever began, its events pruned or not. */
  begun(run: string, activation: string): boolean;
  /** Not there where it was pruned. */
  event(run: string, seq: number): Recorded | undefined;
  runs(): readonly RunSummary[];
  /** Oldest first. */
  pending(): readonly PendingRun[];
  /** What waits for a person in all runs that can go on; the newest activity first. */
  waiting(): readonly Waiting[];
  /**
   * Another number when another process has written since: looked at before `pending`, it spares that. Throws StoreError
   * `io` where the store was moved or deleted.
   */
  version(): number;
  /** The run of this id or unique beginning of one; the newest without an argument. */
  find(prefix?: string): string | undefined;

  /** Throws StoreError `duplicate` where a gate or step already has an item waiting. */
  post(run: string, item: InboxItem, at: number): void;
  /** The items not yet drained; `taken` are deleted with the next append. */
  inbox(run: string): readonly Posted[];
  drain(lease: Lease, ids: readonly number[], events: readonly Event[], at: number): readonly Recorded[];

  /** Written once for a key; a second time does nothing. */
  remember(owner: Owner, memory: Memory): void;
  /** Newest first. */
  memories(owner: Owner): readonly Memory[];
  forget(keys: readonly string[]): void;
  /** What `prune` would take of a run: events older than an instant (ms since the epoch) that no resume reads. */
  prunable(run: string, before: number): Prunable;
  /** Replaces these events by their digests; gives how many. Throws StoreError `lost`. */
  prune(lease: Lease, before: number): number;
  /** Removes a run. */
  drop(lease: Lease): void;
  /** Frees what nothing names any more, after pruning. */
  sweep(): void;
  /** Recomputes the chain; the seq of the first event that does not fit, if any. */
  verify(run: string): number | undefined;
  close(): void;
}

/** An event that is parsed when it is asked for: a resume keeps thousands and opens them one by one. */
export interface Sealed {
  readonly type: EventType;
  readonly n: number | null;
  /** Members that hold long texts are read when they are asked for, so before the store is closed. */
  open(): Recorded;
}

export type StoreProblem = "held" | "lost" | "corrupt" | "newer" | "full" | "readonly" | "missing" | "duplicate" | "io";

/** What went wrong with the store, in words for a person; `problem` picks the exit code. */
export class StoreError extends Error {
  override readonly name = "StoreError";
  constructor(
    readonly problem: StoreProblem,
    message: string,
    readonly help?: string,
  ) {
    super(message);
  }
}
