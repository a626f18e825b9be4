// Binding and control: what statements are made of.

import type { Arm, Block, Catch, DestructureField, Expression, NodeOf } from "./ast.ts";
import { choice, indent, type Doc } from "./doc.ts";
import { body, bodyOrStatement, laidOutBody } from "./format-bodies.ts";
import { free, isBare, leadingClause, Tight, type Position } from "./format-parens.ts";
import type { Print, Printer } from "./format-printer.ts";
import { bracketed, collect, gap, isEmpty, laidOut, opened, within, type Layouts } from "./format-sequence.ts";
import { braces, parameters, patterns, type } from "./format-types.ts";
import { Level } from "./powers.ts";

type ControlKind =
  | ("Lambda" | "Block" | "If" | "When" | "For" | "Bind" | "Destructure" | "Assign")
  | ("Return" | "Break" | "Continue" | "Try" | "Retry" | "After");

type ControlForms = { readonly [K in ControlKind]: Print<NodeOf<K>> };

export const controlForms: ControlForms = {
  Bind: (node, position, printer) => {
    const annotation = node.type === undefined ? "" : [": ", type(node.type, printer.original)];
    return [node.name.text, annotation, " =", assigned(node.value, position, printer)];
  },
  Destructure: (node, position, printer) => {
    const { original } = printer;
    const print = ({ field, name }: DestructureField): Doc =>
      name.text === field.text ? field.text : `${field.text}: ${name.text}`;
    const entries = node.fields.map((field) => ({ span: field.span, print: () => print(field) }));
    const bracket = original.openedFrom(node.span.start, "{");
    const list = laidOut(bracketed(original, bracket, entries, { ...braces, keeps: false }));
    return [list, " =", assigned(node.value, position, printer)];
  },
  Assign: (node, position, printer) => {
    const level = singleWords.has(node.target.kind) ? Tight.closed : Tight.any;
    const target = printer.expression(node.target, { level, first: position.first, next: { word: "=" } });
    return [target, " =", assigned(node.value, position, printer)];
  },
  Lambda: (node, position, printer) => {
    const [only] = node.parameters;
    const head = isBare(node) ? (only?.name.text ?? "") : parameters(node.span.start, node.parameters, printer);
    return [head, " =>", after(node.body, printer, () => bodyOrStatement(node.body, position, printer))];
  },
  Block: (node, _, printer) => laidOutBody(node, printer),
  If: (node, _, printer) => branches(node, printer),
  When: (node, _, printer) => {
    const subject = printer.expression(node.subject, head());
    return ["when ", subject, " ", arms(node, printer)];
  },
  For: (node, _, printer) => {
    const list = printer.expression(node.list, head(node.where && "where"));
    const where = node.where && [" where ", printer.expression(node.where, { ...head(), level: Level.or })];
    return ["for ", node.name.text, " in ", list, where ?? "", " ", laidOutBody(node.body, printer)];
  },
  Try: (node, _, printer) => attempts(node, printer),
  Retry: (node, _, printer) => {
    const position: Position = { ...head("times"), level: Level.sum, first: "operand" };
    const count = printer.expression(node.count, position);
    const times = node.backoff ? " times with backoff " : " times ";
    return ["retry ", count, times, laidOutBody(node.body, printer)];
  },
  After: (node, _, printer) => {
    const delay = printer.expression(node.delay, { ...head(), first: "operand" });
    return ["after ", delay, " ", laidOutBody(node.body, printer)];
  },
  Return: (node, position, printer) => {
    if (node.value === undefined) return "return";
    return ["return ", printer.expression(node.value, { level: Level.default, next: position.next })];
  },
  Break: () => "break",
  Continue: () => "continue",
};

/** Before a `=` they would be read as a binding, a destructuring, or not at all. */
const singleWords: ReadonlySet<Expression["kind"]> = new Set([
  ...(["Reference", "Self", "BoolLiteral", "NoneLiteral", "StructLiteral"] as const),
  ...(["Return", "Break", "Continue"] as const),
]);

/** In the head of what ends in a body, before the word `next` or the body's brace. */
export function head(next?: string): Position {
  return { level: Level.default, head: true, next: next === undefined ? undefined : { word: next } };
}

