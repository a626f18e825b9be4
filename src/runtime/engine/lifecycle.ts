// The beginning and the end of activations and agents. When an activation ends, in whatever way, the state it changed
// is written in the transaction of its last event, and so is the outcome of the task it was delegated.

import { decode, encode } from "../../interp/codec.ts";
import { start, type Machine } from "../../interp/execute.ts";
import { decodeMachine } from "../../interp/frame.ts";
import { FunctionValue, type Value, type Variant } from "../../interp/value.ts";
import type { Json } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import { effectId } from "../journal/fold.ts";
import type { ActivationStarted, Checkpoint, Recorded } from "../journal/event.ts";
import { pastOf, type Activation } from "./activation.ts";
import { completed, failed, started } from "./activation-events.ts";
import type { Actor, Work } from "./actor.ts";
import { firstLook } from "./checkpoint.ts";
import { recordable } from "./environment.ts";
import { errorText } from "./failures.ts";
import { record } from "./meet.ts";
import type { RunState } from "./state.ts";

/** Begins what an actor does next: an activation with nothing in the journal yet. */
export function beginActivation(state: RunState, actor: Actor, work: Work): void {
  const { id, callee, cause } = work;
  const { mask } = state.environment;
  const captures = callee.captures.map((value) => recordable(mask, value));
  const given = work.arguments.map((value) => recordable(mask, value));
  const at = state.recorder.add(
    started({
      id,
      function: callee.id,
      captures: captures.map(encode),
      arguments: given.map(encode),
      agent: actor.name,
      cause,
    }),
  );
  const machine = start(state.code, callee.id, captures, given, actor.state);
  take(state, actor, {
    id,
    actor,
    cause,
    machine,
    past: new Map(),
    n: 0,
    randoms: 0,
    time: at,
    waiting: { kind: "Ready" },
    look: firstLook(0),
    polling: undefined,
  });
}

/** Takes up an activation that was live when an earlier process ended, from its newest checkpoint where it has one. */
export function restoreActivation(
  state: RunState,
  actor: Actor,
  begun: Recorded<ActivationStarted>,
  checkpoint?: Recorded<Checkpoint>,
): void {
  const { activation: id, cause } = begun;
  const { n, randoms, time } = checkpoint ?? { n: 0, randoms: 0, time: begun.at };
  const machine = checkpoint === undefined ? machineOf(state, actor, begun) : decodeMachine(checkpoint.machine);
  const past = pastOf(state.store.activation(state.run, id, checkpoint?.seq));
  const look = firstLook(n);
  take(state, actor, {
    id,
    actor,
    cause,
    machine,
    past,
    n,
    randoms,
    time,
    waiting: { kind: "Ready" },
    look,
    polling: undefined,
  });
}

function machineOf(state: RunState, actor: Actor, begun: ActivationStarted): Machine {
  const { function: id, captures, arguments: given } = begun;
  return start(state.code, id, captures.map(decode), given.map(decode), actor.state);
}

function take(state: RunState, actor: Actor, activation: Activation): void {
  invariant(actor.current === undefined, `${actor.name ?? "main"} does one thing at a time`);
  actor.current = activation;
  state.live.set(activation.id, activation);
}

/** The activation came to its end with a value. */
export function completeActivation(state: RunState, activation: Activation, value: Value): void {
  const event = completed(activation.id, value, activation.machine);
  record(state, activation, event);
  answerCaller(state, activation, event.value);
  leave(state, activation);
}

/** The activation ended with an error: who dies of it depends on what it was. */
export function failActivation(
  state: RunState,
  activation: Activation,
  error: Variant,
  step: string | undefined,
): void {
  const event = failed(activation.id, error, step, activation.machine, state.environment.mask);
  record(state, activation, event);
  answerCaller(state, activation, null);
  leave(state, activation);
  const where = step === undefined ? {} : { step };
  if (isFatal(activation)) state.failing ??= { error: event.error, activation: activation.id, ...where };
  else state.world.terminal.warn(`  ✗ ${activation.id} failed: ${errorText(event.error)}`);
}

/** Errors of `main` and of the first tick of an `every` end the run; all others are reported. */
function isFatal({ cause }: Activation): boolean {
  return cause.kind === "Main" || (cause.kind === "Tick" && cause.count === 1 && cause.schedule.includes("/every"));
}

/** A delegated task's end is its caller's outcome, in one transaction. */
function answerCaller(state: RunState, activation: Activation, value: Json): void {
  const { cause } = activation;
  if (cause.kind !== "Task") return;
  const caller = state.live.get(cause.activation);
  if (caller?.waiting.kind !== "Task") return;
  record(state, caller, { type: "step.completed", ...caller.waiting.step, value });
  const outcome = recordable(state.environment.mask, decode(value));
  caller.waiting = { kind: "Ready", outcome: { kind: "Value", value: outcome } };
}

function leave(state: RunState, activation: Activation): void {
  const { actor, machine } = activation;
  Object.assign(actor.state, machine.state);
  for (const field of machine.changed) {
    actor.state[field] = recordable(state.environment.mask, machine.state[field] ?? null);
  }
  activation.waiting = { kind: "Over" };
  actor.current = undefined;
  state.live.delete(activation.id);
  state.recorder.commit();
}

/** An agent has stopped: its schedules are over, and whoever waits for that goes on. */
export function finishAgent(state: RunState, actor: Actor): void {
  const { name, mailbox } = actor;
  invariant(name !== undefined, "main is no agent");
  const dropped = mailbox.splice(0);
  actor.running = undefined;
  actor.stopping = false;
  actor.farewell = false;
  state.recorder.add({ type: "agent.stopped", agent: name, dropped: dropped.length });
  for (const { cause } of dropped) if (cause.kind === "Task") dropTask(state, cause.activation);
  for (const activation of state.live.values()) {
    const { waiting } = activation;
    if (waiting.kind !== "Agent" || waiting.agent !== name) continue;
    record(state, activation, { type: "step.completed", ...waiting.step, value: null });
    activation.waiting = { kind: "Ready", outcome: { kind: "Value", value: null } };
  }
  state.recorder.commit();
  if (dropped.length > 0)
    state.world.terminal.note(
      `  ▸ Agent ${name} stopped; ${dropped.length} waiting message${dropped.length === 1 ? "" : "s"} dropped`,
    );
}

/** Who delegated a task that was never begun gets `none`. */
function dropTask(state: RunState, caller: string): void {
  const activation = state.live.get(caller);
  if (activation?.waiting.kind !== "Task") return;
  record(state, activation, { type: "step.completed", ...activation.waiting.step, value: null, settled: "dropped" });
  activation.waiting = { kind: "Ready", outcome: { kind: "Value", value: null } };
}

/** The activation that an agent's `on stop` is, if it has one. */
export function stopWork(state: RunState, actor: Actor): Work | undefined {
  const handler = actor.node?.onStop;
  if (handler === undefined || actor.running === undefined) return undefined;
  const id = `${actor.name ?? ""}/stop[${effectId(actor.running)}]`;
  return {
    id,
    cause: { kind: "Stop" },
    arrived: state.world.clock.now(),
    callee: new FunctionValue(handler, []),
    arguments: [],
  };
}
