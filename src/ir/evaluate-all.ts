// Operands in their order. Evaluation is in the order of the text; a call or a literal wants them in an order of its
// own. Whatever could be seen to change place (anything but a literal or a slot) goes to a slot first: where the two
// orders differ, and where an operand further right has an effect.

import type { Expression } from "../parser/ast.ts";
import type { Body } from "./body.ts";
import type { Term } from "./kir.ts";
import { none } from "./literal.ts";

/** How operands are evaluated: to terms with slots set inside of a term, or to steps. */
export interface Evaluator {
  readonly steps: boolean;
  of(node: Expression): Term;
  spill(term: Term): Term;
}

export function stepEvaluator(f: Body): Evaluator {
  return { steps: true, of: (node) => f.value(node), spill: (one) => f.spill(one) };
}

/** Builds a term whose operands may have to be put into slots before it. */
export function withOperands(f: Body, build: (evaluator: Evaluator) => Term): Term {
  const sets: Term[] = [];
  const spill = (one: Term): Term => {
    const slot = f.slot();
    sets.push({ kind: "Set", slot, value: one });
    return { kind: "Slot", slot };
  };
  const built = build({ steps: false, of: (node) => f.term(node), spill });
  return sets.length === 0 ? built : { kind: "Do", body: [...sets, built] };
}

/** An operand that is evaluated already comes before all others. */
export type Operand = Expression | { readonly kind: "Done"; readonly term: Term };

/** `keep`: every operand will be read more than once, so it has to be a slot or a literal. */
export function evaluateAll(f: Body, by: Evaluator, operands: readonly Operand[], keep = false): readonly Term[] {
  const start = (operand: Operand): number => (operand.kind === "Done" ? -1 : operand.span.start);
  const terms: Term[] = operands.map((operand) => (operand.kind === "Done" ? operand.term : none));
  const pending = operands.flatMap((operand, index) => (isSettled(operand) ? [] : [{ operand, index }]));
  const ordered = pending.toSorted((a, b) => start(a.operand) - start(b.operand));
  const moved = ordered.some((one, at) => one.index !== pending[at]?.index);
  const needs = (operand: Operand): boolean => operand.kind !== "Done" && by.steps && f.facts.needsSteps(operand);
  const last = ordered.findLastIndex(({ operand }) => needs(operand));
  for (const [at, { operand, index }] of ordered.entries()) {
    const one = operand.kind === "Done" ? operand.term : by.of(operand);
    terms[index] = (keep || moved || at < last) && !isStable(one) ? by.spill(one) : one;
  }
  return terms;
}

function isSettled(operand: Operand): boolean {
  return operand.kind === "Done" && isStable(operand.term);
}

/** Whether a term gives the same value now and later, and raises nothing. */
export function isStable(one: Term): boolean {
  return one.kind === "Literal" || one.kind === "Slot" || one.kind === "Input";
}