function assigned(value: Expression, { next }: Position, printer: Printer): Doc {
  return after(value, printer, () => printer.expression(value, { ...free, next }));
}

/** What stands after `=` or `=>`: on the same line unless a comment comes between. */
function after(node: Expression, { original }: Printer, print: () => Doc): Doc {
  if (!original.hasBefore(node.span.start)) return [" ", print()];
  const comments = gap(original, node.span.start);
  return indent([comments, print()]);
}

// ── branches ──

interface Part {
  readonly head: Doc;
  readonly layouts: Layouts;
}

/** Parts that stand on one line together, or none of them. */
function together(parts: readonly Part[]): Doc {
  const flats = parts.map(({ head: before, layouts }) =>
    layouts.flat === undefined ? undefined : [before, layouts.flat],
  );
  const broken = parts.map(({ head: before, layouts }) => [before, layouts.broken]);
  const whole = flats.filter((flat) => flat !== undefined);
  return whole.length === parts.length ? choice(whole, [], broken) : broken;
}

/** A word that goes on after a body, below the comments before it. */
function goesOn(offset: number, { original }: Printer): Doc {
  return gap(original, offset, " ");
}

function branches(node: NodeOf<"If">, printer: Printer): Doc {
  const parts: Part[] = [];
  let before: Doc = "if ";
  let rest: NodeOf<"If"> | Block | undefined = node;
  while (rest?.kind === "If") {
    const condition = printer.expression(rest.condition, head());
    parts.push({ head: [before, condition, " "], layouts: body(rest.then, printer) });
    const otherwise: NodeOf<"If"> | Block | undefined = rest.otherwise;
    if (otherwise !== undefined) {
      const word = printer.original.before(otherwise.span.start).startOffset;
      before = [goesOn(word, printer), otherwise.kind === "If" ? "else if " : "else "];
    }
    rest = otherwise;
  }
  if (rest !== undefined) parts.push({ head: before, layouts: body(rest, printer) });
  return together(parts);
}

function attempts(node: NodeOf<"Try">, printer: Printer): Doc {
  const parts: Part[] = [{ head: "try ", layouts: body(node.body, printer) }];
  for (const each of node.catches) {
    const before = goesOn(each.span.start, printer);
    parts.push({ head: [before, caught(each)], layouts: body(each.body, printer) });
  }
  if (node.finally !== undefined) {
    const word = printer.original.before(node.finally.span.start).startOffset;
    parts.push({ head: [goesOn(word, printer), "finally "], layouts: body(node.finally, printer) });
  }
  return together(parts);
}

function caught({ name, types }: Catch): string {
  if (name === undefined) return "catch ";
  if (types.length === 0) return `catch ${name.text} `;
  return `catch ${name.text}: ${types.map((each) => each.text).join(", ")} `;
}

// ── arms ──

function arms(node: NodeOf<"When">, printer: Printer): Doc {
  const { original } = printer;
  const bracket = original.closedAt(node.span.end);
  const entries = node.arms.map((each, index) => {
    const below = node.arms[index + 1]?.patterns[0];
    const comma = below !== undefined && beginsWithClause(below) ? "," : "";
    return { span: each.span, print: () => [arm(each, printer), comma] };
  });
  const found = collect(original, entries, within(bracket));
  return isEmpty(found) ? "{ }" : opened(found, "{", "}");
}

function beginsWithClause(pattern: Arm["patterns"][number]): boolean {
  if (pattern.kind !== "NamePattern" && pattern.kind !== "VariantPattern") return false;
  const name = pattern.owner ?? pattern.name;
  return leadingClause({ kind: "Reference", name: name.text, span: name.span }) !== undefined;
}

function arm(node: Arm, printer: Printer): Doc {
  const matched = patterns(node.patterns, printer);
  const guard = node.guard && [" where ", printer.expression(node.guard, { level: Level.or, next: { word: "=>" } })];
  const value = after(node.body, printer, () => bodyOrStatement(node.body, free, printer));
  return [matched, guard ?? "", " =>", value];
}
