// A machine on its way through an activation with nothing but a record: effects that cost nothing are answered here,
// every other one by whoever walks it.

import type { Effect, Outcome, Place } from "../../interp/effect.ts";
import { advance, type Machine, type Turn } from "../../interp/execute.ts";
import { Float } from "../../interp/value.ts";
import { seededRandom } from "./state.ts";
import type { Stage } from "./rehearse-stage.ts";
import { readVariable } from "./setup.ts";

export interface Walk {
  readonly activation: string;
  readonly machine: Machine;
  /** How many effects were recorded so far. */
  n: number;
  randoms: number;
  /** Of the newest event. */
  time: number;
  /** Secrets without a text that were read. */
  readonly secrets: Set<string>;
}

export type WalkEnd = Extract<Turn, { kind: "Done" | "Failed" }>;

/** Walks until the activation ends, or until nobody knows what came of an effect. */
export function walk(
  stage: Stage,
  on: Walk,
  meet: (effect: Effect, place: Place) => Outcome | undefined,
): WalkEnd | undefined {
  let outcome: Outcome | undefined;
  for (;;) {
    const turn = advance(stage.code, on.machine, outcome);
    outcome = undefined;
    if (turn.kind === "Yield") continue;
    if (turn.kind !== "Effect") return turn;
    outcome = derived(stage, on, turn.effect) ?? meet(turn.effect, turn.place);
    if (outcome === undefined) return undefined;
  }
}

function derived({ world, history }: Stage, on: Walk, effect: Effect): Outcome | undefined {
  if (effect.kind === "Now") return { kind: "Value", value: new Date(on.time).toISOString() };
  if (effect.kind === "Random") {
    on.randoms += 1;
    return { kind: "Value", value: new Float(seededRandom(history.started.seed, on.activation, on.randoms)) };
  }
  if (effect.kind !== "Env") return undefined;
  if (world.hiddenVariables.has(effect.name)) on.secrets.add(effect.name);
  return readVariable(effect, world.environment);
}
