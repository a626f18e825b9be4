// Bodies: statements one a line, or one simple statement within its braces where it was written so and fits.

import type { Block, Declaration, Expression, Item } from "./ast.ts";
import type { Doc } from "./doc.ts";
import { options } from "./format-entries.ts";
import { leadingClause, readsAsLiteral, type Position } from "./format-parens.ts";
import type { Printer } from "./format-printer.ts";
import { collect, isEmpty, isPlain, laidOut, opened, within, type Entry, type Layouts } from "./format-sequence.ts";
import { walk } from "./walk.ts";

/** A body with its braces. */
export function body(node: Block, printer: Printer): Layouts {
  const { original } = printer;
  const bracket = original.closedAt(node.span.end);
  const [only] = node.body;
  const isLiteral = only?.kind === "StructLiteral" && only.span.start === node.span.start;
  if (isLiteral && readsAsLiteral(only)) return options(bracket, only.entries, printer);
  const isOpened = original.isOpened(bracket);
  const found = collect(original, statements(node.body, printer), within(bracket));
  if (isEmpty(found)) return { flat: "{ }", broken: "{ }" };
  const broken = opened(found, "{", "}");
  const isShort = node.body.length === 1 && only !== undefined && isSimple(only) && !isOpened && isPlain(found);
  return { flat: isShort ? ["{ ", found.rows[0]?.doc ?? "", " }"] : undefined, broken };
}

export function laidOutBody(node: Block, printer: Printer): Doc {
  return laidOut(body(node, printer));
}

/** Statements, each with a look at how the next one begins. */
export function statements(items: readonly Item[], printer: Printer): readonly Entry[] {
  return items.map((item, index) => {
    const below = items[index + 1];
    const word = below === undefined || isDeclaration(below) ? undefined : leadingClause(below);
    const next = word === undefined ? undefined : { word, isBelow: true };
    const position: Position = { level: 0, first: "statement", next };
    return { span: item.span, print: () => (isDeclaration(item) ? "" : printer.expression(item, position)) };
  });
}

/** Nothing in it has a body of its own. */
function isSimple(item: Item): boolean {
  let simple = true;
  walk(item, (node) => {
    if (node.kind === "Block" || node.kind === "When") simple = false;
  });
  return simple;
}

const declarations: { readonly [K in Declaration["kind"]]: true } = {
  UseDeclaration: true,
  ConnectDeclaration: true,
  InputDeclaration: true,
  TypeDeclaration: true,
  TaskDeclaration: true,
  ExternDeclaration: true,
  KindDeclaration: true,
  AgentDeclaration: true,
};

export function isDeclaration(item: Item): item is Declaration {
  return item.kind in declarations;
}

/** What follows `=>` and `then`: a body, or one statement. */
export function bodyOrStatement(node: Expression, position: Position, printer: Printer): Doc {
  if (node.kind === "Block") return laidOutBody(node, printer);
  return printer.expression(node, { level: 0, first: "body", next: position.next });
}
