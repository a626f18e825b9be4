// Expressions with effects, in A-normal form (Flanagan, Sabry, Duba, Felleisen 1993): what has an effect becomes a step
// whose value is a slot, what has none stays a term. Three ways to ask for an expression: its value, its value in a
// given slot, or nothing but what it does.

import type { Expression, NodeOf } from "../parser/ast.ts";
import { Bug } from "../source/invariant.ts";
import type { Body, Destination } from "./body.ts";
import { chainSteps } from "./chain.ts";
import { stepEvaluator } from "./evaluate-all.ts";
import type { Term } from "./kir.ts";
import { none } from "./literal.ts";
import { controlSteps, isControl } from "./lower-control.ts";
import { effectSteps, isEffect } from "./lower-effects.ts";
import { isOperation, operationSteps } from "./lower-models.ts";
import { isStrict, strictTerm, targetOf } from "./lower-strict.ts";
import { spineHeads } from "./spine.ts";

/** The value, as a term to be used before anything else is emitted. */
export function value(f: Body, node: Expression): Term {
  const ahead = f.slotTerm(node);
  if (ahead !== undefined) return ahead;
  headsAhead(f, node);
  if (!isStep(f, node)) return f.term(node);
  if (isStrict(node) && targetOf(f, node) === undefined) return strictSteps(f, node);
  const slot = f.slot();
  steps(f, node, { slot });
  return { kind: "Slot", slot };
}

/** Puts the value into a slot. */
export function into(f: Body, node: Expression, slot: number): void {
  const ahead = f.slotTerm(node);
  if (ahead !== undefined) return f.eval(ahead, slot);
  headsAhead(f, node);
  if (isStep(f, node)) steps(f, node, { slot });
  else f.eval(f.term(node), slot);
}

/** Does what the expression does. */
export function run(f: Body, node: Expression): void {
  headsAhead(f, node);
  if (isStep(f, node)) steps(f, node, {});
  else f.eval(f.term(node, false));
}

function isStep(f: Body, node: Expression): boolean {
  return f.facts.needsSteps(node) || node.kind === "Fail";
}

function headsAhead(f: Body, node: Expression): void {
  if (!f.facts.needsSteps(node)) return;
  for (const head of spineHeads(f, node)) {
    const slot = f.slot();
    f.into(head, slot);
    f.share(head, slot);
  }
}

function strictSteps(f: Body, node: Parameters<typeof strictTerm>[1], destination?: Destination): Term {
  return f.unit.nested<Term>(node, none, () => strictTerm(f, node, stepEvaluator(f), destination));
}

function steps(f: Body, node: Expression, destination: Destination): void {
  const { slot } = destination;
  if (isStrict(node)) {
    const chained = f.slotTerm(node) === undefined && targetOf(f, node) !== undefined;
    if (chained && f.unit.nested(node, true, () => chainSteps(f, node, slot ?? f.slot()))) return;
    f.eval(strictSteps(f, node, destination), slot);
    return;
  }
  f.unit.nested<void>(node, undefined, () => {
    if (isControl(node)) return controlSteps(f, node, slot);
    if (isEffect(node)) return effectSteps(f, node, slot);
    if (isOperation(node)) return operationSteps(f, node, slot);
    if (node.kind === "Reference") return nowSteps(f, node, slot);
    throw new Bug(`${node.kind} as a step in ${f.id}`);
  });
}

function nowSteps(f: Body, node: NodeOf<"Reference">, slot: number | undefined): void {
  const kind = f.unit.checked.references.get(node)?.kind;
  if (kind === "Now") f.perform("now", node, [], { kind: "Now", given: {} }, slot);
  else f.unit.refuse(node, `'${node.name}' as a value`);
}
