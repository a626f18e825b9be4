// What every rule of the grammar stands on: a look at the tokens ahead, spans, and recovery.
//
// Chevrotain decides by the next token's type. What it cannot know is decided here by looking at the tokens:
//  - `lines`: a newline ends a statement here. False directly inside `( )` and `[ ]`, true again inside `{ }`.
//  - `head`: a `{` opens the body (of `if`, `for`, `when` …), not a literal. False again inside any bracket.
//
// Grammar actions run once with fake tokens while chevrotain records the grammar; nothing here may throw then, which
// holds because the token ahead is then always the end of the file.

import { EmbeddedActionsParser, EOF, type IToken, type TokenType } from "chevrotain";
import * as t from "../lexer/tokens.ts";
import type { Token } from "../lexer/tokens.ts";
import { nestingLimit } from "../lexer/lex.ts";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source, Span } from "../source/text.ts";
import type { Name } from "./ast.ts";
import { powers } from "./powers.ts";
import { expected, messages, spanOf, SyntaxProblem } from "./problem.ts";

const words: ReadonlySet<TokenType> = new Set([t.Identifier, ...Object.values(t.soft)]);
const anyWords: ReadonlySet<TokenType> = new Set([...words, ...Object.values(t.hard)]);
const clauseTypes: ReadonlySet<TokenType> = new Set(t.clauseWords.map((word) => t.soft[word]));

export const isName = ({ tokenType }: Token): boolean => words.has(tokenType);

/** What a verb can take as its operand, besides names and brackets. */
const operandStarts: ReadonlySet<TokenType> = new Set([
  t.Int,
  t.Float,
  t.Duration,
  t.TextStart,
  ...(["true", "false", "none", "self", "not", "if", "when", "for", "try"] as const).map((word) => t.hard[word]),
]);

/** What makes a clause word, at the start of a line, a name. */
const nameFollowers: ReadonlySet<TokenType> = new Set([t.Equals, t.Colon, t.Dot, t.SafeDot]);

/** What begins no statement: a line that begins with it goes on with the one before. */
const neverFirst: ReadonlySet<TokenType> = new Set([
  ...t.closers.values(),
  t.Dot,
  t.SafeDot,
  t.Bar,
  t.hard.else,
  t.hard.catch,
  t.hard.finally,
  ...[...powers].flatMap(([type, power]) => (power.leads && type !== undefined ? [type] : [])),
]);

/** After so many problems the rest of the file is not read. */
const problemLimit = 1_000;

export abstract class Reader extends EmbeddedActionsParser {
  protected lines = true;
  protected head = false;
  protected diagnostics: Diagnostic[] = [];
  /** Rules within rules, which cost stack; and all that may make the tree deep (see `parse`). */
  protected depth = 0;
  protected links = 0;
  /** Where the stack ended before our own limit was reached, which leaves chevrotain's own state in pieces. */
  protected overflow: Span | undefined;
  #end: Token = endToken(0);
  #broken: readonly Span[] = [];

  constructor(skipValidations: boolean) {
    super([...t.vocabulary], {
      maxLookahead: 1,
      recoveryEnabled: false,
      skipValidations,
      errorMessageProvider: messages,
    });
  }

  protected begin(source: Source, tokens: Token[], broken: readonly Span[]): void {
    this.#end = endToken(source.text.length);
    this.#broken = broken;
    this.diagnostics = [];
    this.lines = true;
    this.head = false;
    this.depth = 0;
    this.links = 0;
    this.overflow = undefined;
    this.input = tokens;
  }

  // ── looking ahead ──

  protected at(n: number): Token {
    const token: IToken = this.LA(n);
    return token.tokenType === EOF ? this.#end : (token as Token);
  }

  protected is(n: number, type: TokenType): boolean {
    return this.at(n).tokenType === type;
  }

  protected isWord(n: number): boolean {
    return words.has(this.at(n).tokenType);
  }

  protected isAnyWord(n: number): boolean {
    return anyWords.has(this.at(n).tokenType);
  }

  /** A statement ends before the token at `n` as far as newlines say. */
  protected breaks(n: number): boolean {
    return this.lines && this.at(n).newline;
  }

  /** The clause `type` stands here: on a line of its own only if the word is not used as a name there. */
  protected isClause(type: TokenType): boolean {
    const token = this.at(1);
    if (token.tokenType !== type) return false;
    if (!this.breaks(1)) return true;
    const next = this.at(2);
    return !nameFollowers.has(next.tokenType) && (next.tokenType !== t.LeftParen || next.blank);
  }

  /** The token at `n` begins the operand of a verb right before it. */
  protected isOperand(n: number): boolean {
    const { tokenType, newline, blank } = this.at(n);
    if (newline) return false;
    if (operandStarts.has(tokenType)) return true;
    if (words.has(tokenType)) return !clauseTypes.has(tokenType);
    if (tokenType === t.LeftBrace) return blank && !this.head;
    return blank && (tokenType === t.LeftParen || tokenType === t.LeftBracket);
  }

