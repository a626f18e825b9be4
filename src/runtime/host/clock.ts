// The host's clock. Waiting ends by the wall clock, not by the length of a timer: a laptop that slept, or a clock that
// was set, is noticed within `checkMs`, and no delay is too long for a timer of the host (2^31 ms).

import type { Clock } from "../world.ts";

const checkMs = 10_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  async until(at, signal) {
    while (!signal.aborted) {
      const left = at - Date.now();
      if (left <= 0) return;
      await pause(Math.min(left, checkMs), signal);
    }
  },
};

/** Resolves after `ms`, or when `signal` aborts, and leaves nothing behind. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}
