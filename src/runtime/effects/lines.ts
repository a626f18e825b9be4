// The lines that a program's own output consists of, as text. Pure: the engine records a line first and prints it then.

import type { EffectOf } from "../../interp/effect.ts";
import { show } from "../../interp/show.ts";
import { text } from "../../interp/text.ts";
import { unreachable } from "../../source/invariant.ts";

/** What `notify`, `show` and a retry that gave up print. */
export function lineOf(effect: EffectOf<"Notify" | "Show" | "RetryFailed">): string {
  switch (effect.kind) {
    case "Notify":
      return notifyLine(text(effect.given.text));
    case "Show":
      return show(effect.given.value);
    case "RetryFailed":
      return `  ✗ Failed after ${effect.of} retries: ${text(effect.given.message)}`;
    default:
      return unreachable(effect);
  }
}

/** The text as the program gave it, whatever lines it has. */
export function notifyLine(message: string): string {
  return `  ▸ ${message}`;
}

/** Attempt `attempt` of `of` comes after `delayMs`. */
export function retryLine(attempt: number, of: number, delayMs: number, message: string): string {
  return `  ↻ Retry ${attempt}/${of} in ${delayMs / 1000}s: ${message}`;
}
