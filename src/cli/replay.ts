// `keel replay RUN`: drives a run's program from its journal alone and compares what comes of it. With --from and
// --patch, a new run that goes on from an outcome that was changed (see `branch`).

import { journalOf } from "../runtime/engine/rehearse-journal.ts";
import { rehearse } from "../runtime/engine/rehearse.ts";
import type { Finding, Rehearsal } from "../runtime/engine/rehearsal.ts";
import type { RunStarted } from "../runtime/journal/event.ts";
import type { Store } from "../runtime/journal/store.ts";
import { loadDecoder } from "../runtime/models/structured.ts";
import { invariant } from "../source/invariant.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { findingText, tell } from "./finding-text.ts";
import { someSecretsOf } from "./inputs.ts";
import { findRun, openExisting } from "./store-place.ts";
import { placesOfRun } from "./step-places.ts";

export interface ReplayOptions {
  readonly from?: string;
  readonly patch?: string;
  /** `true` without a file. */
  readonly mock?: string | true;
  readonly answers?: string;
  /** `-i`: name=value. */
  readonly i?: readonly string[];
  readonly input: boolean;
  readonly json?: true;
}

export async function replay(prefix: string | undefined, options: ReplayOptions): Promise<ExitCode> {
  const { from, patch } = options;
  if (from !== undefined && patch !== undefined) {
    const { branch } = await import("./branch.ts");
    return branch(prefix, from, patch, options);
  }
  requireWhole(options);
  const store = openExisting();
  try {
    const run = findRun(store, prefix);
    const started = store.event(run, 1);
    invariant(started?.type === "run.started", "a journal begins with run.started");
    const inputs = someSecretsOf(options.i ?? [], started.inputs);
    const found = rehearse(journalOf(store, run), await loadDecoder(), { env: process.env, inputs });
    if (options.json) process.stdout.write(asJson(run, found));
    else await say(store, run, started, found);
    return found.findings.length === 0 ? exitCodes.ok : exitCodes.failed;
  } finally {
    store.close();
  }
}

/** What belongs to a new run makes no sense without one. */
function requireWhole({ from, patch, mock, answers, input }: ReplayOptions): void {
  if (from !== undefined) throw new UsageError("--from goes with --patch", "--patch FILE holds the step's new value");
  if (patch !== undefined) throw new UsageError("--patch goes with --from", "--from STEP names the step to change");
  const option = mock !== undefined ? "--mock" : answers !== undefined ? "--answers" : input ? undefined : "--no-input";
  if (option === undefined) return;
  throw new UsageError(`${option} goes with --from and --patch`, "a replay calls no model and asks nobody");
}

// ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────

const mostShown = 3;

async function say(store: Store, run: string, started: RunStarted, found: Rehearsal): Promise<void> {
  const { findings } = found;
  if (findings.length === 0) {
    process.stdout.write(`✓ ${run}: ${extent(found)}, identical\n${notes(found)}`);
    return;
  }
  const { places: newest, hash } = store.program(run);
  const places = await placesOfRun(newest, { ...started, program: hash });
  const sides = { recorded: places, attempted: places };
  const color = process.stderr.isTTY && process.stderr.hasColors();
  const broken = store.verify(run);
  for (const finding of findings.slice(0, mostShown)) {
    const help = likelyCause(finding, started, broken, run);
    process.stderr.write(`${findingText(finding, sides, help, color)}\n`);
  }
  const more = findings.length > mostShown ? `, ${mostShown} of them shown` : "";
  const count = `${findings.length} difference${findings.length === 1 ? "" : "s"}`;
  process.stderr.write(`✗ ${run}: ${extent(found)}, ${count}${more}\n`);
}

function extent({ activations, steps }: Rehearsal): string {
  return `${activations} activation${activations === 1 ? "" : "s"}, ${steps} step${steps === 1 ? "" : "s"} replayed`;
}

function notes({ open, pruned }: Rehearsal): string {
  const still = open.length === 0 ? "" : `  still open: ${open.join(", ")}\n`;
  const gone = pruned.length === 0 ? "" : `  not replayed, what they began with was pruned: ${pruned.join(", ")}\n`;
  return still + gone;
}

/** Why a program does something else than its own journal says. */
function likelyCause(finding: Finding, { keel }: RunStarted, broken: number | undefined, run: string): string {
  if (broken !== undefined) {
    return `the journal was changed: event ${broken} does not fit the chain (\`keel audit verify ${run}\`)`;
  }
  if (finding.secrets !== undefined) {
    const names = finding.secrets.join(", ");
    return `the program computes with secrets whose text is not recorded: set ${names} as when it ran, and replay again`;
  }
  if (keel !== KEEL_VERSION) return `the run is from Keel ${keel}, this is ${KEEL_VERSION}: it may do this differently`;
  return "the program and its journal are as they were, so Keel itself does something else: please report this";
}

/** Every finding whole. */
function asJson(run: string, { findings, ...found }: Rehearsal): string {
  const told = findings.map((finding) => ({ code: tell(finding).code, message: tell(finding).message, ...finding }));
  const document = { version: 1, run, identical: findings.length === 0, ...found, findings: told };
  return `${JSON.stringify(document, null, 2)}\n`;
}
