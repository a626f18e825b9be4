// A disk that breaks or is full at the n-th call, made for real: `faults.c` is built with the host's C compiler and put
// before the C library of the built `keel` command. Without a compiler, or where the linker knows no LD_PRELOAD, tests of
// it are skipped and say so; where tests must not be skipped, that fails.

import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { constants, tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";
import type { Given, Place } from "../cli/command.ts";

export interface Fault {
  /** Which call, from 1; none with 0. */
  readonly at: number;
  readonly error: "EIO" | "ENOSPC";
  /** So does every later one. */
  readonly lasts?: true;
  /** Of the calls that read, instead of those that write. */
  readonly reads?: true;
}

const folder = mkdtempSync(path.join(tmpdir(), "keel-faults-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const library = ((): string | undefined => {
  const file = path.join(folder, "faults.so");
  const source = path.join(import.meta.dirname, "faults.c");
  const built = spawnSync("cc", ["-shared", "-fPIC", "-O1", "-o", file, source, "-ldl"], { encoding: "utf8" });
  if (process.platform === "linux" && built.status === 0) return file;
  const why = built.error === undefined ? built.stderr : "there is no C compiler";
  if (process.env["CI"] !== undefined) throw new Error(`tests/chaos: no disk can be broken here: ${why}`);
  process.stderr.write(`tests/chaos: skipped, since no disk can be broken here: ${why}\n`);
  return undefined;
})();

export const breakable = library !== undefined;

/** The environment of a command whose store lies on such a disk. */
export function broken({ data }: Place, { at, error, lasts, reads }: Fault): NonNullable<Given["env"]> {
  return {
    LD_PRELOAD: library,
    FAULT_FOLDER: path.join(realpathSync(path.dirname(data)), path.basename(data)),
    FAULT_AT: String(at),
    FAULT_ERRNO: String(constants.errno[error]),
    FAULT_LASTS: lasts === true ? "1" : "0",
    FAULT_READS: reads === true ? "1" : "0",
    FAULT_COUNT: countFile(data),
  };
}

/** How many calls there were in the last command that ran so. */
export function callsOf({ data }: Place): number {
  const file = countFile(data);
  return existsSync(file) ? Number(readFileSync(file, "utf8")) : 0;
}

const countFile = (data: string): string => path.join(path.dirname(data), "calls");
