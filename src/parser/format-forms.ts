// The forms that begin with a verb. Clauses stand in the order they were written, on the verb's line or, where they do
// not fit, each on a line of its own; the brackets of options and hints open on the verb's line.

import type { Argument, Expression, Hint, NodeOf, TypeNode } from "./ast.ts";
import { group, indent, line, type Doc } from "./doc.ts";
import { bodyOrStatement } from "./format-bodies.ts";
import { callArguments } from "./format-chains.ts";
import { formOf, isSettings, opensBracket, type Clause, type Form } from "./format-clauses.ts";
import { bracketOf, options } from "./format-entries.ts";
import { free, Tight, type Next, type Position } from "./format-parens.ts";
import type { Print, Printer } from "./format-printer.ts";
import { bracketed, gap, laidOut } from "./format-sequence.ts";
import { square, type } from "./format-types.ts";
import { Level } from "./powers.ts";
import * as t from "../lexer/tokens.ts";

type VerbKind =
  | ("Classify" | "Summarize" | "Draft" | "Extract" | "Translate" | "Decide" | "Prompt")
  | ("Ask" | "Confirm" | "Notify" | "Show" | "Remind" | "Wait" | "WaitUntil" | "Fail")
  | ("Fetch" | "Send" | "Archive" | "Search" | "Remember" | "Recall" | "Forget")
  | ("Run" | "Stop" | "Delegate");

type VerbForms = { readonly [K in VerbKind]: Print<NodeOf<K>> };

const layOut: Print<Expression> = (node, position, printer) => {
  const form = formOf(node);
  return form === undefined ? "" : laidOutForm(form, node, position, printer);
};

export const verbForms: VerbForms = {
  Classify: layOut,
  Summarize: layOut,
  Draft: layOut,
  Extract: layOut,
  Translate: layOut,
  Decide: layOut,
  Prompt: layOut,
  Ask: layOut,
  Confirm: layOut,
  Notify: layOut,
  Show: layOut,
  Remind: layOut,
  Wait: layOut,
  WaitUntil: layOut,
  Fail: layOut,
  Fetch: layOut,
  Send: layOut,
  Archive: layOut,
  Search: layOut,
  Remember: layOut,
  Recall: layOut,
  Forget: layOut,
  Run: layOut,
  Stop: layOut,
  Delegate: (node, position, printer) => {
    const list = delegated(node.task.span.end, node.arguments, printer);
    const { fallback } = node;
    const inner = { level: Level.sum, next: position.next, head: position.head === true };
    const value = fallback && [" fallback ", printer.expression(fallback, inner)];
    return ["delegate ", node.task.text, list, " to ", node.to.text, value ?? ""];
  },
};

function delegated(from: number, nodes: readonly Argument[], printer: Printer): Doc {
  return callArguments(printer.original.openedFrom(from, "("), nodes, printer);
}

function laidOutForm(form: Form, node: Expression, position: Position, printer: Printer): Doc {
  const { clauses } = form;
  const isHead = position.head === true;
  const next = (index: number): Next | undefined => {
    const clause = clauses[index];
    if (clause === undefined) return position.next;
    return clause.word === "as" ? { word: "as", level: Level.cast } : { word: clause.word };
  };
  const start: Doc = [form.verb, operand(form, next(0), isHead, printer)];
  const end = endOf(form, node);
  const hasBracket = clauses.some(opensBracket);
  let isCommented = false;
  const rest = clauses.map((clause, index) => {
    const at = offsetOf(clause, end, printer);
    isCommented ||= printer.original.hasBefore(at);
    const before = gap(printer.original, at, hasBracket || sticks(clause) ? " " : line);
    const inner = { level: Tight.any, next: next(index + 1), head: isHead };
    return [before, clauseDoc(clause, end, inner, printer)];
  });
  if (rest.length === 0) return start;
  return hasBracket && !isCommented ? [start, rest] : group([start, indent(isHead ? indent(rest) : rest)]);
}

/** Where the operand ends. */
function endOf({ operand: what }: Form, node: Expression): number {
  if (what === undefined) return node.span.start;
  if (what.kind === "Value") return what.value.span.end;
  return what.kind === "Type" ? what.type.span.end : what.name.span.end;
}

/** It belongs so closely to the operand that it never stands on a line of its own. */
function sticks(clause: Clause): boolean {
  return clause.kind === "Type" || clause.kind === "Count" || clause.word === "to" || clause.word === "from";
}

