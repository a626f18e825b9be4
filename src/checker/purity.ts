// What must have no effects: constants that tasks and agents see, and defaults of parameters and inputs. A constant counts as one
// only if everything its value reads is one too, since it is evaluated on first use.

import type { Bind, InputDeclaration, Node, Parameter } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Referent } from "./checked.ts";
import type { Context } from "./context.ts";
import type { Effects } from "./effects.ts";

export function checkConstants(cx: Context, effects: Effects): void {
  const reasons = new Map<Bind, string | undefined>();
  const stack: Node[] = [cx.program];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    for (const child of children(node)) stack.push(child);
    if (node.kind === "Parameter") checkDefault(cx, effects, node);
    if (node.kind === "InputDeclaration") checkInputDefault(cx, effects, node);
    if (node.kind !== "Reference") continue;
    const referent = cx.facts.references.get(node);
    if (referent?.kind !== "Constant") continue;
    const reason = whyNot(cx, effects, referent.node, reasons);
    if (reason === undefined) continue;
    const related = [{ span: referent.node.name.span, message: "bound here" }];
    const help = "tasks and agents see constants only: give the value as an argument";
    cx.report("K1012", node.span, { name: node.name, reason }, { related, help });
  }
}

/** It is worked out before there are inputs. */
function checkInputDefault(cx: Context, effects: Effects, node: InputDeclaration): void {
  checkDefault(cx, effects, node);
  const other = node.value === undefined ? undefined : inputReadBy(cx, node.value);
  if (node.value === undefined || other === undefined) return;
  cx.report("K1025", node.value.span, { name: node.name.text, other });
}

/** An input that a value reads, itself or through constants and tasks. */
function inputReadBy(cx: Context, value: Node): string | undefined {
  const seen = new Set<Node>([value]);
  const stack: Node[] = [value];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const referent = node.kind === "Reference" ? cx.facts.references.get(node) : undefined;
    if (referent?.kind === "Input") return referent.node.name.text;
    const next = [...children(node), ...readThrough(referent), ...calledBy(cx, node)];
    for (const each of next) {
      if (seen.has(each)) continue;
      seen.add(each);
      stack.push(each);
    }
  }
  return undefined;
}

function readThrough(referent: Referent | undefined): readonly Node[] {
  if (referent?.kind === "Constant") return [referent.node.value];
  if (referent?.kind === "Task") return [referent.task.body];
  const bound = referent?.kind === "Local" ? referent.binding.node : undefined;
  return bound?.kind === "Bind" ? [bound.value] : [];
}

function calledBy(cx: Context, node: Node): readonly Node[] {
  const target = node.kind === "Call" || node.kind === "Pipe" ? cx.facts.calls.get(node) : undefined;
  return target?.kind === "Task" ? [target.task.body, ...target.task.parameters] : [];
}

function checkDefault(cx: Context, effects: Effects, node: Parameter | InputDeclaration): void {
  if (node.value !== undefined && effects.hasEffect(node.value)) {
    cx.report("K4004", node.value.span, { what: "A default" });
  }
}

/** Why a binding of the top level is no constant. */
function whyNot(cx: Context, effects: Effects, root: Bind, reasons: Map<Bind, string | undefined>): string | undefined {
  if (reasons.has(root)) return reasons.get(root);
  const seen = new Set<Bind>([root]);
  const stack: Bind[] = [root];
  let reason: string | undefined;
  for (let node = stack.pop(); node !== undefined && reason === undefined; node = stack.pop()) {
    if (effects.hasEffect(node.value)) reason = "its value has effects";
    for (const bind of readBy(cx, node)) {
      if (bind === "Changing") reason ??= "its value reads a name that is bound more than once";
      else if (!seen.has(bind)) {
        seen.add(bind);
        stack.push(bind);
      }
    }
  }
  reasons.set(root, reason);
  return reason;
}

/** The bindings of the top level that a value reads. */
function readBy(here: Context, node: Bind): (Bind | "Changing")[] {
  const cx = here.homeOf(node);
  const found: (Bind | "Changing")[] = [];
  const stack: Node[] = [node.value];
  for (let at = stack.pop(); at !== undefined; at = stack.pop()) {
    for (const child of children(at)) stack.push(child);
    if (at.kind !== "Reference") continue;
    const referent = cx.facts.references.get(at);
    if (referent?.kind === "Constant") found.push(referent.node);
    if (referent?.kind !== "Local") continue;
    const bound = referent.binding.node;
    if (!cx.top.get(at.name)?.some((top) => top.node === bound)) continue;
    const isOnly = cx.top.get(at.name)?.length === 1;
    found.push(isOnly && bound.kind === "Bind" ? bound : "Changing");
  }
  return found;
}
