// What `run`, `resume` and every command with --resume do with a run that is being driven: Ctrl+C, the closing words,
// the exit code.

import type { Driven } from "../runtime/engine/run.ts";
import type { RunEnd } from "../runtime/engine/scheduler.ts";
import type { Store } from "../runtime/journal/store.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";

/** Waits for the end of a run and says what came of it. */
export async function driveToEnd(driven: Driven, store: Store): Promise<ExitCode> {
  const stop = onInterrupt(driven);
  try {
    return closing(driven.run, await driven.end, store);
  } finally {
    stop();
    store.close();
  }
}

function onInterrupt(driven: Driven): () => void {
  let asked = false;
  const handler = (): void => {
    if (asked) leaveAtOnce(driven);
    asked = true;
    driven.interrupt();
  };
  process.on("SIGINT", handler);
  process.on("SIGTERM", handler);
  return () => {
    process.off("SIGINT", handler);
    process.off("SIGTERM", handler);
  };
}

function leaveAtOnce(driven: Driven): never {
  const steps = driven.inFlight();
  if (steps.length > 0) process.stderr.write(`✗ left while ${steps.join(", ")} was under way: it is in doubt\n`);
  process.exit(exitCodes.interrupted);
}

function closing(run: string, end: RunEnd, store: Store): ExitCode {
  switch (end.status) {
    case "completed":
      return exitCodes.ok;
    case "failed": {
      const where = end.step === undefined ? end.activation : `${end.activation} at ${placeOf(run, end.step, store)}`;
      process.stderr.write(`✗ Run ${run} failed in ${where}\n  ${end.error.name}: ${end.error.message}\n`);
      return exitCodes.failed;
    }
    case "suspended":
      process.stderr.write(suspendedText(run, store));
      return exitCodes.suspended;
    case "interrupted":
      process.stderr.write(`\n▸ Run ${run} is interrupted. \`keel resume ${run}\` continues it.\n`);
      return exitCodes.interrupted;
    case "cancelled":
      process.stderr.write(`▸ Run ${run} was cancelled.\n`);
      return exitCodes.failed;
  }
}

/** A step as a person finds it: its id, and its line in the file. */
export function placeOf(run: string, step: string, store: Store): string {
  const { places } = store.program(run);
  const at = places.steps[step];
  return at === undefined ? step : `${step} (${places.file}:${at[0]}:${at[1]})`;
}

/** What a suspended run waits for, and how to help it. */
export function suspendedText(run: string, store: Store): string {
  const head = store.head(run);
  const gates = head.gates.map((gate) => {
    const how =
      gate.effect === "Ask"
        ? `keel answer ${run} ${gate.id} "…"`
        : `keel approve ${run} ${gate.id}   or   keel reject ${run} ${gate.id}`;
    return `  ? ${firstLine(gate.question)}\n    ${how}\n`;
  });
  const doubts = head.doubts
    .filter((doubt) => doubt.effect !== "Delegate")
    .map((doubt) => {
      const id = `${doubt.activation}:${doubt.n}`;
      return `  ? did ${placeOf(run, doubt.step, store)} happen before the crash?\n    keel resolve ${run} ${id} --done | --retry | --fail\n`;
    });
  return `\n▸ Run ${run} is suspended: it waits for a person.\n${[...gates, ...doubts].join("")}  then: keel resume ${run}\n`;
}

function firstLine(text: string): string {
  const [line = "", ...rest] = text.split("\n");
  return rest.length === 0 ? line : `${line} …`;
}
