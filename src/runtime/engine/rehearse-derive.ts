// The events that an effect leads to, derived once more. What Keel makes of things (a line, a due time, a question, a
// message, a delegated task's value) is derived; what only the world knew (what was fetched, answered, replied) is taken
// from the record. Pure.

import { decode, encode } from "../../interp/codec.ts";
import { mannerOf, type Effect, type EffectOf } from "../../interp/effect.ts";
import { callPure } from "../../interp/execute.ts";
import { Failure } from "../../interp/failure.ts";
import { FunctionValue } from "../../interp/value.ts";
import { unreachable } from "../../source/invariant.ts";
import type { Json } from "../../ir/kir.ts";
import { retell, type Retold } from "../effects/retell.ts";
import type { Event, ModelReplied, ModelUse, OfStep, Recorded, StepFailed } from "../journal/event.ts";
import { explain } from "../models/fault.ts";
import type { EffectOfModel, ModelKind } from "../models/operation.ts";
import { errorRecord } from "./failures.ts";
import { asked, begun, blockTimer, intent, posted, printed, retryTimer, stopping, waitTimer } from "./opening.ts";
import type { EngineKind, GateKind, LineKind } from "./opening.ts";
import { refusalOf, type Player, type Stage } from "./rehearse-stage.ts";

/** What a recorded event should be, or why none of its type can stand there. `opened` is the effect's event before it. */
export type Derived = Event | { readonly type: "unfit"; readonly why: string };

export interface Scene {
  readonly stage: Stage;
  readonly player: Player;
  readonly effect: Effect;
  readonly step: OfStep;
  /** The seq of the activation's event before the effect. */
  readonly before: number;
}

export function derive(scene: Scene, recorded: Recorded, opened: Recorded | undefined): Derived {
  return (opened === undefined ? opening(scene, recorded) : undefined) ?? closing(scene, recorded, opened);
}

const unfit = (why: string): Derived => ({ type: "unfit", why });

// ── the first event ─────────────────────────────────────────────────────────────────────────────────────────────

/** Absent where the effect's first event is what came of it. */
function opening(scene: Scene, recorded: Recorded): Derived | undefined {
  const { stage, effect, step } = scene;
  const manner = mannerOf(effect);
  switch (manner) {
    case "line":
      return printed(effect as EffectOf<LineKind>, step);
    case "gate":
      return asked(effect as EffectOf<GateKind>, step, recorded.at);
    case "once":
      return intent(effect, step, stage.world.environment.mask);
    case "engine":
      return openingOfEngine(scene, effect as EffectOf<EngineKind>, recorded);
    case "repeatable":
    case "derived":
      return undefined;
    default:
      return unreachable(manner);
  }
}

function openingOfEngine(scene: Scene, effect: EffectOf<EngineKind>, recorded: Recorded): Derived | undefined {
  const { stage, player, step } = scene;
  switch (effect.kind) {
    case "Wait":
      return waitTimer(effect, step, recorded.at);
    case "RetryDelay":
      return retryTimer(effect, step, recorded.at);
    case "After":
      return blockTimer(effect, step, player.name, recorded.at);
    case "Run":
      return recorded.type === "agent.started" ? begun(effect, step) : undefined;
    case "Delegate":
      return intent(effect, step, stage.world.environment.mask);
    case "Post":
      return refused(stage, effect.agent, step) ?? posted(effect, step, player.name);
    case "Stop":
      return recorded.type === "agent.stopping" ? stopping(effect, step) : undefined;
    case "WaitUntil":
      return undefined;
    default:
      return unreachable(effect);
  }
}

function refused(stage: Stage, agent: string, step: OfStep): StepFailed | undefined {
  const error = refusalOf(stage, agent);
  return error === undefined ? undefined : { type: "step.failed", ...step, error: errorRecord(error) };
}

// ── the outcome ─────────────────────────────────────────────────────────────────────────────────────────────────

function closing(scene: Scene, recorded: Recorded, opened: Recorded | undefined): Derived {
  const { effect, step } = scene;
  const manner = mannerOf(effect);
  switch (manner) {
    case "repeatable":
    case "once":
      return ofWorld(scene, recorded);
    case "gate":
      return answered(effect as EffectOf<GateKind>, step, recorded, opened);
    case "engine":
      return closingOfEngine(scene, effect as EffectOf<EngineKind>, recorded);
    case "line":
    case "derived":
      return unfit(`nothing comes after ${effect.kind}`);
    default:
      return unreachable(manner);
  }
}

function closingOfEngine(scene: Scene, effect: EffectOf<EngineKind>, recorded: Recorded): Derived {
  const { stage, step } = scene;
  switch (effect.kind) {
    case "Wait":
    case "RetryDelay":
      return { type: "timer.fired", ...step };
    case "WaitUntil":
      if (recorded.type === "step.failed") return { type: "step.failed", ...step, error: recorded.error };
      return { type: "step.completed", ...step, value: true };
    case "Run":
      return refused(stage, effect.agent, step) ?? stopped(scene, effect, recorded);
    case "Stop":
      return refused(stage, effect.agent, step) ?? { type: "step.completed", ...step, value: null };
    case "Delegate":
      return refused(stage, effect.agent, step) ?? delegated(stage, step, recorded);
    case "After":
    case "Post":
      return unfit(`nothing comes after ${effect.kind}`);
    default:
      return unreachable(effect);
  }
}

