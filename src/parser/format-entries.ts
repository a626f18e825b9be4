// The entries of literals, options and settings.

import type { Entry, Expression, Spread } from "./ast.ts";
import type { Doc } from "./doc.ts";
import type { Bracket } from "./format-original.ts";
import { free } from "./format-parens.ts";
import type { Printer } from "./format-printer.ts";
import { bracketed, type Entry as Listed, type Layouts } from "./format-sequence.ts";
import { paddedBraces } from "./format-types.ts";

export function structEntries(nodes: readonly (Entry | Spread)[], printer: Printer): readonly Listed[] {
  return nodes.map((node) => ({ span: node.span, print: () => entry(node, printer) }));
}

function entry(node: Entry | Spread, printer: Printer): Doc {
  if (node.kind === "Spread") return ["..", printer.expression(node.value, free)];
  const key = node.quoted ? printer.original.slice(node.key.span) : node.key.text;
  return [key, ": ", printer.expression(node.value, free)];
}

/** Entries that belong to the word before them, padded: `{ tone: "warm" }`. */
export function options(bracket: Bracket, nodes: readonly (Entry | Spread)[], printer: Printer): Layouts {
  return bracketed(printer.original, bracket, structEntries(nodes, printer), paddedBraces);
}

/** The bracket that `nodes` stand in, or the next one after `from` if there are none. */
export function bracketOf(mark: string, nodes: readonly Bounded[], from: number, printer: Printer): Bracket {
  const [first] = nodes;
  if (first === undefined) return printer.original.openedFrom(from, mark);
  return printer.original.openedBefore(first.span.start, mark);
}

type Bounded = Pick<Expression, "span">;
