// The scheduler drives the machines of a run's live activations. Invariants:
//   1. The only `await` of the engine is in `drive`; between two awaits everything is synchronous.
//   2. What has arrived is recorded before any activation goes on because of it.
//   3. An activation that is not waiting is advanced until it is; an actor has one activation at a time.
//   4. After a StoreError `lost` nothing is written or begun any more.

import { advance } from "../../interp/execute.ts";
import { mannerOf, type Outcome } from "../../interp/effect.ts";
import { FunctionValue } from "../../interp/value.ts";
import { invariant, unreachable } from "../../source/invariant.ts";
import type { ErrorRecord } from "../journal/event.ts";
import { unanswered, type Activation } from "./activation.ts";
import { earliestTick, takeWork, type Actor, type Work } from "./actor.ts";
import { Alarms } from "./alarms.ts";
import { announceRunning } from "./announce.ts";
import { take } from "./arrive.ts";
import { checkpoint } from "./checkpoint.ts";
import { hasBlock, verdict } from "./ending.ts";
import { takeAnswerInTime, takeCancel, takeInbox } from "./inbox.ts";
import { beginActivation, completeActivation, failActivation, finishAgent, stopWork } from "./lifecycle.ts";
import { meet, record } from "./meet.ts";
import { POLL_MS } from "./polling.ts";
import type { RunState } from "./state.ts";

export type RunEnd =
  | { readonly status: "completed" }
  | { readonly status: "failed"; readonly error: ErrorRecord; readonly activation: string; readonly step?: string }
  | { readonly status: "suspended"; readonly waiting: readonly string[] }
  | { readonly status: "interrupted" }
  /** This process let go of it; nothing is recorded of that. */
  | { readonly status: "left" }
  | { readonly status: "cancelled" };

/** Steps of pure code between two looks at the clock. */
const FUEL = 1_000_000;
/** How long an activation whose effects are all met at once goes on before others, and Ctrl+C, have their turn. */
const SLICE_MS = 50;
/** How long an interrupted run waits for a `once` effect in flight. */
const GRACE_MS = 20_000;

/** Drives a run until it ends, can go on only with a person, or is interrupted. Throws StoreError and Divergence. */
export async function drive(state: RunState): Promise<RunEnd> {
  const alarms = new Alarms(state);
  try {
    if (!takeCancel(state)) progress(state);
    takeInbox(state);
    for (;;) {
      if (state.stop === undefined) progress(state);
      if (state.stop === undefined) askOpen(state);
      state.recorder.commit();
      const end = ending(state);
      if (end === "again") continue;
      if (end !== undefined) return end;
      alarms.arm();
      for (const arrival of await state.arrivals.next()) take(state, alarms, arrival);
    }
  } finally {
    alarms.stop();
    state.abort.abort();
    state.questions.withdraw();
  }
}

/**
 * Does everything that needs no waiting. What is live goes first: after a restart it must have come to where it waits
 * before a timer fires or an agent stops, or it would miss that.
 */
function progress(state: RunState): void {
  for (let worked = true; worked;) {
    worked = false;
    for (const activation of [...state.live.values()]) {
      if (activation.waiting.kind !== "Ready") continue;
      turn(state, activation);
      worked = true;
    }
    worked = fireTimers(state) || worked;
    worked = feedActors(state) || worked;
  }
}

/** Advances a machine until it waits for something or is over. */
function turn(state: RunState, activation: Activation): void {
  const { waiting } = activation;
  invariant(waiting.kind === "Ready", "only what is ready is advanced");
  let { outcome } = waiting;
  const begun = state.world.clock.now();
  for (;;) {
    const next = advance(state.code, activation.machine, outcome, FUEL);
    if (next.kind === "Done") return completeActivation(state, activation, next.value);
    if (next.kind === "Failed") return failActivation(state, activation, next.error, next.step);
    if (next.kind === "Yield") return giveWay(state, activation);
    if (mannerOf(next.effect) !== "derived") checkpoint(state, activation);
    outcome = meet(state, activation, next.effect, next.place);
    if (outcome === undefined) return;
    // A clock that was set back meanwhile ends it as well.
    if (Math.abs(state.world.clock.now() - begun) >= SLICE_MS) return giveWay(state, activation, outcome);
  }
}

function giveWay(state: RunState, activation: Activation, outcome?: Outcome): void {
  activation.waiting = outcome === undefined ? { kind: "Turn" } : { kind: "Turn", outcome };
  setImmediate(() => state.arrivals.push({ kind: "Yielded", activation }));
}

function fireTimers(state: RunState): boolean {
  const now = state.world.clock.now();
  let fired = false;
  for (const activation of state.live.values()) fired = fireTimer(state, activation, now) || fired;
  for (const [id, block] of state.blocks) {
    if (block.due > now) continue;
    state.blocks.delete(id);
    const cause = { kind: "Timer", timer: id } as const;
    const { due: arrived, callee } = block;
    block.actor.mailbox.push({ id: `${block.activation}#${block.n}`, cause, arrived, callee, arguments: [] });
    fired = true;
  }
  return fired;
}

/** What an activation waits for has come by the clock alone. */
function fireTimer(state: RunState, activation: Activation, now: number): boolean {
  const { waiting } = activation;
  if (waiting.kind === "Gate" && waiting.expires !== undefined && waiting.expires <= now) {
    if (takeAnswerInTime(state, activation)) return true;
    state.questions.withdraw(waiting.gate, "nobody answered in time");
    record(state, activation, { type: "gate.expired", ...waiting.step });
    activation.waiting = { kind: "Ready", outcome: unanswered };
    return true;
  }
  if ((waiting.kind !== "Timer" && waiting.kind !== "Pause") || !isDue(waiting, now)) return false;
  if (waiting.kind === "Timer") record(state, activation, { type: "timer.fired", ...waiting.step });
  activation.waiting = { kind: "Ready", outcome: { kind: "Value", value: null } };
  return true;
}

