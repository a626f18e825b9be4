// The one table of words and operators. Every word of the language has a token type of its own, so that the grammar
// decides by it, but only the hard words are reserved: all others are in the category `Word` and may name anything.
// `AnyWord` is every word, reserved or not: what may stand after a `.` and before a `:`. The editor grammar is
// generated from this table.

import { createToken, Lexer, type IToken, type TokenType } from "chevrotain";

/** A token as the parser sees it: chevrotain's, with what stands before it and where its bracket is closed. */
export interface Token extends IToken {
  readonly endOffset: number;
  /** A line break stands between this token and the one before (also before the first one). */
  newline: boolean;
  /** A blank, a line break or a comment stands before it. */
  readonly blank: boolean;
  /** Text with its escapes resolved (of `TextPart`); the unit as written (of `Duration`). */
  value: string;
  /** The `##` lines right above. */
  doc: string | undefined;
  /** Stands in no text: it closes what the text left open. */
  readonly synthetic: boolean;
  /** Its place in the list of tokens. */
  index: number;
  /** The number of brackets around it. */
  depth: number;
  /** Of an opening bracket: the index of its closing one. */
  close: number;
}

export const hardWords = [
  ...(["if", "else", "when", "for", "in", "return", "break", "continue", "and", "or", "not"] as const),
  ...(["true", "false", "none", "self", "try", "catch", "finally"] as const),
] as const;

/** Verbs where an operand follows on the same line. */
export const verbWords = [
  ...(["send", "archive", "fetch", "search", "remember", "recall", "forget"] as const),
  ...(["draft", "summarize", "translate", "extract", "classify", "decide", "prompt"] as const),
  ...(["delegate", "wait", "run", "stop", "fail", "retry"] as const),
] as const;

/** Verbs before `user`. */
export const userVerbWords = ["ask", "confirm", "notify", "show", "remind"] as const;

/** Words that begin a clause of the form before them; after a verb they are no operand. */
export const clauseWords = [
  ...(["considering", "fallback", "using", "then", "with", "where", "from", "to", "as"] as const),
  ...(["format", "limit", "timeout"] as const),
] as const;

export const declarationWords = ["use", "type", "connect", "input", "task", "agent", "test", "extern"] as const;

/** What the first word of a line in an agent's body can be (besides `task`, `at`, `after`). */
export const memberWords = [
  ...(["role", "model", "tools", "memory", "state", "config", "team", "rules", "limits"] as const),
  ...(["every", "on"] as const),
] as const;

/** Small words of single forms. */
export const smallWords = [
  ...(["user", "until", "times", "backoff", "background", "via", "at", "after", "connection", "event"] as const),
  ...(["parallel", "within", "once", "undo", "emit"] as const),
] as const;

function tokenType(name: string, label: string, categories: TokenType[] = []): TokenType {
  return createToken({ name, label, pattern: Lexer.NA, categories });
}

function wordTypes<W extends string>(words: readonly W[], category: TokenType): Readonly<Record<W, TokenType>> {
  const named = (word: string): string => `${word.charAt(0).toUpperCase()}${word.slice(1)}Word`;
  return Object.fromEntries(words.map((word) => [word, tokenType(named(word), `\`${word}\``, [category])])) as Record<
    W,
    TokenType
  >;
}

export const AnyWord = tokenType("AnyWord", "a word");
/** A word that may be a name. */
export const Word = tokenType("Word", "a name", [AnyWord]);
/** A word the language knows nothing of. */
export const Identifier = tokenType("Identifier", "a name", [Word]);

export const hard = wordTypes(hardWords, AnyWord);
export const soft = wordTypes(
  [...verbWords, ...userVerbWords, ...clauseWords, ...declarationWords, ...memberWords, ...smallWords],
  Word,
);

export const Int = tokenType("Int", "a number");
export const Float = tokenType("Float", "a number");
export const Duration = tokenType("Duration", "a duration");
export const TextStart = tokenType("TextStart", 'a text "…"');
export const TextPart = tokenType("TextPart", "text");
export const TextEnd = tokenType("TextEnd", 'the closing `"`');
export const HoleStart = tokenType("HoleStart", "`{`");
export const HoleEnd = tokenType("HoleEnd", "`}`");

/** Operators the grammar combines by binding power; see `parser/powers.ts`. */
export const Infix = tokenType("Infix", "an operator");

export const LeftBrace = tokenType("LeftBrace", "`{`");
export const RightBrace = tokenType("RightBrace", "`}`");
export const LeftParen = tokenType("LeftParen", "`(`");
export const RightParen = tokenType("RightParen", "`)`");
export const LeftBracket = tokenType("LeftBracket", "`[`");
export const RightBracket = tokenType("RightBracket", "`]`");
export const Comma = tokenType("Comma", "`,`");
export const Colon = tokenType("Colon", "`:`");
export const Equals = tokenType("Equals", "`=`");
export const FatArrow = tokenType("FatArrow", "`=>`");
export const Arrow = tokenType("Arrow", "`->`");
export const Bar = tokenType("Bar", "`|`");
export const Dot = tokenType("Dot", "`.`");
export const SafeDot = tokenType("SafeDot", "`?.`");
export const Spread = tokenType("Spread", "`..`");
export const Question = tokenType("Question", "`?`");
export const Bang = tokenType("Bang", "`!`");
export const Minus = tokenType("Minus", "`-`", [Infix]);
export const Default = tokenType("Default", "`??`", [Infix]);

const infix = (name: string, mark: string): TokenType => tokenType(name, `\`${mark}\``, [Infix]);

/** Longest marks first: the lexer takes the first that fits. */
export const marks: readonly (readonly [mark: string, type: TokenType])[] = [
  ["=>", FatArrow],
  ["->", Arrow],
  ["|>", infix("PipeMark", "|>")],
  ["??", Default],
  ["?.", SafeDot],
  ["..", Spread],
  ["==", infix("Equal", "==")],
  ["!=", infix("NotEqual", "!=")],
  ["<=", infix("LessOrEqual", "<=")],
  [">=", infix("GreaterOrEqual", ">=")],
  ["=", Equals],
  [":", Colon],
  [".", Dot],
  [",", Comma],
  ["(", LeftParen],
  [")", RightParen],
  ["[", LeftBracket],
  ["]", RightBracket],
  ["{", LeftBrace],
  ["}", RightBrace],
  ["+", infix("Plus", "+")],
  ["-", Minus],
  ["*", infix("Times", "*")],
  ["/", infix("Divide", "/")],
  ["%", infix("Modulo", "%")],
  ["<", infix("Less", "<")],
  [">", infix("Greater", ">")],
  ["!", Bang],
  ["?", Question],
  ["|", Bar],
];

const wordTable: ReadonlyMap<string, TokenType> = new Map([...Object.entries(hard), ...Object.entries(soft)]);

/** The type of a word: its own if the language knows it, else `Identifier`. */
export function wordType(word: string): TokenType {
  return wordTable.get(word) ?? Identifier;
}

/** The closing bracket of each opening one. */
export const closers: ReadonlyMap<TokenType, TokenType> = new Map([
  [LeftBrace, RightBrace],
  [LeftParen, RightParen],
  [LeftBracket, RightBracket],
  [HoleStart, HoleEnd],
]);

export const vocabulary: readonly TokenType[] = [
  AnyWord,
  Word,
  Identifier,
  Infix,
  Int,
  Float,
  Duration,
  TextStart,
  TextPart,
  TextEnd,
  HoleStart,
  HoleEnd,
  ...wordTable.values(),
  ...marks.map(([, type]) => type),
];
