// Effects that the compiler does not let through yet. Should a program come to one all the same, it fails loudly.

import type { EffectKind } from "../../interp/effect.ts";
import { toolError } from "../../interp/failure.ts";
import { answer } from "./answer.ts";
import type { Handler } from "./handler.ts";

/** `what` begins the sentence: `fetch of a URL`. */
export function unsupported<K extends EffectKind>(what: string): Handler<K> {
  return { perform: () => answer(() => Promise.reject(toolError(`${what} is not supported yet`))) };
}
