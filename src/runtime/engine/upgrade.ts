// Giving a run another program while nobody drives it. What is live goes on with the new program, so it must have come to
// where it is with that one as well: each live activation is followed by it through the journal, offline. What begins
// later begins with the new program, from the state that is there: fields are matched by name and by what they hold.
//
// Invariant: a run is upgraded wholly or not at all; after it, a resume finds nothing that the new program cannot take.

import { decode } from "../../interp/codec.ts";
import { fits } from "../../interp/fits.ts";
import type { Json, Places, Program, Shape } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { ActivationStarted, Recorded, RunStarted, RunUpgraded } from "../journal/event.ts";
import type { Head } from "../journal/fold.ts";
import { programHash } from "../journal/programs.ts";
import { startedOf } from "../journal/started.ts";
import type { Lease, Store } from "../journal/store.ts";
import type { Decoder } from "../models/structured.ts";
import { readEnvironment } from "./environment.ts";
import { type GivenInputs, inputRecords } from "./inputs.ts";
import { follow, partOf } from "./rehearse-activation.ts";
import { journalOf, readHistory } from "./rehearse-journal.ts";
import { playerIn, setStage, type Stage } from "./rehearse-stage.ts";
import { States } from "./rehearse-state.ts";
import type { Finding } from "./rehearsal.ts";

/** Why a run cannot have this program now. */
export type Obstacle =
  /** A live activation would have done something else. */
  | { readonly kind: "Differs"; readonly activation: string; readonly finding: Finding }
  /** A live activation cannot be followed from its beginning: that was pruned. */
  | { readonly kind: "Pruned"; readonly activation: string }
  /** A live activation runs code that is not there any more, or takes other arguments. */
  | { readonly kind: "Gone"; readonly activation: string; readonly function: string }
  /** It runs, and the program has no such agent. */
  | { readonly kind: "Agent"; readonly agent: string }
  /** What a state field holds is not of its type any more. */
  | {
      readonly kind: "State";
      readonly agent: string;
      readonly field: string;
      readonly value: Json;
      readonly shape: Shape;
    }
  /** A timer is set whose block is another one now. */
  | { readonly kind: "Block"; readonly timer: string; readonly due: number }
  /** A message waits that the agent does not take any more. */
  | { readonly kind: "Message"; readonly agent: string; readonly seq: number };

export type Note =
  /** It starts with its default. */
  | { readonly kind: "NewField"; readonly agent: string; readonly field: string }
  /** What it holds is dropped. */
  | { readonly kind: "DroppedField"; readonly agent: string; readonly field: string };

export interface UpgradePlan {
  readonly event: RunUpgraded;
  /** None: it can be done. */
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
  /** How many live activations were followed, and their steps. */
  readonly live: number;
  readonly steps: number;
}

/** What a program is offered as, beside itself: inputs that the run was not started with, and the host's variables. */
export interface Offer {
  readonly inputs: GivenInputs;
  readonly env: { readonly [name: string]: string | undefined };
}

/** Looks whether a run can have this program. Writes nothing. */
export function planUpgrade(run: string, next: Program, store: Store, decoder: Decoder, offer: Offer): UpgradePlan {
  const head = store.head(run);
  const started = startedOf(store, run);
  const before = store.program(run).program;
  const fields = fieldsOf(head, before, next);
  const event = eventOf(next, started, fields.dropped, offer);
  const history = readHistory(journalOf(store, run));
  const house = { history, states: new States(history), decode: decoder, atHand: offer };
  const stage = setStage(next, merged(started, event), house);
  const followed = head.live.map(({ seq }) => followLive(stage, store, run, head, seq));
  return {
    event,
    obstacles: [
      ...followed.flatMap(({ obstacles }) => obstacles),
      ...fields.obstacles,
      ...head.agents.flatMap(({ agent }) =>
        next.agents[agent] === undefined ? [{ kind: "Agent", agent } as const] : [],
      ),
      ...blocksOf(head, store, run, before, next),
      ...messagesOf(head, store, run, next),
    ],
    notes: fields.notes,
    live: followed.length,
    steps: followed.reduce((sum, { steps }) => sum + steps, 0),
  };
}

/** Gives the run the program. Throws StoreError `held`; gives the plan, which has obstacles where nothing was done. */
export function upgradeRun(
  run: string,
  { program, places }: { readonly program: Program; readonly places: Places },
  store: Store,
  decoder: Decoder,
  offer: Offer,
  at: number,
): UpgradePlan {
  const lease: Lease = store.acquire(run, at);
  try {
    const plan = planUpgrade(run, program, store, decoder, offer);
    if (plan.obstacles.length === 0) store.upgrade(lease, program, places, plan.event, at);
    return plan;
  } finally {
    store.release(lease);
  }
}

// ── what the event says ─────────────────────────────────────────────────────────────────────────────────────────

