// `keel audit export RUN -o FILE`: the run as a file that anybody can verify without Keel. It is there whole or not at
// all, it replaces no other file, and a run that is not intact is not exported.

import { randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import type { Walk } from "../runtime/journal/audit.ts";
import { auditRun, openAuditor } from "../runtime/journal/audit-store.ts";
import { exportLines, type Occasion } from "../runtime/journal/export-format.ts";
import { StoreError } from "../runtime/journal/store.ts";
import { extent, sayFinding } from "./audit.ts";
import { readSigningKey } from "./audit-keys.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { utc } from "./layout.ts";
import { reason } from "./source-file.ts";
import { findRun, storeDirectory } from "./store-place.ts";

export interface AuditExportOptions {
  readonly output: string;
  readonly key?: string;
}

export function auditExport(prefix: string | undefined, { output, key }: AuditExportOptions): ExitCode {
  const occasion: Occasion = {
    keel: KEEL_VERSION,
    at: utc(Date.now()),
    ...(key === undefined ? {} : { key: readSigningKey(key) }),
  };
  refuseExisting(output);
  const auditor = openAuditor(storeDirectory());
  try {
    const run = findRun(auditor, prefix);
    // In one look, so that what is written is what was found intact.
    const walk = auditor.read(run, (evidence): Walk => {
      const found = auditRun(evidence);
      if (found.finding === undefined) writeWhole(output, exportLines(evidence, found, occasion), refuseExisting);
      return found;
    });
    if (walk.finding !== undefined) return sayFinding(run, walk.finding);
    const signed = key === undefined ? "" : ", signed";
    process.stdout.write(`✓ exported ${run} to ${output}: ${extent(walk)}${signed}\n`);
    return exitCodes.ok;
  } finally {
    auditor.close();
  }
}

function refuseExisting(file: string): void {
  if (existsSync(file)) throw new UsageError(`${file} exists already`, "name another file, or remove it first");
}

const chunkChars = 1024 * 1024;

/** `refuse` throws where something is there that must stay. */
export function writeWhole(to: string, lines: Iterable<string>, refuse: (file: string) => void): void {
  const half = `${to}.${randomBytes(4).toString("hex")}.tmp`;
  let fd: number | undefined;
  try {
    fd = openSync(half, "wx", 0o600);
    let chunk = "";
    for (const line of lines) {
      chunk += `${line}\n`;
      if (chunk.length < chunkChars) continue;
      writeFileSync(fd, chunk);
      chunk = "";
    }
    writeFileSync(fd, chunk);
    fsyncSync(fd);
    closeSync(fd);
    fd = undefined;
    refuse(to);
    renameSync(half, to);
  } catch (error) {
    if (fd !== undefined) closeSync(fd);
    rmSync(half, { force: true });
    throw writeError(to, error);
  }
}

/** Errors of the host become words for a person; the store's stay what they are. */
function writeError(to: string, error: unknown): unknown {
  if (!(error instanceof Error) || !("syscall" in error)) return error;
  const code = "code" in error ? error.code : undefined;
  if (code === "ENOSPC" || code === "EDQUOT") {
    return new StoreError(
      "full",
      `the disk is full: ${to} cannot be written`,
      "nothing of it was left there. Make room, or name a file on another disk",
    );
  }
  const why = code === "ENOENT" ? "its folder is not there" : reason(error);
  return new UsageError(`cannot write ${to}: ${why}`, "check the path, and that you may write there");
}
