// How commands lay out what they list.

import stringWidth from "string-width";

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

/** Millionths of a dollar as dollars; `unpriced` calls are said, never counted as nothing. */
export function money(micro: number, unpriced = 0): string {
  const known = `$${(micro / 1e6).toFixed(6).replace(/0{1,4}$/, "")}`;
  return unpriced === 0 ? known : `${known} + ${unpriced} unpriced`;
}

export function utc(ms: number): string {
  return new Date(ms).toISOString();
}

/** The first line of a text, cut to `width` columns. */
export function brief(text: string, width: number): string {
  const line = text.trim().split("\n", 1)[0] ?? "";
  if (stringWidth(line) <= width) return line === text.trim() ? line : `${line} …`;
  let cut = "";
  for (const point of line) {
    if (stringWidth(cut + point) > width - 1) break;
    cut += point;
  }
  return `${cut}…`;
}
