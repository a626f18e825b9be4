// Waiting by the wall clock.

import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { systemClock } from "../../src/runtime/host/clock.ts";

beforeEach(() => void vi.useFakeTimers({ now: Date.UTC(2026, 0, 1) }));
afterEach(() => void vi.useRealTimers());

const day = 86_400_000;

test("waits longer than a timer of the host can", async () => {
  const until = vi.fn();
  const waiting = systemClock.until(Date.now() + 30 * day, new AbortController().signal).then(until);
  await vi.advanceTimersByTimeAsync(30 * day - 1);
  expect(until).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  await waiting;
  expect(until).toHaveBeenCalledOnce();
});

test("after a sleep of the machine, ends soon after it wakes", async () => {
  const waiting = systemClock.until(Date.now() + day, new AbortController().signal);
  vi.setSystemTime(Date.now() + 2 * day);
  await vi.advanceTimersByTimeAsync(10_000);
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
});

test("a clock that was set back neither shortens nor lengthens it", async () => {
  const until = vi.fn();
  void systemClock.until(Date.now() + 5000, new AbortController().signal).then(until);
  vi.setSystemTime(Date.now() - 60_000);
  await vi.advanceTimersByTimeAsync(4999);
  expect(until).not.toHaveBeenCalled();
  await vi.advanceTimersByTimeAsync(1);
  expect(until).toHaveBeenCalledOnce();
});

test("an abort ends it at once and leaves no timer", async () => {
  const controller = new AbortController();
  const waiting = systemClock.until(Date.now() + day, controller.signal);
  controller.abort();
  await waiting;
  expect(vi.getTimerCount()).toBe(0);
  await systemClock.until(Date.now() + day, controller.signal);
});

test("what is past is not waited for", async () => {
  await systemClock.until(Date.now() - 1, new AbortController().signal);
});
