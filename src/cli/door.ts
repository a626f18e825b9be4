// The door every command goes through: what is thrown inside becomes a message for a person and an exit code. A stack
// is shown for a fault of Keel only, and only on request.

import { Bug } from "../source/invariant.ts";
import { StoreError, type StoreProblem } from "../runtime/journal/store.ts";
import { Divergence } from "../runtime/engine/divergence.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";

/** A mistake in how a command was used; `help` says what to do instead. */
export class UsageError extends Error {
  override readonly name = "UsageError";
  constructor(
    message: string,
    readonly help?: string,
    readonly exitCode: ExitCode = exitCodes.usage,
  ) {
    super(message);
  }
}

/** Runs a command and sets the process's exit code. */
export async function door(command: () => Promise<ExitCode> | ExitCode): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    process.exitCode = report(error);
  }
}

function report(error: unknown): ExitCode {
  if (error instanceof UsageError) return say(error.message, error.help, error.exitCode);
  if (error instanceof StoreError) return say(error.message, error.help, storeCodes[error.problem]);
  if (error instanceof Divergence) {
    return say(error.message, "the journal and Keel disagree: `keel show` prints what is recorded", exitCodes.failed);
  }
  return reportBug(error);
}

const storeCodes: { readonly [P in StoreProblem]: ExitCode } = {
  held: exitCodes.held,
  lost: exitCodes.held,
  missing: exitCodes.usage,
  duplicate: exitCodes.usage,
  corrupt: exitCodes.store,
  newer: exitCodes.store,
  full: exitCodes.store,
  readonly: exitCodes.store,
  io: exitCodes.store,
};

/** A message for a person, with what to do. */
export function say(message: string, help: string | undefined, code: ExitCode): ExitCode {
  process.stderr.write(`✗ ${message}\n${help === undefined ? "" : `  help: ${help}\n`}`);
  return code;
}

function reportBug(error: unknown): ExitCode {
  const what = error instanceof Error ? error.message : String(error);
  const kind = error instanceof Bug ? "" : `${error instanceof Error ? error.name : "error"}: `;
  const stack = process.env["KEEL_DEBUG"] !== undefined && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  return say(
    `Keel itself failed: ${kind}${what}\n${stack}`.trimEnd(),
    "please report this; KEEL_DEBUG=1 shows more",
    exitCodes.bug,
  );
}
