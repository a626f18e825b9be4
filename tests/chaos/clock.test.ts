// Clocks that are set while something waits by them, a day back or a month ahead: nothing happens early, nothing twice,
// what was missed happens once, and what only takes time (a look into the inbox, a poll) goes on as ever. The rules are
// those of docs/language/time.md.

import { expect, test } from "vitest";
import type { Clock, Terminal } from "../../src/runtime/world.ts";
import { session, type Running, type Session } from "../support/session.ts";
import { testWorld } from "../support/world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30 * DAY;
/** A Monday, eight in the morning in UTC. */
const MONDAY = Date.UTC(2026, 0, 5, 8);
/** How late a clock that was set is noticed. */
const NOTICE = 10_000;

/** A clock that is set at some moment, and a stopwatch that is not. */
interface SetClock extends Clock {
  /** How long it has run, in ms. */
  elapsed(): number;
  /** After so long by the stopwatch. */
  after(ms: number): Promise<void>;
}

/** Set by `by` when it has run for `at`. It is waited by as the host's clock is. */
function clockSet(at: number, by: number): SetClock {
  const { clock: steady } = testWorld({ start: MONDAY });
  const elapsed = (): number => steady.now() - MONDAY;
  const now = (): number => steady.now() + (elapsed() < at ? 0 : by);
  const forever = new AbortController().signal;
  return {
    zone: "UTC",
    now,
    elapsed,
    after: (ms) => steady.until(MONDAY + ms, forever),
    until: async (instant, signal) => {
      const over = steady.now() + instant - now();
      const left = (): number => Math.min(instant - now(), over - steady.now());
      while (!signal.aborted && left() > 0) await steady.until(steady.now() + Math.min(left(), NOTICE), signal);
    },
  };
}

/** When each line was said, by the stopwatch. */
async function said(clock: SetClock, text: string, ask?: Terminal["ask"], ticks?: number) {
  const own = session();
  const lines: (readonly [line: string, at: number])[] = [];
  const run = own.start(text, {
    clock,
    onLine: (line) => void lines.push([line.slice("  ▸ ".length), clock.elapsed()]),
    ...(ask === undefined ? {} : { ask }),
    ...(ticks === undefined ? {} : { ticks }),
  });
  expect(await run.end).toEqual({ status: "completed" });
  expectTimeToGoOn(own, run);
  return { lines, own, run };
}

function expectTimeToGoOn({ events }: Session, { run }: Running): void {
  const times = events(run).map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
}

/** The instants at which schedules were due, as the journal has them. */
function dues({ events }: Session, { run }: Running): readonly string[] {
  return events(run).flatMap((event) =>
    event.type === "activation.started" && event.cause.kind === "Tick"
      ? [new Date(event.cause.due).toISOString().slice(0, 16)]
      : [],
  );
}

function expectAbout(actual: number | undefined, wanted: number): void {
  expect(actual).toBeGreaterThanOrEqual(wanted);
  expect(actual).toBeLessThanOrEqual(wanted + NOTICE);
}

// ── set back by a day ───────────────────────────────────────────────────────────────────────────────────────────

const waiting: readonly (readonly [string, string])[] = [
  ["a wait", `wait 1.hour\nnotify user "over"`],
  ["the block of an `after`", `after 1.hour { notify user "over" }`],
  ["a question's time limit", `try { ask user "?" timeout 1.hour } catch err: TimeoutError { notify user "over" }`],
  [
    "the delay of a retry",
    `task broken(text: str?) -> str { text! }\ntry { retry 13 times with backoff { broken(none) } } catch err { notify user "over" }`,
  ],
];

/** It is looked at each second, so it is not given a day. */
const condition = [
  "a condition on the time",
  `begun = now\nwait until now >= begun + 2.minutes\nnotify user "over"`,
] as const;

/** Somebody who looks at the question until it is taken back. */
const nobody: Terminal["ask"] = (_, signal) =>
  new Promise((resolve) => signal.addEventListener("abort", () => resolve(undefined)));

test.each(waiting)("set back: %s waits until the clock shows its instant", async (what, text) => {
  const { lines } = await said(clockSet(HOUR / 2, -DAY), text, nobody);
  const [line, at] = lines.at(-1) ?? [];
  expect(line).toBe("over");
  if (what.includes("retry")) expect(at).toBeGreaterThan(DAY);
  else expectAbout(at, DAY + HOUR);
});

