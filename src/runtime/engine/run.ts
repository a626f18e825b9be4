// A run, from its first event or from its newest one: the same code drives both. `startRun` writes the beginning into
// the journal, `resumeRun` reads what is live, and both hand a RunState to the scheduler.

import { setMaxListeners } from "node:events";
import { basename, join } from "node:path";
import { link } from "../../interp/link.ts";
import { decode } from "../../interp/codec.ts";
import { FunctionValue, type Value } from "../../interp/value.ts";
import type { Places, Program } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { ModelAccess } from "../models/access.ts";
import { handlers } from "../effects/table.ts";
import type { Checkpoint, Recorded, RunStarted } from "../journal/event.ts";
import type { Head, LiveActivation, RunningAgent } from "../journal/fold.ts";
import { programHash } from "../journal/programs.ts";
import { startedOf } from "../journal/started.ts";
import type { Lease, Store } from "../journal/store.ts";
import { describe, resolveModel } from "../models/names.ts";
import type { World } from "../world.ts";
import type { Work } from "./actor.ts";
import { actorOf, addActor, restoreMail, startWork } from "./agents.ts";
import { announceResumed } from "./announce.ts";
import { Arrivals } from "./arrivals.ts";
import { ConnectionSettings } from "./connection-settings.ts";
import { readEnvironment, restoreEnvironment, revealed, type Environment } from "./environment.ts";
import { changedInputs, type GivenInputs, givenSecrets, inputRecords, inputValues } from "./inputs.ts";
import { beginActivation, restoreActivation, stopWork } from "./lifecycle.ts";
import { parseAnswers, Questions } from "./questions.ts";
import { Recorder } from "./recorder.ts";
import { drive, type RunEnd } from "./scheduler.ts";
import type { RunState } from "./state.ts";

/** What a run is started with; what of it must be the same on a resume is recorded in run.started. */
export interface RunRequest {
  readonly program: Program;
  readonly places: Places;
  /** As shown to people, and where relative paths of connections start: see World.directory. */
  readonly file: string;
  readonly models: RunStarted["models"];
  /** The text of an answers file. */
  readonly answers?: string;
  readonly connect: { readonly [name: string]: string };
  /** What is given for the program's inputs; every required one is. */
  readonly inputs: GivenInputs;
  readonly ticks?: number;
  readonly keel: string;
}

/** A run that is being driven. `end` rejects with StoreError, Divergence or a Bug. */
export interface Driven {
  readonly run: string;
  readonly end: Promise<RunEnd>;
  /** Asks the run to stop; it records that and ends. */
  interrupt(): void;
  /** Asks this process to let go of the run: nothing is recorded, and whoever takes it next goes on with it. */
  leave(): void;
  /** Something was written into its inbox: it need not find out by itself. */
  posted(): void;
  /** The steps that must not be cut off and are in flight. */
  inFlight(): readonly string[];
}

/** Starts a new run. Throws StoreError. */
export function startRun(request: RunRequest, store: Store, world: World): Driven {
  const run = `r${world.random(4)}`;
  const seed = world.random(16);
  const { program, places, file, models, answers, connect, ticks, keel } = request;
  const inputs = inputRecords(program, request.inputs, seed);
  const secrets = givenSecrets(inputs, request.inputs);
  const environment = readEnvironment(program.env, world.env, seed, secrets);
  const started: RunStarted = {
    type: "run.started",
    program: programHash(program),
    file,
    directory: world.directory,
    seed,
    zone: world.clock.zone,
    env: environment.records,
    inputs,
    models,
    ...(answers === undefined ? {} : { answers }),
    connect,
    ...(ticks === undefined ? {} : { ticks }),
    keel,
  };
  const recorded = environment.mask.event(started);
  invariant(recorded.type === "run.started", "masking leaves an event what it is");
  const lease = store.create(run, program, places, recorded, world.clock.now());
  return begin(prepare(run, started, inputValues(inputs, secrets), environment, store, lease, world));
}

/**
 * Takes up a run where its journal ends; one that is over, or was brought to its end by another process meanwhile, is
 * left as it is. `given` has the secret inputs: they are not recorded. Throws StoreError (`held`, `missing` …).
 */
