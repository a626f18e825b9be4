// The text of an expression in the one style, for what a program carries of its own text: the names of data blocks
// and the operand that a NullError speaks of. Two ways to lay out one expression give one text.

import type { Argument, Expression, NodeOf } from "../parser/ast.ts";
import type { Source } from "../source/text.ts";

type Forms = { readonly [K in Expression["kind"]]?: (node: NodeOf<K>, of: (part: Expression) => string) => string };

const forms: Forms = {
  Reference: (node) => node.name,
  Self: () => "self",
  IntLiteral: (node) => node.text,
  FloatLiteral: (node) => node.text,
  Member: (node, of) => `${of(node.target)}${node.safe ? "?" : ""}.${node.name.text}`,
  Assert: (node, of) => `${of(node.target)}!`,
  Index: (node, of) => `${of(node.target)}[${of(node.index)}]`,
  Call: (node, of) => `${of(node.callee)}(${node.arguments.map((argument) => given(argument, of)).join(", ")})`,
  Binary: (node, of) => infix(node, of),
  Logical: (node, of) => infix(node, of),
  Pipe: (node, of) => (node.right.kind === "Missing" ? of(node.left) : `${of(node.left)} |> ${of(node.right)}`),
};

/** Forms that are rare here stand as they are written, white space aside. */
export function sourceForm(node: Expression, source: Source): string {
  const form = forms[node.kind] as ((node: Expression, of: (part: Expression) => string) => string) | undefined;
  if (form !== undefined) return form(node, (part) => sourceForm(part, source));
  return source.text.slice(node.span.start, node.span.end).replace(/\s+/g, " ");
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
