// From the text of a reply to the JSON that stands in it. A reply may wrap its JSON in prose or a code fence and write it
// almost right (single quotes, trailing commas, comments, Python's None): that much a library mends.
//
// Invariants: total, whatever the text. Nothing is made up: a value that is not closed was cut off and is none, one that
// stands for items left out is none, and a mended value consists of the same texts, numbers and brackets in the same order
// as what was mended. Where words, quotes or backslashes would have to be interpreted, there is no value.

import type { Token } from "./json-tokens.ts";
import { blank, tokensOfValue } from "./json-tokens.ts";
import { parseTree } from "./json-tree.ts";
import type { Tree } from "./json-tree.ts";
import type { Mend } from "./mend.ts";

type Repair = (text: string) => string;

export interface Found {
  /** In the order of the text. */
  readonly candidates: readonly Candidate[];
  /** A value began and did not end. */
  readonly isCut: boolean;
  /** There is more in the text than was looked at. */
  readonly isTooMuch: boolean;
  /** The text around the candidates; `after` is behind the last. */
  readonly around: string;
  readonly after: string;
}

export interface Candidate {
  /** Undefined where it looks like JSON and cannot be read for certain. */
  readonly tree: Tree | undefined;
  readonly mends: readonly Mend[];
  /** A word without quotes is a value in it: fit for a variant's name, not for a text. */
  readonly hasWords: boolean;
}

/** Longer replies are none that anybody asked for. */
const longestReply = 1_000_000;
const mostValues = 64;
const mostBrackets = 4096;
const mostUnclosed = 32;

