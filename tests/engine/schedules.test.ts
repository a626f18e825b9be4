// Schedules at a time of day: when they fire, in which zone, what becomes of the ones that were missed, and who dies of
// what. The calendar itself is in time-of-day.test.ts.

import { expect, test } from "vitest";
import { session, type Running, type Session } from "../support/session.ts";
import { testWorld } from "../support/world.ts";
import type { Clock } from "../../src/runtime/world.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** A Monday, eight in the morning in UTC. */
const MONDAY = Date.UTC(2026, 0, 5, 8);

const agent = (members: string): string => `agent Clock {\n  role "Fires"\n${members}\n}\nrun Clock\n`;

/** What fired when: the schedule's name, the instant it was due, and, where that differs, when it began. */
function fired({ events }: Session, { run }: Running): readonly string[] {
  const short = (instant: number): string => new Date(instant).toISOString().slice(0, 16);
  return events(run).flatMap((event) => {
    if (event.type !== "activation.started" || event.cause.kind !== "Tick") return [];
    const { schedule, due } = event.cause;
    const late = event.at - due < 1000 ? "" : ` at ${short(event.at)}`;
    return [`${schedule.slice("Clock/".length)} ${short(due)}${late}`];
  });
}

test("`every … at` runs first at the next such time, not at once, and then each day", async () => {
  const own = session();
  const run = own.start(agent(`every 1.day at "09:00" { notify user "tick" }`), { ticks: 3 });
  expect(await run.end).toEqual({ status: "completed" });
  expect(fired(own, run)).toEqual(["every#1 2026-01-05T09:00", "every#1 2026-01-06T09:00", "every#1 2026-01-07T09:00"]);
});

test("days, weeks, weekdays and a date to count from", async () => {
  const own = session();
  const run = own.start(
    agent(`
  every 2.days at "07:00" { notify user "every other day" }
  every 1.week at "fri 18:30" { notify user "weekly" }
  every 3.days at "2026-01-01 12:00" { notify user "every third day of the year" }
  at "08:30" { notify user "once" }
  at "sun 08:30" { notify user "once on Sunday" }
  at "2026-01-07 00:00" { notify user "once then" }`),
    { ticks: 2 },
  );
  expect(await run.end).toEqual({ status: "completed" });
  expect(fired(own, run)).toEqual([
    "at#1 2026-01-05T08:30",
    "every#1 2026-01-06T07:00",
    "at#3 2026-01-07T00:00",
    "every#3 2026-01-07T12:00",
    "every#1 2026-01-08T07:00",
    "every#2 2026-01-09T18:30",
    "every#3 2026-01-10T12:00",
    "at#2 2026-01-11T08:30",
    "every#2 2026-01-16T18:30",
  ]);
});

test.each([
  ["to summer time", "Europe/Berlin", Date.UTC(2026, 2, 27, 12), ["28T08:00", "29T07:00", "30T07:00"]],
  ["to winter time", "Europe/Berlin", Date.UTC(2026, 9, 23, 12), ["24T07:00", "25T08:00", "26T08:00"]],
  ["to summer time in the south", "Australia/Sydney", Date.UTC(2026, 9, 2), ["02T23:00", "03T22:00", "04T22:00"]],
])("nine stays nine where the clock changes %s", async (_, zone, start, dues) => {
  const own = session();
  const text = agent(`config { zone: "${zone}" }\nevery 1.day at "09:00" { notify user "nine" }`);
  const run = own.start(text, { ticks: 3, start });
  await run.end;
  expect(fired(own, run).map((each) => each.slice(-8))).toEqual(dues);
});

test.each([
  ["in a gap is the first instant after it", Date.UTC(2026, 2, 27, 12), ["28T01:30", "29T01:00", "30T00:30"]],
  ["in a fold is the first of the two", Date.UTC(2026, 9, 23, 12), ["24T00:30", "25T00:30", "26T01:30"]],
])("a time %s", async (_, start, dues) => {
  const own = session();
  const text = agent(`config { zone: "Europe/Berlin" }\nevery 1.day at "02:30" { notify user "half past two" }`);
  const run = own.start(text, { ticks: 3, start });
  await run.end;
  expect(fired(own, run).map((each) => each.slice(-8))).toEqual(dues);
});

// ── zones ───────────────────────────────────────────────────────────────────────────────────────────────────────

test("the zone is that of the machine that started the run, also when another one goes on with it", async () => {
  const own = session();
  const text = agent(`every 1.day at "09:00" { notify user ask user "?" }`);
  const first = own.start(text, { ticks: 3, zone: "Asia/Tokyo", answers: ["one"] });
  expect((await first.end).status).toBe("suspended");
  own.store.post(first.run, { kind: "Answer", gate: "Clock/every#1[2]:1", answer: "two" }, 0);
  const second = own.resume(first.run, { zone: "America/New_York", start: MONDAY + 2 * DAY, answers: ["three"] });
  expect(await second.end).toEqual({ status: "completed" });
  expect(fired(own, first)).toEqual([
    "every#1 2026-01-06T00:00",
    "every#1 2026-01-07T00:00",
    "every#1 2026-01-08T00:00",
  ]);
});

