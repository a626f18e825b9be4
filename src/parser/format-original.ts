// The text as it was written, for the formatter: its tokens with the brackets they belong to, its literals word for
// word, its blank lines, and its comments.
//
// Comments are handed out once and in order: whoever can place comments takes those that stand before the place. What
// stands where no comment can be printed is so taken by the next place that can.

import type { Comment, Lexed } from "../lexer/lex.ts";
import type { Token } from "../lexer/tokens.ts";
import * as t from "../lexer/tokens.ts";
import { invariant } from "../source/invariant.ts";
import type { Source, Span } from "../source/text.ts";

export interface Bracket {
  readonly open: Token;
  readonly close: Token;
}

export class Original {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  readonly #byStart: ReadonlyMap<number, number>;
  readonly #openers: ReadonlyMap<number, Token>;
  readonly #comments: readonly Comment[];
  #next = 0;

  constructor(source: Source, lexed: Lexed) {
    this.#text = source.text;
    this.#tokens = lexed.tokens;
    this.#byStart = new Map(lexed.tokens.map((token, index) => [token.startOffset, index]));
    const openers = lexed.tokens.filter((token) => token.close >= 0);
    this.#openers = new Map(openers.map((token) => [token.close, token]));
    this.#comments = outsideTexts(lexed);
  }

  /** What stands there, with line breaks as we write them. */
  slice(span: Span): string {
    return this.#text.slice(span.start, span.end).replaceAll("\r\n", "\n");
  }

  // ── brackets ──

  /** The bracket whose closing mark ends at `end`. */
  closedAt(end: number): Bracket {
    const close = this.#tokenAt(end - 1);
    const open = this.#openers.get(close.index);
    invariant(open !== undefined, "a node ends with its closing bracket");
    return { open, close };
  }

  /** The first bracket `mark` that opens at or after `offset`. */
  openedFrom(offset: number, mark: string): Bracket {
    let index = this.#indexFrom(offset);
    while (index < this.#tokens.length && this.#tokens[index]?.image !== mark) index += 1;
    return this.#from(this.#tokens[index]);
  }

  /** The innermost bracket `mark` that opens before what begins at `offset`. */
  openedBefore(offset: number, mark: string): Bracket {
    let index = this.#indexFrom(offset) - 1;
    while (index >= 0 && this.#tokens[index]?.image !== mark) index -= 1;
    return this.#from(this.#tokens[index]);
  }

  /** The token before what begins at `offset`. */
  before(offset: number): Token {
    const token = this.#tokens[this.#indexFrom(offset) - 1];
    invariant(token !== undefined, "a token stands before it");
    return token;
  }

  /** What the bracket holds was begun on a line of its own. */
  isOpened({ open, close }: Bracket): boolean {
    const next = this.#tokens[open.index + 1];
    return next !== undefined && next.index < close.index && next.newline;
  }

  // ── lines ──

  /** What begins at `offset` is the first on its line. */
  isOnNewLine(offset: number): boolean {
    return this.#tokenAt(offset).newline;
  }

  /** Whether an empty line stands between two places. */
  hasEmptyLine({ start, end }: Span): boolean {
    return /\n[ \t\r]*\n/.test(this.#text.slice(start, end));
  }

  /** An empty line stands before what begins at `offset`, parentheses around it included, and after `bound`. */
  isBlankBefore(offset: number, bound: number): boolean {
    let index = this.#byStart.get(offset);
    let start = offset;
    for (; index !== undefined; index -= 1) {
      const previous = this.#tokens[index - 1];
      if (previous?.tokenType !== t.LeftParen || previous.startOffset < bound) break;
      start = previous.startOffset;
    }
    let breaks = 0;
    for (let at = start - 1; at >= 0 && breaks < 2; at -= 1) {
      const char = this.#text.charAt(at);
      if (char === "\n") breaks += 1;
      else if (char !== " " && char !== "\t" && char !== "\r") return false;
    }
    return breaks === 2;
  }

  // ── comments ──

  /** The comments before `offset` that nobody took yet. */
  take(offset: number): readonly Comment[] {
    const first = this.#next;
    while (this.hasBefore(offset)) this.#next += 1;
    return this.#comments.slice(first, this.#next);
  }

  hasBefore(offset: number): boolean {
    const next = this.#comments[this.#next];
    return next !== undefined && next.span.start < offset;
  }

  #tokenAt(offset: number): Token {
    const token = this.#tokens[this.#byStart.get(offset) ?? -1];
    invariant(token !== undefined, "a node begins and ends with a token");
    return token;
  }

  #from(open: Token | undefined): Bracket {
    const close = this.#tokens[open?.close ?? -1];
    invariant(open !== undefined && close !== undefined, "the bracket stands in the text");
    return { open, close };
  }

  /** The first token that begins at or after `offset`. */
  #indexFrom(offset: number): number {
    const exact = this.#byStart.get(offset);
    if (exact !== undefined) return exact;
    let low = 0;
    let high = this.#tokens.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#tokens[middle]?.startOffset ?? offset) < offset) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/** Without those in the holes of texts, which are printed as they stand. */
function outsideTexts({ tokens, comments }: Lexed): readonly Comment[] {
  if (comments.length === 0) return comments;
  const texts: Span[] = [];
  let depth = 0;
  let start = 0;
  for (const token of tokens) {
    if (token.tokenType === t.TextStart) {
      if (depth === 0) start = token.startOffset;
      depth += 1;
    } else if (token.tokenType === t.TextEnd) {
      depth -= 1;
      if (depth === 0) texts.push({ start, end: token.endOffset + 1 });
    }
  }
  let at = 0;
  return comments.filter(({ span }) => {
    while ((texts[at]?.end ?? Infinity) <= span.start) at += 1;
    return (texts[at]?.start ?? Infinity) > span.start;
  });
}
