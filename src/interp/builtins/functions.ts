// Functions that belong to no value, and those of datetimes.

import { datetimeText, instantOf, parseInstant } from "../datetime.ts";
import { limitError, toolError } from "../failure.ts";
import { getField } from "../fields.ts";
import { parseJson } from "../json.ts";
import { MAX_RANGE } from "../limits.ts";
import type { Int } from "../numbers.ts";
import { asInt, normal } from "../numbers.ts";
import type { Struct, Value } from "../value.ts";
import { KeelMap } from "../value.ts";
import { asList, asText } from "./receive.ts";
import type { Builtins } from "./table.ts";

export const functions: Builtins = {
  range: (a, b) => (b === null ? range(0, asInt(a)) : range(asInt(a), asInt(b))),
  map_of: (pairs) => new KeelMap(asList(pairs).map(asPair)),
  parse_json: (text) => parseJson(asText(text)) ?? null,
  parse_datetime: (text) => {
    const ms = parseInstant(asText(text));
    return ms === null ? null : datetimeText(ms);
  },
  "Response.json": (response) => parseJson(asText(getField(response as Struct, "body"))) ?? null,
  "datetime.format": (datetime, pattern, zone) => format(instantOf(datetime), asText(pattern), asText(zone ?? "UTC")),
};

function range(from: Int, to: Int): Value {
  const length = Number(to > from ? BigInt(to) - BigInt(from) : 0n);
  if (length > MAX_RANGE) throw limitError(`a range of more than ${MAX_RANGE} integers`);
  const integers: Int[] = [];
  integers.length = length;
  if (typeof from === "number" && typeof to === "number") {
    for (let index = 0; index < length; index++) integers[index] = from + index;
  } else {
    for (let index = 0; index < length; index++) integers[index] = normal(BigInt(from) + BigInt(index));
  }
  return integers;
}

/** A pair is `[k, v]` or `{key: k, value: v}`, as the checker lets it be written. */
function asPair(pair: Value): readonly [Value, Value] {
  if (Array.isArray(pair)) {
    const [key = null, value = null] = pair as readonly Value[];
    return [key, value];
  }
  const { key, value } = pair as { readonly key: Value; readonly value: Value };
  return [key, value];
}

const parts = {
  YYYY: "year",
  MM: "month",
  DD: "day",
  HH: "hour",
  mm: "minute",
  ss: "second",
} as const;

function format(ms: number, pattern: string, zone: string): string {
  const two = "2-digit";
  const options = {
    year: "numeric",
    month: two,
    day: two,
    hour: two,
    minute: two,
    second: two,
    hourCycle: "h23",
  } as const;
  const written = new Map(
    zoned(options, zone)
      .formatToParts(ms)
      .map(({ type, value }) => [type as string, value]),
  );
  return pattern.replace(/YYYY|MM|DD|HH|mm|ss/g, (part) => {
    return (written.get(parts[part as keyof typeof parts]) ?? "").padStart(part.length, "0");
  });
}

function zoned(options: Intl.DateTimeFormatOptions, timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en-US", { ...options, timeZone });
  } catch {
    throw toolError(`there is no time zone "${timeZone}"`);
  }
}