  /** The token right behind this one. */
  protected behind(token: Token): Token | undefined {
    return this.input[token.index + 1] as Token | undefined;
  }

  /** The token after the bracket that opens at `n` closes. */
  protected afterClose(n: number): number {
    const open = this.at(n);
    return open.close < 0 ? n + 1 : n + (open.close - open.index) + 1;
  }

  // ── places ──

  protected start(): number {
    return this.at(1).startOffset;
  }

  /** From `start` to the end of what was read last. */
  protected from(start: number): Span {
    return { start, end: Math.max(start, this.at(0).endOffset + 1) };
  }

  protected here(): Span {
    return spanOf(this.at(1));
  }

  protected named(token: IToken): Name {
    return { kind: "Name", text: token.image, span: spanOf(token as Token) };
  }

  // ── problems and recovery ──

  protected report(diagnostic: Diagnostic): void {
    const { start } = diagnostic.span;
    if (!this.#broken.some((span) => span.start < start && start <= span.end)) this.diagnostics.push(diagnostic);
  }

  protected problem(diagnostic: Diagnostic): SyntaxProblem {
    return new SyntaxProblem(diagnostic, false);
  }

  protected wanted(what: string, help?: string): SyntaxProblem {
    return expected(what, this.at(1), this.at(0), help);
  }

  /** One level deeper (or more, for what costs more stack); what nests too deeply is refused before the stack ends. */
  protected deeper(cost = 1): void {
    this.depth += cost;
    if (this.depth > nestingLimit * 2) throw this.problem(diagnose("K0010", this.here(), {}));
  }

  /**
   * Reads up to `close`, as often as something stands there; what cannot be read is reported and skipped, and `lost`
   * says what stands for it, by its first token.
   */
  protected readItems<T>(
    close: TokenType,
    read: () => T,
    endItem: (item: T) => void,
    lost: (first: Token) => T | undefined = () => undefined,
  ): T[] {
    const items: T[] = [];
    if (this.RECORDING_PHASE) {
      this.MANY(() => items.push(read()));
      return items;
    }
    while (!this.is(1, close) && !this.is(1, EOF)) {
      const first = this.at(1);
      const { lines, head, depth } = this;
      let item: T | undefined;
      try {
        item = read();
        items.push(item);
        endItem(item);
      } catch (error) {
        const problem = this.caught(error);
        if (problem.isSpoilt) items.pop();
        const instead = item === undefined || problem.isSpoilt ? lost(first) : undefined;
        if (instead !== undefined) items.push(instead);
        this.lines = lines;
        this.head = head;
        this.depth = depth;
        this.skipItem(first);
      }
    }
    return items;
  }

  private caught(error: unknown): SyntaxProblem {
    if (error instanceof SyntaxProblem) {
      if (!error.isEcho) this.report(error.diagnostic);
      return error;
    }
    if (error instanceof RangeError) this.overflow ??= this.here();
    throw error;
  }

  /** Skips to the next line at the depth of `first`, or to the bracket that closes around it. */
  private skipItem(first: Token): void {
    const tired = this.diagnostics.length > problemLimit;
    while (!this.is(1, EOF) && (tired || this.at(1).depth >= first.depth)) {
      const token = this.at(1);
      const beginsItem = token.depth === first.depth && token.newline && !neverFirst.has(token.tokenType);
      if (token !== first && beginsItem && !tired) return;
      this.CONSUME(token.tokenType);
    }
  }

  /** Reads up to `close` without recovery of its own. */
  protected repeat(close: TokenType, read: () => void): void {
    if (this.RECORDING_PHASE) this.MANY1(read);
    else while (!this.is(1, close) && !this.is(1, EOF)) read();
  }

  /** Inside a bracket, where newlines count (`{`) or not, and no head goes on. */
  protected inside<T>(lines: boolean, read: () => T): T {
    const outer = { lines: this.lines, head: this.head };
    this.lines = lines;
    this.head = false;
    const result = read();
    this.lines = outer.lines;
    this.head = outer.head;
    return result;
  }

  /** In the head of something that ends in a body. */
  protected inHead<T>(read: () => T): T {
    const outer = this.head;
    this.head = true;
    const result = read();
    this.head = outer;
    return result;
  }
}

function endToken(offset: number): Token {
  return {
    image: "",
    startOffset: offset,
    endOffset: offset - 1,
    tokenType: EOF,
    tokenTypeIdx: EOF.tokenTypeIdx ?? 0,
    newline: true,
    blank: true,
    value: "",
    doc: undefined,
    synthetic: false,
    index: -1,
    depth: 0,
    close: -1,
  };
}
