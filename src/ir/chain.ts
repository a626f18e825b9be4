// `a?.b.c`: where `a` is none, the whole chain is. A chain is what follows a root by fields, indices and methods; it is
// lowered from its outermost link, as a whole. `env.NAME` left of `??` is such a root too: unset, the chain is none.

import type { Expression } from "../parser/ast.ts";
import type { Body } from "./body.ts";
import { stepEvaluator, withOperands } from "./evaluate-all.ts";
import type { Term } from "./kir.ts";
import { none } from "./literal.ts";
import { type Link, linkTerm, targetOf } from "./lower-strict.ts";

interface Chain {
  readonly root: Expression;
  readonly links: readonly ChainLink[];
}

interface ChainLink {
  readonly node: Link;
  readonly safe: boolean;
}

/** The chain that ends in this expression, if one of its links can cut it short. */
function chainOf(f: Body, node: Expression): Chain | undefined {
  const links: ChainLink[] = [];
  let root = node;
  for (let target = targetOf(f, root); target !== undefined && !f.has(root); target = targetOf(f, root)) {
    links.unshift({ node: root as Link, safe: isSafe(root as Link) });
    root = target;
  }
  const [first, ...rest] = links;
  if (first === undefined) return undefined;
  const chain = { root, links: isNoneSafe(f, root) ? [{ ...first, safe: true }, ...rest] : links };
  return chain.links.some((link) => link.safe) ? chain : undefined;
}

function isSafe(link: Link): boolean {
  const member = link.kind === "Call" ? link.callee : link;
  return member.kind === "Member" && member.safe;
}

function isNoneSafe(f: Body, root: Expression): boolean {
  const member = root.kind === "Member" ? f.unit.checked.members.get(root) : undefined;
  return member?.kind === "Env" && member.noneSafe;
}

export function chainTerm(f: Body, node: Expression): Term | undefined {
  const chain = chainOf(f, node);
  return chain === undefined ? undefined : linked(f, f.term(chain.root), chain.links);
}

function linked(f: Body, of: Term, links: readonly ChainLink[]): Term {
  const [link, ...rest] = links;
  if (link === undefined) return of;
  const apply = (target: Term): Term => {
    return withOperands(f, (evaluator) => linkTerm(f, link.node, evaluator, { kind: "Done", term: target }));
  };
  if (!link.safe) return linked(f, apply(of), rest);
  const slot = f.slot();
  return { kind: "Chain", of, slot, then: linked(f, apply({ kind: "Slot", slot }), rest) };
}

/** Lowers a chain to steps, its value to `slot`; false where the expression is no chain that can be cut short. */
export function chainSteps(f: Body, node: Expression, slot: number): boolean {
  const chain = chainOf(f, node);
  if (chain === undefined) return false;
  const cut = f.label();
  const end = f.label();
  let of = f.value(chain.root);
  for (const link of chain.links) {
    if (link.safe) {
      const there = f.label();
      of = f.spill(of);
      f.branch({ kind: "IsNone", of }, cut, there);
      f.place(there);
    }
    of = linkTerm(f, link.node, stepEvaluator(f), { kind: "Done", term: of });
  }
  f.eval(of, slot);
  f.jump(end);
  f.place(cut);
  f.eval(none, slot);
  f.place(end);
  return true;
}
