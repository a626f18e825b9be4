// Reading the values that a program hands to a connection. A program may give any struct, so what an operation needs
// is looked up here, and a field that is missing or of the wrong type is a MailError that names it.

import type { Failure } from "../../interp/failure.ts";
import { Duration, Float, FunctionValue, KeelMap, Variant, type Struct, type Value } from "../../interp/value.ts";
import { mailProblem } from "./problem.ts";

export function isStruct(value: Value): value is Struct {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const boxed = [Float, Duration, KeelMap, Variant, FunctionValue];
  return !boxed.some((type) => value instanceof type);
}

/** A field of a struct; `undefined` where it is absent or none. */
export function field(value: Struct, name: string): Value | undefined {
  return Object.hasOwn(value, name) ? (value[name] ?? undefined) : undefined;
}

/** A text field that may be missing. `doing` begins the message where it is there but no text. */
export function optionalText(value: Struct, name: string, doing: string): string | undefined {
  const found = field(value, name);
  if (found === undefined || typeof found === "string") return found;
  throw mailProblem(`${doing}: its field "${name}" is not a text`);
}

/** A text field that must be there. */
export function requiredText(value: Struct, name: string, doing: string): string {
  const found = optionalText(value, name, doing);
  if (found === undefined) throw missing(doing, name);
  return found;
}

export function missing(doing: string, name: string): Failure {
  return mailProblem(`${doing}: it has no field "${name}"`);
}

/** The `id` that a mail is found by again. */
export function itemId(value: Value, doing: string): string {
  if (!isStruct(value)) throw mailProblem(`${doing}: it is not a struct with a field "id"`);
  return requiredText(value, "id", doing);
}
