// What must have no effects: constants that tasks and agents see, and defaults of parameters and inputs. A constant counts as one
// only if everything its value reads is one too, since it is evaluated on first use.

import type { Bind, InputDeclaration, Node, Parameter } from "../parser/ast.ts";
import { children, walk } from "../parser/walk.ts";
import type { Referent } from "./checked.ts";
import { gather } from "./components.ts";
import type { Context } from "./context.ts";
import type { Effects } from "./effects.ts";

export function checkConstants(all: readonly Context[], effects: Effects): void {
  const reasons = reasonsOf(all, effects);
  const inputs = inputsReadBy(all);
  for (const cx of all) {
    walk(cx.program, (node) => {
      if (node.kind === "Parameter") checkDefault(cx, effects, node);
      if (node.kind === "InputDeclaration") checkInputDefault(cx, effects, node, inputs);
      if (node.kind !== "Reference") return;
      const referent = cx.facts.references.get(node);
      if (referent?.kind !== "Constant") return;
      const [reason] = reasons.get(referent.node) ?? [];
      if (reason === undefined) return;
      const related = [{ span: referent.node.name.span, message: "bound here" }];
      const help = "tasks and agents see constants only: give the value as an argument";
      cx.report("K1012", node.span, { name: node.name, reason }, { related, help });
    });
  }
}

function checkDefault(cx: Context, effects: Effects, node: Parameter | InputDeclaration): void {
  if (node.value !== undefined && effects.hasEffect(node.value)) {
    cx.report("K4004", node.value.span, { what: "A default" });
  }
}

/** It is worked out before there are inputs. */
function checkInputDefault(cx: Context, effects: Effects, node: InputDeclaration, inputs: InputsRead): void {
  checkDefault(cx, effects, node);
  if (node.value === undefined) return;
  const [other] = inputs.get(node.value) ?? [];
  if (other !== undefined) cx.report("K1025", node.value.span, { name: node.name.text, other: other.name.text });
}

/** The inputs that a piece of a program reads, itself or through constants and tasks. */
type InputsRead = ReadonlyMap<Node, ReadonlySet<InputDeclaration>>;

/** What stands in a piece of a program: inputs, and the constants and tasks by which it goes on. */
interface Reads {
  readonly inputs: readonly InputDeclaration[];
  readonly through: readonly Node[];
}

function inputsReadBy(all: readonly Context[]): InputsRead {
  const known = new Map<Node, Reads>();
  const readsOf = (cx: Context, node: Node): Reads => {
    let reads = known.get(node);
    if (reads === undefined) known.set(node, (reads = look(cx, node)));
    return reads;
  };
  const found = new Map<Node, ReadonlySet<InputDeclaration>>();
  for (const cx of all) {
    const defaults = [...cx.inputs.values()].flatMap(({ value }) => (value === undefined ? [] : [value]));
    const read = gather(
      defaults,
      (node: Node) => readsOf(cx, node).through,
      (node) => readsOf(cx, node).inputs,
    );
    for (const value of defaults) found.set(value, read.get(value) ?? new Set());
  }
  return found;
}

function look(cx: Context, root: Node): Reads {
  const inputs: InputDeclaration[] = [];
  const through: Node[] = [];
  walk(root, (node) => {
    const referent = node.kind === "Reference" ? cx.facts.references.get(node) : undefined;
    if (referent?.kind === "Input") inputs.push(referent.node);
    through.push(...readThrough(referent), ...calledBy(cx, node));
  });
  return { inputs, through };
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

/** Why a binding of the top level is no constant: nothing where it is one. */
function reasonsOf(all: readonly Context[], effects: Effects): ReadonlyMap<Bind, ReadonlySet<string>> {
  const [cx] = all;
  if (cx === undefined) return new Map();
  const constants = new Set<Bind>();
  for (const each of cx.facts.references.values()) if (each.kind === "Constant") constants.add(each.node);
  const reads = new Map<Bind, readonly (Bind | "Changing")[]>();
  const readsOf = (node: Bind): readonly (Bind | "Changing")[] => {
    let found = reads.get(node);
    if (found === undefined) reads.set(node, (found = readBy(cx, node)));
    return found;
  };
  return gather(
    constants,
    (node) => readsOf(node).filter((each) => each !== "Changing"),
    (node) => [
      ...(effects.hasEffect(node.value) ? ["its value has effects"] : []),
      ...(readsOf(node).includes("Changing") ? ["its value reads a name that is bound more than once"] : []),
    ],
  );
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
