// The tokens of JSON and of what models write in its place: other quotes, comments, words without quotes, line breaks
// inside of texts. What is none of these is `Other`. It says what stands there, not what was meant.

export type Token =
  | { readonly kind: "Mark"; readonly text: string; readonly end: number }
  /** Its content, the escapes read. */
  | { readonly kind: "Text"; readonly text: string; readonly end: number }
  /** As it is written. */
  | { readonly kind: "Number"; readonly text: string; readonly end: number }
  | { readonly kind: "Word"; readonly text: string; readonly end: number }
  | { readonly kind: "Comment"; readonly text: string; readonly end: number }
  | { readonly kind: "Other"; readonly text: string; readonly end: number };

/** Signs that show nothing: blanks, byte order marks, zero-width and soft ones. */
export const blank = "\\s\\u00ad\\u200b-\\u200f\\u2060\\ufeff";

const blanks = new RegExp(`[${blank}]*`, "y");
const run = /[\p{L}\p{N}_$.+%-]+/uy;
const number = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const word = /^[\p{L}_$][\p{L}\p{N}_$-]*$/u;
const closes = new RegExp(`[${blank}]*(?:[,:}\\]]|/[/*]|$)`, "y");

/** What closes a text that this sign opens. */
const quotes: { readonly [opening: string]: string } = {
  '"': '"',
  "'": "'",
  "`": "`",
  "“": "”",
  "‘": "’",
};

/** The tokens from the bracket at `start` to the one that closes it; undefined where none does, or one of the other kind. */
export function tokensOfValue(source: string, start: number): readonly Token[] | undefined {
  const tokens: Token[] = [];
  const expected: string[] = [];
  for (let at = start; ;) {
    const token = tokenAt(source, at);
    if (token === undefined) return undefined;
    tokens.push(token);
    at = token.end;
    if (token.kind !== "Mark") continue;
    if (token.text === "{") expected.push("}");
    else if (token.text === "[") expected.push("]");
    else if (token.text === "}" || token.text === "]") {
      if (expected.pop() !== token.text) return undefined;
      if (expected.length === 0) return tokens;
    }
  }
}

/** Undefined at the end of the source, which may be inside of a text. */
function tokenAt(source: string, from: number): Token | undefined {
  const at = matchEnd(blanks, source, from) ?? from;
  const sign = source[at];
  if (sign === undefined) return undefined;
  if ("{}[],:".includes(sign)) return { kind: "Mark", text: sign, end: at + 1 };
  const closing = quotes[sign];
  if (closing !== undefined) return textAt(source, at, closing);
  if (source.startsWith("//", at) || source.startsWith("/*", at)) return commentAt(source, at);
  const end = matchEnd(run, source, at) ?? at + 1;
  const text = source.slice(at, end);
  return { kind: number.test(text) ? "Number" : word.test(text) ? "Word" : "Other", text, end };
}

function commentAt(source: string, start: number): Token | undefined {
  const [closing, length] = source[start + 1] === "/" ? ["\n", 0] : ["*/", 2];
  const found = source.indexOf(closing, start + 2);
  if (found < 0) return undefined;
  return { kind: "Comment", text: source.slice(start, found + length), end: found + length };
}

function textAt(source: string, start: number, quote: string): Token | undefined {
  const end = textEnd(source, start, quote);
  if (end === undefined) return undefined;
  const text = unescaped(source.slice(start + 1, end - 1));
  return text === undefined ? { kind: "Other", text: quote, end } : { kind: "Text", text, end };
}

/** An apostrophe closes a text only where one may end: `'it's'` is one text. */
function textEnd(source: string, start: number, quote: string): number | undefined {
  for (let at = start + 1; at < source.length; at++) {
    if (source[at] === "\\") at++;
    else if (source[at] === quote) {
      const mayBeInside = quote === "'" || quote === "’";
      if (!mayBeInside || matchEnd(closes, source, at + 1) !== undefined) return at + 1;
    }
  }
  return undefined;
}

const escapes: { readonly [sign: string]: string } = {
  '"': '"',
  "'": "'",
  "\\": "\\",
  "/": "/",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
};

/** Undefined where a backslash begins no escape: a path of Windows, a formula. */
function unescaped(raw: string): string | undefined {
  if (!raw.includes("\\")) return raw;
  let isBad = false;
  const text = raw.replace(/\\(?:u([\da-fA-F]{4})|([^]))/g, (_, code: string | undefined, sign = "u") => {
    if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
    const meant = escapes[String(sign)];
    isBad ||= meant === undefined;
    return meant ?? "";
  });
  return isBad ? undefined : text;
}

function matchEnd(pattern: RegExp, source: string, at: number): number | undefined {
  pattern.lastIndex = at;
  return pattern.test(source) ? pattern.lastIndex : undefined;
}
