// Documents: text with the places where it may be broken, and the one way to lay them out within a width.
// After Wadler, "A prettier printer" (2003), in the greedy, linear form of Oppen's: a group is set on one line if what it
// holds, and what follows it up to the next line break, fits; else its own lines are broken, and the groups inside it
// decide for themselves. A line that must break breaks all groups around it; that is known when a group is made, so a
// document is built once and never walked to prepare it.

import { unreachable } from "../source/invariant.ts";

export type Doc = string | readonly Doc[] | Line | Indent | Group | Choice | Flat | Note | Verbatim;

/** A blank or nothing where its group stands on one line, else a line break; `hard`: always a line break. */
interface Line {
  readonly kind: "Line";
  readonly flat: string;
  readonly hard: boolean;
}

interface Indent {
  readonly kind: "Indent";
  readonly of: Doc;
  readonly hard: boolean;
}

interface Group {
  readonly kind: "Group";
  readonly of: Doc;
  readonly hard: boolean;
}

/** Layouts of one thing: the first that fits; the first of all only on one line. */
interface Choice {
  readonly kind: "Choice";
  readonly first: Doc;
  readonly middle: readonly Doc[];
  readonly last: Doc;
  readonly hard: boolean;
}

/** On one line wherever it stands. */
interface Flat {
  readonly kind: "Flat";
  readonly of: Doc;
  readonly hard: boolean;
}

/** A comment behind code. It takes no room, and a line break must follow it. */
interface Note {
  readonly kind: "Note";
  readonly text: string;
}

/** Text of several lines that stands as it is, at no indentation of ours. */
interface Verbatim {
  readonly kind: "Verbatim";
  readonly lines: readonly string[];
}

export const line: Doc = { kind: "Line", flat: " ", hard: false };
export const softline: Doc = { kind: "Line", flat: "", hard: false };
export const hardline: Doc = { kind: "Line", flat: "", hard: true };

export function indent(of: Doc): Doc {
  return { kind: "Indent", of, hard: isHard(of) };
}

export function group(of: Doc, hard = false): Doc {
  return { kind: "Group", of, hard: hard || isHard(of) };
}

export function choice(first: Doc, middle: readonly Doc[], last: Doc): Doc {
  return { kind: "Choice", first, middle, last, hard: isHard(first) };
}

export function flat(of: Doc): Doc {
  return { kind: "Flat", of, hard: isHard(of) };
}

export function note(text: string): Doc {
  return { kind: "Note", text };
}

export function verbatim(text: string): Doc {
  return text.includes("\n") ? { kind: "Verbatim", lines: text.split("\n") } : text;
}

export function join(docs: readonly Doc[], separator: Doc): Doc {
  return docs.map((doc, index) => (index === 0 ? doc : [separator, doc]));
}

/** It holds a line break in whatever layout. */
export function isHard(doc: Doc): boolean {
  if (typeof doc === "string") return false;
  if (isList(doc)) return doc.some(isHard);
  if (doc.kind === "Note") return true;
  return doc.kind === "Verbatim" ? false : doc.hard;
}

function isList(doc: Doc): doc is readonly Doc[] {
  return Array.isArray(doc);
}

interface Command {
  readonly doc: Doc;
  readonly indent: number;
  readonly flat: boolean;
}

/** The text of a document, its last line without a line break. */
export function render(doc: Doc, width: number): string {
  return new Renderer(width).render(doc);
}

/** It can stand on one line of `width` columns. */
export function fitsOneLine(doc: Doc, width: number): boolean {
  return !isHard(doc) && fits({ doc, indent: 0, flat: true }, [], width, true);
}

const step = 2;

class Renderer {
  readonly #width: number;
  readonly #out: string[] = [];
  readonly #open: Command[] = [];
  readonly #notes: PlacedNote[] = [];
  #line = 0;
  #margin = 0;
  #column = 0;
  /** Blanks that the next text on this line begins with. */
  #pending = 0;

  constructor(width: number) {
    this.#width = width;
  }

