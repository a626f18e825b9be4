// Text → tokens. Texts nest (`"{f("{x}")}"`), so the scanner keeps a stack of modes: in a text, or in a hole. It never
// throws: what is wrong becomes a diagnostic, and the tokens it hands on are always balanced (`brackets`). A newline is
// no token: each token knows whether one stands before it, and the parser decides what that means.

import type { TokenType } from "chevrotain";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source, Span } from "../source/text.ts";
import { balance } from "./brackets.ts";
import { oddMark, notText } from "./oddities.ts";
import { badEscapes, cook, unindent } from "./strings.ts";
import * as t from "./tokens.ts";
import type { Token } from "./tokens.ts";

export interface Comment {
  readonly span: Span;
  /** With its `#`. */
  readonly text: string;
  /** Nothing but blanks stands before it on its line. */
  readonly ownLine: boolean;
}

export interface Lexed {
  readonly tokens: Token[];
  readonly comments: readonly Comment[];
  readonly diagnostics: readonly Diagnostic[];
  /** The rest of the text was not read: parsing it would only repeat what is said already. */
  readonly cut: boolean;
  /** Parts of the text about whose brackets something is said already. */
  readonly broken: readonly Span[];
}

/** Deeper than anyone writes, and shallow enough for every recursive pass. */
export const nestingLimit = 100;
const tokenLimit = 1_000_000;
const diagnosticLimit = 1_000;

interface TextMode {
  readonly kind: "text";
  readonly block: boolean;
  /** Index of its TextStart. */
  readonly start: number;
  readonly parts: Token[];
}

interface HoleMode {
  readonly kind: "hole";
  readonly open: number;
  /** Braces opened inside it and not yet closed. */
  braces: number;
}

