// How commands lay out what they list.

import stringWidth from "string-width";
import { visible } from "../runtime/host/visible.ts";

/** Rows under their headings, columns as wide as they must be; the columns of `right` are aligned to the right. */
export function table(
  head: readonly string[],
  rows: readonly (readonly string[])[],
  right: readonly number[] = [],
): string {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => stringWidth(row[column] ?? ""))));
  return all.map((row) => `${layRow(row, widths, right)}\n`).join("");
}

function layRow(row: readonly string[], widths: readonly number[], right: readonly number[]): string {
  const cells = widths.map((width, column) => {
    const cell = row[column] ?? "";
    const blanks = " ".repeat(width - stringWidth(cell));
    return right.includes(column) ? blanks + cell : cell + blanks;
  });
  return cells.join("  ").trimEnd();
}

/** Millionths of a dollar as dollars; the `unpriced` calls are said, never counted as nothing. */
export function money(micro: number, unpriced = 0): string {
  const known = `$${(micro / 1e6).toFixed(6).replace(/0{1,4}$/, "")}`;
  if (unpriced === 0) return known;
  const unknown = `unknown (${unpriced} call${unpriced === 1 ? "" : "s"})`;
  return micro === 0 ? unknown : `${known} + ${unknown}`;
}

export function utc(ms: number): string {
  return new Date(ms).toISOString();
}

/** The first line of a text, cut to `width` columns; nothing in it steers a terminal. */
export function brief(text: string, width: number): string {
  const all = visible(text.trim()).replaceAll("\t", " ");
  const line = all.split("\n", 1)[0] ?? "";
  if (stringWidth(line) <= width) return line === all ? line : `${line} …`;
  let cut = "";
  for (const point of line) {
    if (stringWidth(cut + point) > width - 1) break;
    cut += point;
  }
  return `${cut}…`;
}

const units = [
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** A time in the largest unit that it fills, or almost does: `2 hours`. To the nearest: 59 min 59 s are an hour. */
export function roughly(ms: number): string {
  for (const [index, [unit, size]] of units.entries()) {
    const slack = (units[index + 1]?.[1] ?? 0) / 2;
    if (ms + slack < size) continue;
    const count = Math.round(ms / size);
    return `${count} ${unit}${count === 1 ? "" : "s"}`;
  }
  return "less than a second";
}
