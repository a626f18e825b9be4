// The journal's events and their laws. A run is an append-only list of these; everything shown about a run is a fold
// over it (`fold`). Values stand here as `interp/codec` writes them, masked; strings over 1 KiB become blobs in the
// store and are whole again when read.
//
// An effect is (activation, n): the n-th that its activation records. `step` and `at` say where in the program it
// stands; a resume compares them and `args`, and never matches by them.
//
// Laws, checked by `laws` after every test:
//   1. seq counts from 1 without holes; `at` never goes back.
//   2. A run begins with run.started; nothing but run.upgraded and run.resumed follows a run.suspended, .interrupted
//      or .failed; nothing follows run.completed or run.cancelled.
//   3. An activation starts once and ends at most once; its events lie between.
//   4. (activation, n) has at most one outcome; n counts from 1 without holes; a `once` outcome has its intent before it.
//   5. A gate is opened once and closed at most once, by gate.answered or gate.expired; a timer is set once, fired once.
//   6. No activation is live when a run is completed.
//   7. head = fold(events).

import type { Json } from "../../ir/kir.ts";

export type Event =
  | RunStarted
  | RunResumed
  | RunSuspended
  | RunInterrupted
  | RunCompleted
  | RunFailed
  | RunCancelled
  | RunUpgraded
  | ActivationStarted
  | ActivationCompleted
  | ActivationFailed
  | Checkpoint
  | StepIntended
  | StepCompleted
  | StepFailed
  | StepRetried
  | ModelReplied
  | GateOpened
  | GateAnswered
  | GateExpired
  | TimerSet
  | TimerFired
  | MessageSent
  | AgentStarted
  | AgentStopping
  | AgentStopped;

export type EventType = Event["type"];

/** An event as the store gives it back: with its place in the journal and its time (ms since the epoch, UTC). */
export type Recorded<E extends Event = Event> = E & { readonly seq: number; readonly at: number };

/** An error as it is recorded: a variant of `Error` with its fields. */
export interface ErrorRecord {
  readonly name: string;
  readonly message: string;
  readonly fields: { readonly [field: string]: Json };
}

// ── the run ─────────────────────────────────────────────────────────────────────────────────────────────────────

export interface RunStarted {
  readonly type: "run.started";
  /** SHA-256 of the program, hex. */
  readonly program: string;
  readonly file: string;
  /** The program file's folder, absolute: relative paths of its connections start there, also after a resume elsewhere. */
  readonly directory: string;
  /** 128 random bits, hex: what `random()` and ids are derived from. */
  readonly seed: string;
  /** IANA name: the zone of times of day where an agent names none. */
  readonly zone: string;
  readonly env: { readonly [name: string]: EnvRecord };
  readonly inputs: { readonly [name: string]: InputRecord };
  /** How AI operations are answered: by providers, by the mock, or by a script (its text, so that a resume has it). */
  readonly models: { readonly kind: "live" } | { readonly kind: "mock"; readonly script?: string };
  /** Answers to questions given beforehand (the text of the file), if any. */
  readonly answers?: string;
  /** Connections put in a declared one's place: name → `KIND:PATH`. */
  readonly connect: { readonly [name: string]: string };
  readonly ticks?: number;
  readonly keel: string;
  /** Of a run that goes on from another one: its events up to the outcome of `step` (`activation:n`) are copies. */
  readonly branch?: { readonly run: string; readonly step: string };
}

/** Of a secret, only the name and a salted fingerprint are known. */
export type EnvRecord =
  | { readonly kind: "unset" }
  | { readonly kind: "value"; readonly value: string }
  | { readonly kind: "secret"; readonly fingerprint: string };

/** The value, defaults included; of a secret only a salted fingerprint. */
export type InputRecord = { readonly value: Json } | { readonly secret: string };

export interface RunResumed {
  readonly type: "run.resumed";
  readonly pid: number;
  /** Secrets of the environment and secret inputs whose value is another than before. */
  readonly changed: readonly string[];
}

