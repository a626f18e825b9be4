// Agents as effects: `run`, `stop`, `delegate`, `send … to Agent`. An agent's actor exists from its first use; its
// schedules begin with `run`. What an agent was given to do is in the journal before it does it.

import { decode } from "../../interp/codec.ts";
import type { EffectOf, Outcome } from "../../interp/effect.ts";
import { Failure } from "../../interp/failure.ts";
import { FunctionValue, type Value } from "../../interp/value.ts";
import { invariant } from "../../source/invariant.ts";
import type { OfStep } from "../journal/event.ts";
import { announceAgent } from "./announce.ts";
import type { Activation } from "./activation.ts";
import type { Actor, Running, Work } from "./actor.ts";
import { errorRecord } from "./failures.ts";
import { record } from "./meet.ts";
import { begun, messageOf, posted, stopping } from "./opening.ts";
import { agentSettings, calendarsOf } from "./setup.ts";
import type { RunState } from "./state.ts";
import { effectId } from "../journal/fold.ts";

const done: Outcome = { kind: "Value", value: null };

/** The actor of an agent, made at its first use. Throws a Failure where its declaration reads an unset variable. */
export function actorOf(state: RunState, name: string): Actor {
  const known = state.actors.get(name);
  if (known !== undefined) return known;
  const node = state.program.agents[name];
  invariant(node !== undefined, `agent ${name} is not in the program`);
  const settings = agentSettings(state.code, node, state.environment);
  return addActor(state, { name, node, settings, state: { ...settings.state } });
}

export function addActor(state: RunState, of: Pick<Actor, "name" | "node" | "settings" | "state">): Actor {
  const { node, settings } = of;
  const actor: Actor = {
    ...of,
    calendars: node === undefined || settings === undefined ? [] : calendarsOf(node, settings, state.zone),
    mailbox: [],
    ticks: new Map(),
    current: undefined,
    running: undefined,
    stopping: false,
    farewell: false,
    announced: false,
  };
  state.actors.set(of.name ?? "", actor);
  return actor;
}

/** `run A`: its schedules begin now. Without `in background` the caller waits until it has stopped. */
export function runAgent(
  state: RunState,
  activation: Activation,
  effect: EffectOf<"Run">,
  step: OfStep,
): Outcome | undefined {
  const actor = tryActor(state, activation, effect.agent, step);
  if (!("mailbox" in actor)) return actor;
  const { background } = effect;
  if (actor.running === undefined) {
    const { n } = step;
    record(state, activation, begun(effect, step));
    actor.running = { since: activation.time, activation: activation.id, n, background };
    state.recorder.commit();
    announceAgent(state, actor);
    const first = startWork(actor, actor.running);
    if (first !== undefined) actor.mailbox.unshift(first);
  }
  return awaitAgent(state, activation, effect, step);
}

/** An agent that was begun is waited for until it has stopped, or in background not at all. */
export function awaitAgent(
  state: RunState,
  activation: Activation,
  { agent, background }: EffectOf<"Run">,
  step: OfStep,
): Outcome | undefined {
  if (!background) {
    activation.waiting = { kind: "Agent", step, agent };
    return undefined;
  }
  record(state, activation, { type: "step.completed", ...step, value: null });
  state.recorder.commit();
  return done;
}

/** The activation that an agent's `on start` is, if it has one. */
export function startWork(actor: Actor, running: Running): Work | undefined {
  const handler = actor.node?.onStart;
  if (handler === undefined) return undefined;
  const id = `${actor.name ?? ""}/start[${effectId(running)}]`;
  return { id, cause: { kind: "Start" }, arrived: 0, callee: new FunctionValue(handler, []), arguments: [] };
}

