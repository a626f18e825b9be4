// A program in the one style, `docs/language/formatting.md`. What is wrong in its syntax is said instead: a text that
// cannot be read is not rewritten. The tree of the result is that of the text, always: it is read back and compared, so
// a fault of ours can never change a program.

import { lex } from "../lexer/lex.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import { invariant } from "../source/invariant.ts";
import { Source } from "../source/text.ts";
import type { Item, Program } from "./ast.ts";
import { fitsOneLine, hardline, render, type Doc } from "./doc.ts";
import { isDeclaration, statements } from "./format-bodies.ts";
import { declaration } from "./format-declarations.ts";
import { printerOf } from "./format-expressions.ts";
import { Original } from "./format-original.ts";
import { collect, stack, type Apart } from "./format-sequence.ts";
import { parse } from "./parse.ts";
import { sameTree } from "./same-tree.ts";

const width = 100;

export interface Formatted {
  /** The text, unless there are errors. */
  readonly text: string | undefined;
  readonly diagnostics: readonly Diagnostic[];
}

export function format(source: Source): Formatted {
  const { program, diagnostics } = parse(source);
  if (diagnostics.some(({ severity }) => severity === "error")) return { text: undefined, diagnostics };
  const text = print(program, source);
  const again = parse(new Source(source.name, text));
  invariant(sameTree(program, again.program), `the formatter would have changed the meaning of ${source.name}`);
  return { text, diagnostics };
}

function print(program: Program, source: Source): string {
  const printer = printerOf(new Original(source, lex(source)));
  const { items } = program;
  const plain = statements(items, printer);
  const entries = items.map((item, index) => {
    const print = isDeclaration(item) ? () => declaration(item, printer) : plain[index]?.print;
    return { span: item.span, print: print ?? (() => "") };
  });
  const apart: Apart = (above, below, index) => isApart(items[index - 1], items[index], above, below);
  const found = collect(printer.original, entries, { start: 0, end: Infinity }, apart);
  const lead = found.lead === undefined ? [] : [found.lead, hardline];
  return found.rows.length === 0 ? "" : `${render([lead, stack(found)], width)}\n`;
}

/** Declarations stand apart; those of one kind that take one line each may stand together. */
function isApart(first: Item | undefined, second: Item | undefined, above: Doc, below: Doc): boolean {
  if (first === undefined || second === undefined) return false;
  if (!isDeclaration(first) && !isDeclaration(second)) return false;
  return first.kind !== second.kind || !fitsOneLine(above, width) || !fitsOneLine(below, width);
}
