// The calendar behind `at`, in every zone the host knows: what the clocks of a zone do is taken from the host's own
// formatter, by way of the offset before and after each change.

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { calendarOf, localText } from "../../src/runtime/engine/time-of-day.ts";
import { readWallTime, type WallTime } from "../../src/source/wall-time.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const WEEK = 7 * DAY;
const zones = Intl.supportedValuesOf("timeZone");

/** A clock that is moved at `at`: local time is UTC plus `before`, from then on plus `after`. */
interface Change {
  readonly zone: string;
  readonly at: number;
  readonly before: number;
  readonly after: number;
}

function formatter(timeZone: string): Intl.DateTimeFormat {
  const numeric = { year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric" } as const;
  return new Intl.DateTimeFormat("en-US", { timeZone, ...numeric, second: "numeric", hourCycle: "h23" });
}

function offset(format: Intl.DateTimeFormat, instant: number): number {
  const of = Object.fromEntries(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0 } = of;
  return Date.UTC(year, month - 1, day, hour, minute, second) - instant;
}

function changesOf(zone: string, from: number, to: number): readonly Change[] {
  const format = formatter(zone);
  const found: Change[] = [];
  for (let start = from; start < to; start += WEEK) {
    const [before, after] = [offset(format, start), offset(format, start + WEEK)];
    if (before === after) continue;
    let [low, high] = [start, start + WEEK];
    while (high - low > 1000) {
      const middle = low + Math.floor((high - low) / 2000) * 1000;
      if (offset(format, middle) === before) low = middle;
      else high = middle;
    }
    found.push({ zone, at: high, before, after });
  }
  return found;
}

/** The rule: the first instant at which the zone's clock shows this time or, where it never does, a later one. */
function firstShowing({ at, before, after }: Change, local: number): number {
  return local - before < at ? local - before : Math.max(at, local - after);
}

const dated = (local: number): WallTime => ({
  kind: "Dated",
  day: Math.floor(local / DAY),
  minute: Math.floor((local % DAY) / MINUTE),
});

const changes = zones.flatMap((zone) => changesOf(zone, Date.UTC(2026, 0, 1), Date.UTC(2028, 0, 1)));

describe("where a zone's clock is moved", () => {
  test("there are such changes, of both kinds and of odd sizes", () => {
    expect(changes.length).toBeGreaterThan(300);
    const sizes = new Set(changes.map(({ before, after }) => (after - before) / MINUTE));
    expect([...sizes]).toEqual(expect.arrayContaining([60, -60, 30, -30, 120, -120]));
  });

  test("every time around it has the first instant that shows it, or the first after the gap", () => {
    const wrong = changes.flatMap((change) => {
      const edges = [change.at + change.before, change.at + change.after];
      const times = edges.flatMap((edge) => [-61, -60, -30, -1, 0, 1, 15, 59, 60, 90].map((by) => edge + by * MINUTE));
      return times.flatMap((local) => {
        const due = calendarOf(dated(local), undefined, change.zone).next(0, 0);
        const right = firstShowing(change, local);
        return due === right ? [] : [`${change.zone} ${iso(local)}: ${iso(due)}, not ${iso(right)}`];
      });
    });
    expect(wrong).toEqual([]);
  });

  test("a daily time fires once for each date, across the change", () => {
    const wrong = changes.flatMap((change) => {
      const local = change.at + Math.min(change.before, change.after) + 30 * MINUTE;
      const { minute } = dated(local);
      const daily = calendarOf({ kind: "Daily", minute }, 1, change.zone);
      const since = change.at - 3 * DAY;
      const fired = take(5, since, (after) => daily.next(since, after));
      const first = (fired[0] ?? 0) + change.before;
      const right = fired.map((_, count) => firstShowing(change, first + count * DAY));
      return String(fired) === String(right) ? [] : [`${change.zone}: ${fired.map(iso).join(" ")}`];
    });
    expect(wrong).toEqual([]);
  });
});

test.each([
  ["a gap", "Europe/Berlin", "2026-03-29 02:30", "2026-03-29T01:00:00.000Z"],
  ["a fold", "Europe/Berlin", "2026-10-25 02:30", "2026-10-25T00:30:00.000Z"],
  ["a gap of the south", "Australia/Sydney", "2026-10-04 02:30", "2026-10-03T16:00:00.000Z"],
  ["a fold of the south", "Australia/Sydney", "2026-04-05 02:30", "2026-04-04T15:30:00.000Z"],
  ["a gap of half an hour", "Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03T15:30:00.000Z"],
  ["a gap at midnight", "America/Santiago", "2026-09-06 00:30", "2026-09-06T04:00:00.000Z"],
  ["a gap up to midnight", "America/Godthab", "2026-03-28 23:30", "2026-03-29T01:00:00.000Z"],
  ["a day that never was", "Pacific/Apia", "2011-12-30 09:00", "2011-12-30T10:00:00.000Z"],
  ["a leap day", "UTC", "2028-02-29 23:59", "2028-02-29T23:59:00.000Z"],
])("%s: %s %s", (_, zone, text, instant) => {
  const time = readWallTime(text);
  expect("why" in time ? time : iso(calendarOf(time, undefined, zone).next(0, 0))).toBe(instant);
});

test("the first one comes after the beginning, never at it", () => {
  const nine = Date.UTC(2026, 0, 5, 9);
  const daily = calendarOf({ kind: "Daily", minute: 540 }, 1, "UTC");
  expect(daily.next(nine - 1, nine - 1)).toBe(nine);
  expect(daily.next(nine, nine)).toBe(nine + DAY);
  const others = [undefined, 2].map((days) => calendarOf({ kind: "Daily", minute: 540 }, days, "UTC"));
  expect(others.map((calendar) => calendar.next(nine, nine))).toEqual([nine + DAY, nine + DAY]);
  const monday = calendarOf({ kind: "Weekly", weekday: 1, minute: 540 }, 7, "UTC");
  expect(monday.next(nine - 1, nine - 1)).toBe(nine);
  expect(monday.next(nine, nine)).toBe(nine + WEEK);
});

test("without `every` there is one, and a date that is over has none", () => {
  const nine = Date.UTC(2026, 0, 5, 9);
  const daily = calendarOf({ kind: "Daily", minute: 540 }, undefined, "UTC");
  expect([daily.next(nine - 1, nine - 1), daily.next(nine - 1, nine)]).toEqual([nine, undefined]);
  const once = calendarOf(dated(nine), undefined, "UTC");
  expect([once.next(nine - 1, nine - 1), once.next(nine, nine)]).toEqual([nine, undefined]);
});

test("a date with `every` is where the days are counted from, also when it is long over", () => {
  const fortnight = calendarOf(dated(Date.UTC(2020, 0, 1, 9)), 14, "UTC");
  const since = Date.UTC(2026, 0, 5);
  const [first = 0, second = 0] = take(2, since, (after) => fortnight.next(since, after));
  expect((first - Date.UTC(2020, 0, 1, 9)) % (14 * DAY)).toBe(0);
  expect([first - since < 14 * DAY, second - first]).toEqual([true, 14 * DAY]);
});

test("what was missed collapses into the last one of the same row", () => {
  const weekday = fc.integer({ min: 0, max: 6 });
  const minute = fc.integer({ min: 0, max: 1439 });
  const day = fc.integer({ min: 20_400, max: 20_900 });
  const time: fc.Arbitrary<WallTime> = fc.oneof(
    fc.record({ kind: fc.constant("Daily" as const), minute }),
    fc.record({ kind: fc.constant("Weekly" as const), weekday, minute }),
    fc.record({ kind: fc.constant("Dated" as const), day, minute }),
  );
  const since = fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) });
  const away = fc.integer({ min: 0, max: 60 * DAY });
  const zone = fc.constantFrom("UTC", "Europe/Berlin", "America/Godthab", "Australia/Lord_Howe", "Asia/Kathmandu");
  fc.assert(
    fc.property(time, fc.constantFrom(1, 2, 3, 7, 14), zone, since, away, (at, days, name, from, gone) => {
      const step = at.kind === "Weekly" && days % 7 !== 0 ? 7 : days;
      const calendar = calendarOf(at, step, name);
      const now = (calendar.next(from, from) ?? 0) + gone;
      const missed = take(100, from, (after) => calendar.next(from, after)).filter((due) => due <= now);
      expect(iso(calendar.latest(from, now))).toBe(iso(missed.at(-1)));
    }),
    { numRuns: 60 },
  );
});

