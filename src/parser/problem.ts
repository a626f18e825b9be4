// A syntax error on its way from where it is seen to where the parser can go on: the only thing thrown in this room,
// and caught in it (`Reader.recover`). Also the words for what was expected and what was found.

import { EOF, type IParserErrorMessageProvider, type TokenType } from "chevrotain";
import type { Token } from "../lexer/tokens.ts";
import * as t from "../lexer/tokens.ts";
import { diagnose, type Code } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Span } from "../source/text.ts";
import { follower } from "./foreign.ts";

export class SyntaxProblem extends Error {
  override readonly name = "SyntaxProblem";
  readonly diagnostic: Diagnostic;
  /** It is about a token that only closes what the text left open: that is said already. */
  readonly isEcho: boolean;
  /** What was read before it is no part of the program. */
  readonly isSpoilt: boolean;

  constructor(diagnostic: Diagnostic, isEcho: boolean, isSpoilt = false) {
    super(diagnostic.message);
    this.diagnostic = diagnostic;
    this.isEcho = isEcho;
    this.isSpoilt = isSpoilt;
  }
}

export function spanOf(token: Token): Span {
  return { start: token.startOffset, end: token.endOffset + 1 };
}

/** What stands there, in words. */
export function found(token: Token): string {
  const type: TokenType = token.tokenType;
  if (type === EOF) return "the end of the file";
  if (type === t.TextStart) return "a text";
  if (type === t.TextEnd || type === t.TextPart) return "the rest of a text";
  return `\`${token.image}\``;
}

const values = "an expression";
/** What a rule begins with, for where none of its alternatives fits. */
const beginnings: { readonly [rule: string]: string } = {
  atom: values,
  primary: values,
  unary: values,
  expression: values,
  statement: "a statement",
  typeAtom: "a type",
  block: "`{`",
  if: "`{` or `if`",
  bodyOrStatement: "a statement",
  pattern: "a pattern",
  textPart: "the rest of the text",
  typeBody: "`=` or `{` after the type's name",
  declaration: "a declaration",
  entry: "a field: `name: value`",
  key: "the name of a field",
};

/** A token was wanted and another one stands there: after `previous`, where the line ends there. */
export function expected(what: string, actual: Token, previous: Token, help?: string): SyntaxProblem {
  const isLineEnd = actual.newline && previous.tokenType !== EOF && actual.tokenType !== EOF;
  const end = Math.max(0, previous.endOffset + 1);
  const span = isLineEnd || actual.tokenType === EOF ? { start: end, end } : spanOf(actual);
  const holes = { expected: what, found: isLineEnd ? "the end of the line" : found(actual) };
  const more = help ?? (previous.tokenType === EOF ? undefined : follower(previous, actual));
  const isEcho = actual.synthetic || (isLineEnd && previous.synthetic);
  return new SyntaxProblem(diagnose("K0001", span, holes, more === undefined ? {} : { help: more }), isEcho);
}

function helpFor(actual: Token, ruleName: string): string | undefined {
  if (actual.tokenType === t.Colon && ruleName === "block") return "a body stands between `{` and `}`";
  if (actual.tokenType === t.Bang) return "a condition is denied with `not`";
  if (actual.tokenType === t.HoleEnd) return brace;
  return undefined;
}

const brace = "a hole holds an expression; write `\\{` for a brace in a text";

/** Where one mark was wanted and another stands there. */
function helpBetween(type: TokenType, { tokenType: actual }: Token): string | undefined {
  if (actual === t.Comma && type === t.RightParen) {
    return "values that belong together are a list `[a, b]` or a struct `{x: a, y: b}`";
  }
  if (actual !== t.Colon) return undefined;
  if (type === t.HoleEnd) return brace;
  return type === t.RightBracket ? "a part of a list is `list.slice(0, 2)`" : undefined;
}

/** Chevrotain asks for the words of an error; they are thrown as a problem at once, before its own bookkeeping. */
export const messages: IParserErrorMessageProvider = {
  buildMismatchTokenMessage({ expected: type, actual, previous }) {
    const [at, before] = [actual as Token, previous as Token];
    throw expected(type.LABEL ?? type.name, at, before, helpBetween(type, at));
  },
  buildNoViableAltMessage({ actual, previous, ruleName }) {
    const token = actual[0] as Token;
    throw expected(beginnings[ruleName] ?? values, token, previous as Token, helpFor(token, ruleName));
  },
  buildNotAllInputParsedMessage() {
    return "the program reads all there is, or was left by a stack that ended";
  },
  buildEarlyExitMessage({ actual, previous, ruleName }) {
    throw expected(beginnings[ruleName] ?? values, actual[0] as Token, previous as Token);
  },
};

/** The codes of this room. */
export type SyntaxCode = Extract<Code, `K0${string}`>;