const asciiWord = /[A-Za-z_][A-Za-z0-9_]*/y;
const word = /[\p{L}_][\p{L}\p{M}\p{N}_]*/uy;
const digits = /\d+(?:_\d+)*(?:\.\d+(?:_\d+)*)?(?:[eE][+-]?\d+)?/y;
const codePoint = /\\u\{[^}"\n]*\}/y;
const unit = /\.([\p{L}_][\p{L}\p{N}_]*)(?![\p{L}\p{N}_(])/uy;

/** First characters of our marks that begin another language's mark, too: `==` and `===`, `:` and `:=`. */
const mayBeOdd: ReadonlySet<string> = new Set("=!:|-+*/%");
const oddSeconds: ReadonlySet<string> = new Set("=|+-*/");

const marksByFirst = new Map<string, (readonly [string, TokenType])[]>();
for (const mark of t.marks) {
  const first = mark[0].charAt(0);
  marksByFirst.set(first, [...(marksByFirst.get(first) ?? []), mark]);
}

export function lex(source: Source): Lexed {
  const unreadable = notText(source);
  if (unreadable !== undefined) {
    return { tokens: [], comments: [], diagnostics: [unreadable], cut: true, broken: [] };
  }
  return new Scanner(source).scan();
}

class Scanner {
  readonly #text: string;
  readonly #source: Source;
  #at = 0;
  #newline = true;
  #blank = true;
  #doc: string[] = [];
  #depth = 0;
  #cut = false;
  readonly #modes: (TextMode | HoleMode)[] = [];
  readonly #tokens: Token[] = [];
  readonly #comments: Comment[] = [];
  readonly #diagnostics: Diagnostic[] = [];

  constructor(source: Source) {
    this.#source = source;
    this.#text = source.text;
    if (this.#text.startsWith("\uFEFF")) this.#at = 1;
  }

  scan(): Lexed {
    while (this.#at < this.#text.length && !this.#cut) {
      if (this.#modes.at(-1)?.kind === "text") this.#readText();
      else this.#readCode();
      if (this.#tokens.length > tokenLimit) this.#tooLarge();
      if (this.#diagnostics.length > diagnosticLimit) this.#cut = true;
    }
    if (!this.#cut && this.#modes.length > 0) this.#breakText(0, this.#text.length);
    const comments = this.#comments;
    if (this.#cut) return { tokens: [], comments, diagnostics: this.#diagnostics, cut: true, broken: [] };
    const { tokens, diagnostics, broken } = balance(this.#tokens, this.#source);
    return { tokens, comments, diagnostics: [...this.#diagnostics, ...diagnostics], cut: false, broken };
  }

  // ── code ──

  #readCode(): void {
    const char = this.#text.charAt(this.#at);
    if (char === "\n") this.#readNewline();
    else if (char === " " || char === "\t" || char === "\r") {
      this.#blank = true;
      this.#at += 1;
    } else if (char === "#") this.#readComment();
    else if (char === '"') this.#openText();
    else if (isDigit(char)) this.#readNumber();
    else if (!this.#readWord() && !this.#readMark(char)) this.#readOddMark();
  }

  #readNewline(): void {
    const broken = this.#modes.findIndex((mode) => mode.kind === "text" && !mode.block);
    if (broken !== -1) return this.#breakText(broken, this.#at);
    this.#at += 1;
    this.#newline = true;
    this.#blank = true;
  }

  #readComment(): void {
    const start = this.#at;
    const end = this.#lineEnd(start);
    const text = this.#text.slice(start, end).trimEnd();
    this.#comments.push({ span: { start, end: start + text.length }, text, ownLine: this.#newline });
    if (text.startsWith("##") && this.#newline) this.#doc.push(text.slice(2).replace(/^ /, ""));
    else this.#doc = [];
    this.#at = end;
    this.#blank = true;
  }

  #readWord(): boolean {
    asciiWord.lastIndex = this.#at;
    let found = asciiWord.exec(this.#text)?.[0];
    if (this.#text.charCodeAt(this.#at + (found?.length ?? 0)) > 127) {
      word.lastIndex = this.#at;
      found = word.exec(this.#text)?.[0] ?? found;
    }
    if (found === undefined) return false;
    this.#emit(t.wordType(found), found.length);
    return true;
  }

  #readNumber(): void {
    const start = this.#at;
    digits.lastIndex = start;
    const number = digits.exec(this.#text)?.[0] ?? "";
    word.lastIndex = start + number.length;
    const tail = word.exec(this.#text)?.[0];
    if (tail !== undefined) {
      const text = number + tail;
      this.#report(diagnose("K0007", { start, end: start + text.length }, { text }));
      this.#emit(t.Int, text.length, number);
      return;
    }
    unit.lastIndex = start + number.length;
    const unitName = unit.exec(this.#text)?.[1];
    if (unitName !== undefined) this.#emit(t.Duration, number.length + 1 + unitName.length, unitName);
    else this.#emit(/[.eE]/.test(number) ? t.Float : t.Int, number.length, number);
  }

  #readMark(first: string): boolean {
    const isOdd = mayBeOdd.has(first) && oddSeconds.has(this.#text.charAt(this.#at + 1));
    if (isOdd && oddMark(this.#text, this.#at) !== undefined) return false;
    const mark = marksByFirst.get(first)?.find(([text]) => this.#text.startsWith(text, this.#at));
    if (mark === undefined) return false;
    const [text, type] = mark;
    const hole = this.#modes.at(-1);
    if (type === t.LeftBrace && hole?.kind === "hole") hole.braces += 1;
    if (type === t.RightBrace && hole?.kind === "hole") {
      if (hole.braces === 0) {
        this.#modes.pop();
        this.#emit(t.HoleEnd, 1);
        return true;
      }
      hole.braces -= 1;
    }
    this.#emit(type, text.length);
    return true;
  }

  /** A mark of another language, or of none: said once, and read as what was meant where that is clear. */
  #readOddMark(): void {
    const start = this.#at;
    const odd = oddMark(this.#text, start) ?? {
      length: 1,
      what: "character",
      isNoise: false,
      help: undefined,
      instead: undefined,
    };
    const span = { start, end: start + (odd.instead === "text" ? 1 : odd.length) };
    if (!odd.isNoise || !this.#isSaidOnLine(start)) {
      this.#report(diagnose("K0003", span, { what: odd.what }, odd.help === undefined ? {} : { help: odd.help }));
    }
    if (odd.instead === "text") return this.#readQuoted(odd.length);
    if (odd.instead === "newline") this.#newline = true;
    if (odd.instead === "newline" || odd.instead === undefined) {
      this.#at += odd.length;
      this.#blank = true;
    } else if (odd.instead === "comment") this.#at = this.#lineEnd(start);
    else this.#emit(odd.instead, odd.length);
  }

  /** Another mark before this one, on its line, was refused. */
  #isSaidOnLine(at: number): boolean {
    const last = this.#diagnostics.at(-1);
    return last?.code === "K0003" && !this.#text.slice(last.span.end, at).includes("\n");
  }

  /** A text between quotes of another kind. */
  #readQuoted(length: number): void {
    this.#emit(t.TextStart, 1);
    const text = this.#text.slice(this.#at, this.#at + length - 2);
    if (text !== "") this.#emit(t.TextPart, text.length, text);
    this.#emit(t.TextEnd, 1);
  }

  // ── texts ──

  #openText(): void {
    const block = this.#text.startsWith('"""', this.#at);
    const start = this.#tokens.length;
    this.#emit(t.TextStart, block ? 3 : 1, block ? "block" : "");
    this.#modes.push({ kind: "text", block, start, parts: [] });
  }

  /** Reads on to a hole, the closing quotes or, in a text of one line, the end of that line. */
  #readText(): void {
    const mode = this.#modes.at(-1);
    if (mode?.kind !== "text") return;
    const start = this.#at;
    let end = start;
    const line = mode.block && !this.#modes.some((outer) => outer.kind === "text" && !outer.block);
    for (; end < this.#text.length; end += 1) {
      const char = this.#text.charAt(end);
      if (char === "\\") end += this.#escapeLength(end) - 1;
      else if (char === "{" || (char === '"' && (!mode.block || this.#text.startsWith('"""', end)))) break;
      else if (char === "\n" && !line) return this.#readNewlineAt(end);
    }
    end = Math.min(end, this.#text.length);
    if (end > start) {
      const raw = this.#text.slice(start, end);
      for (const { at, escape } of badEscapes(raw)) {
        const span = { start: start + at, end: start + at + escape.length };
        this.#report(diagnose("K0006", span, { escape }));
      }
      mode.parts.push(this.#emit(t.TextPart, raw.length, mode.block ? raw : cook(raw)));
    }
    if (this.#text.charAt(end) === "{") this.#openHole();
    else if (this.#text.charAt(end) === '"') this.#closeText(mode);
  }

  /** A backslash at the end of a line escapes nothing. */
  #escapeLength(at: number): number {
    codePoint.lastIndex = at;
    const long = codePoint.exec(this.#text)?.[0].length;
    return long ?? (this.#text.charAt(at + 1) === "\n" ? 1 : 2);
  }

  #readNewlineAt(end: number): void {
    this.#at = end;
    this.#readNewline();
  }

  #openHole(): void {
    this.#modes.push({ kind: "hole", open: this.#at, braces: 0 });
    this.#emit(t.HoleStart, 1);
  }

  #closeText(mode: TextMode): void {
    this.#emit(t.TextEnd, mode.block ? 3 : 1);
    this.#modes.pop();
    if (!mode.block) return;
    // An empty part stands in for a hole at the very start or between two holes: parts and holes alternate.
    const parts = this.#alternating(mode);
    const texts = unindent(parts.map((part) => part?.value ?? ""));
    parts.forEach((part, index) => {
      if (part !== undefined) part.value = cook(texts[index] ?? "");
    });
  }

  /** The text parts of a block, with `undefined` where two holes, or a hole and an end, touch. */
  #alternating(mode: TextMode): (Token | undefined)[] {
    const own = new Set(mode.parts);
    const parts: (Token | undefined)[] = [];
    let open = false;
    let nested = 0;
    for (let index = mode.start + 1; index < this.#tokens.length; index += 1) {
      const token = this.#tokens[index];
      if (token === undefined) continue;
      if (own.has(token)) {
        parts.push(token);
        open = true;
      } else if (token.tokenType === t.HoleStart) {
        if (nested === 0 && !open) parts.push(undefined);
        if (nested === 0) open = false;
        nested += 1;
      } else if (token.tokenType === t.HoleEnd) nested -= 1;
    }
    if (!open) parts.push(undefined);
    return parts;
  }

  /** The text whose mode has index `index` ends nowhere: it is given up, with all that was read inside it. */
  #breakText(index: number, end: number): void {
    const mode = this.#modes[index];
    if (mode?.kind !== "text") return;
    const start = this.#tokens[mode.start]?.startOffset ?? end;
    const hole = this.#modes[index + 1];
    if (hole?.kind === "hole") this.#report(diagnose("K0005", { start: hole.open, end: hole.open + 1 }, {}));
    else if (mode.block) {
      const help = 'close it with `"""`';
      this.#report(diagnose("K0008", { start, end: start + 3 }, { bracket: '"""' }, { help }));
    } else this.#report(diagnose("K0004", { start, end: Math.max(start + 1, end) }, {}));
    for (const token of this.#tokens.splice(mode.start + 1)) {
      if (t.closers.has(token.tokenType)) this.#depth -= 1;
      else if (closing.has(token.tokenType)) this.#depth += 1;
    }
    this.#depth = Math.max(0, this.#depth);
    this.#modes.length = index;
    this.#at = end + this.#restOfHole(end, hole !== undefined);
    this.#emit(t.TextEnd, 0);
  }

  /** Where one of the next lines closes the hole and the text, that belongs to the mistake. */
  #restOfHole(end: number, inHole: boolean): number {
    const rest = /(?:\r?\n[^"{}\n]*){1,6}\}(?:[^"{}\n]|\{[^"{}\n]*\})*"/y;
    rest.lastIndex = end;
    return inHole ? (rest.exec(this.#text)?.[0].length ?? 0) : 0;
  }

  // ── tokens ──

  #emit(type: TokenType, length: number, value = ""): Token {
    const start = this.#at;
    const token: Token = {
      image: this.#text.slice(start, start + length),
      startOffset: start,
      endOffset: start + length - 1,
      tokenTypeIdx: type.tokenTypeIdx ?? 0,
      tokenType: type,
      newline: this.#newline,
      blank: this.#blank,
      value,
      doc: this.#doc.length > 0 ? this.#doc.join("\n") : undefined,
      synthetic: length === 0,
      index: 0,
      depth: 0,
      close: -1,
    };
    this.#doc = [];
    this.#newline = false;
    this.#blank = false;
    this.#at = start + length;
    this.#tokens.push(token);
    this.#measure(token);
    return token;
  }

  #measure(token: Token): void {
    if (t.closers.has(token.tokenType)) this.#depth += 1;
    else if (closing.has(token.tokenType)) this.#depth = Math.max(0, this.#depth - 1);
    if (this.#depth <= nestingLimit) return;
    const span = { start: token.startOffset, end: token.endOffset + 1 };
    this.#diagnostics.length = 0;
    this.#report(diagnose("K0010", span, {}));
    this.#cut = true;
  }

  #tooLarge(): void {
    const span = { start: 0, end: 0 };
    const size = `more than ${tokenLimit.toLocaleString("en")} words and marks`;
    this.#report(diagnose("K0024", span, { size, limit: tokenLimit.toLocaleString("en") }));
    this.#cut = true;
  }

  #report(diagnostic: Diagnostic): void {
    this.#diagnostics.push(diagnostic);
  }

  #lineEnd(from: number): number {
    const end = this.#text.indexOf("\n", from);
    return end === -1 ? this.#text.length : end;
  }
}

const closing: ReadonlySet<TokenType> = new Set(t.closers.values());

function isDigit(char: string): boolean {
  return char >= "0" && char <= "9";
}
