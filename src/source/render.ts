// A diagnostic as a person reads it: title and code, the line with its neighbours, what is wrong under the very place,
// other places that belong to the story, and what to do.
//
// Columns are terminal columns: wide characters count two, a tab is four blanks, and characters that would move the
// cursor or colour the terminal are shown as their pictures.

import stringWidth from "string-width";
import { catalogue, type CodeEntry } from "./codes.ts";
import type { Diagnostic } from "./diagnostic.ts";
import type { Source, Span } from "./text.ts";

export interface RenderOptions {
  readonly color: boolean;
}

/** Of a very long line this much is shown, around the place. */
const lineWidth = 110;

/** The framed form, without a line break at its end. */
export function renderDiagnostic(source: Source, diagnostic: Diagnostic, options: RenderOptions): string {
  const color = palette(options.color);
  const isError = diagnostic.severity === "error";
  const entry: CodeEntry = catalogue[diagnostic.code];
  const tint = isError ? color.red : color.yellow;
  const title = isError ? `× ${entry.title}` : `⚠ Warning`;
  const own = diagnostic.source ?? source;
  const places = [diagnostic, ...(diagnostic.related ?? [])].map((place) => ({ ...place, in: place.source ?? own }));
  const width = Math.max(...places.map((place) => String(lastLine(place.in, place.span)).length));
  const help = diagnostic.help ?? diagnostic.edits?.map(({ title }) => lowerFirst(title)).join(", or ");
  return [
    `  ${tint(color.bold(title))} ${color.dim(diagnostic.code)}`,
    ...places.flatMap((place, index) => frame(place.in, place, width, index === 0 ? tint : color.cyan, color)),
    ...(help === undefined ? [] : [`  ${color.cyan("help:")} ${plain(help)}`]),
  ].join("\n");
}

type Paint = (text: string) => string;
type Colors = Readonly<Record<"red" | "yellow" | "cyan" | "bold" | "dim", Paint>>;

function palette(isOn: boolean): Colors {
  const paint =
    (open: number, close: number): Paint =>
    (text) =>
      isOn ? `\u001b[${open}m${text}\u001b[${close}m` : text;
  return { red: paint(31, 39), yellow: paint(33, 39), cyan: paint(36, 39), bold: paint(1, 22), dim: paint(2, 22) };
}

interface Place {
  readonly span: Span;
  readonly message: string;
}

function frame(source: Source, { span, message }: Place, width: number, tint: Paint, color: Colors): string[] {
  const { line, column } = source.position(span.start);
  const text = source.line(line);
  const from = span.start - source.lineStart(line);
  const to = Math.min(text.length, Math.max(from, span.end - source.lineStart(line)));
  const cut = window(text, from, to);
  const left = stringWidth(plain(cut.text.slice(0, cut.from)));
  const length = Math.max(1, stringWidth(plain(cut.text.slice(cut.from, cut.to))));
  const middle = Math.floor(length / 2);
  const row = (number: number, shown: string): string =>
    `${color.dim(` ${String(number).padStart(width)} │`)} ${plain(shown)}`.trimEnd();
  const margin = " ".repeat(width + 2);
  const indent = " ".repeat(left + 1);
  const underline = `${"─".repeat(middle)}┬${"─".repeat(length - middle - 1)}`;
  return [
    color.dim(`${margin}╭─[${plain(source.name)}:${line}:${column}]`),
    ...(line > 1 ? [row(line - 1, window(source.line(line - 1), 0, 0).text)] : []),
    row(line, cut.text),
    `${color.dim(`${margin}·`)}${indent}${tint(underline)}`,
    `${color.dim(`${margin}·`)}${indent}${" ".repeat(middle)}${tint(`╰── ${plain(message)}`)}`,
    ...(line < lastLineOf(source) ? [row(line + 1, window(source.line(line + 1), 0, 0).text)] : []),
    color.dim(`${margin}╰────`),
  ];
}

/** The last line with something to show: the empty one after a final line break is none. */
function lastLineOf(source: Source): number {
  return source.text.endsWith("\n") ? source.lineCount - 1 : source.lineCount;
}

/** The highest line number that the frame around `span` shows. */
function lastLine(source: Source, span: Span): number {
  const { line } = source.position(span.start);
  return Math.max(line, Math.min(line + 1, lastLineOf(source)));
}

/** The part of a line that is shown, with the place in it. */
function window(text: string, from: number, to: number): { text: string; from: number; to: number } {
  if (text.length <= lineWidth) return { text, from, to };
  const start = Math.max(0, Math.min(from - 40, text.length - lineWidth));
  const end = Math.min(text.length, start + lineWidth);
  const before = start > 0 ? "…" : "";
  const after = end < text.length ? "…" : "";
  const shift = before.length - start;
  return { text: before + text.slice(start, end) + after, from: from + shift, to: Math.min(to, end) + shift };
}

/** Safe to print on a line of a terminal. */
function plain(text: string): string {
  return text
    .replaceAll("\t", "    ")
    .replace(/[\u0000-\u001f]/g, (char) => String.fromCharCode(0x2400 + char.charCodeAt(0)))
    .replace(/[\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g, "�");
}

const lowerFirst = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);
