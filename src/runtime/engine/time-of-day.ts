// When a schedule at a time of day fires. Invariants:
//   1. Each date has one instant: in a gap of the zone's clock the first one after it, in a fold the first of the two.
//   2. Days are counted, not hours, so 09:00 stays 09:00 when the clock changes.
//   3. What comes next follows from when the schedules began and what has fired, never from when it is asked.
// croner knows the rule of 1 but for gaps that reach into the next day (Nuuk, 23:00 to 00:00), where it finds nothing.

import { Cron } from "croner";
import { DAY_MS, type WallTime } from "../../source/wall-time.ts";

/** The instants of a schedule, in ms since the epoch. `since` is when the agent's schedules began. */
export interface Calendar {
  /** The first instant after `after`, which is `since` or later; `undefined` where there is none. */
  next(since: number, after: number): number | undefined;
  /** The last instant up to `now`, before which there is one. */
  latest(since: number, now: number): number;
}

/** Once at the next such time, or with `everyDays` again and again from there. */
export function calendarOf(time: WallTime, everyDays: number | undefined, zone: string): Calendar {
  const dayAt = localDays(zone);
  const on = (day: number): number => instantOn(day, time.minute, zone);
  let known: { readonly since: number; readonly after: number; readonly due: number | undefined } | undefined;

  function next(since: number, after: number): number | undefined {
    let day = firstDay(time, since, dayAt, on);
    if (everyDays !== undefined) day += Math.max(0, Math.ceil((dayAt(after) - day) / everyDays)) * everyDays;
    let due = on(day);
    while (due <= after) {
      if (everyDays === undefined) return undefined;
      day += everyDays;
      due = on(day);
    }
    return due;
  }

  return {
    next: (since, after) => {
      if (known?.since !== since || known.after !== after) known = { since, after, due: next(since, after) };
      return known.due;
    },
    latest: (since, now) => {
      const first = firstDay(time, since, dayAt, on);
      if (everyDays === undefined) return on(first);
      // In a fold around midnight, `now` may be on the day before one that has begun already.
      let day = first + Math.max(0, Math.ceil((dayAt(now) + 1 - first) / everyDays)) * everyDays;
      while (day > first && on(day) > now) day -= everyDays;
      return on(day);
    },
  };
}

/** The date that a schedule's dates are counted from. */
function firstDay(
  time: WallTime,
  since: number,
  dayAt: (instant: number) => number,
  on: (day: number) => number,
): number {
  if (time.kind === "Dated") return time.day;
  const today = dayAt(since);
  const step = time.kind === "Daily" ? 1 : 7;
  let day = time.kind === "Daily" ? today : today + ((time.weekday - weekdayOf(today) + 7) % 7);
  while (on(day) <= since) day += step;
  return day;
}

/** 1970-01-01 was a Thursday. */
function weekdayOf(day: number): number {
  return (day + 4) % 7;
}

function instantOn(day: number, minute: number, zone: string): number {
  const date = new Date(day * DAY_MS);
  const time = `0 ${minute % 60} ${Math.floor(minute / 60)}`;
  const pattern = `${time} ${date.getUTCDate()} ${date.getUTCMonth() + 1} * ${date.getUTCFullYear()}`;
  const found = new Cron(pattern, { timezone: zone }).nextRun(new Date((day - 2) * DAY_MS));
  return found?.getTime() ?? instantOn(day + 1, 0, zone);
}

/** Gives the date that a zone's calendar shows at an instant, in days since 1970-01-01. */
function localDays(zone: string): (instant: number) => number {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
  });
  return (instant) => {
    const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]));
    return Date.UTC(parts.get("year") ?? 0, (parts.get("month") ?? 1) - 1, parts.get("day")) / DAY_MS;
  };
}

/** An instant as people of that zone would write it: `Tue 2026-01-06 09:00`. */
export function localText(instant: number, zone: string): string {
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    weekday: "short",
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  });
  const parts = new Map(format.formatToParts(instant).map(({ type, value }) => [type as string, value]));
  const part = (name: string): string => parts.get(name) ?? "";
  return `${part("weekday")} ${part("year")}-${part("month")}-${part("day")} ${part("hour")}:${part("minute")}`;
}