export function resumeRun(run: string, store: Store, world: World, pid: number, given: GivenInputs = {}): Driven {
  const lease = store.acquire(run, world.clock.now());
  try {
    const ended = endOf(run, store);
    if (ended !== undefined) {
      store.release(lease);
      return over(run, ended);
    }
    const started = startedOf(store, run);
    const { env, inputs, seed } = started;
    const secrets = givenSecrets(inputs, given);
    const { environment, changed } = restoreEnvironment(env, world.env, seed, secrets);
    const known = revealed(started, environment);
    const state = prepare(run, known, inputValues(known.inputs, secrets), environment, store, lease, world);
    announceResumed(state, store.head(run));
    repeatLine(state);
    state.recorder.add({
      type: "run.resumed",
      pid,
      changed: [...changed, ...changedInputs(inputs, secrets, seed)],
    });
    state.recorder.commit();
    return begin(state);
  } catch (error) {
    store.release(lease);
    throw error;
  }
}

/** How a run ended that needs no driving any more. */
function endOf(run: string, store: Store): RunEnd | undefined {
  const { status, seq } = store.head(run);
  if (status === "completed" || status === "cancelled") return { status };
  if (status !== "failed") return undefined;
  const last = store.event(run, seq);
  invariant(last?.type === "run.failed", "a failed run ends with run.failed");
  const { error, activation = "main", step } = last;
  return { status, error, activation, ...(step === undefined ? {} : { step }) };
}

function over(run: string, end: RunEnd): Driven {
  const ignore = (): void => undefined;
  return { run, end: Promise.resolve(end), interrupt: ignore, leave: ignore, posted: ignore, inFlight: () => [] };
}

function begin(state: RunState): Driven {
  restore(state, state.store.head(state.run));
  const end = drive(state).finally(() => state.store.release(state.lease));
  return {
    run: state.run,
    end,
    interrupt: () => state.arrivals.push({ kind: "Interrupt" }),
    leave: () => state.arrivals.push({ kind: "Leave" }),
    posted: () => state.arrivals.push({ kind: "Posted" }),
    inFlight: () =>
      [...state.live.values()].flatMap(({ waiting }) =>
        waiting.kind === "World" && waiting.once ? [waiting.step.step] : [],
      ),
  };
}

function prepare(
  run: string,
  started: RunStarted,
  inputs: ReadonlyMap<string, Value>,
  environment: Environment,
  store: Store,
  lease: Lease,
  world: World,
): RunState {
  const { program } = store.program(run);
  const code = link(program, inputs);
  const access = modelAccess(started.models, world);
  return {
    run,
    code,
    program,
    owner: join(started.directory, basename(started.file)),
    seed: started.seed,
    zone: started.zone,
    environment,
    store,
    lease,
    recorder: new Recorder(store, lease, environment.mask, world.clock, store.head(run).at),
    world,
    handlers: handlers({ models: access }),
    questions: new Questions(world.terminal, started.answers === undefined ? [] : parseAnswers(started.answers)),
    arrivals: new Arrivals(),
    connections: new ConnectionSettings(program, code, environment, started.connect),
    actors: new Map(),
    live: new Map(),
    blocks: new Map(),
    modelText: access.kind === "live" ? (name) => modelLine(name, world) : undefined,
    ticks: started.ticks ?? Infinity,
    abort: stoppable(),
    failing: undefined,
    stop: undefined,
    stopBy: undefined,
    graceSaid: false,
  };
}

/** Any number of effects may be under way and listen. */
function stoppable(): AbortController {
  const controller = new AbortController();
  setMaxListeners(0, controller.signal);
  return controller;
}

function modelAccess(models: RunStarted["models"], world: World): ModelAccess {
  if (models.kind === "live") return { kind: "live", env: world.env };
  return models.script === undefined ? { kind: "mock" } : { kind: "script", text: models.script };
}

function modelLine(name: string, world: World): string {
  const resolved = resolveModel(name, world.env);
  return resolved.kind === "Missing" ? name : describe(resolved);
}

