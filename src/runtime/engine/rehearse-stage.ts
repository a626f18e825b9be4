// What a rehearsal of one program through one journal has in its hands. Invariant: a stage waits for nothing, writes
// nothing and asks nobody.

import { decode } from "../../interp/codec.ts";
import { Failure } from "../../interp/failure.ts";
import { link, type Code } from "../../interp/link.ts";
import type { Value, Variant } from "../../interp/value.ts";
import type { AgentNode, Program } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { AgentSettings } from "../effects/handler.ts";
import type { ActivationStarted, Recorded } from "../journal/event.ts";
import type { Decoder } from "../models/structured.ts";
import type { Actor } from "./actor.ts";
import type { History } from "./rehearse-journal.ts";
import { recordedWorld, type AtHand, type RecordedWorld } from "./rehearse-world.ts";
import { agentSettings, calendarsOf } from "./setup.ts";

export interface Stage {
  readonly program: Program;
  readonly code: Code;
  readonly world: RecordedWorld;
  readonly decode: Decoder;
  readonly history: History;
  readonly players: Map<string, Player>;
}

/** An agent, or main, between two of its activations. */
export interface Player {
  /** Absent for main. */
  readonly name: string | undefined;
  readonly node: AgentNode | undefined;
  readonly settings: AgentSettings | undefined;
  readonly calendars: Actor["calendars"];
  readonly state: { [field: string]: Value };
  /** Fields whose value of this moment was pruned. */
  readonly hidden: Set<string>;
}

export function setStage(program: Program, history: History, decode: Decoder, atHand: AtHand): Stage {
  const world = recordedWorld(program, history.started, atHand);
  return { program, code: link(program, world.inputs), world, decode, history, players: new Map() };
}

/** Throws a Failure where the agent's declaration reads a variable that is not set, or comes to no schedule. */
export function playerOf(stage: Stage, name: string | undefined): Player {
  const known = stage.players.get(name ?? "");
  if (known !== undefined) return known;
  const player = name === undefined ? main() : agent(stage, name);
  stage.players.set(name ?? "", player);
  return player;
}

function main(): Player {
  return { name: undefined, node: undefined, settings: undefined, calendars: [], state: {}, hidden: new Set() };
}

function agent({ program, code, world, history }: Stage, name: string): Player {
  const node = program.agents[name];
  invariant(node !== undefined, `agent ${name} is not in the program`);
  const settings = agentSettings(code, node, world.environment);
  const calendars = calendarsOf(node, settings, history.started.zone);
  const player: Player = { name, node, settings, calendars, state: { ...settings.state }, hidden: new Set() };
  if (history.pruned) restoreState(history, player);
  return player;
}

/** Of a journal with gaps: what no activation that is left changed is as it is now, and the rest is not known yet. */
function restoreState(history: History, { name, state, hidden }: Player): void {
  const changed = new Set(fieldsChanged(history, name));
  for (const [field, value] of Object.entries(history.journal.states()[name ?? ""] ?? {})) {
    if (changed.has(field)) hidden.add(field);
    else state[field] = decode(value);
  }
}

function fieldsChanged({ begun, ends, journal }: History, agent: string | undefined): readonly string[] {
  return begun.flatMap((seq) => {
    const began = journal.event(seq);
    if (began?.type !== "activation.started" || began.agent !== agent) return [];
    const end = journal.event(ends.get(began.activation) ?? 0);
    return end?.type === "activation.completed" || end?.type === "activation.failed"
      ? Object.keys(end.state ?? {})
      : [];
  });
}

/** Whoever does an activation; absent where the program has no such agent. */
export function playerIn(stage: Stage, { agent }: ActivationStarted): Player | undefined {
  return agent !== undefined && stage.program.agents[agent] === undefined ? undefined : playerOf(stage, agent);
}

/** An agent goes on with the state that is recorded. */
export function keepState(player: Player, end: Recorded | undefined): void {
  if (end?.type !== "activation.completed" && end?.type !== "activation.failed") return;
  for (const [field, value] of Object.entries(end.state ?? {})) {
    player.state[field] = decode(value);
    player.hidden.delete(field);
  }
}

/** Why an agent cannot be used, if so. */
export function refusalOf(stage: Stage, name: string): Variant | undefined {
  try {
    playerOf(stage, name);
    return undefined;
  } catch (failure) {
    if (failure instanceof Failure) return failure.error;
    throw failure;
  }
}
