// Long chains of operators. `a + b + …` leans to the left: a chain of ten thousand operands is ten thousand levels
// deep. The left operand is always evaluated first, so a chain is cut into pieces whose heads are put into slots before
// the whole: the depth of what is lowered, written down and evaluated is that of a piece.

import type { Expression } from "../parser/ast.ts";
import type { Body } from "./body.ts";

const piece = 64;

/** The expressions to put into slots before `node`, innermost first; each but the first reads the one before. */
export function spineHeads(f: Body, node: Expression): readonly Expression[] {
  const heads: Expression[] = [];
  let depth = 0;
  for (let at = leftOf(node); at !== undefined && !f.has(at); at = leftOf(at)) {
    depth++;
    if (depth % piece === 0) heads.push(at);
  }
  return heads.reverse();
}

function leftOf(node: Expression): Expression | undefined {
  return node.kind === "Binary" || node.kind === "Logical" || node.kind === "Pipe" ? node.left : undefined;
}