/** Puts what the journal says is live back into memory; nothing is recorded by this but the start of main. */
function restore(state: RunState, head: Head): void {
  const main = addActor(state, { name: undefined, node: undefined, settings: undefined, state: {} });
  for (const [agent, fields] of Object.entries(head.states)) {
    const actor = actorOf(state, agent);
    for (const [field, value] of Object.entries(fields)) actor.state[field] = decode(value);
  }
  for (const running of head.agents) restoreAgent(state, running);
  for (const agent of head.stopping) actorOf(state, agent).stopping = true;
  for (const [schedule, ticks] of Object.entries(head.schedules)) {
    const agent = schedule.slice(0, schedule.indexOf("/"));
    actorOf(state, agent).ticks.set(schedule, ticks);
  }
  for (const live of head.live) restoreLive(state, live);
  for (const timer of head.timers) if (timer.block) restoreBlock(state, timer.id, timer.seq);
  restoreMail(state, head.mail);
  if (!state.store.begun(state.run, "main")) {
    const cause = { kind: "Main" } as const;
    beginActivation(state, main, {
      id: "main",
      cause,
      arrived: 0,
      callee: new FunctionValue(state.program.main, []),
      arguments: [],
    });
  } else restoreFailure(state, head);
}

/** What was to end the run when its process died before it could say so: an error of `main` or of a first tick. */
function restoreFailure(state: RunState, head: Head): void {
  const firstTicks = Object.entries(head.schedules).flatMap(([schedule, { count }]) =>
    count === 1 && schedule.includes("/every") ? [`${schedule}[1]`] : [],
  );
  for (const id of ["main", ...firstTicks]) {
    if (state.live.has(id)) continue;
    const end = state.store.activation(state.run, id).find(({ type }) => type === "activation.failed");
    const failed = end?.open();
    if (failed?.type !== "activation.failed") continue;
    const where = failed.step === undefined ? {} : { step: failed.step };
    state.failing ??= { error: failed.error, activation: id, ...where };
  }
}

/** An agent that was running; its `on start` and `on stop` run once. */
function restoreAgent(state: RunState, { agent, activation, n, since, background }: RunningAgent): void {
  const actor = actorOf(state, agent);
  actor.running = { since, activation, n, background };
  const known = (work: Work | undefined): boolean => work !== undefined && state.store.begun(state.run, work.id);
  const first = startWork(actor, actor.running);
  if (first !== undefined && !known(first)) actor.mailbox.unshift(first);
  actor.farewell = known(stopWork(state, actor));
}

function restoreLive(state: RunState, { seq, checkpoint: newest }: LiveActivation): void {
  const started = eventOf(state, seq);
  invariant(started.type === "activation.started", `event ${seq} starts an activation`);
  const actor = started.agent === undefined ? state.actors.get("") : actorOf(state, started.agent);
  invariant(actor !== undefined, "main has an actor");
  restoreActivation(state, actor, started, newest === undefined ? undefined : checkpointAt(state, newest));
}

function checkpointAt(state: RunState, seq: number): Recorded<Checkpoint> {
  const event = eventOf(state, seq);
  invariant(event.type === "checkpoint", `event ${seq} is a checkpoint`);
  return event;
}

function restoreBlock(state: RunState, id: string, seq: number): void {
  const set = eventOf(state, seq);
  invariant(set.type === "timer.set" && set.block !== undefined, `event ${seq} sets a block's timer`);
  const actor = set.agent === undefined ? state.actors.get("") : actorOf(state, set.agent);
  const callee = decode(set.block);
  invariant(actor !== undefined && callee instanceof FunctionValue, "a block belongs to an actor");
  state.blocks.set(id, { due: set.due, actor, callee, activation: set.activation, n: set.n, step: set.step });
}

function eventOf(state: RunState, seq: number): Recorded {
  const event = state.store.event(state.run, seq);
  invariant(event !== undefined, `event ${seq} is in the journal`);
  return event;
}

/** The line that the process may have died before printing: recorded last, printed by nobody for certain. */
function repeatLine(state: RunState): void {
  for (let seq = state.store.head(state.run).seq; seq > 1; seq -= 1) {
    const event = state.store.event(state.run, seq);
    if (event?.type === "run.resumed" || event?.type === "run.upgraded") continue;
    if (event === undefined) return;
    if ((event.type === "step.completed" || event.type === "step.retried") && event.line !== undefined) {
      state.world.terminal.line(event.line);
    }
    return;
  }
}
