// The runs that `keel serve` looks after. Invariants: a run is driven at most once here, and only under its lease; what
// goes wrong in one run ends no other one; only a store that cannot be used any more ends the watch.
//
// A look costs one number of the store while no other process writes, nothing expires and nobody else holds a run.

import { Divergence } from "../runtime/engine/divergence.ts";
import type { Driven } from "../runtime/engine/run.ts";
import type { RunEnd } from "../runtime/engine/scheduler.ts";
import { StoreError, type PendingRun, type Store } from "../runtime/journal/store.ts";
import type { World } from "../runtime/world.ts";
import { complaintOf, UsageError } from "./door.ts";
import { closingText, takeUp, terminalOf } from "./serve-run.ts";

const LOOK_MS = 200;
/** How long a run is left alone after each time that it was taken up and came no further. */
const BACK_OFF_MS = [1_000, 5_000] as const;
/** How long everything waits for room on the disk. */
const FULL_MS = 5_000;

/** Whether a run that nobody holds can go on. */
export function isDue({ status, posted, expires }: PendingRun, now: number): boolean {
  return status === "running" || posted !== undefined || (expires !== undefined && expires <= now);
}

interface Served {
  readonly driven: Driven | undefined;
  /** The newest event when it was taken up. */
  readonly from: number;
  /** The times in a row that it was taken up and came no further. */
  readonly vain: number;
  /** Not to be taken up before. */
  readonly notBefore: number;
}

export class ServedRuns {
  readonly #store: Store;
  readonly #world: World;
  readonly #runs = new Map<string, Served>();
  readonly #ends = new Set<Promise<void>>();
  readonly #stopping = new AbortController();
  #version: number | undefined;
  /** When to look though no other process has written. */
  #lookAt = 0;
  #broken: StoreError | undefined;
  #fullSaid = false;

  constructor(store: Store, world: World) {
    this.#store = store;
    this.#world = world;
  }

  /** Until `stop`. Throws StoreError where the store cannot be used any more. */
  async watch(): Promise<void> {
    const { signal } = this.#stopping;
    const { clock } = this.#world;
    try {
      while (!signal.aborted) {
        await this.#look();
        const now = clock.now();
        await clock.until(Math.max(now, Math.min(now + LOOK_MS, this.#lookAt)), signal);
      }
    } finally {
      this.stop();
      await Promise.all(this.#ends);
    }
    if (this.#broken !== undefined) throw this.#broken;
  }

  /** Lets go of every run. */
  stop(): void {
    this.#stopping.abort();
    for (const driven of this.driven()) driven.leave();
  }

  driven(): readonly Driven[] {
    return [...this.#runs.values()].flatMap(({ driven }) => driven ?? []);
  }

  async #look(): Promise<void> {
    const now = this.#world.clock.now();
    const version = this.#store.version();
    if (version === this.#version && now < this.#lookAt) return;
    this.#version = version;
    this.#lookAt = Infinity;
    for (const pending of this.#store.pending()) {
      if (this.#stopping.signal.aborted) return;
      if (!this.#isToTake(pending, now)) continue;
      this.#take(pending);
      // Those that are driven already have their turn in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  #isToTake(pending: PendingRun, now: number): boolean {
    const { driven, notBefore = 0 } = this.#runs.get(pending.run) ?? {};
    if (driven !== undefined) return false;
    // Its process may die at any time, and writes nothing then.
    const at = pending.held ? now + LOOK_MS : Math.max(notBefore, isDue(pending, now) ? now : (pending.expires ?? Infinity));
    if (at > now) this.#lookAt = Math.min(this.#lookAt, at);
    return at <= now;
  }
}
