// Before a body is looked at: what it asks for that is not worked out yet. A task whose result is not written down, or a
// constant, is checked before the body that names it, so that asking nests no deeper than one, however long the chain.
// Depth-first, with a list for a stack; a circle is met where it is asked for, and reported there.

import type { Bind, Destructure, Node, TaskDeclaration } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Context, TopBinding } from "./context.ts";
import { topIndex } from "./top-level.ts";

export type Wanted = TaskDeclaration | Bind | Destructure;

/** What `root` asks for, what is asked for first in front. `root` itself is not in it. */
export function wantedBefore(cx: Context, root: Wanted): readonly Wanted[] {
  const seen = new Set<Wanted>();
  const order: Wanted[] = [];
  const stack: { node: Wanted; next: Wanted[] }[] = [];
  const enter = (node: Wanted): void => {
    if (seen.has(node)) return;
    seen.add(node);
    stack.push({ node, next: mentioned(cx, node) });
  };
  enter(root);
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const next = top.next.pop();
    if (next !== undefined) enter(next);
    else {
      if (top.node !== root) order.push(top.node);
      stack.pop();
    }
  }
  return order;
}

function isOpen(cx: Context, node: Wanted): boolean {
  return node.kind === "TaskDeclaration"
    ? node.result === undefined && !cx.shared.results.has(node)
    : !cx.shared.topTypes.has(node);
}

/** Tasks without a written result and bindings of the top level whose names stand in the body. */
function mentioned(here: Context, from: Wanted): Wanted[] {
  const cx = here.homeOf(from);
  const found = new Set<Wanted>();
  const agent = from.kind === "TaskDeclaration" ? cx.shared.ownerOf.get(from) : undefined;
  const before = from.kind === "TaskDeclaration" ? Infinity : topIndex(cx, from);
  const add = (node: Wanted | undefined): void => {
    if (node !== undefined && isOpen(cx, node)) found.add(node);
  };
  const stack: Node[] = [from.kind === "TaskDeclaration" ? from.body : from.value];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const child of children(node)) stack.push(child);
    if (node.kind === "Delegate") add(cx.agents.get(node.to.text)?.tasks.get(node.task.text));
    if (node.kind !== "Reference") continue;
    add(agent?.tasks.get(node.name));
    add(cx.tasks.get(node.name));
    add(visible(cx.top.get(node.name), before)?.statement ?? cx.constants.get(node.name)?.statement);
  }
  return [...found];
}

/** From a task only what is bound once; in `main` the nearest above. */
function visible(bindings: readonly TopBinding[] | undefined, before: number): TopBinding | undefined {
  if (before !== Infinity) return bindings?.findLast(({ index }) => index < before);
  return bindings?.length === 1 ? bindings[0] : undefined;
}
