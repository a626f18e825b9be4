// One run under `keel serve`: what it needs to be taken up, how it speaks on a terminal that it shares with others, and
// what is said when this process is done with it.

import type { Program } from "../ir/kir.ts";
import { resumeRun, type Driven } from "../runtime/engine/run.ts";
import type { RunEnd } from "../runtime/engine/scheduler.ts";
import type { RunStarted } from "../runtime/journal/event.ts";
import { startedOf } from "../runtime/journal/started.ts";
import type { Store } from "../runtime/journal/store.ts";
import { resolveModel } from "../runtime/models/names.ts";
import type { Terminal, World } from "../runtime/world.ts";
import { UsageError } from "./door.ts";
import { failureText } from "./drive-run.ts";
import { secretsOf } from "./inputs.ts";
import { questionsText } from "./waiting-text.ts";

/** How often a run looks into its inbox by itself: `ServedRuns` tells it what is there. */
const POLL_MS = 2_000;

/** Takes a run up. Throws StoreError, and UsageError where this process lacks what the run was started with. */
export function takeUp(run: string, store: Store, world: World): Driven {
  const started = startedOf(store, run);
  requireSecrets(run, started, world.env);
  if (started.models.kind === "live") requireModels(store.program(run).program, world.env);
  const { directory } = started;
  const terminal = terminalOf(run, world.terminal);
  return resumeRun(run, store, { ...world, directory, terminal, pollMs: POLL_MS }, process.pid);
}

/** Without them the run would fail for good, where it has only come to the wrong process. */
function requireSecrets(run: string, { env, inputs }: RunStarted, host: World["env"]): void {
  secretsOf([], inputs, run);
  const missing = Object.entries(env).flatMap(([name, { kind }]) =>
    kind === "secret" && host[name] === undefined ? [name] : [],
  );
  if (missing.length === 0) return;
  throw new UsageError(
    `${missing.join(", ")} ${missing.length === 1 ? "is" : "are"} not set here, and the run was started with ${missing.length === 1 ? "it" : "them"}`,
    `set ${missing.length === 1 ? "it" : "them"} and start \`keel serve\` again, or go on with \`keel resume ${run}\` where that is set`,
  );
}

function requireModels(program: Program, host: World["env"]): void {
  for (const name of program.models) {
    const resolved = resolveModel(name, host);
    if (resolved.kind !== "Missing") continue;
    const [message = "", ...help] = resolved.message.replace(/^✗ /, "").split("\n");
    throw new UsageError(message, help.join("\n"));
  }
}

/** The terminal of one run among many: each line bears its name, and nobody is asked. */
export function terminalOf(run: string, terminal: Terminal): Terminal {
  const named = (text: string): string =>
    text
      .replace(/\n$/, "")
      .split("\n")
      .map((line) => `${run} │ ${line}`.trimEnd())
      .join("\n");
  return {
    line: (text) => terminal.line(named(text)),
    note: (text) => terminal.note(named(text)),
    warn: (text) => terminal.warn(named(text)),
    ask: () => Promise.resolve(undefined),
  };
}

/** Says what came of a run. */
export function sayEnd(run: string, end: RunEnd, store: Store, terminal: Terminal): void {
  const { note, warn } = terminalOf(run, terminal);
  switch (end.status) {
    case "completed":
    case "cancelled":
    case "interrupted":
      return note(`▸ ${end.status}`);
    case "failed":
      return warn(`✗ ${failureText(run, end, store)}`);
    case "suspended":
      return note(`▸ waits for a person\n${questionsText(run, store)}`);
    case "left":
      return;
  }
}
