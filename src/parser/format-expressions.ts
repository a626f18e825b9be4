// Expressions: one layout a kind, and parentheses where they are needed.

import type { Expression, NodeOf } from "./ast.ts";
import { group, indent, softline, verbatim, type Doc } from "./doc.ts";
import { chain } from "./format-chains.ts";
import { controlForms } from "./format-control.ts";
import { verbForms } from "./format-forms.ts";
import { free, levelOf, needsParentheses, Tight, type Position } from "./format-parens.ts";
import type { Print, Printer } from "./format-printer.ts";
import type { Original } from "./format-original.ts";
import { infix } from "./format-operators.ts";
import { bracketed, laidOut } from "./format-sequence.ts";
import { structEntries } from "./format-entries.ts";
import { braces, square, type } from "./format-types.ts";
import { Level } from "./powers.ts";

type Prints = { readonly [K in Expression["kind"]]: Print<NodeOf<K>> };

const asWritten: Print<Expression> = (node, _, { original }) => verbatim(original.slice(node.span));

const prints: Prints = {
  IntLiteral: asWritten,
  FloatLiteral: asWritten,
  DurationLiteral: asWritten,
  StringLiteral: asWritten,
  BoolLiteral: (node) => String(node.value),
  NoneLiteral: () => "none",
  Reference: (node) => node.name,
  Self: () => "self",
  Missing: () => "",
  ListLiteral: (node, _, printer) => {
    const { original } = printer;
    const entries = node.items.map((item) => ({ span: item.span, print: () => printer.expression(item, free) }));
    return laidOut(bracketed(original, original.closedAt(node.span.end), entries, square));
  },
  StructLiteral: (node, _, printer) => {
    const bracket = printer.original.closedAt(node.span.end);
    return laidOut(bracketed(printer.original, bracket, structEntries(node.entries, printer), braces));
  },
  Unary: (node, position, printer) => {
    const isNot = node.operator === "not";
    const level = isNot ? Level.compare : Tight.unary;
    const inner: Position = { level, next: position.next, head: position.head === true };
    return [isNot ? "not " : "-", printer.expression(node.operand, inner)];
  },
  Binary: infix,
  Logical: infix,
  Pipe: infix,
  Cast: (node, position, printer) => {
    const next = { level: Level.cast, word: "as" };
    const value = printer.expression(node.value, { ...position, level: Level.cast, next });
    return [value, " as ", type(node.type, printer.original)];
  },
  Member: chain,
  Assert: chain,
  Index: chain,
  Call: chain,
  ...controlForms,
  ...verbForms,
};

export function printerOf(original: Original): Printer {
  const printer: Printer = {
    original,
    expression: (node, position) => {
      const print = prints[node.kind] as Print<Expression>;
      if (!needsParentheses(node, position)) return print(node, position, printer);
      return enclosed(node, print(node, free, printer));
    },
  };
  return printer;
}

/** In parentheses; operators stand on lines of their own where they do not fit. */
function enclosed(node: Expression, inner: Doc): Doc {
  const isChain = levelOf(node) > Tight.any && levelOf(node) < Tight.unary;
  return isChain ? group(["(", indent([softline, inner]), softline, ")"]) : ["(", inner, ")"];
}
