// Errors on their way into the journal and onto the terminal.

import { encode } from "../../interp/codec.ts";
import type { Variant } from "../../interp/value.ts";
import type { ErrorRecord } from "../journal/event.ts";
import type { Mask } from "../journal/mask.ts";

/** An error value as an event holds it. */
export function errorRecord(error: Variant): ErrorRecord {
  const fields = Object.entries(error.fields ?? {}).filter(([name, value]) => name !== "message" && value !== null);
  return {
    name: error.name,
    message: String(error.fields?.["message"] ?? error.name),
    fields: Object.fromEntries(fields.map(([name, value]) => [name, encode(value)])),
  };
}

/** An error without the secrets that its text may hold. */
export function maskedError(mask: Mask, { name, message, fields }: ErrorRecord): ErrorRecord {
  const known = Object.entries(fields).map(([field, value]) => [field, mask.json(value)] as const);
  return { name, message: mask.text(message), fields: Object.fromEntries(known) };
}

/** As a person reads it: `NullError: the value is none`. */
export function errorText(error: ErrorRecord): string {
  return `${error.name}: ${error.message}`;
}
