// Whether a run can go on by itself. A pure look at the run's state; the scheduler acts on what it says.

import type { Activation } from "./activation.ts";
import { earliestTick, type Actor } from "./actor.ts";
import type { RunState } from "./state.ts";

export type Verdict =
  | { readonly kind: "GoesOn" }
  | { readonly kind: "Completed" }
  | { readonly kind: "Failed" }
  /** Only a person can help: the open questions and the steps in doubt. */
  | { readonly kind: "Suspended"; readonly waiting: readonly string[] }
  /** A circle of activations wait for one another: its newest delegation gets `none`. */
  | { readonly kind: "Deadlock"; readonly activation: Activation };

/** Asked when nothing is ready. */
export function verdict(state: RunState): Verdict {
  const live = [...state.live.values()];
  if (state.failing !== undefined) return live.some(isInMotion) ? { kind: "GoesOn" } : { kind: "Failed" };
  if (live.some(isUnderWay)) return { kind: "GoesOn" };
  const waiting = live.filter(needsPerson);
  const free = [...state.actors.values()].filter(
    (actor) => actor.current === undefined || !waitsForPerson(state, actor.current, new Set()),
  );
  if (free.some((actor) => hasTimer(state, actor))) return { kind: "GoesOn" };
  if (waiting.length > 0) return { kind: "Suspended", waiting: waiting.map((activation) => personText(activation)) };
  const delegation = live.findLast((activation) => activation.waiting.kind === "Task");
  if (delegation !== undefined) return { kind: "Deadlock", activation: delegation };
  const running = [...state.actors.values()].some((actor) => actor.running !== undefined);
  return running || live.length > 0 ? { kind: "GoesOn" } : { kind: "Completed" };
}

/** Something of it is on its way: an effect in the world, a question that is being asked, a timer. */
function isUnderWay(activation: Activation): boolean {
  const { waiting } = activation;
  return (
    isInMotion(activation) ||
    waiting.kind === "Timer" ||
    waiting.kind === "Pause" ||
    (waiting.kind === "Gate" && !waiting.unanswered)
  );
}

/** What a failing run still waits for: timers and questions are left as they are. */
function isInMotion({ waiting }: Activation): boolean {
  return waiting.kind === "World" || waiting.kind === "Turn" || waiting.kind === "Ready";
}

function needsPerson({ waiting }: Activation): boolean {
  return waiting.kind === "Doubt" || (waiting.kind === "Gate" && waiting.unanswered);
}

/** Whether an activation waits for a person, or for an actor that does. */
function waitsForPerson(state: RunState, activation: Activation, seen: Set<string>): boolean {
  if (needsPerson(activation)) return true;
  const { waiting } = activation;
  if ((waiting.kind !== "Agent" && waiting.kind !== "Task") || seen.has(waiting.agent)) return false;
  seen.add(waiting.agent);
  const current = state.actors.get(waiting.agent)?.current;
  return current !== undefined && waitsForPerson(state, current, seen);
}

function hasTimer(state: RunState, actor: Actor): boolean {
  if (earliestTick(actor, state.ticks) !== undefined) return true;
  return hasBlock(state, actor);
}

/** Whether a block of `after` waits for its time in this actor. */
export function hasBlock(state: RunState, actor: Actor): boolean {
  for (const block of state.blocks.values()) if (block.actor === actor) return true;
  return false;
}

function personText({ waiting, id }: Activation): string {
  if (waiting.kind === "Gate") return waiting.gate;
  return waiting.kind === "Doubt" ? `${waiting.step.activation}:${waiting.step.n}` : id;
}
