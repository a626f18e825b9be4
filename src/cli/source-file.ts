// Program files on their way in: read, decoded strictly, compiled, and their diagnostics shown.

import { readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Compiled } from "../compile.ts";
import { Source } from "../source/text.ts";
import { keep, readKept, type Kept } from "./compile-cache.ts";
import { UsageError } from "./door.ts";

/** The text of a program file. Throws UsageError for what is no readable text. */
export function readSource(file: string): Source {
  return new Source(file, readText(file, "a .keel file"));
}

/** The standard input as a program. */
export function readStdin(): Source {
  const name = "<stdin>";
  try {
    return new Source(name, decode(name, readFileSync(0)));
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read the standard input: ${reason(error)}`);
  }
}

/** Any text file that a command was given, with the same errors; `what` it should have been. */
export function readText(file: string, what = "a file"): string {
  return decode(file, readBytes(file, what));
}

function readBytes(file: string, what: string): Buffer {
  try {
    if (statSync(file).isDirectory()) throw new UsageError(`${file} is a directory`, `name ${what} in it`);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`cannot read ${file}: ${reason(error)}`, "check the path, and that you may read the file");
  }
}

/** Why a file cannot be read, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const words: { readonly [code: string]: string } = {
    ENOENT: "there is no such file",
    EACCES: "permission denied",
    EISDIR: "it is a directory",
    ENOTDIR: "a part of the path is no folder",
    ELOOP: "too many symbolic links",
  };
  return words[code] ?? (error instanceof Error ? error.message : String(error));
}

function decode(file: string, bytes: Buffer): string {
  if (bytes.includes(0)) throw new UsageError(`${file} is not a text file`, "Keel reads UTF-8 text only");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new UsageError(`${file} is not UTF-8 text`, "save the file as UTF-8");
  }
}

/** Compiles a file, if its text is a new one, and prints its diagnostics to stderr. */
export async function compileFile(source: Source): Promise<Kept> {
  if (!/^[^\S\n]*[^\s#]/m.test(source.text)) process.stderr.write(`⚠ ${source.name} holds nothing to run\n`);
  const compiled = await compileSource(source);
  await showDiagnostics(source, compiled);
  return compiled;
}

/** Prints what compiling a file said to stderr. */
export async function showDiagnostics(source: Source, { diagnostics }: Kept): Promise<void> {
  if (diagnostics.length === 0) return;
  const { renderDiagnostic } = await import("../source/render.ts");
  const color = process.stderr.isTTY && process.stderr.hasColors();
  for (const each of diagnostics) process.stderr.write(`${renderDiagnostic(source, each, { color })}\n`);
}

/** Compiles a file, if its text or one that it uses is a new one, and prints nothing. */
export async function compileSource(source: Source): Promise<Kept> {
  return readKept(source, (name) => usedText(name).text) ?? (await compileNew(source));
}

/** Compiles a file anew, for those who need its tree. */
export async function compileNew(source: Source): Promise<Compiled> {
  const [{ compile }, { stdlib }] = await Promise.all([import("../compile.ts"), import("../generated/stdlib.ts")]);
  const texts = new Map<string, string | undefined>();
  const compiled = compile(source, stdlib, (path, from) => {
    const name = join(dirname(from.name), path);
    const { text, why } = usedText(name);
    texts.set(name, text);
    return text === undefined ? { why } : new Source(name, text);
  });
  keep(source, compiled, texts);
  return compiled;
}

/** The text of a file that a program uses, or why there is none. */
export function usedText(name: string): { readonly text?: string; readonly why: string } {
  try {
    return { text: readText(name), why: "" };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { why: error.message.replace(`cannot read ${name}: `, "").replace(`${name} is`, "it is") };
  }
}
