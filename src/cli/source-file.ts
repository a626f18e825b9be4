// Program files on their way in: read, decoded strictly, compiled, and their diagnostics shown.

import { readFileSync, statSync } from "node:fs";
import { compile, type Compiled } from "../compile.ts";
import { stdlib } from "../generated/stdlib.ts";
import { renderDiagnostic } from "../source/render.ts";
import { Source } from "../source/text.ts";
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

/** Compiles a file and prints its diagnostics to stderr. */
export function compileFile(source: Source): Compiled {
  const compiled = compile(source, stdlib);
  const color = process.stderr.isTTY && process.env["NO_COLOR"] === undefined;
  for (const each of compiled.diagnostics) process.stderr.write(`${renderDiagnostic(source, each, { color })}\n`);
  return compiled;
}
