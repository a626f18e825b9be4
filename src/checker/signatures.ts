// What can be called, as a call sees it: type parameters, parameters, result. A task's result that is not written down
// comes from checking its body, which happens once, when it is first asked for.

import type { ExternDeclaration, Parameter, TaskDeclaration } from "../parser/ast.ts";
import { constraintOf, preludeTypes, programTypes, resolveType, typeVariables } from "./annotations.ts";
import type { TypeScope } from "./annotations.ts";
import type { Context, ParameterShape, Signature } from "./context.ts";
import { freshVariable } from "./solve.ts";
import { checkTask } from "./tasks.ts";
import { unknown } from "./type.ts";
import type { Type, TypeVariable } from "./type.ts";

export function signatureOf(here: Context, task: TaskDeclaration): Signature {
  const cx = here.homeOf(task);
  const known = cx.shared.signatures.get(task);
  if (known !== undefined) return known;
  const variables = typeVariables(task.typeParameters);
  const scope = programTypes(cx, byName(variables));
  const signature: Signature = {
    variables,
    parameters: task.parameters.map((parameter) => parameterShape(scope, parameter)),
    result: task.result === undefined ? undefined : resolveType(scope, task.result),
  };
  cx.shared.signatures.set(task, signature);
  return signature;
}

export const byName = (variables: readonly TypeVariable[]): ReadonlyMap<string, TypeVariable> =>
  new Map(variables.map((variable) => [variable.name, variable]));

function parameterShape(scope: TypeScope, node: Parameter): ParameterShape {
  if (node.type === undefined) scope.cx.report("K2016", node.span, { name: node.name.text });
  return {
    name: node.name.text,
    type: node.type === undefined ? unknown : resolveType(scope, node.type),
    node,
    optional: node.value !== undefined,
  };
}

/** The type of what a task gives. `delegated`: a circle is a circle of waiting agents, which is reported as such. */
export function resultOf(cx: Context, task: TaskDeclaration, delegated = false): Type {
  const written = signatureOf(cx, task).result;
  if (written !== undefined) return written;
  const known = cx.shared.results.get(task);
  if (known === "InProgress") {
    if (delegated) return unknown;
    cx.shared.results.set(task, unknown);
    cx.report("K2017", task.name.span, { name: task.name.text });
    return unknown;
  }
  return known ?? checkTask(cx, task);
}

export interface ExternSignature extends Signature {
  /** The type parameters of the type that has the member, in its order. */
  readonly owner: readonly TypeVariable[];
}

const externs = new WeakMap<Context, Map<ExternDeclaration, ExternSignature>>();

export function externSignature(cx: Context, extern: ExternDeclaration): ExternSignature {
  let table = externs.get(cx);
  if (table === undefined) externs.set(cx, (table = new Map()));
  let signature = table.get(extern);
  if (signature === undefined) table.set(extern, (signature = makeExtern(cx, extern)));
  return signature;
}

function makeExtern(cx: Context, extern: ExternDeclaration): ExternSignature {
  const owner = (extern.owner?.parameters ?? []).map(({ name, constraint }) =>
    freshVariable(name.text, constraintOf(constraint?.text)),
  );
  const variables = typeVariables(extern.typeParameters);
  const scope = preludeTypes(cx, byName([...owner, ...variables]));
  return {
    owner,
    variables,
    parameters: (extern.parameters ?? []).map((parameter) => parameterShape(scope, parameter)),
    result: resolveType(scope, extern.result),
  };
}
