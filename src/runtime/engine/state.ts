// A run while a process drives it. One owner, the scheduler's loop: everything here changes between two awaits only,
// so nothing needs a lock. What must survive the process is in the journal, never only here.

import { createHash, hash } from "node:crypto";
import type { Code } from "../../interp/link.ts";
import type { FunctionValue } from "../../interp/value.ts";
import type { Program } from "../../ir/kir.ts";
import type { Handlers } from "../effects/table.ts";
import type { ErrorRecord } from "../journal/event.ts";
import type { Lease, Store } from "../journal/store.ts";
import type { World } from "../world.ts";
import type { Activation } from "./activation.ts";
import type { Actor } from "./actor.ts";
import type { Arrivals } from "./arrivals.ts";
import type { ConnectionSettings } from "./connection-settings.ts";
import type { Environment } from "./environment.ts";
import type { Questions } from "./questions.ts";
import type { Recorder } from "./recorder.ts";

export interface RunState {
  readonly run: string;
  readonly code: Code;
  readonly program: Program;
  /** Whose memory it is: the program's file, so that an edit forgets nothing. */
  readonly owner: string;
  readonly seed: string;
  /** The zone of times of day where an agent names none: of the machine that started the run. */
  readonly zone: string;
  readonly environment: Environment;
  readonly store: Store;
  readonly lease: Lease;
  readonly recorder: Recorder;
  readonly world: World;
  readonly handlers: Handlers;
  readonly questions: Questions;
  readonly arrivals: Arrivals;
  readonly connections: ConnectionSettings;
  /** By agent name; main under the empty name. */
  readonly actors: Map<string, Actor>;
  /** Activations that have started and not ended. */
  readonly live: Map<string, Activation>;
  /** Blocks of `after` whose time has not come, by timer id. */
  readonly blocks: Map<string, Block>;
  /** How a model name is shown to people; absent where models are mocked. */
  readonly modelText: ((name: string) => string) | undefined;
  /** The most ticks a schedule may have. */
  readonly ticks: number;
  /** Aborts what may be aborted when the run is interrupted. */
  readonly abort: AbortController;
  /** Why the run is failing, once it is. */
  failing: Failing | undefined;
  stop: "interrupt" | "leave" | "cancel" | undefined;
  /** When a stopping run no longer waits for what is in flight. */
  stopBy: number | undefined;
  graceSaid: boolean;
}

export interface Block {
  readonly due: number;
  readonly actor: Actor;
  readonly callee: FunctionValue;
  /** The activation and n that set the timer. */
  readonly activation: string;
  readonly n: number;
  readonly step: string;
}

export interface Failing {
  readonly error: ErrorRecord;
  readonly activation: string;
  readonly step?: string;
}

/** The first 16 hex digits of the SHA-256 of a text. */
export function digest(text: string): string {
  return hash("sha256", text, "hex").slice(0, 16);
}

/** A number in [0, 1) with 53 bits, the `count`-th of an activation: the same on every machine. */
export function seededRandom(seed: string, activation: string, count: number): number {
  const bytes = createHash("sha256").update(`${seed}/${activation}/${count}`).digest();
  return (bytes.readUIntBE(0, 6) * 32 + (bytes.readUInt8(6) >> 3)) / 2 ** 53;
}