function answered(
  { kind, given }: EffectOf<GateKind>,
  step: OfStep,
  recorded: Recorded,
  opened: Recorded | undefined,
): Derived {
  if (opened?.type !== "gate.opened") return unfit("the question was not asked");
  if (recorded.type === "gate.answered") {
    const { answer, by } = recorded;
    if (typeof answer !== (kind === "Ask" ? "string" : "boolean")) return unfit(`no ${kind} is answered so`);
    return { type: "gate.answered", ...step, answer, by };
  }
  return given.timeout === undefined ? unfit("the question has no time limit") : { type: "gate.expired", ...step };
}

/** `run` waits until the agent stops; in background, or where it stopped at once, it goes on. */
function stopped({ stage, step, before }: Scene, { agent, background }: EffectOf<"Run">, recorded: Recorded): Derived {
  const { running, pruned } = stage.history;
  const fits = (running.get(agent) ?? []).some(({ from, to = Infinity }) =>
    background ? from < recorded.seq && recorded.seq < to : before < to && to < recorded.seq,
  );
  if (!fits && !pruned) return unfit(`agent ${agent} ${background ? "was not running" : "had not stopped"}`);
  return { type: "step.completed", ...step, value: null };
}

/** What the delegated activation came to; `none` where it failed, or where a circle was broken here. */
function delegated({ history }: Stage, step: OfStep, recorded: Recorded): Derived {
  const settled = recorded.type === "step.completed" ? recorded.settled : undefined;
  if (settled === "deadlock" || settled === "dropped") {
    return { type: "step.completed", ...step, value: null, settled };
  }
  if (settled === "patch") return recorded;
  const seq = history.ends.get(`${step.activation}#${step.n}`);
  const end = seq === undefined ? undefined : history.journal.event(seq);
  if (end?.type === "activation.completed") return { type: "step.completed", ...step, value: end.value };
  if (end?.type === "activation.failed") return { type: "step.completed", ...step, value: null };
  if (history.pruned && recorded.type === "step.completed") return recorded;
  return unfit("the task that was delegated has not ended");
}

/** These give nothing. */
const silent: ReadonlySet<Effect["kind"]> = new Set<Effect["kind"]>([
  "Send",
  "Archive",
  "Settle",
  "Remember",
  "Forget",
]);

function ofWorld(scene: Scene, recorded: Recorded): Derived {
  const { effect, step } = scene;
  if (recorded.type === "model.replied" && isModel(effect)) return replied(scene, effect, recorded);
  if (recorded.type === "step.failed") {
    const { error, spent } = recorded;
    const use = spent === undefined || !isModel(effect) ? {} : { spent: retold(scene, effect, spent).use };
    return { type: "step.failed", ...step, error, ...use };
  }
  if (recorded.type !== "step.completed") return unfit(`nothing that ${effect.kind} leads to`);
  const { settled } = recorded;
  if (settled === "patch") return { type: "step.completed", ...step, value: encode(decode(recorded.value)), settled };
  if (isModel(effect)) return unfit(`nothing that ${effect.kind} leads to`);
  const value = silent.has(effect.kind) ? null : encode(decode(recorded.value));
  const stray = effect.kind === "Fetch" ? strayItem(scene, effect, recorded.value) : undefined;
  if (stray !== undefined) return unfit(`item ${stray} of what was fetched does not meet the condition`);
  return { type: "step.completed", ...step, value, ...(settled === undefined ? {} : { settled }) };
}

function isModel(effect: Effect): effect is EffectOfModel<ModelKind> {
  return "model" in effect.given;
}

/** A fetched item that the condition, which is the program's own, does not let through: its place. */
function strayItem({ stage }: Scene, { given: { where } }: EffectOf<"Fetch">, items: Json): number | undefined {
  if (!(where instanceof FunctionValue) || !Array.isArray(items)) return undefined;
  const at = (items as readonly Json[]).findIndex((item) => !passes(stage, where, item));
  return at === -1 ? undefined : at;
}

function passes({ code }: Stage, where: FunctionValue, item: Json): boolean {
  try {
    return callPure(code, where, [decode(item)]) === true;
  } catch (failure) {
    if (failure instanceof Failure) return false;
    throw failure;
  }
}

// ── models ──────────────────────────────────────────────────────────────────────────────────────────────────────

function replied(scene: Scene, effect: EffectOfModel<ModelKind>, recorded: Recorded<ModelReplied>): Derived {
  const { step } = scene;
  const { use, value } = retold(scene, effect, recorded);
  if (value !== undefined) return { type: "model.replied", ...step, ...use, value };
  // A script without a reply for this is the one fault that gives a value: none.
  const { reason } = explain({ kind: "Unscripted" }, { kind: "Mock", name: use.model, model: use.used });
  const { model, used, request, replies, cost, priced, ms } = use;
  const price = priced === undefined ? { cost } : { cost, priced };
  return { type: "model.replied", ...step, model, used, request, replies, ...price, ms, reason, value: null };
}

function retold({ stage, player }: Scene, effect: EffectOfModel<ModelKind>, use: ModelUse): Retold {
  const { program, world, decode: read } = stage;
  const { mask } = world.environment;
  return retell(effect, use, { program, agent: player.settings, mask: (said) => mask.text(said) }, read);
}
