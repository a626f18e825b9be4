// What the recorded program asked for in one activation, with its arguments: the journal holds most of these as digests
// only, so they are worked out again.

import { decode } from "../../interp/codec.ts";
import { start } from "../../interp/execute.ts";
import type { Json } from "../../ir/kir.ts";
import type { OfStep, Recorded } from "../journal/event.ts";
import { outcomeOf } from "./activation.ts";
import { effectJson, stepOf } from "./opening.ts";
import { isOutcome, type Part } from "./rehearse-activation.ts";
import { stateOf, type Player, type Stage } from "./rehearse-stage.ts";
import { walk, type Walk } from "./rehearse-walk.ts";

/** One recorded effect. */
export interface Record {
  /** Its first event. */
  readonly recorded: Recorded & OfStep;
  /** The effect as JSON, where it could be worked out. */
  readonly given?: Json;
  /** Absent where it has none yet. */
  readonly outcome?: Recorded;
}

export function trace(stage: Stage, player: Player, { began, effects }: Part): readonly Record[] {
  const records: Record[] = [];
  const { activation, at, function: id } = began;
  const machine = start(
    stage.code,
    id,
    began.captures.map(decode),
    began.arguments.map(decode),
    stateOf(stage, player),
  );
  const on: Walk = { activation, machine, n: 0, randoms: 0, time: at, secrets: new Set() };
  const { mask } = stage.world.environment;
  const known = new Map<number, Json>();
  try {
    walk(stage, on, (effect, place) => {
      const events = (effects.get(on.n + 1) ?? []).map((event) => event.open());
      const last = events.at(-1);
      const step = stepOf(activation, on.n + 1, effect, place, mask);
      const first = events.find(isOfStep);
      if (last === undefined || (first !== undefined && first.step !== step.step)) return undefined;
      on.n += 1;
      on.time = last.at;
      known.set(on.n, effectJson(effect, mask));
      return isOutcome(effect.kind, last) ? outcomeOf(last) : undefined;
    });
  } catch {
    // A journal that the recorded program cannot follow: what is not worked out stays unknown.
  }
  for (const [n, sealed] of [...effects].sort(([a], [b]) => a - b)) {
    const events = sealed.map((event) => event.open());
    const first = events.find(isOfStep);
    const last = events.at(-1);
    if (first === undefined || last === undefined) continue;
    const given = known.get(n);
    const outcome = isOutcome(first.effect, last) ? { outcome: last } : {};
    records.push({ recorded: first, ...(given === undefined ? {} : { given }), ...outcome });
  }
  return records;
}

function isOfStep(event: Recorded): event is Recorded & OfStep {
  return "args" in event;
}
