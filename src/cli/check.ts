// `keel check`: everything that is wrong with programs, before anything of them runs. docs/cli/check.md describes what is
// printed, and the document of `--json`, which other programs read.

import { diagnosticJson, type DiagnosticJson } from "../source/diagnostic-json.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source } from "../source/text.ts";
import { say, UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { programFiles, stdinWord } from "./program-files.ts";
import { compileFile, compileSource, readSource, readStdin } from "./source-file.ts";

export interface CheckOptions {
  readonly json?: true;
  readonly deny?: "warnings";
}

type Checked =
  | { readonly kind: "Read"; readonly source: Source; readonly diagnostics: readonly Diagnostic[] }
  | { readonly kind: "Unreadable"; readonly file: string; readonly problem: UsageError };

/** The document of `--json`. Fields are only ever added. */
export interface CheckJson {
  readonly version: 1;
  readonly files: readonly FileJson[];
}

export interface FileJson {
  readonly file: string;
  readonly valid: boolean;
  /** Why the file could not be read, if it could not. */
  readonly problem?: string;
  readonly diagnostics: readonly DiagnosticJson[];
}

export async function check(words: readonly string[], options: CheckOptions): Promise<ExitCode> {
  const files = programFiles(words);
  const all: Checked[] = [];
  for (const file of files) {
    const checked = await checkOne(file, options);
    all.push(checked);
    if (checked.kind === "Unreadable") say(checked.problem.message, checked.problem.help, exitCodes.usage);
    else if (options.json === undefined) report(checked, options);
  }
  if (options.json) process.stdout.write(`${JSON.stringify(documentOf(all), null, 2)}\n`);
  else if (all.length > 1) process.stdout.write(`${summary(all, options)}\n`);
  if (all.some(({ kind }) => kind === "Unreadable")) return exitCodes.usage;
  return all.every((each) => isGood(each, options)) ? exitCodes.ok : exitCodes.failed;
}

async function checkOne(file: string, options: CheckOptions): Promise<Checked> {
  try {
    const source = file === stdinWord ? readStdin() : readSource(file);
    const { diagnostics } = await (options.json ? compileSource(source) : compileFile(source));
    return { kind: "Read", source, diagnostics };
  } catch (error) {
    if (error instanceof UsageError) return { kind: "Unreadable", file, problem: error };
    throw error;
  }
}

const count = (each: Checked, severity: Diagnostic["severity"]): number =>
  each.kind === "Read" ? each.diagnostics.filter((diagnostic) => diagnostic.severity === severity).length : 0;

const isValid = (each: Checked): boolean => each.kind === "Read" && count(each, "error") === 0;

const isGood = (each: Checked, { deny }: CheckOptions): boolean =>
  isValid(each) && (deny === undefined || count(each, "warning") === 0);

function report(each: Checked & { kind: "Read" }, options: CheckOptions): void {
  const { name } = each.source;
  if (isGood(each, options)) process.stdout.write(`✓ ${name} is valid\n`);
  else if (isValid(each)) process.stderr.write(`✗ ${name} has ${counted(count(each, "warning"), "warning")}\n`);
}

const counted = (n: number, word: string): string => `${n} ${word}${n === 1 ? "" : "s"}`;

function summary(all: readonly Checked[], options: CheckOptions): string {
  const unreadable = all.filter(({ kind }) => kind === "Unreadable").length;
  const good = all.filter((each) => isGood(each, options)).length;
  const wrong = all.length - unreadable - good;
  const parts = [
    `${good} valid`,
    ...(wrong > 0 ? [`${wrong} not`] : []),
    ...(unreadable > 0 ? [`${unreadable} unreadable`] : []),
  ];
  const sum = (severity: Diagnostic["severity"]): number => all.reduce((n, each) => n + count(each, severity), 0);
  const found = [counted(sum("error"), "error"), counted(sum("warning"), "warning")].join(", ");
  return `${counted(all.length, "file")}: ${parts.join(", ")} (${found})`;
}

function documentOf(all: readonly Checked[]): CheckJson {
  const files = all.map((each): FileJson => {
    if (each.kind === "Unreadable") {
      return { file: each.file, valid: false, problem: each.problem.message, diagnostics: [] };
    }
    const diagnostics = each.diagnostics.map((diagnostic) => diagnosticJson(each.source, diagnostic));
    return { file: each.source.name, valid: isValid(each), diagnostics };
  });
  return { version: 1, files };
}
