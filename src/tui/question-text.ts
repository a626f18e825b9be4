// A question as it stands on the screen: what of it is said above the prompt, what in its line, and what may be done.

import stringWidth from "string-width";
import type { Question } from "../runtime/world.ts";
import { visible } from "../runtime/host/visible.ts";

export interface QuestionText {
  /** Lines above the prompt; empty for a short question. */
  readonly above: readonly string[];
  /** In the prompt's own line. */
  readonly message: string;
}

/** How many rows a question may fill that stands in the prompt's own line. */
const promptRows = 3;

export function questionText({ kind, text, agent }: Question, columns: number): QuestionText {
  const [first = "", ...rest] = visible(text).trimEnd().split("\n");
  const who = agent === undefined ? "" : `${agent}: `;
  const isShort = stringWidth(who + first) <= columns * promptRows;
  if (rest.length === 0 && isShort) return { above: [], message: who + first };
  const asks = isShort && first.trimEnd().endsWith("?");
  const above = asks ? rest : [first, ...rest];
  const message = asks ? first.trimEnd() : kind === "Ask" ? "Your answer:" : "Go ahead?";
  return { above: framed(above, columns), message: who + message };
}

/** What Enter does and until when, in a line of at most `columns`. */
export function hintText({ kind, expires }: Question, now: Date, columns: number): string {
  const keys = kind === "Ask" ? ["Enter sends", "Alt+Enter or \\ at the end: a new line"] : [];
  const parts = expires === undefined ? keys : [`until ${clockText(new Date(expires), now)}`, ...keys];
  while (parts.length > 0 && stringWidth(parts.join(" · ")) >= columns - 2) parts.pop();
  return parts.join(" · ");
}

/** The time of day, with the day where it is not today. */
function clockText(at: Date, now: Date): string {
  const two = (n: number): string => String(n).padStart(2, "0");
  const time = `${two(at.getHours())}:${two(at.getMinutes())}`;
  if (at.toDateString() === now.toDateString()) return time;
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${time}`;
}

/** Lines with a bar beside them, broken where they are too long; blank ones around them left out. */
function framed(lines: readonly string[], columns: number): readonly string[] {
  const text = lines.join("\n").replace(/^\s*\n|\s+$/g, "");
  return text.split("\n").flatMap((line) => wrapped(line, columns - 5).map((part) => `  │ ${part}`.trimEnd()));
}

/** A line in pieces of at most `width` columns, broken at blanks where there are any. */
export function wrapped(line: string, width: number): readonly string[] {
  const pieces: string[] = [];
  let piece = "";
  let columns = 0;
  for (const word of width < 20 ? [line] : line.split(/(?<= )/)) {
    const wide = stringWidth(word);
    if (columns + stringWidth(word.trimEnd()) <= width || width < 20) {
      piece += word;
      columns += wide;
      continue;
    }
    if (piece !== "") pieces.push(piece.trimEnd());
    const parts = split(word, width);
    pieces.push(...parts.slice(0, -1));
    piece = parts.at(-1) ?? "";
    columns = stringWidth(piece);
  }
  return [...pieces, piece];
}

/** A word in pieces of at most `width` columns. */
function split(word: string, width: number): readonly string[] {
  const pieces = [""];
  let columns = 0;
  for (const sign of word) {
    const wide = stringWidth(sign);
    if (columns + wide > width) {
      pieces.push("");
      columns = 0;
    }
    pieces[pieces.length - 1] += sign;
    columns += wide;
  }
  return pieces;
}
