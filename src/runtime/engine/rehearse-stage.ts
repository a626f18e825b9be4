// What a rehearsal of one program through one journal has in its hands. Invariant: a stage waits for nothing, writes
// nothing and asks nobody.

import { Failure } from "../../interp/failure.ts";
import { link, type Code } from "../../interp/link.ts";
import type { Struct, Variant } from "../../interp/value.ts";
import type { AgentNode, Program } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { AgentSettings } from "../effects/handler.ts";
import type { ActivationStarted, RunStarted } from "../journal/event.ts";
import type { Decoder } from "../models/structured.ts";
import type { Actor } from "./actor.ts";
import type { History } from "./rehearse-journal.ts";
import type { States } from "./rehearse-state.ts";
import { recordedWorld, type AtHand, type RecordedWorld } from "./rehearse-world.ts";
import { agentSettings, calendarsOf } from "./setup.ts";

export interface Stage {
  readonly program: Program;
  readonly code: Code;
  readonly world: RecordedWorld;
  /** What the run was started with, and has been given since. */
  readonly started: RunStarted;
  readonly decode: Decoder;
  readonly history: History;
  readonly states: States;
  /** The program is that of the journal from this event on, up to the one before `to`. */
  readonly from: number;
  readonly to: number;
  readonly players: Map<string, Player>;
}

/** An agent, or main, as the program declares it. */
export interface Player {
  /** Absent for main. */
  readonly name: string | undefined;
  readonly node: AgentNode | undefined;
  readonly settings: AgentSettings | undefined;
  readonly calendars: Actor["calendars"];
}

/** What every stage of a rehearsal has in common. */
export interface House {
  readonly history: History;
  readonly states: States;
  readonly decode: Decoder;
  readonly atHand: AtHand;
}

export function setStage(program: Program, started: RunStarted, house: House, from = 1, to = Infinity): Stage {
  const { history, states, decode, atHand } = house;
  const world = recordedWorld(program, started, atHand);
  return {
    program,
    code: link(program, world.inputs),
    world,
    started,
    decode,
    history,
    states,
    from,
    to,
    players: new Map(),
  };
}

/** A stage for each program that the run had. */
export function stagesOf(house: House): readonly Stage[] {
  const { journal, started, upgrades } = house.history;
  let known = started;
  return [started, ...upgrades].map(({ program, env, inputs, seq }, index) => {
    known = { ...known, program, env: { ...known.env, ...env }, inputs: { ...known.inputs, ...inputs } };
    return setStage(journal.program(program), known, house, seq, upgrades[index]?.seq);
  });
}

/** Throws a Failure where the agent's declaration reads a variable that is not set, or comes to no schedule. */
export function playerOf(stage: Stage, name: string | undefined): Player {
  const known = stage.players.get(name ?? "");
  if (known !== undefined) return known;
  const player = name === undefined ? main : agent(stage, name);
  stage.players.set(name ?? "", player);
  return player;
}

const main: Player = { name: undefined, node: undefined, settings: undefined, calendars: [] };

function agent({ program, code, world, history }: Stage, name: string): Player {
  const node = program.agents[name];
  invariant(node !== undefined, `agent ${name} is not in the program`);
  const settings = agentSettings(code, node, world.environment);
  const calendars = calendarsOf(node, settings, history.started.zone);
  return { name, node, settings, calendars };
}

/** Whoever does an activation; absent where the program has no such agent. */
export function playerIn(stage: Stage, { agent: name }: ActivationStarted): Player | undefined {
  return name !== undefined && stage.program.agents[name] === undefined ? undefined : playerOf(stage, name);
}

/** The agent's state of this moment. */
export function stateOf({ states, from }: Stage, { name, settings }: Player): Struct {
  return states.of(name, settings?.state ?? {}, from);
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
