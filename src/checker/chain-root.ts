// The expression that a chain of postfix forms begins at: `env.PORT` of `env.PORT.to_int()`. A `!` ends a chain.

import type { Expression } from "../parser/ast.ts";

/** The innermost link that stands on a plain name, or the expression itself where it is no chain. */
export function chainRoot(expression: Expression): Expression {
  let at = expression;
  for (;;) {
    if (at.kind === "Member") {
      if (at.target.kind === "Reference") return at;
      at = at.target;
    } else if (at.kind === "Index") at = at.target;
    else if (at.kind === "Call" && at.callee.kind === "Member") at = at.callee;
    else return at;
  }
}
