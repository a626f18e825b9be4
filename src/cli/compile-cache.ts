// What compiling a text gave, kept by content in the user's cache folder: an unchanged program is neither parsed nor
// checked again. The key holds the build of Keel, the file's name (diagnostics and places name it) and the text; the
// files that the program uses are looked at again and must be what they were. Best effort: what cannot be read or written
// is compiled anew, and nothing is said.

import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Places, Program } from "../ir/kir.ts";
import type { Diagnostic, Related } from "../source/diagnostic.ts";
import { Source } from "../source/text.ts";

export interface Kept {
  readonly diagnostics: readonly Diagnostic[];
  readonly program?: Program;
  readonly places?: Places;
}

/** By name, the text of each file that a program uses; undefined for one that could not be read. */
export type UsedTexts = ReadonlyMap<string, string | undefined>;

/** More entries than this make the older half of them go. */
const LIMIT = 200;

/** What this text gave before, if that is known and the files it uses are the same; `read` gives their texts of today. */
export function readKept(source: Source, read: (name: string) => string | undefined): Kept | undefined {
  try {
    const kept: unknown = JSON.parse(readFileSync(fileOf(source), "utf8"));
    if (!isKept(kept) || !kept.used.every(([name, digest]) => digestOf(read(name)) === digest)) return undefined;
    const sources = new Map(kept.sources.map(([name, text]) => [name, new Source(name, text)]));
    return { ...kept, diagnostics: kept.diagnostics.map((each) => revived(each, sources)) };
  } catch {
    return undefined;
  }
}

/** Keeps what a text gave. Written beside and renamed, so that nobody reads half of it. */
export function keep(source: Source, { diagnostics, program, places }: Kept, texts: UsedTexts): void {
  try {
    const folder = cacheFolder();
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const file = fileOf(source);
    const half = `${file}.${process.pid}`;
    const used = [...texts].map(([name, text]) => [name, digestOf(text)]);
    const entry = JSON.stringify({ used, sources: sourcesOf(diagnostics), diagnostics, program, places }, byName);
    writeFileSync(half, entry, { mode: 0o600 });
    renameSync(half, file);
    thin(folder);
  } catch {
    // A cache that cannot be written costs time only.
  }
}

/** In its diagnostics a file stands as its name. */
interface Entry extends Kept {
  readonly used: readonly (readonly [name: string, digest: string | null])[];
  readonly sources: readonly (readonly [name: string, text: string])[];
}

function isKept(value: unknown): value is Entry {
  const parts = ["diagnostics", "used", "sources"] as const;
  const entry: { readonly [part: string]: unknown } = typeof value === "object" && value !== null ? { ...value } : {};
  return parts.every((part) => Array.isArray(entry[part]));
}

function sourcesOf(diagnostics: readonly Diagnostic[]): Entry["sources"] {
  const places: readonly (Diagnostic | Related)[] = diagnostics.flatMap((each) => [each, ...(each.related ?? [])]);
  const texts = new Map(places.flatMap(({ source }) => (source === undefined ? [] : [[source.name, source.text]])));
  return [...texts];
}

const byName = (_: string, value: unknown): unknown => (value instanceof Source ? value.name : value);

function revived(diagnostic: Diagnostic, sources: ReadonlyMap<string, Source>): Diagnostic {
  const back = <T extends Diagnostic | Related>(each: T): T => {
    const source = sources.get(String(each.source));
    return source === undefined ? each : { ...each, source };
  };
  const { related } = diagnostic;
  return { ...back(diagnostic), ...(related === undefined ? {} : { related: related.map(back) }) };
}

function digestOf(text: string | undefined): string | null {
  return text === undefined ? null : createHash("sha256").update(text).digest("hex");
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
