// Times of day as programs write them. The checker reads those that it sees, the runtime those that a program computes,
// so this stands left of both. Reading is all that happens here: which instants they are, the runtime knows.

/** `minute` counts from midnight. */
export type WallTime =
  | { readonly kind: "Daily"; readonly minute: number }
  /** `weekday` 0 is Sunday. */
  | { readonly kind: "Weekly"; readonly weekday: number; readonly minute: number }
  /** `day` counts from 1970-01-01. */
  | { readonly kind: "Dated"; readonly day: number; readonly minute: number };

/** Why a text is no time of day. */
export interface NoWallTime {
  readonly why: string;
}

export const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const WEEKDAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const FORM = /^(?:(?<weekday>[a-z]+) |(?<date>\d{4}-\d{2}-\d{2}) )?(?<hour>\d{2}):(?<minute>\d{2})$/i;

/** Reads `09:00`, `mon 09:00` or `2026-05-01 09:00`. */
export function readWallTime(text: string): WallTime | NoWallTime {
  const groups = FORM.exec(text)?.groups;
  if (groups === undefined) return { why: "it has none of the three forms" };
  const [hour, minute] = [Number(groups["hour"]), Number(groups["minute"])];
  if (hour > 23) return { why: `a day has no hour ${hour}` };
  if (minute > 59) return { why: `an hour has no minute ${minute}` };
  const { weekday: word, date } = groups;
  if (word !== undefined) return weekly(word, hour * 60 + minute);
  return date === undefined ? { kind: "Daily", minute: hour * 60 + minute } : dated(date, hour * 60 + minute);
}

function weekly(word: string, minute: number): WallTime | NoWallTime {
  const weekday = WEEKDAYS.indexOf(word);
  return weekday === -1 ? { why: `'${word}' is none of ${WEEKDAYS.join(" ")}` } : { kind: "Weekly", weekday, minute };
}

function dated(date: string, minute: number): WallTime | NoWallTime {
  const instant = new Date(`${date}T00:00:00Z`);
  const exists = !Number.isNaN(instant.getTime()) && instant.toISOString().startsWith(date);
  if (!exists) return { why: `there is no ${date}` };
  if (instant.getTime() < 0) return { why: `${date} is before 1970` };
  return { kind: "Dated", day: instant.getTime() / DAY_MS, minute };
}

/** What `every` takes instead of this duration, beside a time of day or alone; `undefined` where it is right. */
export function betterInterval(ms: number, at: WallTime | undefined): string | undefined {
  if (at?.kind === "Weekly") return isMultiple(ms, WEEK_MS) ? undefined : "whole weeks beside a day of the week";
  if (at !== undefined) return isMultiple(ms, DAY_MS) ? undefined : "whole days or weeks beside a time of day";
  return ms > 0 ? undefined : "a duration above zero";
}

function isMultiple(ms: number, unit: number): boolean {
  return ms > 0 && ms % unit === 0;
}

/** Whether the host knows a time zone of this name. */
export function isZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat("en-US", { timeZone: name }).resolvedOptions().timeZone !== "";
  } catch {
    return false;
  }
}
