// Keeps secrets out of the journal: wherever the text of one would enter, `‹secret:NAME›` is written. A secret is found
// as it is, in JSON (`\"`, `\n`, `\u00e9`, escaped once or several times), URL-encoded (also as a form, in either
// case), and in base64 (all three alignments, both alphabets, broken into lines).
//
// Not searched for: secrets shorter than 4 characters, since they would blot out everything; numbers, since they are no
// text; names that the program itself gives (fields, variants, functions). Where finds overlap, the whole stretch goes, under the name of the longest. What already is a mask
// is left alone, so masking twice changes nothing.

import { createHmac } from "node:crypto";
import type { Json } from "../../ir/kir.ts";
import type { Event } from "./event.ts";

export interface Secret {
  readonly name: string;
  readonly value: string;
}

export interface Mask {
  text(s: string): string;
  /** Every text of a value in the codec's form. */
  json(j: Json): Json;
  /** Every text of an event but those that name parts of the program or of the journal. */
  event(event: Event): Event;
  /** Nothing is secret: both give what they are given. */
  readonly empty: boolean;
}

const shortest = 4;

export function makeMask(secrets: readonly Secret[]): Mask {
  const searched = secrets.filter(({ value }) => [...value].length >= shortest);
  const longestFirst = [...searched].sort((a, b) => b.value.length - a.value.length);
  const finders = longestFirst.flatMap(({ name, value }) => patternsOf(value).map((pattern) => ({ name, pattern })));
  const masks = new RegExp(`‹secret:(?:${longestFirst.map(({ name }) => literally(name)).join("|")})›`, "gu");
  const empty = finders.length === 0;

  const text = (s: string): string => {
    if (s.length < shortest) return s;
    const found = finders.flatMap(({ name, pattern }) => finds(pattern, s).map((find) => ({ name, ...find })));
    return found.length === 0 ? s : blot(s, found, finds(masks, s));
  };
  if (empty) return { text: (s) => s, json: (j) => j, event: (event) => event, empty };
  const json = (j: Json): Json => maskJson(j, text);
  return { text, json, event: (event) => maskEvent(event, json), empty };
}

function maskJson(j: Json, text: (s: string) => string): Json {
  if (typeof j === "string") return text(j);
  if (j === null || typeof j !== "object") return j;
  if (Array.isArray(j)) return j.map((item: Json) => maskJson(item, text));
  return Object.fromEntries(
    Object.entries(j).map(([key, value]) => {
      if (key === "$s") return [key, maskFields(value, text)];
      return [key, numbersAndNames.has(key) ? value : maskJson(value, text)];
    }),
  );
}

/** The codec's tags for ints, floats, variants and functions. */
const numbersAndNames: ReadonlySet<string> = new Set(["$i", "$f", "$e", "$fn"]);

/** The fields of a struct as pairs: their names stay. */
function maskFields(pairs: Json, text: (s: string) => string): Json {
  if (!Array.isArray(pairs)) return pairs;
  return pairs.map((pair: Json) =>
    Array.isArray(pair) ? [pair[0] as Json, ...pair.slice(1).map((j: Json) => maskJson(j, text))] : pair,
  );
}

/** A resume finds its way by these, so a password that is one of their words leaves them as they are. */
const guides: ReadonlySet<string> = new Set(
  "type program seed zone keel pid activation function agent cause step indices effect args settled model used to by waiting".split(
    " ",
  ),
);

function maskEvent(event: Event, json: (j: Json) => Json): Event {
  // Every event is JSON by construction, and a masked text is a text.
  const fields = Object.entries(event as unknown as { readonly [name: string]: Json });
  const masked = fields.map(([name, j]) => [
    name,
    guides.has(name)
      ? j
      : (event.type === "run.started" || event.type === "run.upgraded") && name !== "inputs"
        ? maskKinds(j, json)
        : json(j),
  ]);
  return Object.fromEntries(masked);
}

/** There, `kind` tells how models are answered and what an environment variable is. */
function maskKinds(j: Json, json: (j: Json) => Json): Json {
  if (j === null || typeof j !== "object" || Array.isArray(j)) return json(j);
  return Object.fromEntries(
    Object.entries(j).map(([key, value]) => [key, key === "kind" ? value : maskKinds(value, json)]),
  );
}

/**
 * What is kept of a secret: enough to see that it is another than before, and with 32 bits too little to tell by it
 * which of many guesses is right.
 */
export function fingerprint(salt: string, value: string): string {
  return createHmac("sha256", salt).update(value).digest("hex").slice(0, 8);
}

interface Find {
  readonly start: number;
  readonly end: number;
}

