// The runs that `keel serve` looks after. Invariants: a run is driven at most once here, and only under its lease; what
// goes wrong in one run ends no other one; only a store that cannot be used any more ends the watch.
//
// A look costs one number of the store while no other process writes, nothing expires and nobody else holds a run.

import type { Driven } from "../runtime/engine/run.ts";
import type { RunEnd } from "../runtime/engine/scheduler.ts";
import type { PendingRun, Store } from "../runtime/journal/store.ts";
import type { World } from "../runtime/world.ts";
import { unreachable } from "../source/invariant.ts";
import { complaintOf } from "./door.ts";
import { reactionTo } from "./serve-faults.ts";
import { sayEnd, takeUp, terminalOf } from "./serve-run.ts";

const LOOK_MS = 200;
/** How long a run rests after it was taken up and came no further, for the first time and the second; then it is left. */
const REST_MS = [1_000, 5_000] as const;
/** What went wrong longer ago than that, after it had rested, does not count any more. */
const FORGET_MS = 60_000;
/** How long a run rests while nothing can be written. */
const FULL_MS = 5_000;

/** Whether a run that nobody holds can go on. */
export function isDue({ status, posted, expires }: PendingRun, now: number): boolean {
  return status === "running" || posted !== undefined || (expires !== undefined && expires <= now);
}

interface Served {
  /** Absent while it rests. */
  readonly driven?: Driven;
  /** As it was when it was taken up. */
  readonly from: PendingRun;
  /** How many times in a row it was taken up and came no further. */
  readonly vain: number;
  /** When it may be taken up again. */
  readonly restsTill: number;
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
  /** When it last looked, by the clock. */
  #lookedAt = 0;
  #fullSaid = false;
  #broken: unknown;

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
        await this.#look().catch((error: unknown) => this.#lookFailed(error));
        await clock.until(clock.now() + LOOK_MS, signal);
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
    const pending = this.#changed(now) ? this.#store.pending() : [];
    for (const each of pending) {
      if (this.#stopping.signal.aborted) return;
      if (each.posted !== undefined) this.#runs.get(each.run)?.driven?.posted();
      const at = this.#takeAt(each, now);
      if (at > now) {
        this.#lookAt = Math.min(this.#lookAt, at);
        continue;
      }
      this.#take(each);
      // Those that are driven already have their turn in between.
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Another process that writes for long, or a full disk, will pass. */
  #lookFailed(error: unknown): void {
    this.#lookAgain();
    const reaction = reactionTo(error);
    if (reaction === "awaitRoom") this.#sayFull(error);
    else if (reaction !== "leaveToOthers") throw error;
  }

  #changed(now: number): boolean {
    const version = this.#store.version();
    const wasSetBack = now < this.#lookedAt;
    this.#lookedAt = now;
    if (version === this.#version && now < this.#lookAt && !wasSetBack) return false;
    this.#version = version;
    this.#lookAt = Infinity;
    return true;
  }

  /** When a run is to be taken up as it is, or to be looked at again. */
  #takeAt(pending: PendingRun, now: number): number {
    const known = this.#runs.get(pending.run);
    if (known?.driven !== undefined) return Infinity;
    // Its process writes nothing when it dies.
    if (pending.held) return now + LOOK_MS;
    const at = isDue(pending, now) ? now : (pending.expires ?? Infinity);
    const restsTill = known?.restsTill ?? 0;
    // No rest is longer than that, whatever became of the clock.
    return Math.max(at, restsTill === Infinity ? restsTill : Math.min(restsTill, now + FULL_MS));
  }

