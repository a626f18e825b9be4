// Methods of texts. Lengths and places count code points; a text without surrogates needs no counting.

import { limitError } from "../failure.ts";
import { MAX_TEXT } from "../limits.ts";
import { asCount, parseFloat64, parseInt64 } from "../numbers.ts";
import type { Value } from "../value.ts";
import { matches } from "./pattern.ts";
import { asText, bounds } from "./receive.ts";
import type { Builtins } from "./table.ts";

export const strings: Builtins = {
  "str.length": (text) => codePoints(asText(text)),
  "str.is_empty": (text) => text === "",
  "str.contains": (text, part) => asText(text).includes(asText(part)),
  "str.starts_with": (text, prefix) => asText(text).startsWith(asText(prefix)),
  "str.ends_with": (text, suffix) => asText(text).endsWith(asText(suffix)),
  "str.trim": (text) => asText(text).trim(),
  "str.upper": (text) => asText(text).toUpperCase(),
  "str.lower": (text) => asText(text).toLowerCase(),
  "str.split": (text, separator) => (separator === "" ? [...asText(text)] : asText(text).split(asText(separator))),
  "str.replace": (text, old, fresh) => (old === "" ? text : asText(text).replaceAll(asText(old), () => asText(fresh))),
  "str.to_int": (text) => parseInt64(asText(text)),
  "str.to_float": (text) => parseFloat64(asText(text)),
  "str.slice": slice,
  "str.lines": (text) => lines(asText(text)),
  "str.repeat": (text, times) => repeat(asText(text), Math.max(0, asCount(times))),
  "str.pad_start": (text, length, fill) => padding(asText(text), length, fill) + asText(text),
  "str.pad_end": (text, length, fill) => asText(text) + padding(asText(text), length, fill),
  "str.index_of": indexOf,
  "str.matches": (text, pattern) => matches(asText(text), asText(pattern)),
};

const SURROGATE = /[\ud800-\udfff]/;

function codePoints(text: string): number {
  if (!SURROGATE.test(text)) return text.length;
  let count = 0;
  for (const _ of text) count++;
  return count;
}

function slice(text: Value, start: Value, end: Value): string {
  const whole = asText(text);
  if (!SURROGATE.test(whole)) return whole.slice(...bounds(start, end, whole.length));
  const points = [...whole];
  return points.slice(...bounds(start, end, points.length)).join("");
}

/** A line break at the end ends the last line and begins no other. */
function lines(text: string): string[] {
  const parts = text.split(/\r\n|\n|\r/);
  if (parts.at(-1) === "") parts.pop();
  return parts;
}

function repeat(text: string, times: number): string {
  if (text.length * times > MAX_TEXT) throw limitError("a text grows too large");
  return text.repeat(times);
}

/** What must be added to bring a text to `length` code points. */
function padding(text: string, length: Value, fill: Value): string {
  const missing = asCount(length) - codePoints(text);
  const points = [...asText(fill ?? " ")];
  if (missing <= 0 || points.length === 0) return "";
  const whole = Math.trunc(missing / points.length);
  return repeat(points.join(""), whole) + points.slice(0, missing % points.length).join("");
}

function indexOf(text: Value, part: Value): Value {
  const offset = asText(text).indexOf(asText(part));
  return offset === -1 ? null : codePoints(asText(text).slice(0, offset));
}