/** Where the clause's word stands, or its value where that is as good. */
function offsetOf(clause: Clause, end: number, printer: Printer): number {
  switch (clause.kind) {
    case "Operand":
      return clause.value.span.start;
    case "Type":
      return clause.type.span.start;
    case "Count":
      return clause.count.span.start;
    case "Word":
      return clause.name.span.start;
    case "Then":
      return printer.original.before(clause.body.span.start).startOffset;
    case "Hints":
      return bracketOf("[", clause.hints, end, printer).open.startOffset;
    case "Targets":
      return bracketOf("[", clause.targets, end, printer).open.startOffset;
    case "Options":
      return 0;
  }
}

function clauseDoc(clause: Clause, end: number, position: Position, printer: Printer): Doc {
  switch (clause.kind) {
    case "Operand": {
      if (!isSettings(clause)) {
        return [clause.word, " ", printer.expression(clause.value, { ...position, level: clause.level })];
      }
      const bracket = printer.original.closedAt(clause.value.span.end);
      return ["with ", laidOut(options(bracket, clause.value.entries, printer))];
    }
    case "Type":
      return [clause.word, " ", type(clause.type, printer.original)];
    case "Count": {
      const next = { word: clause.unit.text };
      const count = printer.expression(clause.count, { ...position, level: Level.sum, next });
      return ["in ", count, " ", clause.unit.text];
    }
    case "Word":
      return [clause.word, " ", clause.name.text];
    case "Hints":
      return ["considering ", hints(clause.hints, end, printer)];
    case "Targets": {
      const entries = clause.targets.map((target) => ({
        span: target.span,
        print: () => printer.expression(target, free),
      }));
      const bracket = bracketOf("[", clause.targets, end, printer);
      return ["to ", laidOut(bracketed(printer.original, bracket, entries, square))];
    }
    case "Options":
      return laidOut(options(bracketOf("{", clause.options, end, printer), clause.options, printer));
    case "Then":
      return ["then ", bodyOrStatement(clause.body, position, printer)];
  }
}

function hints(nodes: readonly Hint[], end: number, printer: Printer): Doc {
  const { original } = printer;
  const print = ({ text, variant }: Hint): Doc => {
    const shown = printer.expression(text, { level: Level.default, next: { word: "=>" } });
    return [shown, " => ", printer.expression(variant, { level: Level.default })];
  };
  const entries = nodes.map((hint) => ({ span: hint.span, print: () => print(hint) }));
  return laidOut(bracketed(original, bracketOf("[", nodes, end, printer), entries, square));
}

// ── operands ──

const verbs: ReadonlySet<string> = new Set([...t.verbWords, "wait until"]);

function operand(form: Form, next: Next | undefined, head: boolean, printer: Printer): Doc {
  const { operand: what, verb } = form;
  if (what === undefined) return "";
  if (what.kind === "Name") return [" ", what.name.text, what.rest];
  if (what.kind === "Type") return [" ", extracted(what.type, printer)];
  const first = verbs.has(verb) ? ("operand" as const) : undefined;
  const { value } = what;
  // `send (a ?? b) to c`: both readings are possible for a person.
  const isLoose = verb === "send" && next?.word === "to" && (value.kind === "Logical" || value.kind === "Pipe");
  const isUntil = verb === "wait" && beginsWith("until", value);
  const level = isUntil ? Tight.closed : isLoose ? Tight.unary : what.level;
  return [" ", printer.expression(value, { level, next, head, first })];
}

/** `wait until …` is another form. */
function beginsWith(word: string, node: Expression): boolean {
  switch (node.kind) {
    case "Reference":
      return node.name === word;
    case "Binary":
    case "Logical":
    case "Pipe":
      return beginsWith(word, node.left);
    case "Cast":
      return beginsWith(word, node.value);
    case "Member":
    case "Assert":
    case "Index":
      return beginsWith(word, node.target);
    case "Call":
      return beginsWith(word, node.callee);
    default:
      return false;
  }
}

/** A type whose name is a clause word stands in parentheses, which only group it. */
function extracted(node: TypeNode, { original }: Printer): Doc {
  const first = node.kind === "NullableType" ? node.of : node;
  const doc = type(node, original);
  const isClause = first.kind === "NamedType" && t.clauseWords.some((word) => word === first.name.text);
  return isClause ? ["(", doc, ")"] : doc;
}