/** The whole text if it is JSON; else every value in it that is JSON, or almost. */
export function jsonIn(text: string, repair: Repair): Found {
  const nothing: Found = { candidates: [], isCut: false, isTooMuch: false, around: "", after: "" };
  if (text.length > longestReply) return { ...nothing, isTooMuch: true };
  const whole = parseTree(text);
  if (whole !== undefined) return { ...nothing, candidates: [{ tree: whole, mends: [], hasWords: false }] };
  const quoted = /[{[]\s*\\"/.test(text) ? withoutBackslashes(text) : undefined;
  if (quoted !== undefined) {
    return { ...nothing, candidates: [{ tree: quoted, mends: ["quoted JSON"], hasWords: false }] };
  }
  return valuesIn(text, repair);
}

/** A text whose quotes are all escaped, as if it stood in another one. */
function withoutBackslashes(text: string): Tree | undefined {
  const inner = parseTree(`"${text.replaceAll("\n", "\\n").replaceAll("\r", "\\r").replaceAll("\t", "\\t")}"`);
  return typeof inner === "string" ? parseTree(inner) : undefined;
}

function valuesIn(text: string, repair: Repair): Found {
  const candidates: Candidate[] = [];
  const around: string[] = [];
  const bracket = /[{[]/g;
  let at = 0;
  let unclosed = 0;
  const found = (isCut: boolean, isTooMuch = false): Found => {
    const after = text.slice(at);
    return { candidates, isCut, isTooMuch, around: [...around, after].join("\n"), after };
  };
  for (let count = 0; count < mostBrackets; count++) {
    const start = bracket.exec(text)?.index;
    if (start === undefined) return found(false);
    const looks = looksAt(text, start);
    if (looks === "prose") continue;
    if (candidates.length === mostValues) return found(false, true);
    const tokens = tokensOfValue(text, start);
    if (tokens === undefined) {
      if (looks === "JSON" || isLineStart(text, start)) return found(true);
      if (++unclosed > mostUnclosed) return found(false, true);
      continue;
    }
    const end = tokens.at(-1)?.end ?? start + 1;
    if (looks === "alone" && !standsAlone(text, start, end)) continue;
    candidates.push(
      isTorn(text.slice(at, start), text.slice(end))
        ? { tree: undefined, mends: [], hasWords: false }
        : candidate(text.slice(start, end), tokens, start === 0 && end === text.length, repair),
    );
    around.push(text.slice(at, start));
    bracket.lastIndex = at = end;
  }
  return found(false, true);
}

const gap = `[${blank}]*`;
const key = `\\{${gap}(?:["'\`“‘,]|/[/*]|[\\p{L}_$][\\p{L}\\p{N}_$-]*${gap}:)`;
const opensObject = new RegExp(`^${key}`, "u");
const opensList = new RegExp(`^\\[[${blank}[]*(?:["'\`“‘,]|/[/*]|${key}|\\{${gap}\\})`, "u");
const opensPlain = new RegExp(
  `^(?:\\{${gap}\\}|\\[[${blank}[]*(?:\\]|[-+.]?\\d|(?:true|false|null|True|False|None)\\b))`,
);

/**
 * What a bracket opens. A remark or a placeholder is prose. A list of numbers is JSON only in a line of its own, like `{}`
 * and `[]`: in a sentence it is a footnote, in code an index, in Markdown a box to tick.
 */
function looksAt(text: string, start: number): "JSON" | "alone" | "prose" {
  const near = text.slice(start, start + 200);
  if (opensObject.test(near) || opensList.test(near)) return "JSON";
  return opensPlain.test(near) ? "alone" : "prose";
}

function standsAlone(text: string, start: number, end: number): boolean {
  if (!isLineStart(text, start)) return false;
  const next = text.indexOf("\n", end);
  return /^[.,;]?$/.test(text.slice(end, next < 0 ? text.length : next).trim());
}

function isLineStart(text: string, start: number): boolean {
  return text.slice(text.lastIndexOf("\n", start - 1) + 1, start).trim() === "";
}

/** Around a value that was closed too early, or opened too late, the rest of it remains. */
const restBefore = new RegExp(`["”\\]}\\d][${blank}]{0,9},[${blank}]{0,9}$`);
const marksBehind = new RegExp(`^[${blank}\\]},:]*`);

function isTorn(before: string, behind: string): boolean {
  const [marks = ""] = marksBehind.exec(behind) ?? [];
  const next = behind.slice(marks.length, marks.length + 2);
  const isRest =
    /^["“]/.test(next) ||
    /^[\]}]*:/.test(marks) ||
    (/[,:]/.test(marks) && /^[\d{[-]/.test(next)) ||
    (/^$|[\]}]$/.test(marks) && /^[\p{L}\p{N}]/u.test(next));
  return isRest || restBefore.test(before.slice(-20));
}

function candidate(span: string, tokens: readonly Token[], isWhole: boolean, repair: Repair): Candidate {
  const prose: readonly Mend[] = isWhole ? [] : ["prose"];
  const tree = parseTree(span);
  if (tree !== undefined) return { tree, mends: prose, hasWords: false };
  const said = substance(tokens);
  const mended = said === undefined ? undefined : repaired(span, said, repair);
  return { tree: mended, mends: [...prose, "syntax"], hasWords: said?.hasWords ?? false };
}

function repaired(span: string, said: Substance, repair: Repair): Tree | undefined {
  try {
    const mended = repair(span);
    const now = substance(tokensOfValue(mended, 0) ?? []);
    return now !== undefined && now.text === said.text ? parseTree(mended) : undefined;
  } catch {
    return undefined;
  }
}

// ── what a repair must not change ───────────────────────────────────────────────────────────────────────────────

interface Substance {
  /** Its texts, numbers, brackets and colons in their order, as one text. */
  readonly text: string;
  readonly hasWords: boolean;
}

const literals: { readonly [word: string]: string } = {
  true: "true",
  True: "true",
  false: "false",
  False: "false",
  null: "null",
  None: "null",
  undefined: "null",
};

/** A comment that stands for items which nobody wrote down, or that hides one. */
const elision =
  /\.\.\.|…|["”]|\b(?:more|others?|rest|remaining|remainder|further|additional|omitted|truncated|skipped|abbreviated|etc|and so on|continues?|follows?)\b/i;

/** Undefined where a token is none of JSON's, items are missing, or it is not clear where one ends. */
function substance(tokens: readonly Token[]): Substance | undefined {
  const parts: string[] = [];
  const open: string[] = [];
  let hasWords = false;
  let before: Token | undefined;
  for (const [index, token] of tokens.entries()) {
    if (token.kind === "Other" || (token.kind === "Comment" && elision.test(token.text))) return undefined;
    if (token.kind === "Comment") continue;
    if (before !== undefined && isGap(before, token, open.at(-1))) return undefined;
    if (token.kind === "Mark" && (token.text === "{" || token.text === "[")) open.push(token.text);
    if (token.kind === "Mark" && (token.text === "}" || token.text === "]")) open.pop();
    const isKey = tokens[index + 1]?.text === ":" && tokens[index + 1]?.kind === "Mark";
    const literal =
      token.kind === "Word" && !isKey && Object.hasOwn(literals, token.text) ? literals[token.text] : undefined;
    if (token.kind === "Word" && literal === undefined && !isKey) hasWords = true;
    before = token;
    if (token.kind === "Mark" && token.text === ",") continue;
    parts.push(literal ?? (token.kind === "Mark" ? token.text : `${token.kind === "Number" ? "#" : "$"}${token.text}`));
  }
  return { text: JSON.stringify(parts), hasWords };
}

/** Where something is missing between two tokens, or might be. */
function isGap(before: Token, token: Token, inside: string | undefined): boolean {
  const opens = before.kind === "Mark" && "{[,:".includes(before.text);
  if (token.kind === "Mark" && token.text === ",") return opens;
  if (opens || inside !== "[") return false;
  // In a list, two texts without a comma may be one text with quotes in it.
  const isValue = token.kind !== "Mark" || token.text === "{" || token.text === "[";
  return isValue && (token.kind !== "Mark" || before.kind !== "Mark");
}
