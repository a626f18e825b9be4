// A value as a person would write it in Keel, for the answers of the REPL: on one line if that is short, else a line an
// entry. What is long is cut, and says how much is left out.

import { floatText } from "../../interp/text.ts";
import { Duration, Float, FunctionValue, KeelMap, Variant, type Struct, type Value } from "../../interp/value.ts";

const WIDTH = 90;
const ENTRIES = 20;
const LETTERS = 2_000;

/** `indent` is what the lines after the first begin with. */
export function literal(value: Value, indent = "  "): string {
  const line = oneLine(value, WIDTH * 2);
  const isBlock = typeof value === "string" && (line.length > WIDTH || value.includes("\n"));
  if (isBlock) return block(value, indent);
  const parts = partsOf(value);
  if (line.length <= WIDTH || parts === undefined || parts.entries.length === 0) return cut(line, LETTERS);
  const inner = `${indent}  `;
  if (isList(value) && value.every(isScalar))
    return [parts.open, ...filled(value, inner), `${indent}${parts.close}`].join("\n");
  const shown = parts.entries.slice(0, ENTRIES).map(({ name, value: of }) => `${inner}${name}${literal(of, inner)}`);
  const rest = parts.entries.length - shown.length;
  if (rest > 0) shown.push(`${inner}… ${rest} more`);
  return [parts.open, ...shown, `${indent}${parts.close}`].join("\n");
}

/** Entries side by side, in lines of about the width. */
function filled(values: readonly Value[], indent: string): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const [index, value] of values.entries()) {
    const entry = oneLine(value);
    if (line !== "" && line.length + entry.length + 2 > WIDTH) {
      lines.push(`${indent}${line},`);
      line = "";
    }
    if (lines.length === ENTRIES) return [...lines, `${indent}… ${values.length - index} more`];
    line += line === "" ? entry : `, ${entry}`;
  }
  return [...lines, indent + line];
}

function isScalar(value: Value): boolean {
  return typeof value !== "string" && partsOf(value) === undefined;
}

/** On one line, cut at about `width` characters. */
export function oneLine(value: Value, width = WIDTH): string {
  if (value === null) return "none";
  if (typeof value === "string") return quoted(cut(value, width));
  if (value instanceof Float) return floatText(value.value);
  if (value instanceof Duration) return durationLiteral(value.ms);
  if (value instanceof FunctionValue) return "<function>";
  const parts = partsOf(value);
  if (parts === undefined) return value instanceof Variant ? `${value.type}.${value.name}` : String(value);
  const shown: string[] = [];
  let length = parts.open.length + parts.close.length;
  for (const [index, { name, value: of }] of parts.entries.entries()) {
    if (length > width) {
      shown.push(`… ${parts.entries.length - index} more`);
      break;
    }
    const text = `${name}${oneLine(of, width)}`;
    length += text.length + 2;
    shown.push(text);
  }
  return `${parts.open}${shown.join(", ")}${parts.close}`;
}

interface Parts {
  readonly open: string;
  readonly close: string;
  /** `name` with its colon; empty in a list. */
  readonly entries: readonly { readonly name: string; readonly value: Value }[];
}

/** What a value consists of, where it consists of anything. */
function partsOf(value: Value): Parts | undefined {
  if (value === null || typeof value !== "object") return undefined;
  if (isList(value)) return { open: "[", close: "]", entries: value.map((of) => ({ name: "", value: of })) };
  if (value instanceof Variant) {
    if (value.fields === null) return undefined;
    return { open: `${value.type}.${value.name}(`, close: ")", entries: fieldsOf(value.fields) };
  }
  if (value instanceof KeelMap) {
    const entries = Array.from(value.entries(), ([key, of]) => ({ name: `${oneLine(key)}: `, value: of }));
    return { open: "{", close: "}", entries };
  }
  if (value instanceof Float || value instanceof Duration || value instanceof FunctionValue) return undefined;
  return { open: "{", close: "}", entries: fieldsOf(value) };
}

function fieldsOf(struct: Struct): Parts["entries"] {
  return Object.entries(struct).map(([name, value]) => ({ name: `${nameText(name)}: `, value }));
}

const nameText = (name: string): string => (/^[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.test(name) ? name : quoted(name));

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

const units = [
  ["weeks", 604_800_000],
  ["days", 86_400_000],
  ["hours", 3_600_000],
  ["minutes", 60_000],
  ["seconds", 1_000],
] as const;

function durationLiteral(ms: number): string {
  const unit = ms === 0 ? undefined : units.find(([, size]) => ms % size === 0);
  if (unit === undefined) return `${ms}.ms`;
  const [name, size] = unit;
  return ms === size ? `1.${name.slice(0, -1)}` : `${ms / size}.${name}`;
}

const escapes: { readonly [sign: string]: string } = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };

function quoted(text: string): string {
  const escaped = text.replace(/[\\"{}]/g, "\\$&").replace(/\p{Control}/gu, control);
  return `"${escaped}"`;
}

function control(sign: string): string {
  return escapes[sign] ?? `\\u{${sign.charCodeAt(0).toString(16)}}`;
}

/** A long text, or one of several lines, as `"""` writes it. */
function block(text: string, indent: string): string {
  const shown = cut(text, LETTERS)
    .replace(/[\\{}]|"""/g, "\\$&")
    .replace(/[^\P{Control}\n]/gu, control);
  const lines = shown.split("\n").map((line) => (line === "" ? "" : indent + line));
  return ['"""', ...lines, `${indent}"""`].join("\n");
}

function cut(text: string, width: number): string {
  if (text.length <= width) return text;
  const letters = [...text];
  return letters.length <= width ? text : `${letters.slice(0, width).join("")}… (${letters.length} characters)`;
}
