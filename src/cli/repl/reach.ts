// Whether what was typed so far is a whole input. The parser decides: an input is unfinished as long as all that is
// wrong with it is wrong at its end, so that more text can still mend it.

import { lex } from "../../lexer/lex.ts";
import { parse } from "../../parser/parse.ts";
import type { Diagnostic } from "../../source/diagnostic.ts";
import { Source } from "../../source/text.ts";

export type Reach =
  | "Whole"
  /** A bracket or a text of several lines is not closed: whatever follows belongs to it. */
  | "Open"
  /** Something is expected where it ends: another line belongs to it, if it is not empty. */
  | "Wants"
  /** Whole, but its last line goes on the one above (`| archive`), and so may the next one. */
  | "MayGoOn";

export function reachOf(text: string): Reach {
  const source = new Source("repl", text);
  const last = lex(source).tokens.findLast((token) => !token.synthetic);
  if (last === undefined) return /^\s*##/m.test(text) ? "Wants" : "Whole";
  const errors = parse(source).diagnostics.filter((each) => each.severity === "error");
  if (errors.length === 0) return isLong(text) ? "MayGoOn" : "Whole";
  if (!errors.every((each) => isUnclosed(each) || isEndWanted(each, last.endOffset))) return "Whole";
  return errors.some(isUnclosed) ? "Open" : "Wants";
}

const isUnclosed = ({ code }: Diagnostic): boolean => code === "K0008";

/** Something is expected behind the last token. */
function isEndWanted({ code, span }: Diagnostic, lastOffset: number): boolean {
  return code === "K0001" && span.start === span.end && span.end > lastOffset;
}

function isLong(text: string): boolean {
  const lines = text.trimEnd().split("\n");
  return lines.length > 1 && continues(lines.at(-1) ?? "");
}

const mark = /^\s*(\|>?|\?\?|\?\.|\.(?!\d)|(and|or|else|catch|finally)\b)/;

/** Whether a line goes on what stands above it. */
export function continues(line: string): boolean {
  return mark.test(line);
}
