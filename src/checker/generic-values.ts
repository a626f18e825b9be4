// A generic task given as a value: `xs.map(identity)`. A function value has one type, so what its type parameters are
// must be known where it is given: from the parameters that are expected there, else from the expected result.

import type { Bind, Reference, TaskDeclaration } from "../parser/ast.ts";
import type { Env } from "./context.ts";
import { expected } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { constraintText, meets } from "./members.ts";
import { signatureOf } from "./signatures.ts";
import { holdsVariable, solve, stillOpen, substitute } from "./solve.ts";
import type { Solution } from "./solve.ts";
import { holdsType, never, typeText, unknown } from "./type.ts";
import type { FunctionShape, Type } from "./type.ts";

/** The type of a task named as a value where `use` is wanted. */
export function taskValue(env: Env, at: Reference, task: TaskDeclaration, type: Type, use: Use): Type {
  const { variables, parameters } = signatureOf(env.cx, task);
  const wanted = expected(use);
  if (variables.length === 0 || type.kind !== "Function" || wanted?.kind !== "Function") return type;
  if (type.parameters.length !== wanted.parameters.length) return type;
  const solution = solved(type, wanted, new Set(variables.map(({ id }) => id)));
  for (const { id, constraint } of variables) {
    const known = solution.get(id);
    if (known === undefined || meets(constraint, known)) continue;
    env.cx.report("K2001", at.span, {
      expected: constraintText[constraint ?? ""] ?? "another type",
      got: typeText(known),
    });
    solution.set(id, unknown);
  }
  const open = new Set(variables.map(({ id }) => id).filter((id) => !solution.has(id)));
  const index = type.parameters.findIndex((parameter) => holdsVariable(parameter, open));
  const place = wanted.parameters[index];
  if (place !== undefined && holdsType(place, stillOpen)) {
    env.cx.report("K2016", at.span, { name: parameters[index]?.name ?? "" }, help);
  }
  for (const id of open) solution.set(id, index === -1 ? never : unknown);
  return substitute(type, solution);
}

const help = { help: "what comes before it does not say: give a lambda with annotated parameters, `(x: int) => …`" };

function solved(type: FunctionShape, wanted: FunctionShape, open: ReadonlySet<number>): Solution {
  const solution: Solution = new Map();
  for (const [index, parameter] of type.parameters.entries()) {
    const given = wanted.parameters[index];
    if (given !== undefined) solve(parameter, given, open, solution);
  }
  solve(type.result, wanted.result, open, solution);
  return solution;
}

/** `f = identity`: nothing says what its parameters are. Gives whether that was so. */
export function refuseGenericBinding(env: Env, { name, value }: Bind): boolean {
  const referent = value.kind === "Reference" ? env.cx.facts.references.get(value) : undefined;
  const signature = referent?.kind === "Task" ? signatureOf(env.cx, referent.task) : undefined;
  if (signature === undefined || signature.variables.length === 0) return false;
  const open = new Set(signature.variables.map(({ id }) => id));
  const parameter = signature.parameters.find(({ type }) => holdsVariable(type, open));
  if (parameter === undefined) return false;
  const more = { help: `say which function is meant: \`${name.text}: (int) -> int = …\`` };
  env.cx.report("K2016", value.span, { name: parameter.name }, more);
  return true;
}
