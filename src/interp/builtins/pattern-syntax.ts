// The syntax of patterns, as RE2 has it: literals, `.`, classes with ranges, `\d \w \s` and their opposites, `[:alpha:]`,
// `\pL`, escapes, `^ $ \A \z \b \B`, groups, alternatives, repetition with `* + ? {n,m}` (a `?` after it changes
// nothing here), flags `(?i) (?m) (?s)`. Back-references and look-around are no RE2; a wrong pattern is a ToolError.

import { toolError } from "../failure.ts";
import { own } from "../fields.ts";

type Accepts = (point: number) => boolean;

export type Node =
  | { readonly kind: "Point"; readonly accepts: Accepts }
  | { readonly kind: "Look"; readonly holds: (before: number, after: number) => boolean }
  | { readonly kind: "Sequence"; readonly of: readonly Node[] }
  | { readonly kind: "Choice"; readonly of: readonly Node[] }
  | { readonly kind: "Repeat"; readonly of: Node; readonly min: number; readonly max: number };

const MAX_REPEAT = 1_000;
const MAX_NESTING = 200;

export function parsePattern(pattern: string): Node {
  return new PatternReader(pattern).whole();
}

interface Flags {
  readonly i: boolean;
  readonly m: boolean;
  readonly s: boolean;
}

class PatternReader {
  #at = 0;
  #depth = 0;
  #flags: Flags = { i: false, m: false, s: false };

  constructor(readonly pattern: string) {}

