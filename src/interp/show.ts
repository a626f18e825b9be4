// What `show user` prints: a struct or map as a box of names and values, a list of them as a table, all else as its
// text, each line indented by two blanks. Only here an enum is written with its type: `Urgency.high`.

import { isStruct } from "./equal.ts";
import { getField } from "./fields.ts";
import { jsonText, mapKey, text } from "./text.ts";
import type { Value } from "./value.ts";
import { KeelMap, Variant } from "./value.ts";
import { displayWidth } from "./width.ts";

const INDENT = "  ";

export function show(value: Value): string {
  const lines = isRecord(value) ? box(value) : isRows(value) ? table(value) : linesOf(cell(value));
  return lines.map((line) => (INDENT + line).trimEnd()).join("\n");
}

type Rows = readonly Value[];

function isRecord(value: Value): boolean {
  return value instanceof KeelMap || isStruct(value);
}

function isRows(value: Value): value is Rows {
  return Array.isArray(value) && value.length > 0 && value.every(isRecord);
}

function box(record: Value): string[] {
  const entries = entriesOf(record);
  const width = widest(entries.map(([name]) => name));
  const rows = entries.flatMap(([name, value]) => {
    return linesOf(cell(value)).map((line, index) => `│ ${pad(index === 0 ? name : "", width)}  ${line}`);
  });
  return ["┌", ...rows, "└"];
}

/** A column for every name that some row has, in the order in which they first appear. */
function table(rows: Rows): string[] {
  const names = [...new Set(rows.flatMap((row) => entriesOf(row).map(([name]) => name)))];
  const columns = names.map((name) => column(name, rows));
  const line = (index: number): string => columns.map((cells) => cells[index] ?? "").join("  ");
  return [line(0), line(1), ...rows.map((_, index) => line(index + 2))];
}

/** A name, a rule and the rows' cells, all of one width. */
function column(name: string, rows: Rows): string[] {
  const cells = [name, ...rows.map((row) => oneLine(cellOf(row, name)))];
  const width = widest(cells);
  const [head = "", ...rest] = cells.map((each) => pad(each, width));
  return [head, "─".repeat(width), ...rest];
}

function cellOf(row: Value, name: string): string {
  if (row instanceof KeelMap) {
    const entry = entriesOf(row).find(([each]) => each === name);
    return entry === undefined ? "" : cell(entry[1]);
  }
  return isStruct(row) && Object.hasOwn(row, name) ? cell(getField(row, name)) : "";
}

function cell(value: Value): string {
  if (!(value instanceof Variant)) return text(value);
  const name = `${value.type}.${value.name}`;
  return value.fields === null ? name : `${name} ${jsonText(value.fields)}`;
}

function entriesOf(record: Value): readonly (readonly [string, Value])[] {
  if (record instanceof KeelMap) return Array.from(record.entries(), ([key, value]) => [mapKey(key), value] as const);
  return isStruct(record) ? Object.entries(record) : [];
}

function linesOf(content: string): string[] {
  return content
    .replace(/\n$/, "")
    .split(/\r\n|\n|\r/)
    .map(visible);
}

function oneLine(content: string): string {
  return visible(content.trimEnd().replace(/\s*[\r\n]\s*/g, " "));
}

/** Control characters would move the cursor and break the frame: a tab is two blanks, the rest a mark. */
function visible(line: string): string {
  return line.replaceAll("\t", INDENT).replace(/\p{Control}/gu, "�");
}

function widest(texts: readonly string[]): number {
  return Math.max(0, ...texts.map(displayWidth));
}

function pad(content: string, width: number): string {
  return content + " ".repeat(width - displayWidth(content));
}
