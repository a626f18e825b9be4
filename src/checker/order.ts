// The order in which tasks are checked: a task whose result is not written down comes before the tasks that call it, so
// that asking for results nests no deeper than one, however long the chain of calls. Depth-first, with a list for a
// stack; a circle keeps the order of the text and is reported where it is asked for.

import type { Node, TaskDeclaration } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Context } from "./context.ts";

export function tasksInOrder(cx: Context): readonly TaskDeclaration[] {
  const all = [...cx.ownerOf.keys(), ...cx.tasks.values(), ...duplicates(cx)];
  const byName = new Map<string, TaskDeclaration[]>();
  for (const task of all) byName.set(task.name.text, [...(byName.get(task.name.text) ?? []), task]);
  const done = new Set<TaskDeclaration>();
  const order: TaskDeclaration[] = [];
  for (const root of all) {
    const stack: { task: TaskDeclaration; next: TaskDeclaration[] }[] = [];
    const enter = (task: TaskDeclaration): void => {
      if (done.has(task)) return;
      done.add(task);
      stack.push({ task, next: mentioned(cx, task, byName) });
    };
    enter(root);
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.next.pop();
      if (next !== undefined) enter(next);
      else {
        order.push(top.task);
        stack.pop();
      }
    }
  }
  return order;
}

/** Tasks of the top level that a task of the same name hides: they are checked too. */
function duplicates(cx: Context): TaskDeclaration[] {
  return cx.program.items.flatMap((item) =>
    item.kind === "TaskDeclaration" && cx.tasks.get(item.name.text) !== item ? [item] : [],
  );
}

/** Tasks whose name stands in the body; constants are looked through. */
function mentioned(
  cx: Context,
  task: TaskDeclaration,
  byName: ReadonlyMap<string, readonly TaskDeclaration[]>,
): TaskDeclaration[] {
  const found = new Set<TaskDeclaration>();
  const constants = new Set<Node>();
  const stack: Node[] = [task.body];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const name =
      node.kind === "Reference" ? node.name : node.kind === "Delegate" ? node.task.text : undefined;
    if (name !== undefined) {
      for (const other of byName.get(name) ?? []) if (other.result === undefined) found.add(other);
      const constant = cx.top.get(name)?.[0]?.statement;
      if (constant !== undefined && !constants.has(constant)) {
        constants.add(constant);
        stack.push(constant.value);
      }
    }
    for (const child of children(node)) stack.push(child);
  }
  return [...found];
}
