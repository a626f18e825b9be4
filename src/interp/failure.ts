// What goes wrong in a running program: an error value of Keel on its way up through the host's stack. A Failure is
// thrown by terms and caught where the machine unwinds; it never leaves this folder but through `callPure`.

import type { Struct, Value } from "./value.ts";
import { Variant } from "./value.ts";

export class Failure extends Error {
  override readonly name = "Failure";

  /** `error` is a variant of the built-in enum `Error`. */
  constructor(readonly error: Variant) {
    super(messageOf(error));
  }
}

export type ErrorName =
  | "NetworkError"
  | "AIError"
  | "TimeoutError"
  | "NullError"
  | "ArithmeticError"
  | "MailError"
  | "EnvError"
  | "ToolError"
  | "LimitError"
  | "Failure";

/** An error value. `more` are the fields that its variant has beside `message` and `source`. */
export function errorValue(name: ErrorName, message: string, more: Struct = {}): Variant {
  return new Variant("Error", name, { message, source: null, ...more });
}

export function messageOf(error: Variant): string {
  const message = error.fields?.["message"];
  return typeof message === "string" ? message : error.name;
}

export function nullError(message: string): Failure {
  return new Failure(errorValue("NullError", message));
}

export function arithmeticError(message: string): Failure {
  return new Failure(errorValue("ArithmeticError", message));
}

export function limitError(message: string): Failure {
  return new Failure(errorValue("LimitError", message));
}

export function toolError(message: string): Failure {
  return new Failure(errorValue("ToolError", message));
}

/** What `fail e` raises: an error value again, or a Failure with the text. */
export function failureOf(value: Value): Failure {
  if (value instanceof Variant && value.type === "Error") return new Failure(value);
  return new Failure(errorValue("Failure", String(value)));
}

/**
 * A thrown thing as the Failure it means; what means none (a Bug) is thrown on. The host's own bounds become LimitErrors:
 * its stack can end before 1,000 calls where each of them nests deep expressions.
 */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof Failure) return thrown;
  if (thrown instanceof RangeError) {
    const deep = thrown.message.startsWith("Maximum call stack");
    return limitError(deep ? "calls and expressions nest too deep" : "a value grows too large");
  }
  throw thrown;
}
