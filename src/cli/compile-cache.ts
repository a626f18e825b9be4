// What compiling a text gave, kept by content in the user's cache folder: an unchanged file is neither parsed nor
// checked again. The key holds the build of Keel, the file's name (diagnostics and places name it) and the text. Best
// effort: what cannot be read or written is compiled anew, and nothing is said.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Places, Program } from "../ir/kir.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source } from "../source/text.ts";

export interface Kept {
  readonly diagnostics: readonly Diagnostic[];
  readonly program?: Program;
  readonly places?: Places;
}

/** More entries than this make the older half of them go. */
const LIMIT = 200;

/** What this text gave before, if that is known. */
export function readKept(source: Source): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(fileOf(source), "utf8"));
    return isKept(kept) ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** Keeps what a text gave. Written beside and renamed, so that nobody reads half of it. */
export function keep(source: Source, { diagnostics, program, places }: Kept): void {
  try {
    const folder = cacheFolder();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = fileOf(source);
    const half = `${file}.${process.pid}`;
    writeFileSync(half, JSON.stringify({ diagnostics, program, places }), { mode: 0o600 });
    renameSync(half, file);
    thin(folder);
  } catch {
    // A cache that cannot be written costs time only.
  }
}

function isKept(value: unknown): value is Kept {
  return typeof value === "object" && value !== null && "diagnostics" in value && Array.isArray(value.diagnostics);
}

function fileOf({ name, text }: Source): string {
  const key = createHash("sha256").update(`${KEEL_BUILD}\0${name}\0${text}`).digest("hex");
  return join(cacheFolder(), `${key.slice(0, 40)}.json`);
}

function cacheFolder(): string {
  const root = process.env["XDG_CACHE_HOME"];
  return join(root === undefined || root === "" ? join(homedir(), ".cache") : root, "keel");
}

function thin(folder: string): void {
  const names = readdirSync(folder);
  if (names.length <= LIMIT) return;
  const aged = names.map((name) => ({ file: join(folder, name), at: statSync(join(folder, name)).mtimeMs }));
  aged.sort((a, b) => a.at - b.at);
  for (const { file } of aged.slice(0, LIMIT / 2)) rmSync(file, { force: true });
}
