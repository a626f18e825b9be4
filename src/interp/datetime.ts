// A datetime is a text of the one form YYYY-MM-DDTHH:MM:SS.mmmZ, so texts order as instants do. Here it meets numbers.

import { invariant } from "../source/invariant.ts";
import { arithmeticError } from "./failure.ts";
import { MAX_DATETIME_MS, MIN_DATETIME_MS } from "./limits.ts";
import type { Value } from "./value.ts";

const FORM = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)?(Z|z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds since 1970 of an RFC 3339 text (time, seconds, fraction and zone may be left out: midnight, UTC). */
export function parseInstant(text: string): number | null {
  const match = FORM.exec(text.trim());
  if (match === null) return null;
  const [, year, month, day, hour = "0", minute = "0", second = "0", fraction = "0", zone = "Z"] = match;
  const fields = [Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second)] as const;
  const date = new Date(0);
  date.setUTCFullYear(fields[0], fields[1], fields[2]);
  date.setUTCHours(fields[3], fields[4], fields[5], Math.trunc(Number(`0.${fraction}`) * 1000 + 1e-6));
  const kept =
    date.getUTCMonth() === fields[1] &&
    date.getUTCDate() === fields[2] &&
    date.getUTCHours() === fields[3] &&
    date.getUTCMinutes() === fields[4] &&
    date.getUTCSeconds() === fields[5];
  if (!kept) return null;
  const ms = date.getTime() - zoneMs(zone);
  return ms >= MIN_DATETIME_MS && ms <= MAX_DATETIME_MS ? ms : null;
}

function zoneMs(zone: string): number {
  if (zone === "Z" || zone === "z") return 0;
  const minutes = Number(zone.slice(1, 3)) * 60 + Number(zone.slice(-2));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** The one form of an instant. */
export function datetimeText(ms: number): string {
  if (!(ms >= MIN_DATETIME_MS && ms <= MAX_DATETIME_MS)) {
    throw arithmeticError("the result is outside the years 0000 to 9999");
  }
  return new Date(ms).toISOString();
}

/** The instant of a datetime value. */
export function instantOf(value: Value): number {
  const ms = typeof value === "string" ? parseInstant(value) : null;
  invariant(ms !== null, "a datetime was expected");
  return ms;
}
