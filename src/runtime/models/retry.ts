// The one place where a model call is made again: rate limits, overload and broken connections, and nothing else.
// Bounded in attempts for a whole operation, however often its reply is asked for again, and in time by the operation's
// own limit: a wait that would outlast it is not begun. Waits go through the world's clock and end with `signal`.

import type { Clock } from "../world.ts";
import type { Fault, Sent } from "./provider.ts";

/** After 1, 2, 4, 8 s, unless the provider asks for another wait. */
const mostRetries = 4;
const firstWaitMs = 1000;

export interface RetryContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When the operation has to be over, in ms since the epoch. */
  readonly deadline: number;
  /** Told before each wait. */
  report(fault: Fault, waitMs: number, attempt: number, of: number): void;
}

/** For all requests of one operation. */
export function retrier(context: RetryContext): (send: () => Promise<Sent>) => Promise<Sent> {
  const { clock, signal, deadline } = context;
  let retries = 0;
  return async (send) => {
    for (;;) {
      const sent = await send();
      if (sent.kind === "Reply" || retries === mostRetries) return sent;
      const waitMs = waitFor(sent.fault, retries);
      if (waitMs === undefined || signal.aborted || clock.now() + waitMs >= deadline) return sent;
      retries += 1;
      context.report(sent.fault, waitMs, retries, mostRetries);
      await clock.until(clock.now() + waitMs, signal);
      if (signal.aborted) return { kind: "Fault", fault: { kind: "Cancelled" } };
    }
  };
}

/** Undefined for what would fail again. */
function waitFor(fault: Fault, retries: number): number | undefined {
  const backoff = firstWaitMs * 2 ** retries;
  switch (fault.kind) {
    case "RateLimited":
    case "Overloaded":
      return Math.max(fault.retryAfterMs ?? backoff, 0);
    case "Dropped":
      return backoff;
    case "Unreachable":
    case "BadKey":
    case "UnknownModel":
    case "Timeout":
    case "Cancelled":
    case "BadRequest":
    case "Unscripted":
      return undefined;
  }
}
