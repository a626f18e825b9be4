// What `run`, `resume` and every command with --resume do with a run that is being driven: Ctrl+C, the closing words,
// the exit code.

import type { Driven } from "../runtime/engine/run.ts";
import type { RunEnd } from "../runtime/engine/scheduler.ts";
import { StoreError, type Store } from "../runtime/journal/store.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { isUnnamed, lineOf, placeOf, suspendedText } from "./waiting-text.ts";

/** Begins to drive a run, waits for its end and says what came of it. Ctrl+C is heeded from before the beginning. */
export async function driveToEnd(begin: () => Driven, store: Store): Promise<ExitCode> {
  let driven: Driven | undefined;
  const stop = onInterrupt(() => driven);
  try {
    driven = begin();
    return closing(driven.run, await driven.end, store);
  } catch (error) {
    throw driven === undefined ? error : resumable(driven.run, error);
  } finally {
    stop();
    store.close();
  }
}

/** Where the store ran full, the words on what to do name the run. */
function resumable(run: string, error: unknown): unknown {
  if (!(error instanceof StoreError) || error.problem !== "full") return error;
  const help = `everything recorded so far is safe. Make room; \`keel resume ${run}\` then continues the run`;
  return new StoreError(error.problem, error.message, help);
}

export const interruptions = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

function onInterrupt(current: () => Driven | undefined): () => void {
  let asked = false;
  const handler = (): void => {
    const driven = current();
    if (driven === undefined) return;
    if (asked) leaveAtOnce([driven]);
    asked = true;
    driven.interrupt();
  };
  for (const signal of interruptions) process.on(signal, handler);
  return () => {
    for (const signal of interruptions) process.off(signal, handler);
  };
}

/** Ends the process, and says of each run what it leaves in doubt. */
export function leaveAtOnce(all: readonly Driven[]): never {
  for (const driven of all) {
    const steps = driven.inFlight();
    if (steps.length === 0) continue;
    const what = `${steps.join(", ")} ${steps.length === 1 ? "was under way and is" : "were under way and are"} in doubt`;
    process.stderr.write(`✗ ${what}: \`keel resume ${driven.run}\` looks what became of it\n`);
  }
  // An exit waits for what is stuck in the host's file system, a signal does not; a shell sees 130 either way.
  process.removeAllListeners("SIGINT");
  process.kill(process.pid, "SIGINT");
  process.exit(exitCodes.interrupted);
}

function closing(run: string, end: RunEnd, store: Store): ExitCode {
  switch (end.status) {
    case "completed":
      return exitCodes.ok;
    case "failed": {
      process.stderr.write(`✗ Run ${run} ${failureText(run, end, store)}\n`);
      return exitCodes.failed;
    }
    case "suspended":
      process.stderr.write(suspendedText(run, store));
      return exitCodes.suspended;
    case "interrupted":
      process.stderr.write(`\n▸ Run ${run} is interrupted. \`keel resume ${run}\` continues it.\n`);
      return exitCodes.interrupted;
    case "cancelled":
      process.stderr.write(`▸ Run ${run} is cancelled.\n`);
      return exitCodes.failed;
    case "left":
      return exitCodes.ok;
  }
}

/** What made a run fail, and where. */
export function failureText(run: string, end: Extract<RunEnd, { status: "failed" }>, store: Store): string {
  return `failed ${whereText(run, end, store)}\n  ${end.error.name}: ${end.error.message}`;
}

function whereText(run: string, { activation, step }: Extract<RunEnd, { status: "failed" }>, store: Store): string {
  if (step === undefined) return `in ${activation}`;
  if (isUnnamed(step)) {
    const line = lineOf(run, step, store);
    return line === undefined ? `in ${activation}` : `in ${activation} at ${line}`;
  }
  const place = `at ${placeOf(run, step, store)}`;
  return step.startsWith(`${activation}/`) ? place : `in ${activation} ${place}`;
}
