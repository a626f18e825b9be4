// The run's pen: events gather in a batch and become durable together. Invariant: nothing that depends on an event is
// performed or shown before `commit` has returned. Every event of a batch has one time, and time never goes back.

import type { Event, Recorded } from "../journal/event.ts";
import type { Mask } from "../journal/mask.ts";
import type { Lease, Store } from "../journal/store.ts";
import type { Clock } from "../world.ts";

export class Recorder {
  readonly #store: Store;
  readonly #lease: Lease;
  readonly #mask: Mask;
  readonly #clock: Clock;
  #batch: Event[] = [];
  #taken: number[] = [];
  #at: number;
  /** The clock's reading when the batch was begun. */
  #now: number | undefined;

  constructor(store: Store, lease: Lease, mask: Mask, clock: Clock, lastAt: number) {
    this.#store = store;
    this.#lease = lease;
    this.#mask = mask;
    this.#clock = clock;
    this.#at = lastAt;
  }

  /** The clock's reading for the batch: what is due is counted from it, so that it follows from the event's time. */
  now(): number {
    this.#now ??= this.#clock.now();
    return this.#now;
  }

  /** Adds an event to the batch, masked; gives the time it will carry. */
  add(event: Event): number {
    this.#at = Math.max(this.#at, this.now());
    this.#batch.push(this.#mask.event(event));
    return this.#at;
  }

  /** Adds what an inbox item led to; the item leaves the inbox in the same transaction. */
  addTaken(item: number, event: Event): number {
    this.#taken.push(item);
    return this.add(event);
  }

  /** Lets an inbox item leave with the next transaction, without an event of its own. */
  forget(item: number): void {
    this.#taken.push(item);
  }

  /** Makes the batch durable. Throws StoreError. */
  commit(): readonly Recorded[] {
    this.#now = undefined;
    if (this.#batch.length === 0 && this.#taken.length === 0) return [];
    const events = this.#batch;
    const taken = this.#taken;
    this.#batch = [];
    this.#taken = [];
    return taken.length === 0
      ? this.#store.append(this.#lease, events, this.#at)
      : this.#store.drain(this.#lease, taken, events, this.#at);
  }
}
