// Balances brackets before anything is parsed: what is never closed is said once, where it was opened, and closed by a
// synthetic token; what closes nothing is said and left out. So the parser, which knows for each bracket where it
// closes, never loses a declaration to a brace missing in the one before.
//
// Which of several braces is the one not closed? Where the text does not balance, it is matched a second time with two
// hints: a declaration at the margin stands in no other one, and a closing brace that begins a line stands under the
// line that opened it.

import type { TokenType } from "chevrotain";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source, Span } from "../source/text.ts";
import * as t from "./tokens.ts";
import type { Token } from "./tokens.ts";

export interface Balanced {
  readonly tokens: Token[];
  readonly diagnostics: readonly Diagnostic[];
  readonly broken: readonly Span[];
}

const opening: ReadonlyMap<TokenType, TokenType> = new Map([...t.closers].map(([open, close]) => [close, open]));
const marginal: ReadonlySet<TokenType> = new Set([t.soft.task, t.soft.agent, t.soft.type, t.soft.connect, t.soft.use]);

export function balance(tokens: readonly Token[], source: Source): Balanced {
  let matcher = new Matcher(source, false);
  matcher.match(tokens);
  if (matcher.diagnostics.length > 0) {
    matcher = new Matcher(source, true);
    matcher.match(tokens);
  }
  link(matcher.output);
  return { tokens: matcher.output, diagnostics: matcher.diagnostics, broken: matcher.broken };
}

function link(tokens: readonly Token[]): void {
  const open: Token[] = [];
  tokens.forEach((token, index) => {
    token.index = index;
    const opener = opening.has(token.tokenType) ? open.pop() : undefined;
    if (opener !== undefined) opener.close = index;
    token.depth = open.length;
    if (t.closers.has(token.tokenType)) open.push(token);
  });
}

const diagnosticLimit = 1_000;

class Matcher {
  readonly output: Token[] = [];
  readonly diagnostics: Diagnostic[] = [];
  readonly broken: Span[] = [];
  readonly #open: Token[] = [];
  readonly #source: Source;
  readonly #guesses: boolean;

  constructor(source: Source, guesses: boolean) {
    this.#source = source;
    this.#guesses = guesses;
  }

  match(tokens: readonly Token[]): void {
    tokens.forEach((token, index) => {
      if (this.#guesses && this.#isAtMargin(token, tokens[index + 1])) this.#closeAll(token.startOffset);
      if (opening.has(token.tokenType)) this.#close(token);
      else {
        this.output.push(token);
        if (t.closers.has(token.tokenType)) this.#open.push(token);
      }
    });
    this.#closeAll(this.#source.text.length);
  }

  #close(token: Token): void {
    const wanted = opening.get(token.tokenType);
    const indent = this.#guesses && token.newline ? this.#indent(token) : undefined;
    while (this.#open.length > 0) {
      const top = this.#open.at(-1);
      if (top === undefined) break;
      const fits = top.tokenType === wanted && !this.#belongsFurtherOut(top, indent, wanted);
      if (fits) {
        this.#open.pop();
        this.output.push(token);
        return;
      }
      if (!this.#open.some((opener) => opener.tokenType === wanted)) break;
      this.#giveUp(top, token.startOffset);
    }
    if (this.diagnostics.length > diagnosticLimit) return;
    const span = { start: token.startOffset, end: token.endOffset + 1 };
    this.diagnostics.push(diagnose("K0009", span, { bracket: token.image }));
  }

  /** A closing brace at the start of a line, left of the line that opened `top`, under one that opened another. */
  #belongsFurtherOut(top: Token, indent: number | undefined, wanted: TokenType | undefined): boolean {
    if (indent === undefined || this.#indent(top) <= indent) return false;
    return this.#open.some((opener) => opener.tokenType === wanted && this.#indent(opener) === indent);
  }

  #isAtMargin(token: Token, next: Token | undefined): boolean {
    if (!token.newline || this.#open.length === 0 || !marginal.has(token.tokenType)) return false;
    if (this.#source.position(token.startOffset).column !== 1 || next === undefined || next.newline) return false;
    return /^[\p{L}_{]/u.test(next.image) && this.#open.some((opener) => this.#indent(opener) === 0);
  }

  /** All that is open ends here. Of braces within braces only the innermost is said: the others may be its echo. */
  #closeAll(offset: number): void {
    let isTold = false;
    for (let top = this.#open.at(-1); top !== undefined; top = this.#open.at(-1)) {
      const isBrace = top.tokenType === t.LeftBrace;
      this.#giveUp(top, offset, !(isBrace && isTold));
      isTold ||= isBrace;
    }
  }

  /** The innermost open bracket is closed by nobody: close it here, a `(` or `[` at the end of its line. */
  #giveUp(top: Token, offset: number, isTold = true): void {
    this.#open.pop();
    const span = { start: top.startOffset, end: top.endOffset + 1 };
    if (isTold)
      this.diagnostics.push(diagnose("K0008", span, { bracket: top.image }, { help: `add the missing ${mate(top)}` }));
    const isBrace = top.tokenType === t.LeftBrace;
    const at = isBrace ? this.output.length : this.#lineEnd(top);
    const end = this.output[at]?.startOffset ?? offset;
    if (!isBrace) this.broken.push({ start: top.startOffset, end });
    this.output.splice(at, 0, closerOf(top, end));
  }

  /** Index of the first token on a line after `opener`'s; the end if its line ends with it. */
  #lineEnd(opener: Token): number {
    const start = this.output.lastIndexOf(opener);
    if (this.output[start + 1]?.newline !== false) return this.output.length;
    let depth = 0;
    for (let index = start + 1; index < this.output.length; index += 1) {
      const token = this.output[index];
      if (token === undefined) break;
      if (depth === 0 && token.newline) return index;
      if (t.closers.has(token.tokenType)) depth += 1;
      if (opening.has(token.tokenType)) depth -= 1;
    }
    return this.output.length;
  }

  #indent(token: Token): number {
    const { line } = this.#source.position(token.startOffset);
    const text = this.#source.line(line);
    return text.length - text.trimStart().length;
  }
}

function mate(opener: Token): string {
  return t.closers.get(opener.tokenType)?.LABEL ?? "bracket";
}

function closerOf(opener: Token, offset: number): Token {
  const type = t.closers.get(opener.tokenType) ?? t.RightBrace;
  return {
    ...opener,
    image: "",
    startOffset: offset,
    endOffset: offset - 1,
    tokenType: type,
    tokenTypeIdx: type.tokenTypeIdx ?? 0,
    newline: true,
    synthetic: true,
    close: -1,
    value: "",
    doc: undefined,
  };
}
