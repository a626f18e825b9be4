// What a reply is without what stands around it: a model's thoughts, a code fence, signs that show nothing.

import type { Mend } from "./mend.ts";
import { blank } from "./json-tokens.ts";

export interface BareReply {
  readonly text: string;
  readonly mends: readonly Mend[];
  /** Nothing but thoughts, which may not have ended: an answer in them is none. */
  readonly isThought: boolean;
}

/** Tags that models themselves begin a reply with; the second are only left out where JSON is wanted. */
const thinking = tagged("think|thinking");
const reasoning = tagged("think|thinking|thought|thoughts|reasoning");
/** Some servers eat the tag that begins the thoughts. The one that ends them then ends its line, too. */
const loneEnd = /<\/think(?:ing)?>[ \t]*(?=\r?\n|$)/i;
const isBlank = new RegExp(`^[${blank}]$`);

export function bareReply(reply: string, isText: boolean): BareReply {
  const spoken = withoutThoughts(trimmed(wellFormed(reply)), isText ? thinking : reasoning);
  if (spoken === undefined) return { text: "", mends: [], isThought: true };
  const { text, hadThoughts } = spoken;
  const inner = fenced(text);
  const mends: readonly Mend[] = [
    ...(hadThoughts ? ["thoughts" as const] : []),
    ...(inner === undefined ? [] : ["fence" as const]),
  ];
  return { text: trimmed(inner ?? text), mends, isThought: hadThoughts && text === "" };
}

/** Without blanks at its ends. By hand: a regular expression for the end of a text takes quadratic time. */
export function trimmed(text: string): string {
  let [start, end] = [0, text.length];
  while (start < end && isBlank.test(text[start] ?? "")) start++;
  while (start < end && isBlank.test(text[end - 1] ?? "")) end--;
  return text.slice(start, end);
}

/** Lone surrogates cannot be written down as UTF-8; they become U+FFFD, here as in the journal. */
export function wellFormed(text: string): string {
  return /\p{Surrogate}/u.test(text) ? Buffer.from(text).toString() : text;
}

interface Tags {
  readonly begin: RegExp;
  readonly end: RegExp;
}

function tagged(names: string): Tags {
  return { begin: new RegExp(`^\\s*<(?:${names})>`, "i"), end: new RegExp(`</(?:${names})>`, "i") };
}

/** Undefined where thoughts do not end. */
function withoutThoughts(
  reply: string,
  tags: Tags,
): { readonly text: string; readonly hadThoughts: boolean } | undefined {
  let text = reply;
  let hadThoughts = false;
  for (;;) {
    const begins = tags.begin.test(text);
    const end = begins ? tags.end.exec(text) : hadThoughts ? null : loneEnd.exec(text);
    if (end === null) return begins ? undefined : { text, hadThoughts };
    if (!begins && /<think/i.test(text.slice(0, end.index))) return { text, hadThoughts };
    text = trimmed(text.slice(end.index + end[0].length));
    hadThoughts = true;
  }
}

/** What stands in the one fence around all of a text. */
function fenced(text: string): string | undefined {
  const lines = text.split(/\r?\n/);
  const mark = /^(`{3,}|~{3,})[^`]*$/.exec(lines[0] ?? "")?.[1];
  if (mark === undefined || lines.length < 2) return undefined;
  const isMark = (line: string): boolean => line.trimStart().startsWith(mark);
  const closing = lines.findIndex((line, index) => index > 0 && isMark(line));
  return closing === lines.length - 1 && lines[closing]?.trim() === mark ? lines.slice(1, -1).join("\n") : undefined;
}
