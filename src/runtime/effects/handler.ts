// What performs an effect. One handler a kind, in a table that does not compile while a kind is missing (`table`).
// A handler waits for the world and says what came of it; it records nothing and prints nothing but through `progress`.

import type { EffectKind, EffectOf, Outcome, Place } from "../../interp/effect.ts";
import type { FunctionValue, Value } from "../../interp/value.ts";
import type { Program } from "../../ir/kir.ts";
import type { ModelUse } from "../journal/event.ts";
import type { Memory } from "../journal/memory.ts";
import type { World } from "../world.ts";

/** Performs one kind of effect. Rejects only for a Bug; what goes wrong in the world is a Failure outcome. */
export interface Handler<K extends EffectKind> {
  perform(effect: EffectOf<K>, step: StepContext): Promise<Performed>;
  /**
   * For a `once` effect that was intended and has no outcome: looks whether it happened. `absent` means certainly not;
   * then it is performed again. Without this, or `unknown`, a person is asked.
   */
  settle?(effect: EffectOf<K>, step: StepContext): Promise<Settled>;
}

export type Settled =
  | { readonly kind: "Happened"; readonly outcome: Outcome }
  | { readonly kind: "Absent" }
  | { readonly kind: "Unknown"; readonly why: string };

/** The outcome, and what an AI operation has to say of itself in its model.replied event. */
export interface Performed {
  readonly outcome: Outcome;
  readonly model?: ModelUse;
}

export interface StepContext {
  readonly world: World;
  readonly program: Program;
  readonly run: string;
  /** Unique to this effect over all runs and the same on every attempt: a Message-ID or Idempotency-Key is made of it. */
  readonly key: string;
  readonly place: Place;
  /** On whose behalf: its role, model, rules and config hold for AI operations. */
  readonly agent: AgentSettings | undefined;
  /** Whether a `retry` around this step is past its first attempt. */
  readonly isRetry?: boolean;
  /** Aborts when the run is interrupted; a `once` effect ignores it. */
  readonly signal: AbortSignal;
  /** Calls a pure function value of the program (a `where`). Throws a Failure. */
  call(callee: FunctionValue, given: readonly Value[]): Value;
  /** The settings of a connection of the program, evaluated at first use. */
  settings(connection: string): { readonly via: string; readonly values: { readonly [name: string]: Value } };
  /** A text without the run's secrets. Whoever shortens a text masks it before: half a secret would not be found. */
  mask(text: string): string;
  /** A line for a person that is not part of the run's output (`🤖 Classifying as …`). */
  progress(text: string): void;
  readonly memory: StepMemory;
}

/** The memory of the program and of the agent whose step it is. Throws a Failure where the agent has none. */
export interface StepMemory {
  /** Once for this step's key. */
  put(value: Value): void;
  /** Newest first; of a `session` memory only what this run remembered. */
  all(): readonly Memory[];
  drop(keys: readonly string[]): void;
}

/** An agent's declaration as its `setup` gave it. */
export interface AgentSettings {
  readonly name: string;
  readonly role: string;
  readonly model: string | undefined;
  readonly rules: readonly string[];
  readonly config: { readonly [name: string]: Value };
  readonly state: { readonly [field: string]: Value };
  /** In ms, one for each schedule. */
  readonly intervals: readonly number[];
  readonly times: readonly (string | undefined)[];
  readonly memory: "none" | "session" | "persistent";
}
