// Program files on their way in: read, decoded strictly, compiled, and their diagnostics shown.

import { readFileSync, statSync } from "node:fs";
import { Source } from "../source/text.ts";
import { keep, readKept, type Kept } from "./compile-cache.ts";
import { UsageError } from "./door.ts";

/** The text of a program file. Throws UsageError for what is no readable text. */
export function readSource(file: string): Source {
  return new Source(file, decode(file, readBytes(file)));
}

/** Any text file that a command was given, with the same errors. */
export function readText(file: string): string {
  return decode(file, readBytes(file));
}

function readBytes(file: string): Buffer {
  try {
    if (statSync(file).isDirectory()) throw new UsageError(`${file} is a directory`, "name a .keel file in it");
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${file}: ${reason(error)}`, "check the path, and that you may read the file");
  }
}

function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const words: { readonly [code: string]: string } = {
    ENOENT: "there is no such file",
    EACCES: "permission denied",
    ENOTDIR: "a part of the path is no folder",
    ELOOP: "too many symbolic links",
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}

function decode(file: string, bytes: Buffer): string {
  if (bytes.includes(0)) throw new UsageError(`${file} is not a text file`, "a Keel program is UTF-8 text");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is not UTF-8 text`, "save the file as UTF-8");
  }
}

/** Compiles a file, if its text is a new one, and prints its diagnostics to stderr. */
export async function compileFile(source: Source): Promise<Kept> {
  const known = readKept(source);
  const compiled = known ?? (await compileNew(source));
  if (compiled.diagnostics.length > 0) {
    const { renderDiagnostic } = await import("../source/render.ts");
    const color = process.stderr.isTTY && process.env["NO_COLOR"] === undefined;
    for (const each of compiled.diagnostics) process.stderr.write(`${renderDiagnostic(source, each, { color })}\n`);
  }
  return compiled;
}

async function compileNew(source: Source): Promise<Kept> {
  const [{ compile }, { stdlib }] = await Promise.all([import("../compile.ts"), import("../generated/stdlib.ts")]);
  const compiled = compile(source, stdlib);
  keep(source, compiled);
  return compiled;
}
