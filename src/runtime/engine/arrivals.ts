// What the world brings, in the order it came: the one place the scheduler waits at.

import type { Performed, Settled } from "../effects/handler.ts";
import type { Activation } from "./activation.ts";

export type Arrival =
  | { readonly kind: "Performed"; readonly activation: Activation; readonly performed: Performed }
  | { readonly kind: "Settled"; readonly activation: Activation; readonly settled: Settled }
  | {
      readonly kind: "Answered";
      readonly activation: Activation;
      readonly gate: string;
      readonly answer: Answer;
      readonly by: string;
    }
  /** Pure code used up its share: it goes on after everyone else had a turn. */
  | { readonly kind: "Yielded"; readonly activation: Activation }
  /** Something may be due: a timer, the inbox, the heartbeat. */
  | { readonly kind: "Clock" }
  | { readonly kind: "Interrupt" }
  /** Something is in the inbox. */
  | { readonly kind: "Posted" }
  /** This process is to let go of the run. */
  | { readonly kind: "Leave" }
  /** A handler broke: a fault of Keel, thrown on. */
  | { readonly kind: "Broken"; readonly error: unknown };

/** A person's answer as typed; `undefined` where nobody can be asked. */
export type Answer = string | undefined;

export class Arrivals {
  #queue: Arrival[] = [];
  #wake: (() => void) | undefined;

  push(arrival: Arrival): void {
    this.#queue.push(arrival);
    this.#wake?.();
    this.#wake = undefined;
  }

  /** Everything that has arrived, at least one. */
  async next(): Promise<readonly Arrival[]> {
    if (this.#queue.length === 0) await new Promise<void>((resolve) => (this.#wake = resolve));
    const arrived = this.#queue;
    this.#queue = [];
    return arrived;
  }

  /** Pushes what a promise gives, and its rejection as a fault of Keel. */
  follow(promise: Promise<Arrival>): void {
    promise.then(
      (arrival) => this.push(arrival),
      (error: unknown) => this.push({ kind: "Broken", error }),
    );
  }
}
