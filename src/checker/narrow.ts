// What a condition teaches: the types of names and field paths where it is true, and where it is false. It holds for
// paths that begin at a binding; state can change, so `self.f` teaches nothing.

import type { Expression, Item } from "../parser/ast.ts";
import type { Env } from "./context.ts";
import type { Known } from "./scope.ts";
import { isNever, none, present } from "./type.ts";
import type { Type } from "./type.ts";

const nothing: Known = new Map();

/** The key of a path, where the expression is one that can be known more about. Its names have been resolved before. */
export function pathKey(env: Env, expression: Expression): string | undefined {
  const fields: string[] = [];
  let at = expression;
  while (at.kind === "Member") {
    fields.unshift(at.name.text);
    at = at.target;
  }
  if (at.kind !== "Reference") return undefined;
  const referent = env.cx.facts.references.get(at);
  const node =
    referent?.kind === "Local"
      ? referent.binding.node
      : referent?.kind === "Constant" || referent?.kind === "Input"
        ? referent.node
        : undefined;
  return node === undefined ? undefined : [env.cx.numbers.key(node), ...fields].join(".");
}

/** What holds where the condition was `truth`. */
export function narrow(env: Env, condition: Expression, truth: boolean): Known {
  switch (condition.kind) {
    case "Unary":
      return condition.operator === "not" ? narrow(env, condition.operand, !truth) : nothing;
    case "Logical":
      return junction(env, condition, truth);
    case "Binary":
      return comparison(env, condition, truth);
    case "Confirm":
      return truth && condition.then === undefined ? presence(env, condition.question) : nothing;
    default:
      return nothing;
  }
}

/** `a and b and c` where it is true, `a or b or c` where it is false: every part counts. */
function junction(env: Env, condition: Extract<Expression, { kind: "Logical" }>, truth: boolean): Known {
  if (condition.operator !== (truth ? "and" : "or")) return nothing;
  const all = new Map<string, Type>();
  let at: Expression = condition;
  const parts: Expression[] = [];
  while (at.kind === "Logical" && at.operator === condition.operator) {
    parts.push(at.right);
    at = at.left;
  }
  parts.push(at);
  for (const part of parts.reverse()) for (const [key, type] of narrow(env, part, truth)) all.set(key, type);
  return all;
}

function comparison(env: Env, condition: Extract<Expression, { kind: "Binary" }>, truth: boolean): Known {
  if (condition.operator !== "==" && condition.operator !== "!=") return nothing;
  const { left, right } = condition;
  const subject = right.kind === "NoneLiteral" ? left : left.kind === "NoneLiteral" ? right : undefined;
  if (subject === undefined) return nothing;
  const isNone = (condition.operator === "==") === truth;
  return isNone ? absence(env, subject) : presence(env, subject);
}

function absence(env: Env, subject: Expression): Known {
  const key = pathKey(env, subject);
  return key === undefined ? nothing : new Map([[key, none]]);
}

/** The path is not none, and neither is anything on the way that `?.` asked about. */
export function presence(env: Env, subject: Expression): Known {
  const known = new Map<string, Type>();
  let asked = true;
  for (let at: Expression = subject; ;) {
    const key = asked ? pathKey(env, at) : undefined;
    const type = env.cx.facts.types.get(at);
    if (key !== undefined && type !== undefined) known.set(key, present(type));
    if (at.kind === "Member" || at.kind === "Index") {
      asked = at.kind === "Member" && at.safe;
      at = at.target;
    } else if (at.kind === "Call" && at.callee.kind === "Member") {
      asked = at.callee.safe;
      at = at.callee.target;
    } else return known;
  }
}

/** What holds after a statement that was left behind: `if x == none { return }` means that x is not none from here on. */
export function exitFacts(env: Env, statement: Item): Known {
  if (statement.kind !== "If") return nothing;
  const leaves = (branch: Expression | undefined): boolean => {
    const type = branch === undefined ? undefined : env.cx.facts.types.get(branch);
    return type !== undefined && isNever(type);
  };
  if (leaves(statement.then)) return narrow(env, statement.condition, false);
  return leaves(statement.otherwise) ? narrow(env, statement.condition, true) : nothing;
}
