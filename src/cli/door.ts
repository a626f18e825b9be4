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
  const { message, help, code } = complaintOf(error);
  return say(message, help, code);
}

/** What a person is told of something that was thrown. */
export interface Complaint {
  readonly message: string;
  readonly help: string | undefined;
  readonly code: ExitCode;
}

export function complaintOf(error: unknown): Complaint {
  if (error instanceof UsageError) return { message: error.message, help: error.help, code: error.exitCode };
  if (error instanceof StoreError) return { message: error.message, help: error.help, code: storeCodes[error.problem] };
  if (error instanceof Divergence) {
    const help = "the journal and Keel disagree: `keel replay` shows both steps, and the likely cause";
    return { message: error.message, help, code: exitCodes.failed };
  }
  if (isOutOfFiles(error)) {
    const help = "raise the limit (`ulimit -n`). What a run has recorded is safe: `keel resume` continues it";
    return { message: "this process has too many files open", help, code: exitCodes.store };
  }
  return bugComplaint(error);
}

/** The host gives no more files: not even a part of Keel that is loaded when it is needed. */
function isOutOfFiles(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EMFILE" || error.code === "ENFILE");
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

function bugComplaint(error: unknown): Complaint {
  const what = error instanceof Error ? error.message : String(error);
  const kind = error instanceof Bug ? "" : `${error instanceof Error ? error.name : "error"}: `;
  const stack = process.env["KEEL_DEBUG"] !== undefined && error instanceof Error ? `${error.stack ?? ""}\n` : "";
  return {
    message: `Keel itself failed: ${kind}${what}\n${stack}`.trimEnd(),
    help: "please report this; KEEL_DEBUG=1 shows more",
    code: exitCodes.bug,
  };
}
