// The host's clock. Waiting ends when the wall clock says so: a laptop that slept, or a clock that was set forward, is
// noticed within `checkMs`, and no delay is too long for a timer of the host (2^31 ms). It ends as well when as much time
// has gone by as was left at first: nothing sleeps through the hours by which a clock was set back.

import type { Clock } from "../world.ts";

const checkMs = 10_000;

export const systemClock: Clock = {
  now: () => Date.now(),
  zone: new Intl.DateTimeFormat().resolvedOptions().timeZone,
  async until(at, signal) {
    const over = performance.now() + at - Date.now();
    while (!signal.aborted) {
      const left = Math.min(at - Date.now(), over - performance.now());
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
