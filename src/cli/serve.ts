// `keel serve`: one process that keeps all runs of a store going. Ctrl+C and SIGTERM let go of the runs as they are, so
// that the next one goes on with them; a second one leaves at once.

import type { PendingRun } from "../runtime/journal/store.ts";
import { systemWorld } from "../runtime/host/world.ts";
import { interruptions, leaveAtOnce } from "./drive-run.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { isDue, ServedRuns } from "./serve-runs.ts";
import { openHere, storeDirectory } from "./store-place.ts";

export async function serve(): Promise<ExitCode> {
  const store = openHere();
  const world = systemWorld({ directory: process.cwd(), input: false });
  const served = new ServedRuns(store, world);
  const ignore = onInterrupt(served);
  try {
    world.terminal.note(startText(store.pending(), world.clock.now()));
    await served.watch();
    world.terminal.note(stopText(store.pending()));
    return exitCodes.ok;
  } finally {
    ignore();
    store.close();
  }
}

function onInterrupt(served: ServedRuns): () => void {
  let asked = false;
  const handler = (): void => {
    if (asked) leaveAtOnce(served.driven());
    asked = true;
    served.stop();
  };
  for (const signal of interruptions) process.on(signal, handler);
  return () => {
    for (const signal of interruptions) process.off(signal, handler);
  };
}

function startText(pending: readonly PendingRun[], now: number): string {
  const held = pending.filter((each) => each.held).length;
  const due = pending.filter((each) => !each.held && isDue(each, now)).length;
  const waiting = pending.length - held - due;
  const parts = [
    ...(due === 0 ? [] : [`${due} to go on with`]),
    ...(waiting === 0 ? [] : [`${waiting} waiting for a person`]),
    ...(held === 0 ? [] : [`${held} held by other processes`]),
  ];
  const runs = pending.length === 0 ? "no open runs yet" : `${runsText(pending.length)} (${parts.join(", ")})`;
  return `▸ Serving ${storeDirectory()}: ${runs}\n  watching for answers, timers, expired questions and crashed runs; Ctrl+C stops`;
}

function stopText(pending: readonly PendingRun[]): string {
  const left = pending.filter(({ status, held }) => status === "running" && !held).length;
  if (left === 0) return "▸ Stopped";
  const [are, they, them] = left === 1 ? ["is", "it is", "it"] : ["are", "they are", "them"];
  return `▸ Stopped: ${runsText(left)} ${are} left as ${they}; \`keel serve\` goes on with ${them}`;
}

function runsText(count: number): string {
  return `${count} open run${count === 1 ? "" : "s"}`;
}
