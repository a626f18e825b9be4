// Calls: tasks, methods, function values, variants. Arguments are evaluated in the order of the text and given in the
// order of the parameters; a default that is not a plain literal is a function of the parameters before it.

import type { CallTarget, Given } from "../checker/checked.ts";
import { isPrimitive } from "../checker/type.ts";
import type { Call, Expression, NodeOf, Pipe, TaskDeclaration } from "../parser/ast.ts";
import { invariant } from "../source/invariant.ts";
import { type Body, type Destination, to } from "./body.ts";
import { evaluateAll, type Evaluator, type Operand } from "./evaluate-all.ts";
import type { Step, Term } from "./kir.ts";
import { floatZero, none } from "./literal.ts";
import { operationCall } from "./lower-operations.ts";
import { defaultFunction, plainDefault, taskFunction } from "./lower-functions.ts";
import { enumShape } from "./shape.ts";
import { present } from "./unit.ts";

type Done = Operand & { readonly kind: "Done" };

/** `receiver`: the evaluated value that a method is called on, where a chain has it already. */
export function callStrict(f: Body, node: Call, by: Evaluator, destination?: Destination, receiver?: Done): Term {
  const target = f.unit.checked.calls.get(node);
  invariant(target !== undefined, `a call without a meaning in ${f.id}`);
  return called(f, node, target, undefined, by, destination, receiver);
}

export function pipeStrict(f: Body, node: Pipe, by: Evaluator, destination?: Destination): Term {
  const target = f.unit.checked.calls.get(node.right.kind === "Call" ? node.right : node);
  invariant(target !== undefined, `a pipe without a meaning in ${f.id}`);
  return called(f, node, target, node.left, by, destination, undefined);
}

/** The method that a call calls: what it is called on. */
export function methodOf(f: Body, node: Call): NodeOf<"Member"> | undefined {
  const target = f.unit.checked.calls.get(node);
  const isMethod = target?.kind === "Builtin" && target.receiver !== undefined && node.callee.kind === "Member";
  return isMethod && node.callee.kind === "Member" ? node.callee : undefined;
}

function called(
  f: Body,
  node: Call | Pipe,
  target: CallTarget,
  piped: Expression | undefined,
  by: Evaluator,
  destination: Destination | undefined,
  receiver: Done | undefined,
): Term {
  const steps = f.facts.callNeedsSteps(target, piped);
  const given = (one: Given): Operand => operandOf(f, one, piped);
  switch (target.kind) {
    case "Task": {
      const open = f.facts.opensTask(target.task, target.given, piped);
      const id = taskFunction(f.unit, target.task, open);
      const terms = taskArguments(f, target.task, target.given, piped, by);
      const call = { kind: "Call", function: id, arguments: terms } as const;
      return steps ? emitted(f, call, destination) : call;
    }
    case "Builtin": {
      const first = receiver ?? target.receiver;
      const operands = [
        ...(first === undefined ? [] : [first]),
        ...target.given.map(given),
        ...implied(f, node, target),
      ];
      const terms = evaluateAll(f, by, operands);
      if (steps) return emitted(f, { kind: "Fold", builtin: target.id, arguments: terms }, destination);
      return { kind: "Builtin", id: target.id, arguments: terms };
    }
    case "Value": {
      const [callee = none, ...rest] = evaluateAll(f, by, [target.callee, ...target.given.map(given)]);
      const call = { kind: "CallValue", callee, arguments: rest } as const;
      return steps ? emitted(f, call, destination) : call;
    }
    case "Variant": {
      const names = [...(target.enum.variants.get(target.variant)?.fields.keys() ?? [])];
      const present = names.flatMap((name) => {
        const value = target.fields.get(name);
        return value === undefined ? [] : [{ name, value }];
      });
      const terms = evaluateAll(
        f,
        by,
        present.map(({ value }) => value),
      );
      const fields = present.map(({ name }, at) => [name, terms[at] ?? none] as const);
      return { kind: "Variant", enum: target.enum.name, variant: target.variant, fields };
    }
    case "EnumFrom":
      return { kind: "Cast", of: by.of(target.value), type: enumShape(target.enum) };
    case "Operation":
      return operationCall(f, node, target, destination);
    case "Random":
      return f.performTo("random", node, [], { kind: "Random", given: {} }, destination);
  }
}

/** What a list without elements cannot tell: the zero of its sum. */
function implied(f: Body, node: Call | Pipe, target: CallTarget & { readonly kind: "Builtin" }): readonly Done[] {
  const isFloat = target.id === "list.sum" && isPrimitive(present(f.unit.type(node)), "float");
  return isFloat ? [{ kind: "Done", term: floatZero }] : [];
}

function operandOf(f: Body, given: Given, piped: Expression | undefined): Operand {
  if (given.kind === "Default") return { kind: "Done", term: plainDefault(f.unit, given.of) ?? none };
  if (given.kind !== "Piped") return given;
  invariant(piped !== undefined, `a piped argument without a pipe in ${f.id}`);
  return piped;
}

/** The arguments of a task in the order of its parameters, defaults filled in. */
export function taskArguments(
  f: Body,
  task: TaskDeclaration,
  given: readonly Given[],
  piped: Expression | undefined,
  by: Evaluator,
): readonly Term[] {
  const isComputed = (one: Given): boolean => one.kind === "Default" && plainDefault(f.unit, one.of) === undefined;
  const operands = given.map((one) => operandOf(f, one, piped));
  const terms: Term[] = [...evaluateAll(f, by, operands, given.some(isComputed))];
  for (const [at, one] of given.entries()) {
    if (!isComputed(one)) continue;
    terms[at] = by.spill({ kind: "Call", function: defaultFunction(f.unit, task, at), arguments: terms.slice(0, at) });
  }
  return terms;
}

type Unplaced<S> = S extends { readonly slot?: number } ? Omit<S, "slot"> : never;

function emitted(
  f: Body,
  call: Unplaced<Extract<Step, { kind: "Call" | "CallValue" | "Fold" }>>,
  destination: Destination | undefined,
): Term {
  const slot = destination === undefined ? f.slot() : destination.slot;
  f.emit({ ...call, ...to(slot) });
  return slot === undefined ? none : { kind: "Slot", slot };
}