  render(root: Doc): string {
    this.#open.push({ doc: root, indent: 0, flat: false });
    for (let next = this.#open.pop(); next !== undefined; next = this.#open.pop()) this.#print(next);
    for (const { index, blanks } of aligned(this.#notes)) this.#out[index] = blanks + (this.#out[index] ?? "");
    return this.#out.join("");
  }

  #print(command: Command): void {
    const { doc, flat } = command;
    if (typeof doc === "string") return this.#write(doc);
    if (isList(doc)) return this.#push(doc, command);
    switch (doc.kind) {
      case "Line":
        return flat && !doc.hard ? this.#write(doc.flat) : this.#breakLine(command.indent);
      case "Indent":
        this.#open.push({ doc: doc.of, indent: command.indent + step, flat });
        return;
      case "Group":
        this.#open.push({ ...command, doc: doc.of, flat: !doc.hard && (flat || this.#fits(doc.of, command, true)) });
        return;
      case "Choice":
        this.#open.push(this.#chosen(doc, command));
        return;
      case "Flat":
        this.#open.push({ ...command, doc: doc.of, flat: true });
        return;
      case "Note":
        this.#notes.push({ index: this.#out.length, line: this.#line, margin: this.#margin, column: this.#column });
        return this.#write(doc.text);
      case "Verbatim":
        doc.lines.forEach((text, index) => {
          if (index > 0) this.#breakLine(0);
          this.#write(text);
        });
        return;
      default:
        return unreachable(doc);
    }
  }

  #chosen(doc: Choice, command: Command): Command {
    const isFlat = !doc.hard && (command.flat || this.#fits(doc.first, command, true));
    if (isFlat) return { ...command, doc: doc.first, flat: true };
    const chosen = doc.middle.find((layout) => this.#fits(layout, command, false)) ?? doc.last;
    return { ...command, doc: chosen, flat: false };
  }

  #fits(doc: Doc, command: Command, flat: boolean): boolean {
    const room = this.#width - this.#column - this.#pending;
    return fits({ doc, indent: command.indent, flat }, this.#open, room);
  }

  #push(docs: readonly Doc[], command: Command): void {
    for (let index = docs.length - 1; index >= 0; index -= 1) {
      const doc = docs[index];
      if (doc !== undefined) this.#open.push({ ...command, doc });
    }
  }

  #write(text: string): void {
    if (text === "") return;
    if (this.#pending > 0) this.#out.push(" ".repeat(this.#pending));
    this.#out.push(text);
    this.#column += this.#pending + widthOf(text);
    this.#pending = 0;
  }

  #breakLine(indent: number): void {
    this.#out.push("\n");
    this.#line += 1;
    this.#margin = indent;
    this.#column = 0;
    this.#pending = indent;
  }
}

interface PlacedNote {
  /** In the output. */
  readonly index: number;
  readonly line: number;
  readonly margin: number;
  readonly column: number;
}

/** A note is moved by no more columns than this. */
const longestMove = 40;

/** The blanks before each note so that those of lines one below the other begin in one column. */
function aligned(notes: readonly PlacedNote[]): readonly { readonly index: number; readonly blanks: string }[] {
  const runs: PlacedNote[][] = [];
  for (const each of notes) {
    const run = runs.at(-1);
    const last = run?.at(-1);
    if (last !== undefined && last.line + 1 === each.line && last.margin === each.margin) run?.push(each);
    else runs.push([each]);
  }
  return runs.flatMap((run) => {
    const columns = run.map(({ column }) => column);
    const widest = Math.max(...columns);
    if (widest - Math.min(...columns) > longestMove) return [];
    return run.map(({ index, column }) => ({ index, blanks: " ".repeat(widest - column) }));
  });
}

/** `next`, and what follows it up to the next line break, takes no more than `room` columns; `whole`: all of it does. */
function fits(next: Command, rest: readonly Command[], room: number, whole = false): boolean {
  const open = [next];
  let after = rest.length;
  let left = room;
  while (left >= 0) {
    const command = open.pop() ?? rest[(after -= 1)];
    if (command === undefined) return true;
    const { doc, flat } = command;
    if (typeof doc === "string") left -= widthOf(doc);
    else if (isList(doc)) for (let index = doc.length - 1; index >= 0; index -= 1) push(doc[index], command, flat);
    else if (doc.kind === "Line") {
      if (doc.hard || !flat) return true;
      left -= doc.flat.length;
    } else if (doc.kind === "Indent") push(doc.of, command, flat);
    else if (doc.kind === "Group") push(doc.of, command, flat && !doc.hard);
    else if (doc.kind === "Choice") push(flat ? doc.first : doc.last, command, flat);
    else if (doc.kind === "Flat") push(doc.of, command, true);
    else if (doc.kind === "Note") return true;
    else return !whole && left >= widthOf(doc.lines[0] ?? "");
  }
  return false;

  function push(doc: Doc | undefined, command: Command, flat: boolean): void {
    if (doc !== undefined) open.push({ ...command, doc, flat });
  }
}

/** In code points: what an editor's ruler counts. */
function widthOf(text: string): number {
  return /^[\0-\x7f]*$/.test(text) ? text.length : [...text].length;
}
