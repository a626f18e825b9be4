// Changes of the text that cure a diagnostic, where it is clear what to write. Each is right by itself: applied to the
// text as it stands, it leaves a program that parses the same everywhere else. So what is put next to other text gets
// parentheses where it may need them, and what is removed takes its comma or its line along.

import type { Expression, Logical, Member, Name, When } from "../parser/ast.ts";
import { operationKinds } from "../parser/forms.ts";
import type { Edit } from "../source/diagnostic.ts";
import type { Source, Span } from "../source/text.ts";
import type { Type } from "./type.ts";

/** Forms that take a `fallback`. */
const operations: ReadonlySet<Expression["kind"]> = new Set(operationKinds);

export const isOperation = (expression: Expression): boolean => operations.has(expression.kind);

/** A value to begin with; undefined where none is plain. */
export function plainValue(type: Type): string | undefined {
  if (type.kind === "List") return "[]";
  if (type.kind !== "Primitive") return undefined;
  const plain: { readonly [name: string]: string } = {
    str: '""',
    int: "0",
    float: "0.0",
    bool: "false",
    duration: "0.seconds",
  };
  return plain[type.name];
}

/** A default for a value that may be none. */
export function giveDefault(source: Source, at: Expression, wanted: Type): readonly Edit[] {
  const value = plainValue(wanted);
  if (value === undefined) return [];
  const { start, end } = at.span;
  if (isOperation(at)) {
    return [{ title: `Add \`fallback ${value}\``, span: { start: end, end }, text: ` fallback ${value}` }];
  }
  const title = `Add \`?? ${value}\``;
  const text = source.text.slice(start, end);
  const inner = at.kind === "Cast" ? `(${text})` : text;
  const whole = `${inner} ?? ${value}`;
  return [{ title, span: at.span, text: standsAlone(source, at.span) ? whole : `(${whole})` }];
}

/** As much of the text beside a place as an edit looks at. */
const window = 300;
const textBefore = (source: Source, end: number): string => source.text.slice(Math.max(0, end - window), end);
const textAfter = (source: Source, start: number): string => source.text.slice(start, start + window);
const blanksBefore = (source: Source, end: number): number => {
  const text = textBefore(source, end);
  return text.length - text.trimEnd().length;
};

/** Nothing beside the place binds tighter than `??`. */
function standsAlone(source: Source, { start, end }: Span): boolean {
  const before = textBefore(source, start);
  const opens = /(^|[([{,:]|=>|[^=!<>]=|\breturn)$/.test(before.trimEnd()) || /[\])}"\w][ \t\r]*\n\s*$/.test(before);
  return opens && /^[ \t]*($|[\r\n,)\]}#])/.test(textAfter(source, end));
}

export const writeInstead = (span: Span, text: string): readonly Edit[] => [{ title: `Write \`${text}\``, span, text }];

/** `.` becomes `?.`, or the other way round. */
export function writeDot(source: Source, link: Member, dot: "." | "?."): readonly Edit[] {
  const between = source.text.slice(link.target.span.end, link.name.span.start);
  const old = dot === "." ? "?." : ".";
  const at = between.lastIndexOf(old);
  if (at === -1) return [];
  const start = link.target.span.end + at;
  return writeInstead({ start, end: start + old.length }, dot);
}

export function removeDefault(source: Source, { left, right, span }: Logical): readonly Edit[] {
  const at = source.text.slice(left.span.end, right.span.start).lastIndexOf("??");
  if (at === -1) return [];
  const start = left.span.end + at;
  return [
    { title: "Remove the default", span: { start: start - blanksBefore(source, start), end: span.end }, text: "" },
  ];
}

/** Takes one of several entries away, with its comma, or with its line if it stands there alone. */
export function removeEntry(source: Source, title: string, { start, end }: Span): readonly Edit[] {
  const indent = /(?:^|\n)([ \t]*)$/.exec(textBefore(source, start))?.[1];
  const line = /^[ \t]*,?[ \t]*(#[^\n]*)?(\n|$)/.exec(textAfter(source, end))?.[0];
  if (indent !== undefined && line !== undefined) {
    return [{ title, span: { start: start - indent.length, end: end + line.length }, text: "" }];
  }
  const next = /^\s*,[ \t]*/.exec(textAfter(source, end))?.[0];
  if (next !== undefined) return [{ title, span: { start, end: end + next.length }, text: "" }];
  const last = /\s*,\s*$/.exec(textBefore(source, start))?.[0] ?? "";
  return [{ title, span: { start: start - last.length, end }, text: "" }];
}

/** Takes a clause away with the blanks in front. */
export function removeClause(source: Source, title: string, { start, end }: Span): readonly Edit[] {
  return [{ title, span: { start: start - blanksBefore(source, start), end }, text: "" }];
}

/** A member such as `tools [a, b]`. */
interface Listing {
  readonly names: readonly Name[];
  readonly span: Span;
}

export function addName(source: Source, member: Listing, name: string): readonly Edit[] {
  const last = member.names.at(-1)?.span.end;
  const open = source.text.indexOf("[", member.span.start);
  if (last === undefined && (open === -1 || open >= member.span.end)) return [];
  const at = last ?? open + 1;
  const text = last === undefined ? name : `, ${name}`;
  return [{ title: `Add '${name}'`, span: { start: at, end: at }, text }];
}

/** Arms for what is missing. Where the `when` gives a value, they fail until someone writes what they give. */
export function addArms(
  source: Source,
  { arms, span }: When,
  patterns: readonly string[],
  isValue: boolean,
): readonly Edit[] {
  const [first, last] = [arms[0], arms.at(-1)];
  if (first === undefined || last === undefined) return [];
  const body = isValue ? 'fail "not handled yet"' : "{ }";
  const title = `Add the missing arm${patterns.length > 1 ? "s" : ""}`;
  const lines = patterns.map((pattern) => `${pattern} => ${body}`);
  const { line, column } = source.position(first.span.start);
  if (line === source.position(span.start).line) {
    const at = { start: last.span.end, end: last.span.end };
    return [{ title, span: at, text: lines.map((each) => `, ${each}`).join("") }];
  }
  const rest = /^[ \t]*,?[ \t]*(#[^\n\r]*)?(?=\r?\n|$)/.exec(textAfter(source, last.span.end))?.[0] ?? "";
  const end = last.span.end + rest.length;
  const indent = " ".repeat(column - 1);
  return [{ title, span: { start: end, end }, text: lines.map((each) => `\n${indent}${each}`).join("") }];
}

/** A name that begins with `_` may be unused; one that names a field keeps the field. */
export function markUnused(source: Source, name: Name, field: Name | undefined): readonly Edit[] {
  const isShort = field === undefined ? false : field.span.start === name.span.start;
  const follows = /:\s*$/.test(textBefore(source, name.span.start));
  return writeInstead(name.span, isShort && !follows ? `${name.text}: _${name.text}` : `_${name.text}`);
}
