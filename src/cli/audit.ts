// `keel audit verify`: whether runs of the store, or exported files, are what was written. Nothing is changed, and the
// store may be written to meanwhile.

import type { Finding, Walk } from "../runtime/journal/audit.ts";
import { auditRun, openAuditor, type Auditor } from "../runtime/journal/audit-store.ts";
import { readExport, type ReadExport } from "../runtime/journal/export-read.ts";
import { StoreError } from "../runtime/journal/store.ts";
import { readPublicKey } from "./audit-keys.ts";
import { eventOf, findingWords } from "./audit-words.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { reason } from "./source-file.ts";
import { findRun, storeDirectory } from "./store-place.ts";

export interface AuditVerifyOptions {
  readonly json?: true;
  readonly tip?: string;
  readonly publicKey?: string;
}

/** What was found out about a run of the store, a file, or the store itself. */
interface Result extends ReadExport {
  readonly kind: "run" | "file" | "store";
  readonly name: string;
}

/** A tip that somebody kept, and if it is known, of which run it is. */
interface Earlier {
  readonly through: Uint8Array;
  readonly run?: string;
}

export function auditVerify(targets: readonly string[], options: AuditVerifyOptions): ExitCode {
  const key = options.publicKey === undefined ? undefined : readPublicKey(options.publicKey);
  const results = resultsOf(targets, options.tip, key);
  if (options.json) process.stdout.write(`${JSON.stringify(asJson(results), null, 2)}\n`);
  else tell(results, key !== undefined);
  return results.some(({ finding }) => finding !== undefined) ? exitCodes.failed : exitCodes.ok;
}

function resultsOf(targets: readonly string[], tip: string | undefined, key: string | undefined): readonly Result[] {
  const isHash = tip !== undefined && /^[0-9a-f]{64}$/i.test(tip);
  if (key !== undefined && !targets.some(isFile) && (tip === undefined || isHash)) {
    throw new UsageError("--public-key is for exported files", "name one, or leave it out");
  }
  if (tip === undefined) return auditAll(targets, key);
  if (targets.length > 1 || (isHash && targets.length === 0)) {
    throw new UsageError("--tip is of one run", "name the run, or the file, that has to lead through it");
  }
  if (isHash) return auditAll(targets, key, { through: Buffer.from(tip, "hex") });
  const kept = fileResult(tip, key === undefined ? {} : { key });
  // A tip in a file that is not intact itself says nothing.
  if (kept.finding !== undefined || kept.walk === undefined || kept.header === undefined) return [kept];
  const { run } = kept.header;
  return auditAll(targets.length === 0 ? [run] : targets, key, { through: kept.walk.tip, run });
}

/** Ids of runs have no dots and no slashes. */
function isFile(target: string): boolean {
  return /[./\\]/.test(target);
}

function auditAll(targets: readonly string[], key: string | undefined, earlier?: Earlier): readonly Result[] {
  const through = earlier === undefined ? {} : { through: earlier.through };
  const files = targets.filter(isFile).map((file) => {
    const result = fileResult(file, { ...through, ...(key === undefined ? {} : { key }) });
    requireRun(earlier, result.header?.run);
    return result;
  });
  const runs = targets.filter((target) => !isFile(target));
  return targets.length > 0 && runs.length === 0 ? files : [...storeResults(runs, earlier), ...files];
}

function requireRun(earlier: Earlier | undefined, run: string | undefined): void {
  if (earlier?.run === undefined || run === undefined || earlier.run === run) return;
  throw new UsageError(`the tip is of the run ${earlier.run}, not of ${run}`, "name the run that it is of");
}

function fileResult(file: string, wanted: Parameters<typeof readExport>[1]): Result {
  try {
    return { kind: "file", name: file, ...readExport(file, wanted) };
  } catch (error) {
    if (!(error instanceof Error) || !("syscall" in error)) throw error;
    throw new UsageError(`cannot read ${file}: ${reason(error)}`, "check the path, and that you may read the file");
  }
}

