// The text of an expression in the one style, for what a program carries of its own text: the names of data blocks
// and the operand that a NullError speaks of. Two ways to lay out one expression give one text.

import type { Expression } from "../parser/ast.ts";
import type { Source } from "../source/text.ts";

export function sourceForm(node: Expression, source: Source): string {
  const of = (part: Expression): string => sourceForm(part, source);
  switch (node.kind) {
    case "Reference":
      return node.name;
    case "Self":
      return "self";
    case "IntLiteral":
    case "FloatLiteral":
      return node.text;
    case "Member":
      return `${of(node.target)}${node.safe ? "?" : ""}.${node.name.text}`;
    case "Assert":
      return `${of(node.target)}!`;
    case "Index":
      return `${of(node.target)}[${of(node.index)}]`;
    case "Call":
      return `${of(node.callee)}(${node.arguments
        .map((argument) => `${argument.name === undefined ? "" : `${argument.name.text}: `}${of(argument.value)}`)
        .join(", ")})`;
    case "Binary":
    case "Logical":
      return `${grouped(node.left, source)} ${node.operator} ${grouped(node.right, source)}`;
    case "Pipe":
      return node.right.kind === "Missing" ? of(node.left) : `${of(node.left)} |> ${of(node.right)}`;
    default:
      return source.text.slice(node.span.start, node.span.end).replace(/\s+/g, " ");
  }
}

function grouped(node: Expression, source: Source): string {
  const text = sourceForm(node, source);
  return node.kind === "Logical" || node.kind === "Pipe" ? `(${text})` : text;
}
