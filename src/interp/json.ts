// JSON from outside as Keel's `json`: objects are maps in the order of the text, and a number is an int exactly if it
// is written as one and fits 64 bits, else a float. The host's parser gives neither, so this is one (RFC 8259), without
// recursion bounds of its own: too deep a text is no JSON.

import { MAX_INT, MIN_INT } from "./limits.ts";
import { normal } from "./numbers.ts";
import type { Value } from "./value.ts";
import { Float, KeelMap } from "./value.ts";

const MAX_DEPTH = 500;
const TOKEN =
  /[ \t\n\r]*(?:([{}[\],:])|("[^"\\\u0000-\u001f]*(?:\\.[^"\\\u0000-\u001f]*)*")|(-?(?:0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?)|(true|false|null))/y;

/** The value of a JSON text; undefined where it is none. */
export function parseJson(source: string): Value | undefined {
  const reader = new Reader(source);
  const value = reader.value(0);
  return value !== undefined && reader.atEnd() ? value : undefined;
}

class Reader {
  #at = 0;

  constructor(readonly source: string) {}

  value(depth: number): Value | undefined {
    const token = this.#next();
    if (token === null || depth > MAX_DEPTH) return undefined;
    const [, mark, text, number, fraction, exponent, word] = token;
    if (text !== undefined) return textOf(text);
    if (number !== undefined) return numberOf(number, fraction === undefined && exponent === undefined);
    if (word !== undefined) return word === "null" ? null : word === "true";
    if (mark === "[") return this.#list(depth);
    return mark === "{" ? this.#object(depth) : undefined;
  }

  atEnd(): boolean {
    return /^[ \t\n\r]*$/.test(this.source.slice(this.#at));
  }

  #list(depth: number): Value | undefined {
    const items: Value[] = [];
    if (this.#mark("]")) return items;
    do {
      const item = this.value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
    } while (this.#mark(","));
    return this.#mark("]") ? items : undefined;
  }

  #object(depth: number): Value | undefined {
    const entries: [Value, Value][] = [];
    if (this.#mark("}")) return new KeelMap(entries);
    do {
      const quoted = this.#next()?.[2];
      const key = quoted === undefined ? undefined : textOf(quoted);
      const item = key !== undefined && this.#mark(":") ? this.value(depth + 1) : undefined;
      if (key === undefined || item === undefined) return undefined;
      entries.push([key, item]);
    } while (this.#mark(","));
    return this.#mark("}") ? new KeelMap(entries) : undefined;
  }

  #next(): RegExpExecArray | null {
    TOKEN.lastIndex = this.#at;
    const token = TOKEN.exec(this.source);
    if (token !== null) this.#at = TOKEN.lastIndex;
    return token;
  }

  /** Takes this mark, if it is the next token. */
  #mark(mark: string): boolean {
    const before = this.#at;
    if (this.#next()?.[1] === mark) return true;
    this.#at = before;
    return false;
  }
}

/** A quoted text; undefined where an escape is none of JSON's. */
function textOf(quoted: string): string | undefined {
  if (!quoted.includes("\\")) return quoted.slice(1, -1);
  try {
    return JSON.parse(quoted) as string;
  } catch {
    return undefined;
  }
}

function numberOf(digits: string, whole: boolean): Value | undefined {
  if (whole && digits !== "-0") {
    const value = digits.length < 16 ? Number(digits) : BigInt(digits);
    if (typeof value === "number") return value;
    if (value <= MAX_INT && value >= MIN_INT) return normal(value);
  }
  const value = Number(digits);
  return Number.isFinite(value) ? new Float(value) : undefined;
}

/** Plain data of the host (what a library parsed) as `json`; whole safe numbers are ints. */
export function jsonValue(data: unknown): Value {
  if (data === null || data === undefined) return null;
  if (typeof data === "boolean" || typeof data === "string") return data;
  if (typeof data === "number") return Number.isSafeInteger(data) ? data + 0 : new Float(data);
  if (Array.isArray(data)) return data.map(jsonValue);
  return new KeelMap(Object.entries(data).map(([key, item]) => [key, jsonValue(item)] as const));
}
