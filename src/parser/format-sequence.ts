// Things one below the other, or side by side in a bracket, with the comments between them.
//
// A comment on a line of its own stays above what follows it; one behind code stays behind it. At most one empty line is
// kept between two rows, none at the beginning and the end.

import type { Comment } from "../lexer/lex.ts";
import { choice, hardline, indent, isHard, join, line, note, type Doc } from "./doc.ts";
import type { Bracket, Original } from "./format-original.ts";
import type { Span } from "../source/text.ts";

export interface Entry {
  readonly span: Span;
  readonly print: () => Doc;
}

/** A line of its own: an entry or a comment. */
interface Row {
  readonly doc: Doc;
  readonly isEntry: boolean;
  isBlankBefore: boolean;
  /** The comment behind it. */
  note: string | undefined;
}

export interface Rows {
  readonly rows: readonly Row[];
  /** The comment behind the opening bracket. */
  readonly lead: string | undefined;
}

/** One thing in its two layouts; `flat` only where it may stand on one line. */
export interface Layouts {
  readonly flat: Doc | undefined;
  readonly broken: Doc;
}

export function laidOut({ flat, broken }: Layouts): Doc {
  return flat === undefined ? broken : choice(flat, [], broken);
}

/** Whether an empty line must stand between two entries. */
export type Apart = (above: Doc, below: Doc, index: number) => boolean;

const never: Apart = () => false;

/** The entries and comments between `inside.start` and `inside.end`. */
export function collect(original: Original, entries: readonly Entry[], inside: Span, apart: Apart = never): Rows {
  const rows: Row[] = [];
  let lead: string | undefined;
  let bound = inside.start;

  const place = (comments: readonly Comment[], isInside: boolean): void => {
    for (const { span, text, ownLine } of comments) {
      const last = rows.at(-1);
      const isBehind = isInside || !ownLine;
      if (isBehind && last === undefined && lead === undefined) lead = text;
      else if (isBehind && last?.isEntry === true && last.note === undefined) last.note = text;
      else {
        const isBlankBefore = last !== undefined && !isInside && original.isBlankBefore(span.start, 0);
        rows.push({ doc: text, isEntry: false, isBlankBefore, note: undefined });
      }
    }
  };

  let above: Doc | undefined;
  entries.forEach(({ span, print }, index) => {
    place(original.take(span.start), false);
    const isBlankBefore = rows.length > 0 && original.isBlankBefore(span.start, bound);
    const first = rows.findLastIndex((row) => row.isEntry) + 1;
    const doc = print();
    rows.push({ doc, isEntry: true, isBlankBefore, note: undefined });
    const top = rows[first];
    if (above !== undefined && top !== undefined) top.isBlankBefore ||= apart(above, doc, index);
    place(original.take(span.end), true);
    above = doc;
    bound = span.end;
  });
  place(original.take(inside.end), false);
  return { rows, lead };
}

/** Each on its line, `separator` between the entries. */
export function stack({ rows }: Rows, separator = ""): Doc {
  const last = rows.findLastIndex((row) => row.isEntry);
  return rows.map((row, index) => [
    index > 0 ? hardline : "",
    row.isBlankBefore ? hardline : "",
    row.doc,
    row.isEntry && index < last ? separator : "",
    row.note === undefined ? "" : behind(row.note),
  ]);
}

/** What stands between the marks of a bracket. */
export function within({ open, close }: Bracket): Span {
  return { start: open.endOffset + 1, end: close.startOffset };
}

export interface ListStyle {
  readonly marks: readonly [open: string, close: string];
  /** A blank inside the marks where it stands on one line. */
  readonly padded?: boolean;
  /** Broken, entries are separated by the line break alone. */
  readonly bare?: boolean;
  /** Opened with a line break, it stays open; parentheses are closed wherever there is room. */
  readonly keeps?: boolean;
  /** Entries never stand side by side. */
  readonly tall?: boolean;
  readonly apart?: Apart;
}

/** Entries in a bracket, as in a list: side by side where they fit, else one a line. */
export function bracketed(original: Original, bracket: Bracket, entries: readonly Entry[], style: ListStyle): Layouts {
  const [open, close] = style.marks;
  const isOpened = style.keeps === true && original.isOpened(bracket);
  const isNarrow = style.tall === true && entries.length > 0;
  const found = collect(original, entries, within(bracket), style.apart);
  if (isEmpty(found)) {
    const empty = style.padded === true ? `${open} ${close}` : open + close;
    return { flat: empty, broken: empty };
  }
  const broken = opened(found, open, close, style.bare === true ? "" : ",");
  if (isOpened || isNarrow || !isPlain(found)) return { flat: undefined, broken };
  const pad = style.padded === true ? " " : "";
  const docs = found.rows.map((row) => row.doc);
  if (docs.some(isHard)) return { flat: undefined, broken };
  return { flat: [open, pad, join(docs, ", "), pad, close], broken };
}

/** Rows between two marks, each on its line. */
export function opened(found: Rows, open: string, close: string, separator = ""): Doc {
  const lead = found.lead === undefined ? "" : behind(found.lead);
  const inner = found.rows.length === 0 ? "" : indent([hardline, stack(found, separator)]);
  return [open, lead, inner, hardline, close];
}

export function isEmpty({ rows, lead }: Rows): boolean {
  return rows.length === 0 && lead === undefined;
}

/** Without comments between its entries. */
export function isPlain({ rows, lead }: Rows): boolean {
  return lead === undefined && rows.every((row) => row.isEntry && row.note === undefined);
}

/** Between two parts of one thing, where a line break may stand: the comments there, or `otherwise`. */
export function gap(original: Original, offset: number, otherwise: Doc = line): Doc {
  const comments = original.take(offset);
  if (comments.length === 0) return otherwise;
  return comments.map(({ text, ownLine }, index) => {
    const isBehind = index === 0 && !ownLine;
    if (isBehind) return [behind(text), hardline];
    return [index === 0 ? hardline : "", text, hardline];
  });
}

function behind(text: string): Doc {
  return note(`  ${text}`);
}