/** `stop A`: what it does now is finished, what waits is dropped. An agent that stops itself goes on to its end first. */
export function stopAgent(
  state: RunState,
  activation: Activation,
  effect: EffectOf<"Stop">,
  step: OfStep,
): Outcome | undefined {
  const actor = tryActor(state, activation, effect.agent, step);
  if (!("mailbox" in actor)) return actor;
  const hasWork = actor.running !== undefined || actor.current !== undefined || actor.mailbox.length > 0;
  if (hasWork) {
    actor.stopping = true;
    record(state, activation, stopping(effect, step));
  }
  return awaitStop(state, activation, actor, step);
}

/** An agent that was told to stop is waited for, unless it is the one that waits. */
export function awaitStop(state: RunState, activation: Activation, actor: Actor, step: OfStep): Outcome | undefined {
  if (actor.stopping && actor !== activation.actor) {
    state.recorder.commit();
    activation.waiting = { kind: "Agent", step, agent: actor.name ?? "" };
    return undefined;
  }
  record(state, activation, { type: "step.completed", ...step, value: null });
  state.recorder.commit();
  return done;
}

function tryActor(state: RunState, activation: Activation, name: string, step: OfStep): Actor | Outcome {
  try {
    return actorOf(state, name);
  } catch (failure) {
    if (!(failure instanceof Failure)) throw failure;
    record(state, activation, { type: "step.failed", ...step, error: errorRecord(failure.error) });
    return { kind: "Failure", error: failure.error };
  }
}

/** `delegate t(args) to A`, its intent recorded: puts the task into the mailbox unless it is under way already. */
export function delegate(
  state: RunState,
  activation: Activation,
  effect: EffectOf<"Delegate">,
  step: OfStep,
): Outcome | undefined {
  const actor = tryActor(state, activation, effect.agent, step);
  if (!("mailbox" in actor)) return actor;
  state.recorder.commit();
  activation.waiting = { kind: "Task", step, agent: effect.agent };
  const id = `${activation.id}#${step.n}`;
  const callee = actor.node?.tasks[effect.task];
  invariant(callee !== undefined, `agent ${effect.agent} has no task ${effect.task}`);
  if (state.live.has(id) || actor.mailbox.some((work) => work.id === id)) return undefined;
  actor.mailbox.push({
    id,
    cause: { kind: "Task", activation: activation.id, n: step.n },
    arrived: activation.time,
    callee: new FunctionValue(callee, []),
    arguments: effect.given.arguments as readonly Value[],
  });
  return undefined;
}

/** `send v to A`: a text becomes a Message from the sender. */
export function post(state: RunState, activation: Activation, effect: EffectOf<"Post">, step: OfStep): Outcome {
  const actor = tryActor(state, activation, effect.agent, step);
  if (!("mailbox" in actor)) return actor;
  const value = messageOf(effect, activation.actor.name);
  record(state, activation, posted(effect, step, activation.actor.name));
  const sent = state.recorder.commit().find((event) => event.type === "message.sent");
  invariant(sent !== undefined, "a message was recorded");
  actor.mailbox.push(messageWork(actor, sent.seq, sent.at, value));
  return done;
}

/** The work of handling a message that is in the journal; `value` as it was sent. */
export function messageWork(actor: Actor, seq: number, at: number, value: Value): Work {
  const handler = actor.node?.onMessage;
  invariant(handler !== undefined, `${actor.name ?? "main"} takes no messages`);
  return {
    id: `${actor.name ?? ""}/message[${seq}]`,
    cause: { kind: "Message", message: seq },
    arrived: at,
    callee: new FunctionValue(handler, []),
    arguments: [value],
  };
}

/** Messages that were sent before a restart and never handled. */
export function restoreMail(state: RunState, mail: readonly { readonly seq: number; readonly to: string }[]): void {
  for (const { seq, to } of mail) {
    const event = state.store.event(state.run, seq);
    invariant(event?.type === "message.sent", `event ${seq} is a message`);
    const actor = actorOf(state, to);
    actor.mailbox.push(messageWork(actor, seq, event.at, decode(event.body)));
  }
}
