// What `keel serve` does about a run that it cannot take up or that broke while it was driven.

import { Divergence } from "../runtime/engine/divergence.ts";
import { StoreError } from "../runtime/journal/store.ts";
import { unreachable } from "../source/invariant.ts";
import { UsageError } from "./door.ts";

export type Reaction =
  /** It is another process's now, or gone. */
  | "leaveToOthers"
  /** Said, and another process's now. */
  | "sayAndLeaveToOthers"
  /** Nothing can be written: it goes on when there is room. */
  | "awaitRoom"
  /** No other try would come to anything else. */
  | "setAside"
  /** A fault of Keel: it may have been the moment. */
  | "tryAgain"
  /** The store cannot be used: no run can go on. */
  | "giveUp";

export function reactionTo(error: unknown): Reaction {
  if (error instanceof StoreError) return reactionToStore(error);
  return error instanceof UsageError || error instanceof Divergence ? "setAside" : "tryAgain";
}

function reactionToStore({ problem }: StoreError): Reaction {
  switch (problem) {
    case "held":
    case "missing":
      return "leaveToOthers";
    case "lost":
      return "sayAndLeaveToOthers";
    case "full":
      return "awaitRoom";
    case "corrupt":
    case "duplicate":
      return "setAside";
    case "io":
    case "readonly":
    case "newer":
      return "giveUp";
    default:
      return unreachable(problem);
  }
}
