// Runs an input's program. What has no effect is computed here and leaves no trace; all else is a run of its own in the
// store, as `keel run` would make it, named after the session and the input: it can be listed, shown and resumed.

import { createContext, Script } from "node:vm";
import { decode } from "../../interp/codec.ts";
import { advance, start, type Turn } from "../../interp/execute.ts";
import { link } from "../../interp/link.ts";
import type { Value } from "../../interp/value.ts";
import type { Json, Places, Program } from "../../ir/kir.ts";
import { startRun, type Driven } from "../../runtime/engine/run.ts";
import type { RunEnd } from "../../runtime/engine/scheduler.ts";
import type { RunStarted } from "../../runtime/journal/event.ts";
import type { Store } from "../../runtime/journal/store.ts";
import type { World } from "../../runtime/world.ts";
import { invariant } from "../../source/invariant.ts";
import { exitCodes } from "../exit-codes.ts";
import { suspendedText } from "../waiting-text.ts";
import { inputsOf } from "../inputs.ts";
import { missingModel } from "../run.ts";

/** The value, where the input came to its end, and what to tell a person of how it went. */
export interface Outcome {
  readonly value?: Value;
  readonly lines: readonly string[];
}

export interface Host {
  readonly world: World;
  readonly models: RunStarted["models"];
  /** Says once a session which models answer. */
  readonly announce: () => void;
  /** Opens the store when the first run needs it. */
  readonly store: () => Store;
  /** As runs are listed: `repl:3f2a#7` is the session's seventh input. */
  readonly name: string;
}

/** Whether an input's program has no effects, and is given nothing from outside. */
export function isPure({ functions, main, inputs = [] }: Program): boolean {
  return functions[main]?.kind === "Pure" && inputs.length === 0;
}

export function compute(program: Program): Outcome {
  const code = link(program);
  const machine = start(code, program.main, [], [], {});
  const turn = breakable(() => advance(code, machine));
  if (turn === undefined) return { lines: ["✗ stopped"] };
  if (turn.kind === "Done") return { value: turn.value, lines: [] };
  invariant(turn.kind === "Failed", "what is pure asks for nothing");
  return { lines: [`✗ ${turn.error.name}: ${String(turn.error.fields?.["message"] ?? "")}`] };
}

/** Computes something that Ctrl+C breaks off, though no handler of a signal has its turn meanwhile. */
function breakable(compute: () => Turn): Turn | undefined {
  const context = createContext({ compute });
  try {
    return new Script("compute()").runInContext(context, { breakOnSigint: true }) as Turn;
  } catch (error) {
    // The error is one of the context's own, no `Error` of ours.
    const { code } = error as { readonly code?: unknown };
    if (code === "ERR_SCRIPT_EXECUTION_INTERRUPTED") return undefined;
    throw error;
  }
}

export async function perform(program: Program, places: Places, host: Host): Promise<Outcome> {
  const { world, models, name } = host;
  if (models.kind === "live") {
    const missing = missingModel(program);
    if (missing !== undefined) return { lines: missing.split("\n") };
    if (program.models.length > 0) host.announce();
  }
  const store = host.store();
  const request = {
    program,
    places,
    file: name,
    models,
    connect: {},
    inputs: inputsOf([], program, name),
    keel: KEEL_VERSION,
  };
  const driven = startRun(request, store, world);
  const stop = onInterrupt(driven);
  try {
    const end = await driven.end;
    const value = valueOf(store, driven.run);
    return { ...(value === undefined ? {} : { value: decode(value) }), lines: closing(driven.run, end, places, store) };
  } finally {
    stop();
  }
}

/** What the input gave: it may have come to its end though its run did not. */
function valueOf(store: Store, run: string): Json | undefined {
  const sealed = store.activation(run, "main").find(({ type }) => type === "activation.completed");
  const ended = sealed?.open();
  return ended?.type === "activation.completed" ? ended.value : undefined;
}

/** Ctrl+C ends the input. Where a step that must not be cut off is waited for, a second one ends everything. */
function onInterrupt(driven: Driven): () => void {
  let asked = false;
  const handler = (): void => {
    if (asked && driven.inFlight().length > 0) process.exit(exitCodes.interrupted);
    if (asked) return;
    asked = true;
    if (process.stdout.isTTY) process.stdout.write("\n");
    driven.interrupt();
  };
  process.on("SIGINT", handler);
  return () => process.off("SIGINT", handler);
}

function closing(run: string, end: RunEnd, places: Places, store: Store): readonly string[] {
  switch (end.status) {
    case "completed":
      return [];
    case "failed": {
      const at = end.step === undefined ? undefined : places.steps[end.step];
      const where = at === undefined ? "" : ` (${places.file}:${at[0]}:${at[1]})`;
      return [`✗ ${end.error.name}: ${end.error.message}${where}`];
    }
    case "suspended":
      return suspendedText(run, store).trim().split("\n");
    case "interrupted":
      return [`▸ interrupted; \`keel resume ${run}\` goes on with it`];
    case "cancelled":
      return [`▸ cancelled`];
    case "left":
      return [];
  }
}
