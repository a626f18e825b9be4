// `keel build FILE`: the program's graph as a `.keelc` file, which `keel run` runs without the front end.

import { resolve } from "node:path";
import type { Json, Program, Step, Term } from "../ir/kir.ts";
import { compiledName, isCompiledFile, writeCompiled } from "./compiled-file.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { compileFile, readSource } from "./source-file.ts";

export interface BuildOptions {
  readonly output?: string;
}

export async function build(file: string, options: BuildOptions): Promise<ExitCode> {
  if (isCompiledFile(file)) throw new UsageError(`${file} is compiled already`, "name the .keel file");
  const to = options.output ?? compiledName(file);
  if (resolve(to) === resolve(file)) throw new UsageError(`${to} is the program itself`, "name another output");
  const { program, places } = await compileFile(readSource(file));
  if (program === undefined || places === undefined) return exitCodes.failed;
  writeCompiled(to, { program, places });
  process.stdout.write(`✓ Compiled ${file} → ${to} (${sizeText(program)})\n`);
  return exitCodes.ok;
}

/** `28 ops, 2 functions`. */
export function sizeText(program: Program): string {
  const ops = countOps(program.functions);
  const functions = Object.keys(program.functions).length;
  return `${ops} op${ops === 1 ? "" : "s"}, ${functions} function${functions === 1 ? "" : "s"}`;
}

/**
 * What counts as an operation: every step, and every term that does something. A literal and a slot are operands, as
 * a register or a constant would be, and a block of terms is only an order.
 */
const counts: { readonly [kind in Term["kind"] | Step["kind"]]: boolean } = {
  Literal: false,
  Slot: false,
  Do: false,
  Set: true,
  State: true,
  SetState: true,
  Field: true,
  JsonField: true,
  Chain: true,
  Assert: true,
  IsNone: true,
  IsVariant: true,
  Text: true,
  Unary: true,
  Binary: true,
  And: true,
  Or: true,
  Coalesce: true,
  If: true,
  For: true,
  List: true,
  Struct: true,
  Map: true,
  Variant: true,
  Builtin: true,
  Constant: true,
  Input: false,
  Call: true,
  CallValue: true,
  Closure: true,
  Cast: true,
  Return: true,
  Break: true,
  Continue: true,
  Fail: true,
  Try: true,
  Eval: true,
  Perform: true,
  Fold: true,
  Branch: true,
  Jump: true,
  Begin: true,
  Next: true,
  Collect: true,
  End: true,
  Enter: true,
  Leave: true,
  Retry: true,
};

/** Over all functions. What a literal holds is data, whatever its fields are called. */
function countOps(functions: Program["functions"]): number {
  let ops = 0;
  const stack: Json[] = Object.values(functions) as unknown as Json[];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node === null || typeof node !== "object") continue;
    if (!Array.isArray(node)) {
      const { kind } = node as { readonly kind?: Json };
      if (typeof kind === "string" && Object.hasOwn(counts, kind) && counts[kind as keyof typeof counts]) ops += 1;
      if (kind === "Literal") continue;
    }
    stack.push(...Object.values(node as { readonly [key: string]: Json }));
  }
  return ops;
}
