// The `where` of a fetch: a pure function of one item, which a connection may call as often as it likes. What it reads
// of the world around it (`env`, `now`, `self`) is read once, before the fetch, and captured; anything else that has
// an effect has no place in it.

import type { Expression, Fetch, Node } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import { Body, type Key } from "./body.ts";
import { effect, state } from "./facts.ts";
import type { Term } from "./kir.ts";
import { yes } from "./literal.ts";
import { capturesOf, closure, lambdaId } from "./lower-functions.ts";

export function whereTerm(f: Body, node: Fetch, where: Expression): Term {
  for (const read of readsOf(f, where)) {
    if (f.has(read)) continue;
    const slot = f.slot();
    f.into(read, slot);
    f.share(read, slot);
  }
  const refused = effectOf(f, where);
  if (refused !== undefined) {
    f.unit.refuse(refused, "a `where` with effects");
    return yes;
  }
  const id = lambdaId(f);
  const captures = capturesOf(f, [where]);
  const body = new Body(f.unit, id, { form: "Pure", agent: f.agent, captures, parameters: [node] });
  body.finish(body.term(where));
  return closure(f, id, captures);
}

/** What is read before the fetch. */
function readsOf(f: Body, where: Expression): readonly (Key & Expression)[] {
  const { members, references } = f.unit.checked;
  return everything(where).filter((node): node is Key & Expression => {
    if (node.kind === "Reference") return references.get(node)?.kind === "Now";
    const kind = node.kind === "Member" ? members.get(node)?.kind : undefined;
    return kind === "Env" || kind === "State";
  });
}

function effectOf(f: Body, where: Expression): Node | undefined {
  return everything(where).find((node) => !f.has(node as Key) && (f.facts.alone(node) & (effect | state)) !== 0);
}

function everything(root: Node): readonly Node[] {
  const found: Node[] = [];
  const work = [root];
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    found.push(node);
    work.push(...[...children(node)].reverse());
  }
  return found;
}
