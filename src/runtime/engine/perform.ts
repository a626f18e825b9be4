// Effects that leave for the world: which handler, in which context, and where what came of them arrives.

import { callPure } from "../../interp/execute.ts";
import { Failure, toolError } from "../../interp/failure.ts";
import { encode } from "../../interp/codec.ts";
import type { Effect, EffectKind, Place } from "../../interp/effect.ts";
import type { Frame } from "../../interp/frame.ts";
import { invariant } from "../../source/invariant.ts";
import { look } from "../effects/answer.ts";
import type { Handler, Performed, StepContext, StepMemory } from "../effects/handler.ts";
import type { OfStep } from "../journal/event.ts";
import type { Memory } from "../journal/memory.ts";
import type { Activation } from "./activation.ts";
import type { RunState } from "./state.ts";
import { effectId } from "../journal/fold.ts";

/** Starts a handler; its outcome arrives. A Failure that it throws is its outcome. */
export function launch(state: RunState, activation: Activation, step: OfStep, effect: Effect): void {
  const handler = handlerOf(state, effect.kind);
  const performed = attempt(async () => handler.perform(effect, contextOf(state, activation, step)));
  state.arrivals.follow(performed.then((result) => ({ kind: "Performed", activation, performed: result })));
}

/** Looks whether a `once` effect that was intended before a crash happened; gives false where its handler cannot look. */
export function settle(state: RunState, activation: Activation, step: OfStep, effect: Effect): boolean {
  const handler = handlerOf(state, effect.kind);
  const found = handler.settle?.bind(handler);
  if (found === undefined) return false;
  const settled = look(() => found(effect, contextOf(state, activation, step)));
  state.arrivals.follow(settled.then((result) => ({ kind: "Settled", activation, settled: result })));
  return true;
}

async function attempt(perform: () => Promise<Performed>): Promise<Performed> {
  try {
    return await perform();
  } catch (error) {
    if (error instanceof Failure) return { outcome: { kind: "Failure", error: error.error } };
    throw error;
  }
}

function handlerOf(state: RunState, kind: EffectKind): Handler<EffectKind> {
  const table: { readonly [kind: string]: unknown } = state.handlers;
  const handler = table[kind];
  invariant(handler !== undefined, `no handler performs ${kind}`);
  return handler as Handler<EffectKind>;
}

function contextOf(state: RunState, activation: Activation, step: OfStep): StepContext {
  const { world, program, run, code, connections, environment } = state;
  const place: Place = { step: step.step, indices: step.indices ?? [] };
  const key = `${run}/${effectId(step)}`;
  return {
    world,
    program,
    run,
    key,
    place,
    agent: activation.actor.settings,
    isRetry: activation.machine.frames.some(({ handlers }) => handlers.some(isPastFirst)),
    signal: state.abort.signal,
    call: (callee, given) => callPure(code, callee, given),
    settings: (name) => connections.of(name),
    mask: (line) => environment.mask.text(line),
    progress: (line) => world.terminal.note(environment.mask.text(line)),
    memory: memoryOf(state, activation, key),
  };
}

function isPastFirst(handler: Frame["handlers"][number]): boolean {
  return handler.kind === "Retry" && handler.attempt > 0;
}

function memoryOf(state: RunState, activation: Activation, key: string): StepMemory {
  const { store, environment, world, run } = state;
  const owner = { program: state.owner, agent: activation.actor.name ?? "" };
  const mode = activation.actor.settings?.memory ?? "session";
  const allowed = (): void => {
    if (mode === "none") throw toolError(`${owner.agent} has \`memory none\`: it remembers and recalls nothing`);
  };
  const whole = (): readonly Memory[] => {
    allowed();
    const all = store.memories(owner);
    return mode === "session" ? all.filter((memory) => memory.key.startsWith(`${run}/`)) : all;
  };
  return {
    all: whole,
    drop: (keys) => store.forget(keys),
    put: (value) => {
      allowed();
      store.remember(owner, { key, value: environment.mask.json(encode(value)), at: world.clock.now() });
    },
  };
}
