// `keel prompt FILE[:LINE]`: what each AI operation of a program would send, before anything is sent. Nothing is asked
// and nothing is stored.

import { existsSync } from "node:fs";
import type { Compiled } from "../compile.ts";
import type { Places, Program } from "../ir/kir.ts";
import type { Source } from "../source/text.ts";
import { isCompiledFile } from "./compiled-file.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { operationsOf, type PlacedOperation } from "./prompt-operations.ts";
import { preview } from "./prompt-preview.ts";
import { previewJson, previewText } from "./prompt-text.ts";
import { compileNew, readSource, showDiagnostics } from "./source-file.ts";

export interface PromptOptions {
  readonly json?: true;
}

export async function prompt(target: string, options: PromptOptions): Promise<ExitCode> {
  const { file, line } = targetOf(target);
  if (isCompiledFile(file)) {
    throw new UsageError(
      `${file} is compiled: it has no text any more that holes could be named by`,
      "name the .keel file",
    );
  }
  const source = readSource(file);
  const compiled = await compileNew(source);
  await showDiagnostics(source, compiled);
  if (compiled.program === undefined || compiled.places === undefined) return exitCodes.failed;
  const { program, places } = await withUncalled(compiled, compiled.program, compiled.places);
  const all = operationsOf(compiled.checked, program, places);
  const chosen = line === undefined ? all : onLine(all, line, source);
  const previews = chosen.flatMap((at) => at.askers.map((asker) => preview(compiled.checked, program, at, asker)));
  if (options.json) {
    const operations = previews.map((each) => previewJson(each, file));
    process.stdout.write(`${JSON.stringify({ version: 1, operations }, null, 2)}\n`);
  } else if (previews.length === 0) process.stdout.write(`${file} has no AI operation\n`);
  else process.stdout.write(previews.map((each) => previewText(each, file)).join("\n\n"));
  return exitCodes.ok;
}

/** A file may have a name that ends like a line. */
function targetOf(target: string): { readonly file: string; readonly line?: number } {
  const [, file, line] = /^(.+):(\d{1,9})$/.exec(target) ?? [];
  return file === undefined || existsSync(target) ? { file: target } : { file, line: Number(line) };
}

/** With the tasks of the file that nothing calls: in a file of tasks for others that is all of them. */
async function withUncalled({ checked }: Compiled, program: Program, places: Places) {
  const tasks = checked.program.items.filter((item) => item.kind === "TaskDeclaration");
  const [{ lower }, { stdlib }] = await Promise.all([import("../ir/lower.ts"), import("../generated/stdlib.ts")]);
  const lowered = lower(checked, checked.modules.source, stdlib, tasks);
  // What lowering refuses in a task that nothing calls is no reason to be silent about the rest.
  return lowered.diagnostics.some(({ severity }) => severity === "error") ? { program, places } : lowered;
}

function onLine(all: readonly PlacedOperation[], line: number, source: Source): readonly PlacedOperation[] {
  const own = all.filter(({ file }) => file === undefined);
  const found = own.filter((each) => each.line <= line && line <= each.lastLine);
  if (found.length > 0) return found;
  const what =
    line > source.lineCount
      ? `${source.name} has ${source.lineCount} lines`
      : `${source.name}:${line} has no AI operation`;
  const lines = [...new Set(own.map((each) => each.line))].join(", ");
  throw new UsageError(what, lines === "" ? "the file has none" : `there are some on these lines: ${lines}`);
}
