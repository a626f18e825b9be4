// From the text of a reply to the JSON that stands in it. A reply may wrap its JSON in prose, a code fence or a block of
// thoughts, and write it almost right (single quotes, trailing commas, comments, Python's None).
//
// Invariants: total, whatever the text. Nothing is made up: a value that is not closed was cut off and is none, a list
// with `...` in it is none. Integers too long for a double survive as `longInteger` texts.

import type { Json } from "../../ir/kir.ts";

type Repair = (text: string) => string;

export interface Found {
  /** In the order of the text. */
  readonly values: readonly Json[];
  /** A value began and did not end. */
  readonly cut: boolean;
}

/** Longer replies are none that anybody asked for. */
const longestReply = 1_000_000;
const mostValues = 8;
const mostStarts = 64;
/** So that nothing after this runs out of stack. */
const deepestValue = 200;

/** The reply without a leading block of thoughts, and without a code fence if that is all there is. */
export function bareText(reply: string): string {
  const thought = reply.replace(/^\s*<think(?:ing)?>[\s\S]*?<\/think(?:ing)?>/i, "").trim();
  const fence = /^```[^\n`]*\n([\s\S]*?)\n?```$/.exec(thought);
  return wellFormed((fence?.[1] ?? thought).trim());
}

/** Lone surrogates cannot be written down as UTF-8; they become U+FFFD, here as in the journal. */
export function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? Buffer.from(text).toString() : text;
}

/** The whole text if it is JSON; else every balanced value in it that is JSON or nearly. */
export function jsonIn(text: string, repair: Repair): Found {
  if (text.length > longestReply) return { values: [], cut: false };
  const whole = parse(text);
  if (whole !== undefined) return { values: [whole], cut: false };
  const { spans, cut } = balanced(text);
  const values = spans.map((span) => parse(span) ?? repaired(span, repair)).filter((value) => value !== undefined);
  return { values, cut };
}

function repaired(span: string, repair: Repair): Json | undefined {
  try {
    return outsideStrings(span).includes("...") ? undefined : parse(repair(span));
  } catch {
    return undefined;
  }
}

function outsideStrings(text: string): string {
  return text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|'[^'\\\n]*(?:\\.[^'\\\n]*)*'/gs, '""').replaceAll("…", "...");
}

// ── integers beyond 2^53 ────────────────────────────────────────────────────────────────────────────────────────

const longMark = "\u0000int:";

/** The digits of an integer that a double does not hold exactly, as `parse` leaves it. */
export function longInteger(json: Json): bigint | undefined {
  return typeof json === "string" && /^\0int:-?\d{1,40}$/.test(json) ? BigInt(json.slice(longMark.length)) : undefined;
}

function parse(text: string): Json | undefined {
  try {
    const marked = text.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,40}(?![\d.eE])/gs, (token) =>
      token.startsWith('"') || Number.isSafeInteger(Number(token)) ? token : `"\\u0000int:${token}"`,
    );
    const json = JSON.parse(marked) as Json;
    return isDeeper(json, deepestValue) ? undefined : json;
  } catch {
    return undefined;
  }
}

function isDeeper(json: Json, levels: number): boolean {
  if (typeof json !== "object" || json === null) return false;
  return levels === 0 || Object.values(json).some((item) => isDeeper(item, levels - 1));
}

// ── balanced values ─────────────────────────────────────────────────────────────────────────────────────────────

/** What follows a bracket that opens JSON rather than a remark. */
const opensJson = /^[{[]\s*(?:["'“‘{[\]}\d-]|[\w$]+\s*:|(?:true|false|null)\b)/;

function balanced(text: string): { readonly spans: readonly string[]; readonly cut: boolean } {
  const spans: string[] = [];
  let at = 0;
  for (let starts = 0; starts < mostStarts && spans.length < mostValues; starts++) {
    const offset = text.slice(at).search(/[{[]/);
    if (offset < 0) break;
    const start = at + offset;
    const end = closing(text, start);
    if (end !== undefined) spans.push(text.slice(start, end));
    else if (opensJson.test(text.slice(start, start + 200))) return { spans, cut: true };
    at = end ?? start + 1;
  }
  return { spans, cut: false };
}

/** Behind the bracket that closes the one at `start`; undefined where it is not closed, or by the wrong one. */
function closing(text: string, start: number): number | undefined {
  const expected: string[] = [];
  for (let at = start; at < text.length; at++) {
    const sign = text[at];
    if (sign === '"' || (sign === "'" && opensString(text, at))) {
      const end = stringEnd(text, at, sign);
      if (end === undefined) return undefined;
      at = end;
    } else if (sign === "{") expected.push("}");
    else if (sign === "[") expected.push("]");
    else if (sign === "}" || sign === "]") {
      if (expected.pop() !== sign) return undefined;
      if (expected.length === 0) return at + 1;
    }
  }
  return undefined;
}

/** An apostrophe inside a word opens nothing. */
function opensString(text: string, at: number): boolean {
  return /[{[,:]\s*$/.test(text.slice(Math.max(0, at - 20), at));
}

function stringEnd(text: string, start: number, quote: string): number | undefined {
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] === "\\") at++;
    else if (text[at] === quote && (quote === '"' || /^\s*(?:[,:}\]]|$)/.test(text.slice(at + 1, at + 20)))) return at;
  }
  return undefined;
}
