// From what a handler does to what it says of it: a value, or the Failure that was raised on the way.

import { Failure } from "../../interp/failure.ts";
import type { Value } from "../../interp/value.ts";
import type { Performed, Settled } from "./handler.ts";

/** Awaits the value of an effect. Only a Bug is thrown on. */
export async function answer(action: () => Promise<Value>): Promise<Performed> {
  try {
    return { outcome: { kind: "Value", value: await action() } };
  } catch (error) {
    if (error instanceof Failure) return { outcome: { kind: "Failure", error: error.error } };
    throw error;
  }
}

/** Looks for an effect in doubt; where looking itself fails, nothing is known. */
export async function look(action: () => Promise<Settled>): Promise<Settled> {
  try {
    return await action();
  } catch (error) {
    if (error instanceof Failure) return { kind: "Unknown", why: error.message };
    throw error;
  }
}
