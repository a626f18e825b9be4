// The text of an expression in the one style, for what a program carries of its own text: the names of data blocks
// and the operand that a NullError speaks of. Two ways to lay out one expression give one text.

import type { Argument, Expression, NodeOf } from "../parser/ast.ts";
import { onOneLine } from "../parser/format.ts";
import type { Source } from "../source/text.ts";

type Forms = { readonly [K in Expression["kind"]]?: (node: NodeOf<K>, of: (part: Expression) => string) => string };

const forms: Forms = {
  Reference: (node) => node.name,
  Self: () => "self",
  IntLiteral: (node) => node.text,
  FloatLiteral: (node) => node.text,
  Member: (node, of) => `${target(node.target, of)}${node.safe ? "?" : ""}.${node.name.text}`,
  Assert: (node, of) => `${target(node.target, of)}!`,
  Index: (node, of) => `${target(node.target, of)}[${of(node.index)}]`,
  Call: (node, of) => `${target(node.callee, of)}(${node.arguments.map((argument) => given(argument, of)).join(", ")})`,
  Binary: (node, of) => infix(node, of),
  Logical: (node, of) => infix(node, of),
  Pipe: (node, of) => (node.right.kind === "Missing" ? of(node.left) : `${of(node.left)} |> ${of(node.right)}`),
};

/** Forms that are rare here are read once more and printed. */
export function sourceForm(node: Expression, source: Source): string {
  const form = forms[node.kind] as ((node: Expression, of: (part: Expression) => string) => string) | undefined;
  if (form !== undefined) return form(node, (part) => sourceForm(part, source));
  return onOneLine(source.text.slice(node.span.start, node.span.end));
}

const closed: ReadonlySet<Expression["kind"]> = new Set([
  "Reference",
  "Self",
  "IntLiteral",
  "FloatLiteral",
  "DurationLiteral",
  "StringLiteral",
  "BoolLiteral",
  "NoneLiteral",
  "ListLiteral",
  "StructLiteral",
  "Member",
  "Assert",
  "Index",
  "Call",
]);

/** What a dot, a bracket or a mark stands behind. */
function target(node: Expression, of: (part: Expression) => string): string {
  return closed.has(node.kind) ? of(node) : `(${of(node)})`;
}

function given(argument: Argument, of: (part: Expression) => string): string {
  return `${argument.name === undefined ? "" : `${argument.name.text}: `}${of(argument.value)}`;
}

function infix(node: NodeOf<"Binary" | "Logical">, of: (part: Expression) => string): string {
  const own = binding(node);
  const left = binding(node.left) < own ? `(${of(node.left)})` : of(node.left);
  const right = binding(node.right) <= own ? `(${of(node.right)})` : of(node.right);
  return `${left} ${node.operator} ${right}`;
}

const levels: readonly (readonly string[])[] = [
  ["??"],
  ["|>"],
  ["or"],
  ["and"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

/** How tightly an operator binds; what is no operator binds tightest. */
function binding(node: Expression): number {
  if (node.kind === "Pipe") return 1;
  if (node.kind !== "Binary" && node.kind !== "Logical") return levels.length;
  return levels.findIndex((operators) => operators.includes(node.operator));
}
