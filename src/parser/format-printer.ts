// What every part of the formatter is handed: the text as it was written, and the way back to any expression. Parts are
// printed in the order of the text, each once, because comments are taken on the way.

import type { Expression } from "./ast.ts";
import type { Doc } from "./doc.ts";
import type { Original } from "./format-original.ts";
import type { Position } from "./format-parens.ts";

export interface Printer {
  readonly original: Original;
  readonly expression: (node: Expression, position: Position) => Doc;
}

/** A kind's own layout, without parentheses around it. */
export type Print<Node> = (node: Node, position: Position, printer: Printer) => Doc;
