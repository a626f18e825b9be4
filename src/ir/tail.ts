// The body of a pure function. `return` in a term is a signal that the host unwinds by; where nothing follows, a value
// does the same for nothing. So `if c { return a } ⏎ rest` becomes one If with the rest as its other branch.

import type { Block, Expression, If, Item } from "../parser/ast.ts";
import type { Body } from "./body.ts";
import type { Term } from "./kir.ts";
import { none } from "./literal.ts";
import { armTerms } from "./lower-patterns.ts";
import { sequence } from "./sequence.ts";

const deepest = 32;

/** The value of an expression with which the function ends. */
export function tail(f: Body, node: Expression): Term {
  return f.unit.nested<Term>(node, none, () => tailOf(f, node));
}

function tailOf(f: Body, node: Expression): Term {
  if (f.unit.givesNone(node) && node.kind !== "Return") return sequence([f.term(node, false), none]);
  if (node.kind === "Return") return node.value === undefined ? none : tail(f, node.value);
  if (node.kind === "Block") return tailItems(f, node.body, 0, deepest);
  if (node.kind === "If") return ifTail(f, node, node.otherwise === undefined ? undefined : tail(f, node.otherwise));
  if (node.kind !== "When") return f.term(node);
  const slot = f.slot();
  const value = f.term(node.subject);
  const arms = armTerms(f, node, { kind: "Slot", slot }, (body) => tail(f, body));
  return { kind: "Do", body: [{ kind: "Set", slot, value }, arms] };
}

function ifTail(f: Body, node: If, otherwise: Term | undefined): Term {
  const test = f.term(node.condition);
  const then = tail(f, node.then);
  return { kind: "If", test, then, ...(otherwise === undefined ? {} : { otherwise }) };
}

/** `left`: how many more returns may become branches in branches; those after them stay signals. */
function tailItems(f: Body, items: readonly Item[], from: number, left: number): Term {
  const before: Term[] = [];
  for (let at = from; at < items.length; at++) {
    const item = items[at] as Expression;
    if (at === items.length - 1) return sequence([...before, tail(f, item)]);
    if (left > 0 && item.kind === "If" && item.otherwise === undefined && leaves(item.then)) {
      const test = f.term(item.condition);
      const then = tail(f, item.then);
      const otherwise = f.unit.nested<Term>(item, none, () => tailItems(f, items, at + 1, left - 1));
      return sequence([...before, { kind: "If", test, then, otherwise }]);
    }
    before.push(f.term(item, false));
  }
  return sequence(before);
}

/** Whether a block always ends the function. */
function leaves(block: Block): boolean {
  const last = block.body.at(-1);
  if (last?.kind === "If") {
    return leaves(last.then) && last.otherwise !== undefined && leaves(asBlock(last.otherwise));
  }
  return last?.kind === "Return" || last?.kind === "Fail";
}

function asBlock(node: Block | If): Block {
  return node.kind === "Block" ? node : { kind: "Block", span: node.span, body: [node] };
}