/** Can go on only with a person: the open gates, or steps in doubt, say how. */
export interface RunSuspended {
  readonly type: "run.suspended";
  readonly waiting: readonly string[];
}

export interface RunInterrupted {
  readonly type: "run.interrupted";
}

export interface RunCompleted {
  readonly type: "run.completed";
}

export interface RunFailed {
  readonly type: "run.failed";
  readonly error: ErrorRecord;
  /** The activation and the step it came from. */
  readonly activation?: string;
  readonly step?: string;
}

export interface RunCancelled {
  readonly type: "run.cancelled";
  readonly by: string;
}

/** From here on the run has another program: what is live goes on with it, what begins later begins with it. */
export interface RunUpgraded {
  readonly type: "run.upgraded";
  /** SHA-256 of the program, hex. */
  readonly program: string;
  /** Variables and inputs that it has and the one before had not. */
  readonly env: RunStarted["env"];
  readonly inputs: RunStarted["inputs"];
  /** By agent: state fields that it has no more. */
  readonly dropped: { readonly [agent: string]: readonly string[] };
}

// ── activations ─────────────────────────────────────────────────────────────────────────────────────────────────

/** Why an activation exists. */
export type Cause =
  | { readonly kind: "Main" }
  /** The `count`-th tick of a schedule (from 1), due at `due`. */
  | { readonly kind: "Tick"; readonly schedule: string; readonly count: number; readonly due: number }
  | { readonly kind: "Start" }
  | { readonly kind: "Stop" }
  | { readonly kind: "Timer"; readonly timer: string }
  /** The message's seq. */
  | { readonly kind: "Message"; readonly message: number }
  | { readonly kind: "Task"; readonly activation: string; readonly n: number };

/** `function` takes `arguments`; with `agent`, `self` is its state of this moment. */
export interface ActivationStarted {
  readonly type: "activation.started";
  readonly activation: string;
  readonly function: string;
  readonly captures: readonly Json[];
  readonly arguments: readonly Json[];
  readonly agent?: string;
  readonly cause: Cause;
}

export interface ActivationCompleted {
  readonly type: "activation.completed";
  readonly activation: string;
  readonly value: Json;
  /** The state fields that it changed. */
  readonly state?: { readonly [field: string]: Json };
}

export interface ActivationFailed {
  readonly type: "activation.failed";
  readonly activation: string;
  readonly error: ErrorRecord;
  /** The id of the step whose effect failed; of an error that the program made itself, `FUNCTION@NUMBER` (see Places). */
  readonly step?: string;
  readonly state?: { readonly [field: string]: Json };
}

/**
 * Where a long activation stands, so that a resume begins here. It tells the program nothing: `now` and `random()` go
 * on from `time` and `randoms` as if it had not been written.
 */
export interface Checkpoint {
  readonly type: "checkpoint";
  readonly activation: string;
  /** How many effects it had recorded. */
  readonly n: number;
  readonly randoms: number;
  readonly time: number;
  /** As `encodeMachine` writes it, about to ask for its next effect. */
  readonly machine: Json;
}

// ── steps ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** What every event of an effect says of it. */
export interface OfStep {
  readonly activation: string;
  /** From 1. */
  readonly n: number;
  /** The step's id, `handle/send`. */
  readonly step: string;
  /** The indices of the loops, retries and folds around it, outermost first; left out where there are none. */
  readonly indices?: readonly number[];
  /** The effect's kind. */
  readonly effect: string;
  /** The first 16 hex digits of the SHA-256 of the effect as JSON. */
  readonly args: string;
}

/** A `once` effect is about to be performed, or a `Delegate` was given away: `detail` is the effect as JSON. */
export interface StepIntended extends OfStep {
  readonly type: "step.intended";
  readonly detail: Json;
}

export interface StepCompleted extends OfStep {
  readonly type: "step.completed";
  readonly value: Json;
  /** The lines that `notify` and `show` print, as they are printed. */
  readonly line?: string;
  /**
   * How a step in doubt was settled: `found`, `done` (said by a person); a delegation in a circle: `deadlock`; an outcome
   * that was put in a recorded one's place: `patch`.
   */
  readonly settled?: string;
}