  #take(from: PendingRun): void {
    const { run } = from;
    const known = this.#runs.get(run);
    const vain = known === undefined || known.restsTill + FORGET_MS < this.#world.clock.now() ? 0 : known.vain;
    this.#runs.set(run, { from, vain, restsTill: 0 });
    try {
      // Somebody else had it meanwhile: what was to be done may be done, and whoever stopped it is heeded.
      if (this.#store.head(run).seq !== from.seq) return this.#lookAgain();
      const driven = takeUp(run, this.#store, this.#world);
      this.#fullSaid = false;
      this.#runs.set(run, { driven, from, vain, restsTill: 0 });
      const end = driven.end
        .then((result) => this.#ended(run, result))
        .catch((error: unknown) => this.#failed(run, error))
        .finally(() => this.#ends.delete(end));
      this.#ends.add(end);
    } catch (error) {
      this.#failed(run, error);
    }
  }

  #lookAgain(): void {
    this.#lookAt = 0;
  }

  #ended(run: string, end: RunEnd): void {
    sayEnd(run, end, this.#store, this.#world.terminal);
    this.#lookAgain();
    const wakened = this.#runs.get(run)?.from.status === "suspended";
    // What it was woken for has not helped it: it might be woken for it again.
    if (end.status !== "suspended" || !wakened || this.#cameFurther(run, 2)) return void this.#runs.delete(run);
    this.#rest(run, "what it was woken for does not help it");
  }

  #failed(run: string, error: unknown): void {
    this.#lookAgain();
    const reaction = reactionTo(error);
    switch (reaction) {
      case "leaveToOthers":
        return void this.#runs.delete(run);
      case "sayAndLeaveToOthers":
        this.#complain(run, error);
        return void this.#runs.delete(run);
      case "awaitRoom":
        return this.#awaitRoom(run, error);
      case "setAside":
        return this.#setAside(run, error);
      case "tryAgain":
        return this.#tryAgain(run, error);
      case "giveUp":
        this.#broken ??= error;
        this.#runs.delete(run);
        return this.stop();
      default:
        return unreachable(reaction);
    }
  }

  /** A fault of Keel: it may have been the moment. */
  #tryAgain(run: string, error: unknown): void {
    this.#complain(run, error);
    const served = this.#runs.get(run);
    if (served !== undefined && this.#cameFurther(run, 1)) this.#runs.set(run, { ...served, vain: 0 });
    this.#rest(run, "it fails here each time");
  }

  /** Lets a run rest that came no further; for good after the third time. */
  #rest(run: string, why: string): void {
    const { from, vain } = this.#runs.get(run) ?? {};
    if (from === undefined || vain === undefined) return;
    const restMs = REST_MS[vain];
    if (restMs === undefined) return this.#putAside(run, `taken up ${vain + 1} times, and came no further: ${why}`);
    this.#runs.set(run, { from, vain: vain + 1, restsTill: this.#world.clock.now() + restMs });
  }

  #setAside(run: string, error: unknown): void {
    this.#complain(run, error);
    this.#putAside(run);
  }

  #putAside(run: string, why?: string): void {
    const served = this.#runs.get(run);
    if (served !== undefined) this.#runs.set(run, { from: served.from, vain: 0, restsTill: Infinity });
    const reason = why === undefined ? "" : `${why}. `;
    terminalOf(run, this.#world.terminal).warn(`✗ ${reason}It is left alone until \`keel serve\` is started anew`);
  }

  #awaitRoom(run: string, error: unknown): void {
    this.#sayFull(error);
    const served = this.#runs.get(run);
    const restsTill = this.#world.clock.now() + FULL_MS;
    if (served !== undefined) this.#runs.set(run, { from: served.from, vain: served.vain, restsTill });
  }

  /** Once for all runs. */
  #sayFull(error: unknown): void {
    if (!this.#fullSaid)
      this.#world.terminal.warn(`✗ ${complaintOf(error).message}\n  the runs go on when there is room`);
    this.#fullSaid = true;
  }

  #complain(run: string, error: unknown): void {
    const { message, help } = complaintOf(error);
    const text = help === undefined ? `✗ ${message}` : `✗ ${message}\n  help: ${help}`;
    terminalOf(run, this.#world.terminal).warn(text);
  }

  /** Whether a run has recorded more than `own` events of being taken up and put down. */
  #cameFurther(run: string, own: number): boolean {
    const served = this.#runs.get(run);
    try {
      return served === undefined || this.#store.head(run).seq > served.from.seq + own;
    } catch {
      return false;
    }
  }
}