/** Every place where a pattern fits, overlapping ones too. */
function finds(pattern: RegExp, text: string): Find[] {
  const found: Find[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    found.push({ start: match.index, end: match.index + match[0].length });
    pattern.lastIndex = match.index + ((text.codePointAt(match.index) ?? 0) > 0xffff ? 2 : 1);
  }
  return found;
}

/** The text with each stretch of overlapping finds replaced; finds inside a mask are no finds. */
function blot(text: string, found: readonly (Find & { readonly name: string })[], masks: readonly Find[]): string {
  const inside = (find: Find): boolean => masks.some(({ start, end }) => start <= find.start && find.end <= end);
  const finds = found.filter((find) => !inside(find)).sort((a, b) => a.start - b.start);
  let out = "";
  let done = 0;
  for (let index = 0; index < finds.length;) {
    let stretch = finds[index];
    if (stretch === undefined) break;
    const { start } = stretch;
    let { end } = stretch;
    for (index += 1; index < finds.length; index += 1) {
      const next = finds[index];
      if (next === undefined || next.start >= end) break;
      if (next.end - next.start > stretch.end - stretch.start) stretch = next;
      end = Math.max(end, next.end);
    }
    out += `${text.slice(done, start)}‹secret:${stretch.name}›`;
    done = end;
  }
  return out + text.slice(done);
}

// ── patterns ────────────────────────────────────────────────────────────────────────────────────────────────────

/** The forms of a secret: one pattern for it and its escapes, one for each alignment of its base64. */
function patternsOf(value: string): RegExp[] {
  const escaped = (value.match(/\\+|[^\\]/gsu) ?? []).map(escapes).join("");
  const bytes = Buffer.from(value);
  return [escaped, ...[0, 1, 2].map((offset) => base64(bytes, offset))].map((source) => new RegExp(source, "gu"));
}

/** Ways to write one character: itself, its JSON escapes (whose backslashes may be escaped again), percent signs. */
function escapes(character: string): string {
  if (character.startsWith("\\")) return backslashes(character.length);
  const units = Array.from({ length: character.length }, (_, index) => character.charCodeAt(index));
  const unicode = units.map((unit) => `\\\\{1,8}u${anyCase(unit.toString(16).padStart(4, "0"))}`).join("");
  const percent = [...Buffer.from(character)].map((byte) => `%${anyCase(byte.toString(16).padStart(2, "0"))}`).join("");
  const ways = [literally(character), unicode, percent];
  const letter = jsonLetters[character];
  if (letter !== undefined) ways.push(`\\\\{1,8}${literally(letter)}`);
  if (character === " ") ways.push("\\+");
  // A line break inside a secret (a PEM key) may have become another kind of line break.
  if (character === "\n") ways.push("\\r\\n", "\\\\{1,8}r\\\\{1,8}n", "%0[dD]%0[aA]");
  return `(?:${ways.join("|")})`;
}

/** A run of backslashes is one piece: as many pieces there would be too many ways to read a long run. */
function backslashes(length: number): string {
  return `(?:\\\\{${length},${length * 8}}|(?:%5[cC]){${length}}|(?:\\\\{1,8}u005[cC]){${length}})`;
}

const jsonLetters: { readonly [character: string]: string } = {
  '"': '"',
  "/": "/",
  "\b": "b",
  "\f": "f",
  "\n": "n",
  "\r": "r",
  "\t": "t",
};

/**
 * The base64 of bytes that begin `offset` bytes after a multiple of three. The first and the last character may hold
 * bits of what stands beside them: there every character with the secret's bits fits.
 */
function base64(bytes: Uint8Array, offset: number): string {
  const firstBit = offset * 8;
  const endBit = firstBit + bytes.length * 8;
  const bit = (index: number): number | undefined =>
    index < firstBit || index >= endBit ? undefined : ((bytes[(index - firstBit) >> 3] ?? 0) >> (7 - (index & 7))) & 1;
  const characters: string[] = [];
  for (let start = firstBit - (firstBit % 6); start < endBit; start += 6) {
    const bits = Array.from({ length: 6 }, (_, index) => bit(start + index));
    characters.push(
      `[${[...alphabet]
        .filter((_, code) => fits(code, bits))
        .map(spellings)
        .join("")}]`,
    );
  }
  return characters.join("(?:\\r?\\n)?");
}

const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

function fits(code: number, bits: readonly (number | undefined)[]): boolean {
  return bits.every((bit, index) => bit === undefined || bit === ((code >> (5 - index)) & 1));
}

/** Of the last two characters there is a form for URLs. */
function spellings(character: string): string {
  return character === "+" ? "+\\-" : character === "/" ? "\\/_" : character;
}

function anyCase(hex: string): string {
  return hex.replace(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`);
}

function literally(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, "\\$&");
}
