// `keel check FILE`: everything that is wrong with a program, before anything of it runs.

import { compileFile, readSource } from "./source-file.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";

export async function check(file: string): Promise<ExitCode> {
  const source = readSource(file);
  const compiled = await compileFile(source);
  if (compiled.program === undefined) return exitCodes.failed;
  if (source.text.trim() === "") process.stderr.write(`⚠ ${file} is empty\n`);
  process.stdout.write(`✓ ${file} is valid\n`);
  return exitCodes.ok;
}
