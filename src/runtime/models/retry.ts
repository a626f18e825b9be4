// The one place where a model call is made again: rate limits, overload and broken connections, and nothing else.
// Bounded in attempts, and in time by the operation's own limit: a wait that would outlast it is not begun. Waits go
// through the world's clock and end with `signal`.

import type { Clock } from "../world.ts";
import type { Fault, Sent } from "./provider.ts";

/** 1, 2, 4, 8 s between five attempts, unless the provider asks for another wait. */
const retries = 4;
const firstWaitMs = 1000;

export interface RetryContext {
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** When the operation has to be over, in ms since the epoch. */
  readonly deadline: number;
  /** Told before each wait. */
  report(fault: Fault, waitMs: number, attempt: number, of: number): void;
}

export async function withRetry(send: () => Promise<Sent>, context: RetryContext): Promise<Sent> {
  const { clock, signal, deadline } = context;
  for (let attempt = 1; ; attempt++) {
    const sent = await send();
    if (sent.kind === "Reply" || attempt > retries) return sent;
    const waitMs = waitFor(sent.fault, attempt);
    if (waitMs === undefined || signal.aborted || clock.now() + waitMs >= deadline) return sent;
    context.report(sent.fault, waitMs, attempt, retries);
    await clock.until(clock.now() + waitMs, signal);
    if (signal.aborted) return { kind: "Fault", fault: { kind: "Cancelled" } };
  }
}

/** Undefined for what would fail again. */
function waitFor(fault: Fault, attempt: number): number | undefined {
  const backoff = firstWaitMs * 2 ** (attempt - 1);
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
