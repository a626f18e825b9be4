// A program's text and places in it. Offsets are UTF-16 code units, as chevrotain counts them;
// people are shown lines and columns from 1, with columns counted in code points.

/** A half-open range [start, end) of offsets into one source. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export interface Position {
  /** From 1. */
  readonly line: number;
  /** From 1, in code points. */
  readonly column: number;
}

/** One file's text with its line table. `name` is what people are shown: the path as they gave it. */
export class Source {
  readonly name: string;
  readonly text: string;
  readonly #lineStarts: readonly number[];
  readonly #hasPairs: boolean;

  constructor(name: string, text: string) {
    this.name = name;
    this.text = text;
    const starts = [0];
    for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
    this.#lineStarts = starts;
    this.#hasPairs = /[\ud800-\udfff]/.test(text);
  }

  get lineCount(): number {
    return this.#lineStarts.length;
  }

  /** The place of an offset; an offset past the end is the end. */
  position(offset: number): Position {
    const line = this.#lineAt(offset);
    const start = this.lineStart(line);
    const end = Math.min(offset, this.text.length);
    return { line, column: 1 + (this.#hasPairs ? codePoints(this.text, start, end) : end - start) };
  }

  /** The text of a line (from 1) without its line break. */
  line(number: number): string {
    const start = this.#lineStarts[number - 1] ?? this.text.length;
    const end = this.#lineStarts[number] ?? this.text.length + 1;
    const last = this.text.charAt(end - 2) === "\r" && end - 2 >= start ? end - 2 : end - 1;
    return this.text.slice(start, last);
  }

  lineStart(number: number): number {
    return this.#lineStarts[number - 1] ?? this.text.length;
  }

  #lineAt(offset: number): number {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }
}

/** A surrogate pair counts once. Lines can be megabytes, so nothing is copied. */
function codePoints(text: string, start: number, end: number): number {
  let count = 0;
  for (let at = start; at < end; at += 1) {
    if ((text.codePointAt(at) ?? 0) > 0xffff && at + 1 < end) at += 1;
    count += 1;
  }
  return count;
}
