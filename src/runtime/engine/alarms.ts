// Wakes the scheduler when something is due: a timer, a tick, a look into the inbox, the lease's heartbeat.

import { earliestTick } from "./actor.ts";
import type { RunState } from "./state.ts";

/** A lease counts as abandoned after 10 s without a heartbeat. */
const HEARTBEAT_MS = 2000;

export class Alarms {
  readonly #state: RunState;
  #armed: { readonly due: number; readonly controller: AbortController } | undefined;
  #beatAt: number;
  #polledAt: number;

  constructor(state: RunState) {
    this.#state = state;
    this.#beatAt = state.world.clock.now();
    this.#polledAt = this.#beatAt;
  }

  /** Sees to it that a Clock arrives no later than the next thing is due. */
  arm(): void {
    const due = this.#nextDue();
    if (this.#armed !== undefined && this.#armed.due <= due) return;
    this.#armed?.controller.abort();
    const controller = new AbortController();
    this.#armed = { due, controller };
    const { clock } = this.#state.world;
    void clock.until(due, controller.signal).then(() => {
      if (!controller.signal.aborted) this.#state.arrivals.push({ kind: "Clock" });
    });
  }

  /** A Clock arrived. */
  rang(): void {
    this.#armed = undefined;
    const now = this.#state.world.clock.now();
    this.#polledAt = now;
    if (now - this.#beatAt < HEARTBEAT_MS) return;
    this.#beatAt = now;
    this.#state.store.heartbeat(this.#state.lease, now);
  }

  stop(): void {
    this.#armed?.controller.abort();
    this.#armed = undefined;
  }

  #nextDue(): number {
    let due = this.#polledAt + this.#state.world.pollMs;
    for (const { waiting } of this.#state.live.values()) {
      if (waiting.kind === "Timer" || waiting.kind === "Pause") due = Math.min(due, waiting.due);
      if (waiting.kind === "Gate") due = Math.min(due, waiting.expires ?? Infinity);
    }
    for (const block of this.#state.blocks.values()) due = Math.min(due, block.due);
    for (const actor of this.#state.actors.values()) {
      if (actor.current === undefined) due = Math.min(due, earliestTick(actor, this.#state.ticks) ?? Infinity);
    }
    return due;
  }
}