test("set back: a condition on the time comes true when the clock has caught up", async () => {
  const { lines } = await said(clockSet(MINUTE, -8 * MINUTE), condition[1]);
  expectAbout(lines[0]?.[1], 10 * MINUTE);
});

test("set back: `every` is silent until the clock has caught up, and fires no tick twice", async () => {
  const text = `agent A { role "ticks"\n every 5.minutes { notify user "tick" } }\nrun A`;
  const { lines, own, run } = await said(clockSet(7 * MINUTE, -DAY), text, undefined, 4);
  expect(dues(own, run)).toEqual(["2026-01-05T08:00", "2026-01-05T08:05", "2026-01-05T08:10", "2026-01-05T08:15"]);
  const at = lines.map(([, elapsed]) => elapsed);
  for (const [index, wanted] of [0, 5 * MINUTE, DAY + 10 * MINUTE, DAY + 15 * MINUTE].entries())
    expectAbout(at[index], wanted);
});

test("set back: an answer from elsewhere is found as soon as ever", async () => {
  const own = session();
  const clock = clockSet(HOUR / 2, -DAY);
  const ask: Terminal["ask"] = async (question, signal) => {
    await clock.after(HOUR);
    own.store.post(run.run, { kind: "Answer", gate: "main:1", answer: "Zoe" }, clock.now());
    return nobody(question, signal);
  };
  const run: Running = own.start(`notify user ask user "Who?"`, { clock, ask });
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ Zoe"]);
  expect(clock.elapsed()).toBeLessThanOrEqual(HOUR + 2 * run.world.pollMs);
});

test("set back: a condition is looked at each second as ever", async () => {
  const text = `wait until random() > 0.99\nnotify user "over"`;
  const [quiet, torn] = [clockSet(Infinity, 0), clockSet(2_500, -DAY)];
  const wanted = (await said(quiet, text)).lines[0]?.[1] ?? 0;
  expect(wanted).toBeGreaterThan(5_000);
  expectAbout((await said(torn, text)).lines[0]?.[1], wanted);
});

test("set back: who was asked may answer for as long as the clock says", async () => {
  const clock = clockSet(HOUR / 2, -DAY);
  const ask: Terminal["ask"] = async () => {
    await clock.after(5 * HOUR);
    return "Zoe";
  };
  const { lines } = await said(clock, `notify user ask user "Who?" timeout 1.hour`, ask);
  expect(lines).toEqual([["Zoe", 5 * HOUR]]);
});

// ── set ahead by a month ────────────────────────────────────────────────────────────────────────────────────────

test.each([...waiting, condition])("set ahead: %s is over at once", async (what, text) => {
  const { lines } = await said(clockSet(MINUTE, MONTH), text, nobody);
  const [line, at] = lines.at(-1) ?? [];
  expect(line).toBe("over");
  if (what.includes("retry")) expect(at).toBeLessThan(3 * HOUR);
  else expectAbout(at, MINUTE);
});

test("set ahead: the ticks that were missed are one, and the next is in its row", async () => {
  const text = `agent A { role "ticks"\n every 5.minutes { notify user "tick" } }\nrun A`;
  const { lines, own, run } = await said(clockSet(7 * MINUTE, MONTH), text, undefined, 4);
  expect(dues(own, run)).toEqual(["2026-01-05T08:00", "2026-01-05T08:05", "2026-02-04T08:05", "2026-02-04T08:10"]);
  expectAbout(lines[2]?.[1], 7 * MINUTE);
  expectAbout(lines[3]?.[1], 10 * MINUTE);
});

test("set ahead: of the days that were missed one fires, of single times each", async () => {
  const text = `agent A {
  role "ticks"
  every 1.day at "09:00" { notify user "daily" }
  at "2026-01-20 12:00" { notify user "single" }
}
run A`;
  const { lines, own, run } = await said(clockSet(2 * HOUR, MONTH), text, undefined, 3);
  expect(dues(own, run)).toEqual(["2026-01-05T09:00", "2026-02-04T09:00", "2026-01-20T12:00", "2026-02-05T09:00"]);
  expect(lines.map(([line]) => line)).toEqual(["daily", "daily", "single", "daily"]);
});