test("an agent's own zone, also one that the environment names", async () => {
  const own = session();
  const text = agent(`config { zone: env.ZONE }\nat env.WHEN { notify user "now" }`);
  const run = own.start(text, { zone: "Asia/Tokyo", env: { ZONE: "America/New_York", WHEN: "tue 09:00" } });
  expect(await run.end).toEqual({ status: "completed" });
  expect(fired(own, run)).toEqual(["at#1 2026-01-06T14:00"]);
});

// ── what was missed ─────────────────────────────────────────────────────────────────────────────────────────────

/** Drives a run until its agent waits for its first time, and lets go of it without a word, as a kill does. */
async function abandoned(own: Session, text: string): Promise<Running> {
  const never: Clock = { zone: "UTC", now: () => MONDAY, until: () => new Promise(() => undefined) };
  const run = own.start(text, { clock: never });
  while (!run.world.terminal.notes.some((note) => note.includes("Agent running"))) await turnOfTheLoop();
  run.leave();
  expect(await run.end).toEqual({ status: "left" });
  return run;
}

const turnOfTheLoop = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Takes a run up, lets it come to its next wait after so many lines, and leaves it again. */
async function revived(own: Session, { run }: Running, start: number, lines: number): Promise<Running> {
  let left = lines;
  const again: Running = own.resume(run, {
    start,
    onLine: () => {
      left -= 1;
      if (left === 0) setImmediate(() => again.leave());
    },
  });
  expect(await again.end).toEqual({ status: "left" });
  return again;
}

test("a process that comes back in time fires in time", async () => {
  const own = session();
  const run = await abandoned(own, agent(`every 1.day at "09:00" { notify user "tick" }`));
  await revived(own, run, MONDAY + HOUR / 2, 2);
  expect(fired(own, run)).toEqual(["every#1 2026-01-05T09:00", "every#1 2026-01-06T09:00"]);
});

test("after three days away what was missed is one tick, and the next is in its row", async () => {
  const own = session();
  const run = await abandoned(own, agent(`every 2.days at "09:00" { notify user "tick" }`));
  await revived(own, run, MONDAY + 3 * DAY, 2);
  expect(fired(own, run)).toEqual(["every#1 2026-01-07T09:00 at 2026-01-08T08:00", "every#1 2026-01-09T09:00"]);
});

test("a tick that fired is not fired again by a process that comes back", async () => {
  const own = session();
  const run = await abandoned(own, agent(`every 1.day at "09:00" { notify user "tick" }`));
  await revived(own, run, MONDAY + HOUR, 1);
  await revived(own, run, MONDAY + HOUR, 1);
  expect(fired(own, run)).toEqual(["every#1 2026-01-05T09:00", "every#1 2026-01-06T09:00"]);
});

test("a single time that came while nobody was there fires once, late", async () => {
  const own = session();
  const text = agent(`at "09:00" { notify user "daily" }\nat "2026-01-06 10:00" { notify user "dated" }`);
  const run = await abandoned(own, text);
  const again = own.resume(run.run, { start: MONDAY + 3 * DAY });
  expect(await again.end).toEqual({ status: "completed" });
  expect(fired(own, run)).toEqual([
    "at#1 2026-01-05T09:00 at 2026-01-08T08:00",
    "at#2 2026-01-06T10:00 at 2026-01-08T08:00",
  ]);
});

test("a date that is over when the agent starts never fires, and says so", async () => {
  const own = session();
  const run = own.start(agent(`at "2026-01-05 07:59" { notify user "too late" }`));
  expect(await run.end).toEqual({ status: "completed" });
  expect(fired(own, run)).toEqual([]);
  expect(run.world.terminal.warnings).toEqual(["  ✗ 2026-01-05 07:59 (UTC) is past: this schedule never runs"]);
});

test("an agent that is run again waits for its times again", async () => {
  const own = session();
  const text = `
agent Clock {
  role "Fires"
  at "09:00" { notify user "tick" }
  on start { notify user "start" }
}
run Clock
wait 30.minutes
run Clock
`;
  const run = own.start(text);
  expect(await run.end).toEqual({ status: "completed" });
  expect(fired(own, run)).toEqual(["at#1 2026-01-05T09:00", "at#1 2026-01-06T09:00"]);
});

// ── a clock that is not to be relied on ─────────────────────────────────────────────────────────────────────────

/** A clock that can be moved while a run waits by it; it looks again every ten seconds, as the host's does. */
function movable(): Clock & { move(by: number): void } {
  const { clock } = testWorld({ start: MONDAY });
  let moved = 0;
  const now = (): number => clock.now() + moved;
  return {
    zone: "UTC",
    now,
    move: (by) => void (moved += by),
    until: async (at, signal) => {
      while (!signal.aborted && now() < at) await clock.until(clock.now() + Math.min(at - now(), 10_000), signal);
    },
  };
}

