// `keel resume [RUN]`: takes a run up where its journal ends.

import { resumeRun } from "../runtime/engine/run.ts";
import { systemWorld } from "../runtime/host/world.ts";
import { startedOf } from "../runtime/journal/started.ts";
import type { Store } from "../runtime/journal/store.ts";
import { draftsHere } from "../tui/draft-area.ts";
import { prompterHere } from "../tui/prompter.ts";
import { driveToEnd } from "./drive-run.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { secretsOf } from "./inputs.ts";
import { findRun, openExisting } from "./store-place.ts";

export interface ResumeOptions {
  readonly input: boolean;
  /** `-i`: name=value. */
  readonly i?: readonly string[];
}

export function resume(prefix: string | undefined, options: ResumeOptions): Promise<ExitCode> {
  const store = openExisting();
  return resumeIn(store, findRun(store, prefix), options);
}

/** How a run that is over came to its end. */
export const isOver = { completed: "is completed", cancelled: "is cancelled", failed: "has failed" } as const;

/** Resumes a run of an open store, which is closed at its end. */
export async function resumeIn(store: Store, run: string, options: ResumeOptions): Promise<ExitCode> {
  const { status } = store.head(run);
  if (status === "completed" || status === "cancelled" || status === "failed") {
    process.stdout.write(`▸ Run ${run} ${isOver[status]} already: there is nothing to resume\n`);
    store.close();
    return status === "completed" ? exitCodes.ok : exitCodes.failed;
  }
  const started = startedOf(store, run);
  const world = systemWorld({
    directory: started.directory,
    input: options.input,
    prompter: prompterHere(),
    drafts: draftsHere(),
  });
  const given = secretsOf(options.i ?? [], started.inputs, run);
  return driveToEnd(() => resumeRun(run, store, world, process.pid, given), store);
}
