// The whole contract between a program that runs and the world: the machine gives an Effect and is given its Outcome.
// What kinds there are stands in `ir/kir`; here they carry values.

import type { EffectNode } from "../ir/kir.ts";
import type { Value, Variant } from "./value.ts";

export type Effect = EffectNode<Value>;
export type EffectKind = Effect["kind"];
export type EffectOf<K extends EffectKind> = Extract<Effect, { readonly kind: K }>;

/** What came of an effect. A Failure is raised in the program as the error it carries (a variant of `Error`). */
export type Outcome =
  { readonly kind: "Value"; readonly value: Value } | { readonly kind: "Failure"; readonly error: Variant };

/** Where in the program an effect stands: its step, and the indices of the loops, retries and folds around it. */
export interface Place {
  readonly step: string;
  readonly indices: readonly number[];
}

/**
 * How an effect meets the journal.
 * `derived`: answered from the journal's own facts, recorded nowhere. `repeatable`: one event, the outcome; done again
 * if a crash came before it. `once`: an intent before, an outcome after, never done again unasked.
 * `line`: recorded first, printed then. `gate`: a question to a person. `engine`: agents and timers, the scheduler's own.
 */
export type Manner = "derived" | "repeatable" | "once" | "line" | "gate" | "engine";

export const manners = {
  Classify: "repeatable",
  Summarize: "repeatable",
  Draft: "repeatable",
  Extract: "repeatable",
  Translate: "repeatable",
  Decide: "repeatable",
  Prompt: "repeatable",
  Ask: "gate",
  Confirm: "gate",
  Notify: "line",
  Show: "line",
  RetryFailed: "line",
  Wait: "engine",
  RetryDelay: "engine",
  WaitUntil: "engine",
  After: "engine",
  Fetch: "repeatable",
  FetchUrl: "repeatable",
  Search: "repeatable",
  Send: "once",
  Archive: "once",
  Settle: "once",
  Operation: "once",
  Remember: "once",
  Recall: "repeatable",
  Forget: "once",
  Run: "engine",
  Stop: "engine",
  Delegate: "engine",
  Post: "engine",
  Now: "derived",
  Random: "derived",
  Env: "derived",
} as const satisfies { readonly [K in EffectKind]: Manner };

/** The manner of one effect: a request that may change something is done once, whatever most of its kind are. */
export function mannerOf(effect: Effect): Manner {
  return effect.kind === "FetchUrl" && !readsOnly(effect.given.options) ? "once" : manners[effect.kind];
}

function readsOnly(options: Value | undefined): boolean {
  if (options === undefined || options === null) return true;
  const method = typeof options === "object" && "method" in options ? options.method : "GET";
  return typeof method === "string" && ["GET", "HEAD"].includes(method.toUpperCase());
}
