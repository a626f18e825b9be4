// An answer in the making: the lines above and below the one that is being edited, which the line editor keeps. What
// was pasted and is long stands among them as one piece that is shown in a few words and cannot be edited.

export interface Draft {
  readonly above: readonly Piece[];
  /** Lines, without their breaks. */
  readonly below: readonly string[];
}

/** `text` is what it adds to the answer; `shown` is its line on the screen. */
export interface Piece {
  readonly kind: "Line" | "Pasted";
  readonly text: string;
  readonly shown: string;
}

/** The line that is edited, and where its cursor stands. */
export interface Line {
  readonly line: string;
  readonly cursor: number;
}

export interface Edit extends Line {
  readonly draft: Draft;
}

export const noDraft: Draft = { above: [], below: [] };

/** From here on what is pasted is no longer shown. */
const shownLines = 10;
const shownChars = 1000;

/** The whole answer. A line break at its end is none of it. */
export function answerOf(draft: Draft, line: string): string {
  const above = draft.above.map(({ text }) => text).join("");
  return (above + [line, ...draft.below].join("\n")).replace(/\n$/, "");
}

/** A new line begins at the cursor. */
export function breakLine({ draft, line, cursor }: Edit): Edit {
  const above = [...draft.above, asLine(line.slice(0, cursor))];
  return { draft: { ...draft, above }, line: line.slice(cursor), cursor: 0 };
}

/** The line's beginning was deleted: it becomes a part of the one above. What was pasted above it goes as a whole. */
export function joinAbove({ draft, line }: Edit): Edit {
  const last = draft.above.at(-1);
  const above = draft.above.slice(0, -1);
  const before = last?.kind === "Line" ? last.shown : "";
  return { draft: { ...draft, above }, line: before + line, cursor: before.length };
}

/** To the line above, if it can be edited. */
export function goUp({ draft, line, cursor }: Edit): Edit {
  const last = draft.above.at(-1);
  if (last?.kind !== "Line") return { draft, line, cursor };
  const next = { above: draft.above.slice(0, -1), below: [line, ...draft.below] };
  return { draft: next, line: last.shown, cursor: Math.min(cursor, last.shown.length) };
}

export function goDown({ draft, line, cursor }: Edit): Edit {
  const [next, ...below] = draft.below;
  if (next === undefined) return { draft, line, cursor };
  const above = [...draft.above, asLine(line)];
  return { draft: { above, below }, line: next, cursor: Math.min(cursor, next.length) };
}

/** What was pasted at the cursor, line breaks and all. */
export function paste({ draft, line, cursor }: Edit, pasted: string): Edit {
  const left = line.slice(0, cursor);
  const right = line.slice(cursor);
  const lines = pasted.split("\n");
  if (lines.length > shownLines || pasted.length > shownChars) {
    const full = pasted.endsWith("\n") ? lines.length - 1 : lines.length;
    const words = `[pasted: ${count(full, "line")}, ${count([...pasted].length, "character")}]`;
    const piece: Piece = { kind: "Pasted", text: left + pasted, shown: left + words };
    return { draft: { ...draft, above: [...draft.above, piece] }, line: right, cursor: 0 };
  }
  const [first = "", ...rest] = lines;
  const last = rest.pop();
  if (last === undefined) return { draft, line: left + first + right, cursor: left.length + first.length };
  const above = [...draft.above, asLine(left + first), ...rest.map(asLine)];
  return { draft: { ...draft, above }, line: last + right, cursor: last.length };
}

/** Text from outside as an answer may hold it: one kind of line break, and nothing that steers a terminal. */
export function clean(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/\r\n?/g, "\n").replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, "");
}

function asLine(line: string): Piece {
  return { kind: "Line", text: `${line}\n`, shown: line };
}

function count(n: number, what: string): string {
  return `${n.toLocaleString("en")} ${what}${n === 1 ? "" : "s"}`;
}