function storeResults(prefixes: readonly string[], earlier: Earlier | undefined): readonly Result[] {
  const store: Result = { kind: "store", name: storeDirectory() };
  return blaming(store, () => {
    const auditor = openAuditor(store.name);
    try {
      const unsound = blaming(store, () => [{ ...store, ...found(auditor.unsound()) }]);
      const known = auditor.runs();
      const wanted = prefixes.length === 0 ? known : prefixes.map((prefix) => runOf(prefix, auditor, earlier));
      const runs = [...new Set(wanted)].flatMap((name): readonly Result[] => {
        const run: Result = { kind: "run", name };
        if (earlier?.run === name && !known.includes(name)) return [{ ...run, finding: { kind: "Gone" } }];
        return blaming(run, () => {
          const walk = auditor.read(name, (evidence) => auditRun(evidence, earlier?.through));
          return [{ ...run, walk, ...found(walk.finding) }];
        });
      });
      // A sound file is nothing to speak of.
      return [...unsound.filter(({ finding }) => finding !== undefined), ...runs];
    } finally {
      auditor.close();
    }
  });
}

/** The run that a prefix means; of an earlier tip also one that is gone. */
function runOf(prefix: string, auditor: Auditor, earlier: Earlier | undefined): string {
  if (prefix === earlier?.run) return prefix;
  const run = findRun(auditor, prefix);
  requireRun(earlier, run);
  return run;
}

/** What the database cannot read is a finding; all else that is wrong with a store is not about what stands there. */
function blaming(blamed: Result, work: () => readonly Result[]): readonly Result[] {
  try {
    return work();
  } catch (error) {
    if (!(error instanceof StoreError) || error.problem !== "corrupt") throw error;
    return [{ ...blamed, finding: { kind: "Unsound", what: error.message } }];
  }
}

function found(finding: Finding | undefined): Pick<Result, "finding"> {
  return finding === undefined ? {} : { finding };
}

// ── telling ─────────────────────────────────────────────────────────────────────────────────────────────────────

function tell(results: readonly Result[], isKeyKnown: boolean): void {
  if (results.length === 0) process.stdout.write("no runs yet: `keel run FILE` makes one\n");
  for (const { name, header, walk, finding, signedBy } of results) {
    if (finding !== undefined) sayFinding(name, finding);
    else if (walk !== undefined) {
      const run = header === undefined ? "" : `run ${header.run}, `;
      const signed = signedBy === undefined ? "" : `, signed with ${signedBy}`;
      process.stdout.write(`✓ ${name} is intact: ${run}${extent(walk)}${signed}\n`);
      if (signedBy !== undefined && !isKeyKnown) {
        process.stdout.write(
          "  note: this key is the file's own word; --public-key FILE compares it with one you know\n",
        );
      }
    }
  }
  if (results.length < 2) return;
  const bad = results.filter(({ finding }) => finding !== undefined).length;
  process.stdout.write(`${results.length} looked at: ${results.length - bad} intact, ${bad} not\n`);
}

/** `142 events (12 pruned), tip 5f…`. */
export function extent({ events, pruned, tip }: Walk): string {
  const some = `${events} event${events === 1 ? "" : "s"}${pruned === 0 ? "" : ` (${pruned} pruned)`}`;
  return `${some}, tip ${Buffer.from(tip).toString("hex")}`;
}

export function sayFinding(name: string, finding: Finding): ExitCode {
  const { code, message, help } = findingWords(finding);
  process.stderr.write(
    `✗ ${name} is not intact: ${message} [${code}]\n${help === undefined ? "" : `  help: ${help}\n`}`,
  );
  return exitCodes.failed;
}

function asJson(results: readonly Result[]): object {
  return {
    version: 1,
    intact: results.every(({ finding }) => finding === undefined),
    results: results.map(({ kind, name, header, walk, finding, signedBy }) => ({
      kind,
      name,
      intact: finding === undefined,
      ...(header === undefined ? {} : { run: header.run, keel: header.keel, exported_at: header.exported_at }),
      ...(walk === undefined
        ? {}
        : { events: walk.events, pruned: walk.pruned, tip: Buffer.from(walk.tip).toString("hex") }),
      ...(signedBy === undefined ? {} : { signed_by: signedBy }),
      ...(finding === undefined ? {} : { finding: { ...findingWords(finding), event: eventOf(finding) } }),
    })),
  };
}
