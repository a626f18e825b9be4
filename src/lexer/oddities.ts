// What stands in a file that is no Keel: bytes that are no text, and marks that other languages write. Each is said in
// its own words, and, where it is clear what was meant, read as that, so that one slip gives one error.

import type { TokenType } from "chevrotain";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source } from "../source/text.ts";
import * as t from "./tokens.ts";

const sizeLimit = 4 * 1024 * 1024;

/** The one diagnostic about a file that cannot be read at all. */
export function notText(source: Source): Diagnostic | undefined {
  const { text } = source;
  const nul = text.indexOf("\0");
  if (nul !== -1) return diagnose("K0002", { start: nul, end: nul + 1 }, { what: "it contains a NUL character" });
  const bad = text.indexOf("\uFFFD");
  if (bad !== -1)
    return diagnose("K0002", { start: bad, end: bad + 1 }, { what: "it contains bytes that are no UTF-8" });
  if (text.length <= sizeLimit || isNestedFlood(text)) return undefined;
  const size = `${(text.length / 1024 / 1024).toFixed(1)} MB`;
  return diagnose("K0024", { start: 0, end: 0 }, { size, limit: "4 MB" });
}

/** Brackets upon brackets: better told as that than as size. */
function isNestedFlood(text: string): boolean {
  return /^[\s([{]{300}/.test(text);
}

export interface OddMark {
  readonly length: number;
  readonly what: string;
  /** Where another mark of its line was refused, it is not worth a word: `for (i = 0; i < 3; i++)`. */
  readonly isNoise: boolean;
  readonly help: string | undefined;
  /** What it is read as; `undefined`: it is skipped. */
  readonly instead: TokenType | "newline" | "comment" | "text" | undefined;
}

const equal = t.marks.find(([mark]) => mark === "==")?.[1];

const foreign: readonly (readonly [mark: RegExp, help: string, instead: OddMark["instead"]])[] = [
  [/===/y, "write `==`", equal],
  [/!==/y, "write `!=`", t.marks.find(([mark]) => mark === "!=")?.[1]],
  [/&&/y, "write `and`", t.hard.and],
  [/\|\|/y, "write `or`", t.hard.or],
  [/:=/y, "write `=`", t.Equals],
  [/[-+*/%]=(?!=)/y, "write the whole of it: `x = x + 1`; what changes over time is an agent's state", t.Equals],
  [
    /\+\+|--(?=[ \t]*(?:[\n\r;)\]}]|$))/y,
    "values never change: `x + 1` is a new one; what changes is an agent's state",
    undefined,
  ],
  [/\*\*|\^/y, "a power is written out: `x * x`", t.marks.find(([mark]) => mark === "*")?.[1]],
  [/\/\*(?:[^*]|\*(?!\/))*(?:\*\/)?/y, "a comment begins with `#`, and ends with its line", undefined],
  [/\/\//y, "a comment begins with `#`; `/` of two integers is one too", "comment"],
  [/;/y, "a statement ends with its line", "newline"],
  [/[“”„]/y, 'a text stands between straight quotes: `"`', undefined],
  [/'[^'"\n\r{}\\]*'|`[^`"\n\r{}\\]*`/y, 'a text stands between double quotes: `"`', "text"],
  [/['‘’`]/y, 'a text stands between double quotes: `"`', undefined],
  [/&/y, "write `and`", undefined],
  [/\\/y, "a backslash stands only in a text; a line goes on after `,`, an operator or an open bracket", undefined],
];

/** The mark at `at` if it is none of Keel's. */
export function oddMark(text: string, at: number): OddMark | undefined {
  for (const [mark, help, instead] of foreign) {
    mark.lastIndex = at;
    const found = mark.exec(text)?.[0];
    if (found === undefined) continue;
    const shown = instead === "text" || found.startsWith("/*") ? found.slice(0, found.startsWith("/*") ? 2 : 1) : found;
    const isNoise = [";", "++", "--"].includes(found);
    return { length: found.length, what: `\`${shown}\``, isNoise, help, instead };
  }
  const char = String.fromCodePoint(text.codePointAt(at) ?? 0);
  if (t.marks.some(([mark]) => mark.startsWith(char))) return undefined;
  return { length: char.length, what: nameOf(char), isNoise: false, help: undefined, instead: undefined };
}

function nameOf(char: string): string {
  const code = (char.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
  if (/\s/u.test(char)) return `blank U+${code}`;
  return /[\p{C}\p{M}]/u.test(char) ? `character U+${code}` : `character \`${char}\``;
}