/** A pause is over as well where the clock was set back to before it began. */
function isDue({ kind, due }: { readonly kind: "Timer" | "Pause"; readonly due: number }, now: number): boolean {
  return due <= now || (kind === "Pause" && due > now + POLL_MS);
}

/** Gives each free actor its next work, or lets its agent stop where there will be none. */
function feedActors(state: RunState): boolean {
  let fed = false;
  for (const actor of [...state.actors.values()]) {
    if (actor.current !== undefined || state.failing !== undefined) continue;
    const work = nextWork(state, actor);
    if (work !== undefined) beginActivation(state, actor, work);
    else if ((actor.running !== undefined || actor.stopping) && isSpent(state, actor)) finishAgent(state, actor);
    else continue;
    fed = true;
  }
  return fed;
}

function nextWork(state: RunState, actor: Actor): Work | undefined {
  if (!actor.stopping) {
    const tickOf = (schedule: { readonly function: string }): FunctionValue => new FunctionValue(schedule.function, []);
    const work = takeWork(actor, state.world.clock.now(), state.ticks, tickOf);
    if (work !== undefined) return work;
  }
  if (actor.farewell || !isSpent(state, actor)) return undefined;
  actor.farewell = true;
  return stopWork(state, actor);
}

/** Nothing scheduled, nothing to be told, nothing waiting: or it was told to stop. */
function isSpent(state: RunState, actor: Actor): boolean {
  if (actor.stopping) return true;
  const listens = actor.node?.onMessage !== undefined && state.ticks === Infinity;
  return (
    !listens && actor.mailbox.length === 0 && earliestTick(actor, state.ticks) === undefined && !hasBlock(state, actor)
  );
}

/** Puts open questions that nobody was asked yet: to the answers given beforehand, then to the terminal. */
function askOpen(state: RunState): void {
  for (const activation of state.live.values()) {
    const { waiting } = activation;
    if (waiting.kind !== "Gate" || waiting.asked) continue;
    waiting.asked = true;
    const { gate, step, question: text, expires } = waiting;
    const given = state.questions.scripted(text);
    if (given !== undefined) state.world.terminal.note(`  ? ${text}\n  ✎ ${given}`);
    const agent = activation.actor.name;
    const question = {
      kind: step.effect === "Ask" ? "Ask" : "Confirm",
      text,
      ...(agent === undefined ? {} : { agent }),
      ...(expires === undefined ? {} : { expires }),
    } as const;
    const asked = given === undefined ? state.questions.ask(gate, question) : Promise.resolve(given);
    const by = given === undefined ? "terminal" : "file";
    state.arrivals.follow(asked.then((answer) => ({ kind: "Answered", activation, gate, answer, by })));
  }
}

// ── the end ─────────────────────────────────────────────────────────────────────────────────────────────────────

/** Records the run's end if it has come. `again`: something was unblocked that can go on at once. */
function ending(state: RunState): RunEnd | "again" | undefined {
  if (state.stop !== undefined) return stopped(state);
  const said = verdict(state);
  switch (said.kind) {
    case "GoesOn":
      announceIdle(state);
      return undefined;
    case "Deadlock":
      breakCircle(state, said.activation);
      return "again";
    case "Completed":
      return end(state, { type: "run.completed" }, { status: "completed" });
    case "Suspended":
      if (takeInbox(state)) return "again";
      return end(
        state,
        { type: "run.suspended", waiting: said.waiting },
        { status: "suspended", waiting: said.waiting },
      );
    case "Failed": {
      invariant(state.failing !== undefined, "a failed run knows why");
      return end(state, { type: "run.failed", ...state.failing }, { status: "failed", ...state.failing });
    }
    default:
      return unreachable(said);
  }
}

function end(state: RunState, event: Parameters<RunState["recorder"]["add"]>[0], result: RunEnd): RunEnd {
  state.recorder.add(event);
  state.recorder.commit();
  return result;
}

/** A run that is interrupted, cancelled or left ends here when no `once` effect is in flight, or when its time of grace is over. */
function stopped(state: RunState): RunEnd | undefined {
  state.abort.abort();
  state.questions.withdraw();
  const now = state.world.clock.now();
  state.stopBy ??= now + GRACE_MS;
  const inFlight = [...state.live.values()].filter(({ waiting }) => waiting.kind === "World" && waiting.once);
  if (inFlight.length > 0 && now < state.stopBy) {
    if (!state.graceSaid)
      state.world.terminal.warn(
        `  waiting for ${inFlight.length} step(s) that must not be cut off; press Ctrl+C again to leave at once`,
      );
    state.graceSaid = true;
    return undefined;
  }
  if (state.stop === "leave") return { status: "left" };
  return state.stop === "cancel"
    ? end(state, { type: "run.cancelled", by: "inbox" }, { status: "cancelled" })
    : end(state, { type: "run.interrupted" }, { status: "interrupted" });
}

/** A circle of delegations waits for itself: the newest one gives `none`. */
function breakCircle(state: RunState, activation: Activation): void {
  const { waiting } = activation;
  invariant(waiting.kind === "Task", "only a delegation is broken off");
  record(state, activation, { type: "step.completed", ...waiting.step, value: null, settled: "deadlock" });
  activation.waiting = { kind: "Ready", outcome: { kind: "Value", value: null } };
}

function announceIdle(state: RunState): void {
  for (const actor of state.actors.values()) {
    if (actor.running === undefined || actor.current !== undefined) continue;
    if (actor.ticks.size > 0 || earliestTick(actor, state.ticks) !== undefined) announceRunning(state, actor);
  }
}
