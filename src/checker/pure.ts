// Places that take constants, `env` and inputs only: roles, models, rules, config, defaults of state, settings. And
// the one that takes constants only, `system` of a prompt: what it says is an instruction, never data.

import type { Expression, Node } from "../parser/ast.ts";
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
  const stack: Node[] = [expression];
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

function isTask(cx: Context, node: Node): boolean {
  if (node.kind !== "Reference") return false;
  const kind = cx.facts.references.get(node)?.kind;
  return kind === "Task" || kind === "Now" || kind === "Random";
}

/** What in an expression is known only when the program runs; run after the expression was checked. */
export function variablePart(cx: Context, expression: Expression): { at: Node; what: string } | undefined {
  const seen = new Set<Node>([expression]);
  const stack: { node: Node; at: Node | undefined }[] = [{ node: expression, at: undefined }];
  for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
    const { node } = next;
    const bound = boundTo(cx, node);
    const what = bound === undefined ? variableAs(cx, node) : undefined;
    const at = next.at ?? node;
    if (what !== undefined) return { at, what };
    // What is wrong with a name's value is shown where the name is used.
    if (bound !== undefined && !seen.has(bound)) stack.push({ node: bound, at });
    if (bound !== undefined) seen.add(bound);
    for (const child of children(node)) stack.push({ node: child, at: next.at });
  }
  return undefined;
}

/** The value of a name that is bound in the same body. */
function boundTo(cx: Context, node: Node): Expression | undefined {
  const referent = node.kind === "Reference" ? cx.facts.references.get(node) : undefined;
  const binding = referent?.kind === "Local" ? referent.binding.node : undefined;
  return binding?.kind === "Bind" ? binding.value : undefined;
}

function variableAs(cx: Context, node: Node): string | undefined {
  if (!allowed.has(node.kind)) return "worked out when the program runs";
  if (node.kind === "Member" && cx.facts.members.get(node)?.kind === "Env") return "a variable of the environment";
  const referent = node.kind === "Reference" ? cx.facts.references.get(node) : undefined;
  switch (referent?.kind) {
    case "Local":
      return `${referent.binding.node.kind === "Parameter" ? "the parameter" : "the name"} '${referent.binding.name}'`;
    case "Input":
      return `the input '${referent.node.name.text}'`;
    case "Task":
      return `what task '${referent.task.name.text}' gives`;
    case "Now":
    case "Random":
    case "ItemField":
      return "worked out when the program runs";
    case "Builtin":
    case "Connection":
    case "Constant":
    case "Enum":
    case "Env":
    case "Label":
    case "Variant":
    case undefined:
      return undefined;
  }
}