test.each([
  ["a clock set back does not fire a tick again", -2 * HOUR, "2026-01-06T09:00"],
  ["a laptop that slept through two times fires once for them", 2 * DAY + HOUR, "2026-01-07T09:00 at 2026-01-07T10:00"],
])("%s", { timeout: 20_000 }, async (_, by, second) => {
  const own = session();
  const clock = movable();
  const text = agent(`every 1.day at "09:00" { notify user "tick" }`);
  const run = own.start(text, { ticks: 2, clock, onLine: () => setImmediate(() => clock.move(by)) });
  await run.end;
  expect(fired(own, run)).toEqual(["every#1 2026-01-05T09:00", `every#1 ${second}`]);
});

test("`now` and the journal do not follow a clock that is set back", async () => {
  const own = session();
  const clock = movable();
  const text = agent(`
  every 1.day at "09:00" {
    before = now
    notify user "moved"
    wait 1.minute
    notify user "{now >= before}"
  }`);
  const run = own.start(text, { ticks: 1, clock, onLine: () => clock.move(-HOUR) });
  await run.end;
  expect(run.world.terminal.lines).toEqual(["  ▸ moved", "  ▸ true"]);
  const times = own.events(run.run).map(({ at }) => at);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
});

// ── who dies of what ────────────────────────────────────────────────────────────────────────────────────────────

const fragile = (when: string): string =>
  agent(`
  state { n: int = 0 }
  task broken(text: str?) -> str { text! }
  ${when} {
    self.n = self.n + 1
    if self.n == env.AT.to_int() { broken(none) }
    notify user "fine"
  }`);

test("an error in the first tick of an `every … at` ends the run", async () => {
  const run = session().start(fragile(`every 1.day at "09:00"`), { ticks: 2, env: { AT: "1" } });
  expect(await run.end).toMatchObject({ status: "failed", activation: "Clock/every#1[1]" });
});

test("an error in a later one is reported, and the agent goes on", async () => {
  const run = session().start(fragile(`every 1.day at "09:00"`), { ticks: 3, env: { AT: "2" } });
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ fine", "  ▸ fine"]);
  expect(run.world.terminal.warnings.join()).toContain("Clock/every#1[2] failed: NullError");
});

test("an error at an `at` is reported, and the run goes on", async () => {
  const run = session().start(fragile(`at "09:00"`), { env: { AT: "1" } });
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.warnings.join()).toContain("Clock/at#1[1] failed: NullError");
});

test.each([
  ["a time", `at env.X { notify user "?" }`, "25:00", "agent Clock: '25:00' is no time of day: a day has no hour 25"],
  ["a day", `at env.X { notify user "?" }`, "2026-02-30 09:00", "'2026-02-30 09:00' is no time of day: there is no"],
  ["a zone", `config { zone: env.X }`, "Mars/Phobos", "agent Clock: there is no time zone 'Mars/Phobos'"],
  ["an empty zone", `config { zone: env.X }`, "", "agent Clock: there is no time zone ''"],
  [
    "a duration",
    `every 12.hours * env.X.length at "09:00" { notify user "?" }`,
    "abc",
    "whole days or weeks beside a time of day, not 36h",
  ],
  ["a duration with a weekday", `every 1.day * env.X.length at "mon 09:00" { notify user "?" }`, "ab", "not 2d"],
  ["no duration", `every 1.day * env.X.length { notify user "?" }`, "", "`every` takes a duration above zero, not 0s"],
])("%s that the environment gives wrongly ends the run where the agent is started", async (_, members, x, message) => {
  const run = session().start(agent(members), { env: { X: x }, ticks: 1 });
  expect(await run.end).toMatchObject({ status: "failed", error: { name: "ToolError" }, activation: "main" });
  expect(await run.end).toMatchObject({ error: { message: expect.stringContaining(message) as unknown } });
});

// ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────

test("the start of an agent says when its schedules fire first", async () => {
  const text = agent(`
  config { zone: "Europe/Berlin" }
  every 5.minutes { notify user "a" }
  every 1.day at "08:00" { notify user "b" }
  every 2.weeks at "mon 09:30" { notify user "c" }
  at "2026-01-06 09:00" { notify user "d" }
  after 2.hours { notify user "e" }`);
  const run = session().start(text, { ticks: 1 });
  await run.end;
  expect(run.world.terminal.notes.filter((note) => note.startsWith("  ⏱"))).toEqual([
    "  ⏱ polling every 5 minutes",
    "  ⏱ every 1 day at 08:00, first Tue 2026-01-06 08:00 (Europe/Berlin)",
    "  ⏱ every 2 weeks at mon 09:30, first Mon 2026-01-05 09:30 (Europe/Berlin)",
    "  ⏱ once, Tue 2026-01-06 09:00 (Europe/Berlin)",
    "  ⏱ once, after 2 hours",
  ]);
});

test("an agent that waits for its first time says that it runs", async () => {
  const lines: string[] = [];
  const own = session();
  const run = own.start(agent(`at "09:00" { notify user "tick" }`), {
    onLine: () => lines.push(...run.world.terminal.notes),
  });
  await run.end;
  expect(lines.join("\n")).toContain("Agent running. Press Ctrl+C to stop.");
});
