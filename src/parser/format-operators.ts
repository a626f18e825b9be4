// Operators. What binds equally tightly is one chain: on one line, or one operand a line. `and or ?? |>` begin their
// lines, the others end them, as the newline rule wants it.

import type { Binary, Expression, Logical, Pipe } from "./ast.ts";
import { group, indent, line, type Doc } from "./doc.ts";
import { formOf, opensBracket } from "./format-clauses.ts";
import { isControl, levelOf, type Next, type Position } from "./format-parens.ts";
import type { Printer } from "./format-printer.ts";
import { gap } from "./format-sequence.ts";
import { Level } from "./powers.ts";

type Infix = Binary | Logical | Pipe;

interface Link {
  readonly operator: string;
  readonly operand: Expression;
}

export function infix(node: Infix, position: Position, printer: Printer): Doc {
  const level = levelOf(node);
  const isRightward = level === Level.default;
  const { first, links } = isRightward ? rightward(node) : leftward(node, level);
  const isAlone = isRightward || level === Level.compare;
  const next = (index: number): Next | undefined => {
    const link = links[index];
    return link === undefined ? position.next : nextOf(link.operator, level);
  };
  const isHead = position.head === true;
  const start = printer.expression(first, { ...position, level: isAlone ? level + 1 : level, next: next(0) });
  const head = isInfix(first) ? indent(start) : start;
  const rest: Doc[] = [];
  let previous = first;
  let isHugging = links.length === 1;
  links.forEach(({ operator, operand }, index) => {
    const isLast = index === links.length - 1;
    const right = isRightward && isLast ? level : level + 1;
    const hugs = (isTall(previous) || isTall(operand)) && !printer.original.hasBefore(operand.span.start);
    isHugging &&= hugs;
    const comments = gap(printer.original, operand.span.start, hugs ? " " : line);
    const doc = printer.expression(operand, { level: right, next: next(index + 1), head: isHead });
    rest.push(leads(operator) ? [comments, operator, " ", doc] : [" ", operator, comments, doc]);
    previous = operand;
  });
  if (isHugging) return [head, ...rest];
  return group([head, indent(isHead ? indent(rest) : rest)]);
}

function nextOf(operator: string, level: number): Next {
  return /^\w/.test(operator) ? { level, word: operator } : { level };
}

function leftward(node: Infix, level: number): { first: Expression; links: Link[] } {
  const links: Link[] = [];
  let first: Expression = node;
  while (isInfix(first) && levelOf(first) === level) {
    links.push({ operator: operatorOf(first), operand: first.right });
    first = first.left;
    if (level === Level.compare) break;
  }
  return { first, links: links.reverse() };
}

function rightward(node: Infix): { first: Expression; links: Link[] } {
  const links: Link[] = [];
  let rest: Expression = node.right;
  while (rest.kind === "Logical" && rest.operator === "??") {
    links.push({ operator: "??", operand: rest.left });
    rest = rest.right;
  }
  links.push({ operator: "??", operand: rest });
  return { first: node.left, links };
}

function isInfix(node: Expression): node is Infix {
  return node.kind === "Binary" || node.kind === "Logical" || node.kind === "Pipe";
}

function operatorOf(node: Infix): string {
  return node.kind === "Pipe" ? "|>" : node.operator;
}

function leads(operator: string): boolean {
  return ["and", "or", "??", "|>"].includes(operator);
}

/** It ends, or begins, with braces that take the lines: what is joined to it stays on their line. */
function isTall(node: Expression): boolean {
  if (isControl(node) || node.kind === "StructLiteral" || node.kind === "ListLiteral") return true;
  return formOf(node)?.clauses.some(opensBracket) ?? false;
}
