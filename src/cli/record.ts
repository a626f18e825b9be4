// `keel record RUN -o FILE`: a run in one file that `keel verify` replays anywhere: what `keel audit export` writes, and
// where the steps of the program stand in which text. Invariant: the file holds no text of a secret.

import { closeSync, existsSync, openSync, readSync, statSync } from "node:fs";
import { auditRun, openAuditor } from "../runtime/journal/audit-store.ts";
import type { Walk } from "../runtime/journal/audit.ts";
import type { RunStarted } from "../runtime/journal/event.ts";
import { exportLines, type RecordingLine } from "../runtime/journal/export-format.ts";
import { makeMask, type Mask, type Secret } from "../runtime/journal/mask.ts";
import { startedOf } from "../runtime/journal/started.ts";
import type { Store } from "../runtime/journal/store.ts";
import { invariant } from "../source/invariant.ts";
import { sayFinding } from "./audit.ts";
import { writeWhole } from "./audit-export.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { utc } from "./layout.ts";
import { textOfRun } from "./step-places.ts";
import { findRun, openExisting, storeDirectory } from "./store-place.ts";

export async function record(prefix: string | undefined, { output }: { readonly output: string }): Promise<ExitCode> {
  requireOwn(output);
  const { run, program, places, sources, note } = await programOf(prefix);
  const auditor = openAuditor(storeDirectory());
  try {
    // In one look, so that what is written is what was found intact.
    const walk = auditor.read(run, (evidence): Walk => {
      const found = auditRun(evidence);
      if (found.finding !== undefined) return found;
      if (found.program !== program)
        throw new UsageError(`run ${run} was upgraded while it was recorded`, "record it again");
      const states = found.pruned === 0 ? {} : evidence.states();
      const occasion = { keel: KEEL_VERSION, at: utc(Date.now()), recording: { places, sources, states } };
      writeWhole(output, exportLines(evidence, found, occasion), requireOwn);
      return found;
    });
    if (walk.finding !== undefined) return sayFinding(run, walk.finding);
    const { events, pruned } = walk;
    const some = `${events} event${events === 1 ? "" : "s"}${pruned === 0 ? "" : ` (${pruned} pruned)`}`;
    process.stdout.write(`✓ recorded ${run} to ${output}: ${some}, ${Math.ceil(statSync(output).size / 1024)} KiB\n`);
    if (note !== undefined) process.stdout.write(`  note: ${note}\n`);
    return exitCodes.ok;
  } finally {
    auditor.close();
  }
}

const beginning = '{"kind":"header",';

/** An older recording is replaced, and nothing else. */
function requireOwn(file: string): void {
  if (!existsSync(file) || beginningOf(file) === beginning) return;
  throw new UsageError(`${file} exists, and is no recording`, "name another file, or remove it first");
}

/** Empty where it cannot be read. */
function beginningOf(file: string): string {
  const bytes = Buffer.alloc(beginning.length);
  try {
    const fd = openSync(file, "r");
    try {
      return bytes.toString("utf8", 0, readSync(fd, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(fd);
    }
  } catch {
    return "";
  }
}

// ── the program ─────────────────────────────────────────────────────────────────────────────────────────────────

interface Recorded extends Omit<RecordingLine, "kind" | "states"> {
  readonly run: string;
  /** Its hash. */
  readonly program: string;
  /** What a person should know of the sources. */
  readonly note?: string;
}

/** Throws UsageError where a program of the run holds a secret. */
async function programOf(prefix: string | undefined): Promise<Recorded> {
  const store = openExisting();
  try {
    const run = findRun(store, prefix);
    const started = startedOf(store, run);
    const secrets = secretsAtHand(started);
    requireNoSecret(store, run, secrets);
    const { places, hash: program } = store.program(run);
    const found = await textOfRun(places, started);
    if (found === undefined) {
      const note = `without its source: ${places.file} is not there, or is not what was run`;
      return { run, program, places, sources: {}, note };
    }
    const named = namedIn(secrets, Object.values(found.sources).join("\n"));
    if (named !== undefined) {
      return { run, program, places, sources: {}, note: `without its source: the text of ${named} stands in it` };
    }
    return { run, program, ...found };
  } finally {
    store.close();
  }
}

/** Those of the run's secrets whose text this process has. */
function secretsAtHand({ env }: RunStarted): readonly Secret[] {
  return Object.entries(env).flatMap(([name, { kind }]) => {
    const value = kind === "secret" ? process.env[name] : undefined;
    return value === undefined ? [] : [{ name, value }];
  });
}

/** What was recorded was masked when it was written; a program is what it is. */
function requireNoSecret(store: Store, run: string, secrets: readonly Secret[]): void {
  const hashes = [1, ...store.head(run).upgrades].map((seq) => {
    const event = store.event(run, seq);
    invariant(event?.type === "run.started" || event?.type === "run.upgraded", `event ${seq} names a program`);
    return event.program;
  });
  for (const hash of hashes) {
    const named = namedIn(secrets, JSON.stringify(store.programNamed(hash)));
    if (named === undefined) continue;
    throw new UsageError(
      `the program of run ${run} holds the text of the secret ${named}: it cannot be recorded`,
      `let the program read env.${named} instead; or unset ${named} here, if its text may be known`,
      exitCodes.failed,
    );
  }
}

/** The first secret whose text, in whatever form, stands in a text. */
function namedIn(secrets: readonly Secret[], text: string): string | undefined {
  return secrets.find((secret) => changes(makeMask([secret]), text))?.name;
}

function changes(mask: Mask, text: string): boolean {
  return mask.text(text) !== text;
}
