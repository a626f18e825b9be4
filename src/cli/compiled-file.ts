// `.keelc` files: a compiled program as one line of JSON,
//
//   { keelc: format, hash, program, places, build: { keel } }
//
// Invariants: the same source gives the same bytes (no time, no absolute path); `hash` is the program's, so a run of the
// file and a run of its source have the same program; a file is there whole or not at all. `places.file` is written as
// seen from the folder of the `.keelc`, and read back as seen from the working directory.

import { randomBytes } from "node:crypto";
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, sep } from "node:path";
import type { Places, Program } from "../ir/kir.ts";
import { programHash } from "../runtime/journal/programs.ts";
import { UsageError } from "./door.ts";
import { readText } from "./source-file.ts";

const FORMAT = 1;

export interface CompiledProgram {
  readonly program: Program;
  readonly places: Places;
}

export function isCompiledFile(file: string): boolean {
  return file.endsWith(".keelc");
}

/** Where a program's compiled form goes if nobody says otherwise: beside it. */
export function compiledName(file: string): string {
  return `${file.replace(/\.keel$/, "")}.keelc`;
}

/** Throws UsageError where the file cannot be written. */
export function writeCompiled(to: string, { program, places }: CompiledProgram): void {
  const file = relative(dirname(to), places.file).split(sep).join("/");
  const document = {
    keelc: FORMAT,
    hash: programHash(program),
    program,
    places: { ...places, file },
    build: { keel: KEEL_VERSION },
  };
  const half = `${to}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    mkdirSync(dirname(to), { recursive: true });
    writeFileSync(half, `${JSON.stringify(document)}\n`);
    renameSync(half, to);
  } catch (error) {
    rmSync(half, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write ${to}: ${why}`, "check the path, and that you may write there");
  }
}

/** Throws UsageError for what is no compiled program of a format that this Keel knows, and for one that was changed. */
export function readCompiled(from: string): CompiledProgram {
  const document = parse(from);
  const format = document["keelc"];
  if (typeof format !== "number") throw damaged(from, "it is no compiled Keel program");
  if (format > FORMAT) throw newer(from, `format ${format}`);
  const { hash, program, places } = document;
  if (!isRecord(program) || !isPlaces(places)) throw damaged(from, "a part of it is missing");
  const { keel, semantics } = program;
  if (keel !== 1 || semantics !== 1) throw newer(from, `semantics ${String(semantics)}`);
  // What has the hash that was written with it is the program that was written.
  const whole = program as unknown as Program;
  if (programHash(whole) !== hash) throw damaged(from, "its program is not the one that was compiled");
  return { program: whole, places: { ...places, file: join(dirname(from), places.file) } };
}

function parse(from: string): { readonly [key: string]: unknown } {
  const text = readText(from);
  try {
    const document: unknown = JSON.parse(text);
    if (isRecord(document)) return document;
  } catch {
    // Said below: what is no JSON is no compiled program either.
  }
  throw damaged(from, "it is no compiled Keel program");
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isPlaces(value: unknown): value is Places {
  return isRecord(value) && typeof value["file"] === "string" && isRecord(value["steps"]);
}

const again = "build it again: `keel build FILE.keel`";

function damaged(file: string, why: string): UsageError {
  return new UsageError(`${file} is damaged: ${why}`, again);
}

function newer(file: string, what: string): UsageError {
  return new UsageError(
    `${file} was built by a newer Keel (${what})`,
    `this is Keel ${KEEL_VERSION}; update it, or ${again}`,
  );
}