export interface StepFailed extends OfStep {
  readonly type: "step.failed";
  readonly error: ErrorRecord;
  /** Of an AI operation that replied, and was paid for, before it failed. */
  readonly spent?: ModelUse;
}

/** A `retry` begins its attempt `attempt` + 1 after `delayMs`: the intent of a RetryDelay; its outcome is timer.fired. */
export interface StepRetried extends OfStep {
  readonly type: "step.retried";
  readonly attempt: number;
  readonly of: number;
  readonly due: number;
  readonly line: string;
}

/** The outcome of an AI operation. */
export interface ModelReplied extends OfStep, ModelUse {
  readonly type: "model.replied";
  readonly value: Json;
}

/** What an AI operation has to say of itself. */
export interface ModelUse {
  /** The name in the program, and the provider's id of it: `anthropic:claude-haiku-4-5-20251001`. */
  readonly model: string;
  readonly used: string;
  /** What was sent, message by message: `[role, text]`. */
  readonly request: readonly (readonly [role: string, text: string])[];
  /** Each reply in turn; more than one where a reply was asked for again. */
  readonly replies: readonly ModelReply[];
  /** Why the value is `none`, where it is. */
  readonly reason?: string;
  /** What was done to the last reply before it fitted, a word or two each; absent: it was as it was asked for. */
  readonly repaired?: readonly string[];
  /** In millionths of a dollar; null: the price is not known. */
  readonly cost: number | null;
  /** The day that the prices behind `cost` are of, where there are any: `2026-11-01`. */
  readonly priced?: string;
  readonly ms: number;
}

export interface ModelReply {
  readonly text: string;
  /** In tokens, those read from and written to the provider's cache included. */
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
  readonly stop: string;
}

// ── people ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A question was asked. The gate's id is `<activation>:<n>`. */
export interface GateOpened extends OfStep {
  readonly type: "gate.opened";
  readonly question: string;
  /** When it expires, in ms since the epoch. */
  readonly expires?: number;
}

/** `answer` is the text, or for a Confirm the bool; `by` is `terminal`, `file`, `stdin`, `inbox` or `patch`. */
export interface GateAnswered extends OfStep {
  readonly type: "gate.answered";
  readonly answer: string | boolean;
  readonly by: string;
}

export interface GateExpired extends OfStep {
  readonly type: "gate.expired";
}

// ── time and messages ───────────────────────────────────────────────────────────────────────────────────────────

/** A `wait` (then `step.n` is waited for) or a block of `after` (then `block` is its function value as JSON). */
export interface TimerSet extends OfStep {
  readonly type: "timer.set";
  readonly due: number;
  readonly block?: Json;
  readonly agent?: string;
}

/** The outcome of a `wait` or of a retry's delay; a block's timer fires with the start of its activation. The timer's id is `<activation>:<n>`. */
export interface TimerFired extends OfStep {
  readonly type: "timer.fired";
}

export interface MessageSent extends OfStep {
  readonly type: "message.sent";
  readonly to: string;
  readonly body: Json;
}

// ── agents ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A `Run` began an agent's schedules; (activation, n) is the Run. Its own outcome follows when the agent stops, or at once in background. */
export interface AgentStarted {
  readonly type: "agent.started";
  readonly agent: string;
  readonly activation: string;
  readonly n: number;
  readonly background: boolean;
}

/** A Stop, (activation, n), told an agent that has something to do; what it does now is finished, and agent.stopped follows. */
export interface AgentStopping {
  readonly type: "agent.stopping";
  readonly agent: string;
  readonly activation: string;
  readonly n: number;
}

/** By `stop`, or by itself with nothing left to do. `dropped`: messages that were waiting. */
export interface AgentStopped {
  readonly type: "agent.stopped";
  readonly agent: string;
  readonly dropped: number;
}