test("a day that began before the clock went back to the day before has begun", () => {
  const midnight = Date.UTC(2010, 10, 7, 2, 30);
  const daily = calendarOf({ kind: "Daily", minute: 0 }, 1, "America/St_Johns");
  const now = midnight + 30 * MINUTE;
  expect(localText(now, "America/St_Johns")).toBe("Sat 2010-11-06 23:30");
  expect(daily.latest(midnight - 3 * DAY, now)).toBe(midnight);
  expect(daily.next(midnight - 3 * DAY, now)).toBe(midnight + DAY + HOUR);
});

test("an instant as people of the zone write it", () => {
  expect(localText(Date.UTC(2026, 0, 5, 23, 30), "Asia/Tokyo")).toBe("Tue 2026-01-06 08:30");
  expect(localText(Date.UTC(2026, 0, 5, 0, 5), "UTC")).toBe("Mon 2026-01-05 00:05");
});

/** The first instants of a row. */
function take(count: number, since: number, next: (after: number) => number | undefined): readonly number[] {
  const found: number[] = [];
  for (let after: number | undefined = since; found.length < count;) {
    after = next(after);
    if (after === undefined) return found;
    found.push(after);
  }
  return found;
}

const iso = (instant: number | undefined): string =>
  instant === undefined ? "never" : new Date(instant).toISOString();
