// Places that take constants, `env` and inputs only: roles, models, rules, config, defaults of state, settings.

import type { Expression } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Body, Context, Env } from "./context.ts";
import { Scope } from "./scope.ts";

const body: Body = {
  kind: "Pure",
  agent: undefined,
  returns: undefined,
  inLoop: false,
  variables: new Map(),
  index: undefined,
};

export const pureEnv = (cx: Context): Env => ({ cx, scope: new Scope(undefined), body });

const allowed: ReadonlySet<string> = new Set([
  "IntLiteral",
  "FloatLiteral",
  "DurationLiteral",
  "StringLiteral",
  "TextPart",
  "BoolLiteral",
  "NoneLiteral",
  "ListLiteral",
  "StructLiteral",
  "Entry",
  "Spread",
  "Reference",
  "Member",
  "Index",
  "Assert",
  "Logical",
  "Binary",
  "Unary",
  "Call",
  "Argument",
  "Name",
  "Missing",
]);

/** Refuses what is more than constants, `env` and inputs; run after the expression was checked. */
export function onlyConstants(cx: Context, expression: Expression, what: string): void {
  const stack: Parameters<typeof children>[0][] = [expression];
  while (stack.length > 0) {
    const node = stack.pop();
    if (node === undefined) return;
    if (!allowed.has(node.kind) || isTask(cx, node)) {
      cx.report("K2032", node.span, { what });
      return;
    }
    for (const child of children(node)) stack.push(child);
  }
}

function isTask(cx: Context, node: Parameters<typeof children>[0]): boolean {
  if (node.kind !== "Reference") return false;
  const kind = cx.facts.references.get(node)?.kind;
  return kind === "Task" || kind === "Now" || kind === "Random";
}