function eventOf(next: Program, started: RunStarted, dropped: RunUpgraded["dropped"], offer: Offer): RunUpgraded {
  const fresh = next.env.filter(({ name }) => started.env[name] === undefined);
  const secrets = Object.entries(started.env).flatMap(([name, { kind }]) => {
    const value = kind === "secret" ? offer.env[name] : undefined;
    return value === undefined ? [] : [{ name, value }];
  });
  const { records, mask } = readEnvironment(fresh, offer.env, started.seed, secrets);
  const inputs = (next.inputs ?? []).filter(({ name }) => started.inputs[name] === undefined);
  const event = mask.event({
    type: "run.upgraded",
    program: programHash(next),
    env: records,
    inputs: inputRecords({ ...next, inputs }, offer.inputs, started.seed),
    dropped,
  });
  invariant(event.type === "run.upgraded", "masking leaves an event what it is");
  return event;
}

function merged<S extends RunStarted>(started: S, { program, env, inputs }: RunUpgraded): S {
  return { ...started, program, env: { ...started.env, ...env }, inputs: { ...started.inputs, ...inputs } };
}

// ── state ───────────────────────────────────────────────────────────────────────────────────────────────────────

interface Fields {
  readonly dropped: RunUpgraded["dropped"];
  readonly obstacles: readonly Obstacle[];
  readonly notes: readonly Note[];
}

function fieldsOf({ states }: Head, before: Program, next: Program): Fields {
  const dropped: { [agent: string]: readonly string[] } = {};
  const obstacles: Obstacle[] = [];
  const notes: Note[] = [];
  for (const [agent, held] of Object.entries(states)) {
    const known = new Map((next.agents[agent]?.state ?? []).map(({ name, shape }) => [name, shape]));
    const gone = Object.keys(held).filter((field) => !known.has(field));
    if (gone.length > 0) dropped[agent] = gone;
    for (const field of gone) notes.push({ kind: "DroppedField", agent, field });
    for (const [field, value] of Object.entries(held)) {
      const shape = known.get(field);
      if (shape !== undefined && !fits(decode(value), shape))
        obstacles.push({ kind: "State", agent, field, value, shape });
    }
    const old = new Set((before.agents[agent]?.state ?? []).map(({ name }) => name));
    for (const field of known.keys()) if (!old.has(field)) notes.push({ kind: "NewField", agent, field });
  }
  return { dropped, obstacles, notes };
}

// ── what is under way ───────────────────────────────────────────────────────────────────────────────────────────

interface FollowedLive {
  readonly steps: number;
  readonly obstacles: readonly Obstacle[];
}

function followLive(stage: Stage, store: Store, run: string, head: Head, seq: number): FollowedLive {
  const began = eventAt(store, run, seq);
  invariant(began.type === "activation.started", `event ${seq} starts an activation`);
  const { activation } = began;
  const player = playerIn(stage, began);
  if (player === undefined) return { steps: 0, obstacles: [{ kind: "Agent", agent: began.agent ?? "" }] };
  if (!isThere(stage.program, began)) {
    return { steps: 0, obstacles: [{ kind: "Gone", activation, function: began.function }] };
  }
  // It began with the state that is recorded: what it changed itself is written when it ends.
  const declared = player.settings?.state ?? {};
  const held = Object.entries(head.states[began.agent ?? ""] ?? {}).filter(([field]) => field in declared);
  stage.states.write(began.agent, Object.fromEntries(held), seq);
  const part = partOf(began, store.activation(run, activation));
  if (!part.effects.has(1) && part.checkpoints.size > 0) {
    return { steps: 0, obstacles: [{ kind: "Pruned", activation }] };
  }
  const { steps, findings } = follow(stage, player, { ...part, checkpoints: new Map() });
  const differing = findings.filter(({ kind }) => kind !== "OtherReply");
  return { steps, obstacles: differing.map((finding) => ({ kind: "Differs", activation, finding })) };
}

function isThere(program: Program, began: ActivationStarted): boolean {
  const node = program.functions[began.function];
  return node?.captures === began.captures.length && node.parameters === began.arguments.length;
}

function blocksOf(head: Head, store: Store, run: string, before: Program, next: Program): readonly Obstacle[] {
  return head.timers.flatMap(({ id, block, seq, due }): readonly Obstacle[] => {
    const event = block ? eventAt(store, run, seq) : undefined;
    if (event?.type !== "timer.set" || event.block === undefined) return [];
    const { $fn: name } = event.block as { readonly $fn?: string };
    const same = JSON.stringify(before.functions[name ?? ""]) === JSON.stringify(next.functions[name ?? ""]);
    return same ? [] : [{ kind: "Block", timer: id, due }];
  });
}

function messagesOf(head: Head, store: Store, run: string, next: Program): readonly Obstacle[] {
  return head.mail.flatMap(({ seq, to }): readonly Obstacle[] => {
    const event = eventAt(store, run, seq);
    const node = next.agents[to];
    if (event.type !== "message.sent") return [];
    const taken =
      node?.onMessage !== undefined && (node.message === undefined || fits(decode(event.body), node.message));
    return taken ? [] : [{ kind: "Message", agent: to, seq }];
  });
}

function eventAt(store: Store, run: string, seq: number): Recorded {
  const event = store.event(run, seq);
  invariant(event !== undefined, `event ${seq} is in the journal`);
  return event;
}
