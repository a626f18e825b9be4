// `keel fmt`: programs in the one style. A file with syntax errors is left as it is. A file is replaced whole or not at
// all: the text goes into a new file beside it, with the old one's mode and owner, which then takes its name.

import {
  accessSync,
  chmodSync,
  chownSync,
  constants,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { format } from "../parser/format.ts";
import { renderDiagnostic } from "../source/render.ts";
import type { Source } from "../source/text.ts";
import { say, UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { programFiles, stdinWord } from "./program-files.ts";
import { readSource, readStdin } from "./source-file.ts";

export interface FmtOptions {
  readonly check?: true;
  readonly stdout?: true;
  readonly stdin?: true;
}

type Outcome = "changed" | "same" | "wrong" | "unreadable";

export function fmt(words: readonly string[], options: FmtOptions): ExitCode {
  const files = filesOf(words, options);
  const outcomes = files.map((file) => fmtOne(file, options));
  const count = (outcome: Outcome): number => outcomes.filter((each) => each === outcome).length;
  if (files.length > 1 && options.stdout === undefined) tell(count, files.length, options);
  if (count("unreadable") > 0) return exitCodes.usage;
  const isUnformatted = options.check === true && count("changed") > 0;
  return count("wrong") > 0 || isUnformatted ? exitCodes.failed : exitCodes.ok;
}

function filesOf(words: readonly string[], { check, stdout, stdin }: FmtOptions): readonly string[] {
  if (check && stdout) throw new UsageError("--check and --stdout ask for different things", "give one of them");
  if (stdin === undefined && words.length === 0) {
    throw new UsageError("no file is named", "name files or folders, or give --stdin");
  }
  if (stdin && words.length > 0) throw new UsageError("--stdin takes no files", "leave out one of them");
  return stdin ? [stdinWord] : programFiles(words);
}

function fmtOne(file: string, options: FmtOptions): Outcome {
  try {
    return rewritten(file, file === stdinWord ? readStdin() : readSource(file), options);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    say(error.message, error.help, exitCodes.usage);
    return "unreadable";
  }
}

function rewritten(file: string, source: Source, options: FmtOptions): Outcome {
  const { text, diagnostics } = format(source);
  if (text === undefined) {
    const color = process.stderr.isTTY && process.stderr.hasColors();
    for (const each of diagnostics) process.stderr.write(`${renderDiagnostic(source, each, { color })}\n`);
    say(`${source.name} has syntax errors and is left as it is`, undefined, exitCodes.failed);
    return "wrong";
  }
  const outcome = text === source.text ? "same" : "changed";
  if (options.check) {
    if (outcome === "changed") process.stdout.write(`${source.name}\n`);
  } else if (options.stdout || file === stdinWord) process.stdout.write(text);
  else if (outcome === "changed") {
    replace(file, text);
    process.stdout.write(`✓ formatted ${file}\n`);
  }
  return outcome;
}

/** Of more than one file a last line tells the sum. */
function tell(count: (outcome: Outcome) => number, total: number, { check }: FmtOptions): void {
  const parts = [
    [count("changed"), check ? "not formatted" : "formatted"],
    [count("same"), check ? "formatted" : "as they were"],
    [count("wrong"), "with syntax errors"],
    [count("unreadable"), "not readable or writable"],
  ] as const;
  const told = parts.filter(([number]) => number > 0).map(([number, what]) => `${number} ${what}`);
  process.stderr.write(`${total} files: ${told.join(", ")}\n`);
}

function replace(file: string, text: string): void {
  let draft: string | undefined;
  try {
    const target = realpathSync(file);
    accessSync(target, constants.W_OK);
    const { mode, uid, gid } = statSync(target);
    draft = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    writeFileSync(draft, text, { mode: 0o600, flush: true });
    if (process.getuid?.() !== uid) chownSync(draft, uid, gid);
    chmodSync(draft, mode & 0o7777);
    renameSync(draft, target);
  } catch (error) {
    if (draft !== undefined) rmSync(draft, { force: true });
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot write ${file}: ${why}`, "check that you may write the file and its folder");
  }
}