  whole(): Node {
    const node = this.#choice();
    if (this.#at < this.pattern.length) this.#wrong("an unexpected )");
    return node;
  }

  #choice(): Node {
    const of = [this.#sequence()];
    while (this.#take("|")) of.push(this.#sequence());
    return { kind: "Choice", of };
  }

  #sequence(): Node {
    const of: Node[] = [];
    while (this.#at < this.pattern.length && !/^[|)]/.test(this.pattern.slice(this.#at, this.#at + 1)))
      of.push(this.#repeated());
    return { kind: "Sequence", of };
  }

  #repeated(): Node {
    const of = this.#atom();
    const match = this.#match(/([*+?])|\{(\d+)(,(\d*))?\}/y);
    if (match === null) return of;
    this.#take("?");
    if (/^([*+?]|\{\d)/.test(this.pattern.slice(this.#at))) this.#wrong("a repetition of a repetition");
    const [, mark, low, comma, high] = match;
    if (mark !== undefined) return { kind: "Repeat", of, min: mark === "+" ? 1 : 0, max: mark === "?" ? 1 : Infinity };
    const min = Number(low);
    const max = comma === undefined ? min : high === "" ? Infinity : Number(high);
    if (min > max || min > MAX_REPEAT || (max !== Infinity && max > MAX_REPEAT))
      this.#wrong("a repetition out of bounds");
    return { kind: "Repeat", of, min, max };
  }

  #atom(): Node {
    const point = this.#next();
    switch (point) {
      case "(":
        return this.#group();
      case "[":
        return this.#point(this.#class());
      case ".":
        return { kind: "Point", accepts: this.#flags.s ? () => true : (each) => each !== 10 };
      case "^":
        return this.#flags.m ? look((before) => before === -1 || before === 10) : look((before) => before === -1);
      case "$":
        return this.#flags.m ? look((_, after) => after === -1 || after === 10) : look((_, after) => after === -1);
      case "\\":
        return this.#escape();
      case "*":
      case "+":
      case "?":
        return this.#wrong("a repetition of nothing");
      default:
        return this.#point(exactly(codeOf(point)));
    }
  }

  #group(): Node {
    if (++this.#depth > MAX_NESTING) this.#wrong("groups nested too deep");
    const outer = this.#flags;
    if (this.#take("?") && this.#match(/P?<[A-Za-z_]\w*>/y) === null) {
      const [, on = "", off = "", end] =
        this.#match(/([ims]*)(?:-([ims]+))?([:)])/y) ?? this.#wrong("a group that RE2 has not");
      const has = (flag: keyof Flags): boolean => !off.includes(flag) && (on.includes(flag) || outer[flag]);
      this.#flags = { i: has("i"), m: has("m"), s: has("s") };
      if (end === ")") {
        this.#depth--;
        return { kind: "Sequence", of: [] };
      }
    }
    const node = this.#choice();
    if (!this.#take(")")) this.#wrong("a group without its )");
    this.#flags = outer;
    this.#depth--;
    return node;
  }

  #escape(): Node {
    const point = this.#next();
    if (point === "A") return look((before) => before === -1);
    if (point === "z") return look((_, after) => after === -1);
    if (point === "b") return look((before, after) => isWord(before) !== isWord(after));
    if (point === "B") return look((before, after) => isWord(before) === isWord(after));
    return this.#point(this.#escaped(point));
  }

  /** A class or character after a backslash, inside and outside of brackets. */
  #escaped(point: string): Accepts {
    const known = classes[point];
    if (known !== undefined) return known;
    if (point === "p" || point === "P") return this.#property(point === "P");
    const code = point === "x" ? this.#hexadecimal() : (controls[point] ?? codeOf(point));
    if (point !== "x" && /[A-Za-z0-9]/.test(point) && controls[point] === undefined) this.#wrong(`\\${point}`);
    return exactly(code);
  }

  #hexadecimal(): number {
    const [, short = "", long = ""] = this.#match(/([0-9A-Fa-f]{2})|\{([0-9A-Fa-f]{1,6})\}/y) ?? this.#wrong("\\x");
    return parseInt(short + long, 16);
  }

  #property(not: boolean): Accepts {
    const [, letter = "", name = ""] = this.#match(/([A-Z])|\{(\^?\w+)\}/y) ?? this.#wrong("\\p");
    const bare = (letter + name).replace("^", "");
    const tests = [bare, `Script=${bare}`].map((each) => unicode(each)).filter((each) => each !== undefined);
    const [test] = tests;
    if (test === undefined) return this.#wrong(`\\p{${bare}}`);
    const opposite = not !== name.startsWith("^");
    return (each) => test.test(String.fromCodePoint(each)) !== opposite;
  }

  #class(): Accepts {
    const not = this.#take("^");
    const parts: Accepts[] = [];
    do {
      const named = this.#match(/\[:(\^?)([a-z]+):\]/y);
      if (named !== null) {
        const posix = own(posixClasses, named[2] ?? "") ?? this.#wrong(named[0]);
        parts.push((each) => posix.test(String.fromCodePoint(each)) !== (named[1] === "^"));
      } else parts.push(this.#member());
    } while (!this.#take("]"));
    return (each) => this.#any(parts, each) !== not;
  }

  #any(parts: readonly Accepts[], point: number): boolean {
    return parts.some((part) => part(point));
  }

  /** A character, an escape or a range. */
  #member(): Accepts {
    const first = this.#next();
    if (first === "\\" && /[dDwWsSpP]/.test(this.pattern[this.#at] ?? "")) return this.#escaped(this.#next());
    const low = first === "\\" ? this.#code(this.#next()) : codeOf(first);
    if (!/^-[^\]]/.test(this.pattern.slice(this.#at, this.#at + 2))) return exactly(low);
    this.#next();
    const last = this.#next();
    const high = last === "\\" ? this.#code(this.#next()) : codeOf(last);
    if (low > high) this.#wrong("a range from high to low");
    return (each) => each >= low && each <= high;
  }

  #code(point: string): number {
    return point === "x" ? this.#hexadecimal() : (controls[point] ?? codeOf(point));
  }

  #point(accepts: Accepts): Node {
    if (!this.#flags.i) return { kind: "Point", accepts };
    return { kind: "Point", accepts: (each) => accepts(each) || cases(each).some(accepts) };
  }

  #next(): string {
    const code = this.pattern.codePointAt(this.#at);
    if (code === undefined) return this.#wrong("an end that comes too early");
    const point = String.fromCodePoint(code);
    this.#at += point.length;
    return point;
  }

  #take(mark: string): boolean {
    if (this.pattern[this.#at] !== mark) return false;
    this.#at++;
    return true;
  }

  #match(form: RegExp): RegExpExecArray | null {
    form.lastIndex = this.#at;
    const match = form.exec(this.pattern);
    if (match !== null) this.#at = form.lastIndex;
    return match;
  }

  #wrong(what: string): never {
    throw toolError(`the pattern ${JSON.stringify(this.pattern)} has ${what}`);
  }
}

function codeOf(point: string): number {
  return point.codePointAt(0) ?? 0;
}

function look(holds: (before: number, after: number) => boolean): Node {
  return { kind: "Look", holds };
}

function exactly(point: number): Accepts {
  return (each) => each === point;
}

function isWord(point: number): boolean {
  return point !== -1 && /\w/.test(String.fromCodePoint(point));
}

function cases(point: number): readonly number[] {
  const text = String.fromCodePoint(point);
  return [text.toLowerCase(), text.toUpperCase()].map(codeOf);
}

function unicode(property: string): RegExp | undefined {
  try {
    return new RegExp(`^\\p{${property}}$`, "u");
  } catch {
    return undefined;
  }
}

const space: Accepts = (each) => each === 32 || (each >= 9 && each <= 13 && each !== 11);
const digit: Accepts = (each) => each >= 48 && each <= 57;

const classes: { readonly [letter: string]: Accepts } = {
  d: digit,
  D: (each) => !digit(each),
  w: isWord,
  W: (each) => !isWord(each),
  s: space,
  S: (each) => !space(each),
};

const controls: { readonly [letter: string]: number } = { n: 10, t: 9, r: 13, f: 12, v: 11, a: 7 };

const posixClasses: { readonly [name: string]: RegExp } = {
  alnum: /[0-9A-Za-z]/,
  alpha: /[A-Za-z]/,
  ascii: /[\x00-\x7f]/,
  blank: /[\t ]/,
  cntrl: /[\x00-\x1f\x7f]/,
  digit: /[0-9]/,
  graph: /[!-~]/,
  lower: /[a-z]/,
  print: /[ -~]/,
  punct: /[!-/:-@[-`{-~]/,
  space: /[\t\n\v\f\r ]/,
  upper: /[A-Z]/,
  word: /\w/,
  xdigit: /[0-9A-Fa-f]/,
};
