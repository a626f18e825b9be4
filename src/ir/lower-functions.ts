// Where functions come from: tasks, lambdas, the blocks of timers, the `where` of a fetch, constants and defaults.
// A function inside of another is lifted: what it reads of its surroundings becomes its captures, in the order in
// which it mentions them. A task that is pure in itself but given a function with effects is made a second time, as
// `NAME!`; both come from the one text.

import { isPrimitive } from "../checker/type.ts";
import type { BindingNode } from "../checker/checked.ts";
import type { Bind, Expression, Lambda, Node, NodeOf, Parameter, TaskDeclaration } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import { invariant } from "../source/invariant.ts";
import { Body, type Key } from "./body.ts";
import type { ClosureTerm, Term } from "./kir.ts";
import { literalOf, none } from "./literal.ts";
import { sequence } from "./sequence.ts";
import { tail } from "./tail.ts";
import type { Unit } from "./unit.ts";

/** The id of a task's function. `open`: it is given functions that have effects. */
export function taskFunction(unit: Unit, task: TaskDeclaration, open: boolean): string {
  const agent = unit.agentOf(task);
  const steps = unit.closed.taskNeedsSteps(task);
  const id = `${taskId(unit, task)}${open && !steps ? "!" : ""}`;
  unit.ask(id, () => {
    const body = new Body(unit, id, { form: steps || open ? "Steps" : "Pure", agent, parameters: task.parameters });
    finish(body, task.body);
  });
  return id;
}

function taskId(unit: Unit, task: TaskDeclaration): string {
  const agent = unit.agentOf(task);
  if (agent !== undefined) return `${unit.agentName(agent)}.${task.name.text}`;
  const id = unit.prefixOf(task) + task.name.text;
  return id === "main" ? "task main" : id;
}

/** Lowers what the function gives, and ends it. */
function finish(body: Body, node: Expression): void {
  if (body.form === "Pure") return body.finish(tail(body, node), node);
  if (body.unit.givesNone(node)) return finishHandler(body, node);
  const given = body.value(node);
  body.from(node, () => body.emit({ kind: "Return", value: given }));
  body.finish();
}

/** A function that nobody wants a value of: a handler, a tick, a timer's block. */
export function finishHandler(body: Body, node: Expression): void {
  body.run(node);
  body.emit({ kind: "Return", value: none });
  body.finish();
}

export function lambdaTerm(f: Body, node: Lambda): ClosureTerm {
  const id = lambdaId(f);
  const captures = capturesOf(f, [node]);
  const form = f.facts.lambdaNeedsSteps(node) ? "Steps" : "Pure";
  const body = new Body(f.unit, id, { form, agent: f.agent, captures, parameters: node.parameters });
  if (isUnwanted(f, node)) finishUnwanted(body, node.body);
  else finish(body, node.body);
  return closure(f, id, captures);
}

/** Where a function without a value is expected, that of a lambda is none whatever its body gives. */
function isUnwanted(f: Body, node: Lambda): boolean {
  const type = f.unit.type(node);
  return type.kind === "Function" && isPrimitive(type.result, "none");
}

function finishUnwanted(body: Body, node: Expression): void {
  if (body.form === "Pure") return body.finish(sequence([body.term(node, false), none]), node);
  return finishHandler(body, node);
}

/** `handle~1`, by the order of the text. */
export function lambdaId(f: Body): string {
  return `${f.id}~${f.ordinal("~")}`;
}

export function blockTerm(f: Body, node: NodeOf<"After">): ClosureTerm {
  const id = `${f.id}/after#${f.ordinal("/after")}`;
  const captures = capturesOf(f, [node.body]);
  finishHandler(new Body(f.unit, id, { form: "Steps", agent: f.agent, captures }), node.body);
  return closure(f, id, captures);
}

export function closure(f: Body, id: string, captures: readonly Key[]): ClosureTerm {
  return { kind: "Closure", function: id, captures: captures.map((key) => captured(f, key)) };
}

function captured(f: Body, key: Key): Term {
  return f.slotTerm(key) ?? readBinding(f, key as Bind);
}

/** What the nodes read of the function around them. */
export function capturesOf(f: Body, roots: readonly Node[]): readonly Key[] {
  const own = new Set<Node>();
  const mentioned = new Set<Key>();
  const work: Node[] = [...roots].reverse();
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    own.add(node);
    const key = keyOf(f, node);
    if (key !== undefined) mentioned.add(key);
    work.push(...[...children(node)].reverse());
  }
  return [...mentioned].filter((key) => f.has(key) && (!own.has(key) || isReadAhead(key)));
}

function isReadAhead(key: Key): boolean {
  return key.kind === "Member" || key.kind === "Reference";
}

function keyOf(f: Body, node: Node): Key | undefined {
  if (node.kind === "Member") return f.has(node) ? node : undefined;
  if (node.kind !== "Reference") return undefined;
  if (f.has(node)) return node;
  const referent = f.unit.checked.references.get(node);
  if (referent?.kind === "Local") return referent.binding.node;
  return referent?.kind === "ItemField" ? referent.fetch : undefined;
}

/** A binding's slot; a top-level binding that has none here is a constant. */
export function readBinding(f: Body, node: BindingNode): Term {
  const slot = f.slotTerm(node);
  if (slot !== undefined) return slot;
  invariant(node.kind === "Bind" && f.unit.constantId(node) !== undefined, `an unbound name in ${f.id}`);
  return { kind: "Constant", function: constantFunction(f.unit, node) };
}

/** The function of a top-level binding that tasks and agents see. */
export function constantFunction(unit: Unit, node: Bind): string {
  const id = unit.constantId(node) ?? `const ${node.name.text}`;
  unit.ask(id, () => {
    const body = new Body(unit, id, { form: "Pure", agent: undefined });
    if (unit.closed.needsSteps(node.value)) {
      unit.refuse(node, `a constant whose value has effects, '${node.name.text}',`);
      return body.finish(none);
    }
    body.finish(body.term(node.value));
  });
  return id;
}

/** A default that is the same for every call, as its literal. */
export function plainDefault(unit: Unit, parameter: Parameter): Term | undefined {
  if (parameter.value === undefined) return none;
  const type = unit.checked.bindings.get(parameter)?.type;
  return literalOf(parameter.value, type !== undefined && isPrimitive(type, "float"));
}

/** `compose?tone`: the default of a parameter, from the parameters before it. */
export function defaultFunction(unit: Unit, task: TaskDeclaration, at: number): string {
  const parameter = task.parameters[at];
  const agent = unit.agentOf(task);
  const id = `${taskId(unit, task)}?${parameter?.name.text}`;
  unit.ask(id, () => {
    const body = new Body(unit, id, { form: "Pure", agent, parameters: task.parameters.slice(0, at) });
    body.finish(parameter?.value === undefined ? none : body.term(parameter.value));
  });
  return id;
}

/** A built-in as a value. */
export function builtinFunction(unit: Unit, builtin: string, arity: number): string {
  const id = `builtin ${builtin}`;
  unit.ask(id, () => {
    const slots = Array.from({ length: arity }, (_, slot): Term => ({ kind: "Slot", slot }));
    const shape = { captures: 0, parameters: arity, slots: arity };
    unit.functions.set(id, { kind: "Pure", ...shape, body: { kind: "Builtin", id: builtin, arguments: slots } });
  });
  return id;
}
