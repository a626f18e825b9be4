// Text → tree. Never throws: what is wrong becomes diagnostics, in the order of the text, at most a screenful of them.
//
// Every later pass walks the tree recursively, so no tree leaves here that is deeper than `heightLimit`: brackets and
// rules within rules are counted while parsing, chains (`a.b.c…`) are measured afterwards where they are long. Chains of
// operators (`a + b + …`) are walked in loops and may be as long as they like.

import { lex } from "../lexer/lex.ts";
import { diagnose } from "../source/codes.ts";
import type { Diagnostic } from "../source/diagnostic.ts";
import type { Source, Span } from "../source/text.ts";
import type { Item, Node, Program } from "./ast.ts";
import { Grammar } from "./grammar-declarations.ts";
import { children } from "./walk.ts";

export interface Parsed {
  readonly program: Program;
  readonly diagnostics: Diagnostic[];
}

const shownLimit = 20;
const heightLimit = 500;

/** Building the grammar costs more than parsing most programs: built when there is a text to parse, and once. */
let grammar: Grammar | undefined;

export function parse(source: Source): Parsed {
  const lexed = lex(source);
  const span = { start: 0, end: source.text.length };
  if (lexed.cut) return { program: { kind: "Program", items: [], span }, diagnostics: inOrder(lexed.diagnostics) };
  grammar ??= new Grammar();
  const { items, lost, diagnostics, usable } = grammar.read(source, lexed);
  if (!usable) grammar = undefined;
  const kept: Item[] = [];
  for (const { item, links } of items) {
    const tooDeep = links > heightLimit / 2 ? deepNode(item) : undefined;
    if (tooDeep === undefined) kept.push(item);
    else diagnostics.push(diagnose("K0010", firstOf(tooDeep.span), {}));
  }
  const all = inOrder([...withoutEchoes(source, lexed.diagnostics), ...diagnostics]);
  return { program: { kind: "Program", items: kept, ...(lost.length === 0 ? {} : { lost }), span }, diagnostics: all };
}

/** A node of `root` that is deeper than any pass may be asked to walk; found without recursion. */
function deepNode(root: Node): Node | undefined {
  const stack: { node: Node; height: number }[] = [{ node: root, height: 0 }];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    const { node, height } = at;
    if (height > heightLimit) return node;
    for (const child of children(node)) stack.push({ node: child, height: height + (goesOn(node, child) ? 0 : 1) });
  }
  return undefined;
}

/** `a + b + c`: a chain of one kind of operator leans left, and every pass walks along it in a loop. */
function goesOn(node: Node, child: Node): boolean {
  if (node.kind === "Binary") return child.kind === "Binary" && child === node.left;
  if (node.kind === "Pipe") return child.kind === "Pipe" && child === node.left;
  if (node.kind !== "Logical" || child.kind !== "Logical" || child !== node.left) return false;
  return child.operator === node.operator;
}

/** A text that does not end on its line takes the brackets behind it with it. */
function withoutEchoes(source: Source, diagnostics: readonly Diagnostic[]): readonly Diagnostic[] {
  const lineOf = ({ span }: Diagnostic): number => source.position(span.start).line;
  const cut = new Set(diagnostics.filter(({ code }) => code === "K0004" || code === "K0005").map(lineOf));
  return cut.size === 0 ? diagnostics : diagnostics.filter((each) => each.code !== "K0008" || !cut.has(lineOf(each)));
}

function firstOf(span: Span): Span {
  return { start: span.start, end: Math.min(span.end, span.start + 1) };
}

function inOrder(diagnostics: readonly Diagnostic[]): Diagnostic[] {
  const sorted = diagnostics.toSorted((a, b) => a.span.start - b.span.start);
  const shown = sorted.slice(0, shownLimit);
  const next = sorted[shownLimit];
  if (next !== undefined) shown.push(diagnose("K0022", next.span, { count: sorted.length - shownLimit }));
  return shown;
}
