// Calls: what is called is decided by the callee. A bare name follows the order of names; a member is a method of the
// stdlib; everything else must be a value of function type. A pipe gives its left value as the first argument.

import type { Argument, Call, Expression, Member, Pipe, Reference, TaskDeclaration } from "../parser/ast.ts";
import type { Span } from "../source/text.ts";
import { bindArguments, resultType } from "./arguments.ts";
import type { CallShape, Piped } from "./arguments.ts";
import type { CallTarget, Referent } from "./checked.ts";
import type { Env, ParameterShape, Signature } from "./context.ts";
import { expected, infer, setType, value } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { mapOfCall } from "./map-of.ts";
import { findMember, unknownMethod, constraintText } from "./members.ts";
import { enumsWith, refuseNotValue, resolveName } from "./resolve.ts";
import { externSignature, resultOf, signatureOf } from "./signatures.ts";
import { buildVariant } from "./special-calls.ts";
import { freshVariable, substitute } from "./solve.ts";
import type { Solution } from "./solve.ts";
import { float, functionOf, isUnknown, typeText, unknown } from "./type.ts";
import type { FunctionShape, Type, TypeVariable } from "./type.ts";

/** A call whose callee is no member. */
export function inferCall(env: Env, call: Call, use: Use, piped?: Piped): Type {
  const { callee } = call;
  if (callee.kind === "Reference") return namedCall(env, call, callee, call.arguments, use, piped);
  return valueCall(env, call, callee, infer(env, callee), call.arguments, piped);
}

/** `f(…)`, or `x |> f`: then `node` is the pipe. */
function namedCall(
  env: Env,
  node: Call | Pipe,
  callee: Reference,
  args: readonly Argument[],
  use: Use,
  piped?: Piped,
): Type {
  const { cx } = env;
  const found = resolveCallee(
    env,
    callee,
    expected(use),
    args.some(({ name }) => name !== undefined),
  );
  if (found === undefined) {
    inferLoosely(env, args);
    return setType(env, callee, unknown);
  }
  cx.facts.references.set(callee, found.referent);
  setType(env, callee, found.type);
  const { referent } = found;
  switch (referent.kind) {
    case "Task":
      return taskCall(env, node, referent.task, referent.agent, args, use, piped);
    case "Builtin":
      return functionCall(env, node, referent.id, args, use, piped);
    case "Variant":
      if (node.kind === "Call") return buildVariant(env, node, referent.enum, referent.variant, use);
      break;
    case "Random":
      cx.facts.calls.set(node, { kind: "Random" });
      if (args.length > 0) cx.report("K2004", node.span, { callee: "'random'", count: 0, got: args.length });
      return float;
    case "Local":
    case "Constant":
    case "Input":
    case "ItemField":
    case "Now":
    case "Label":
      return valueCall(env, node, callee, found.type, args, piped);
    case "Enum":
    case "Connection":
    case "Env":
      refuseNotValue(env, callee, referent);
      inferLoosely(env, args);
      return unknown;
  }
  return valueCall(env, node, callee, found.type, args, piped);
}

/** Arguments of a call that was reported: what a lambda's parameters are cannot be known then. */
function inferLoosely(env: Env, args: readonly Argument[]): void {
  for (const { value: given } of args) {
    if (given.kind === "Lambda") env.cx.quietly(() => infer(env, given));
    else infer(env, given);
  }
}

/** As `resolveName`, but a variant counts only if it has fields to be built with. */
function resolveCallee(
  env: Env,
  callee: Reference,
  wanted: Type | undefined,
  named: boolean,
): { referent: Referent; type: Type } | undefined {
  const { name } = callee;
  const buildable = wanted?.kind === "Enum" && wanted.variants.get(name) !== undefined;
  if (!named && !buildable && enumsWith(env, name).length === 0) return resolveName(env, name, callee.span, undefined);
  return resolveName(env, name, callee.span, buildable ? wanted : undefined);
}

export function taskCall(
  env: Env,
  node: Call | Pipe,
  task: TaskDeclaration,
  agent: Extract<Referent, { kind: "Task" }>["agent"],
  args: readonly Argument[],
  use: Use,
  piped?: Piped,
): Type {
  const { cx } = env;
  const signature = fresh(signatureOf(cx, task), () => resultOf(cx, task));
  const shape: CallShape = {
    callee: `task '${task.name.text}'`,
    parameters: signature.parameters,
    variables: signature.variables,
    solution: new Map(),
    blame: "Call",
  };
  const given = bindArguments(env, node.span, shape, args, piped);
  if (given !== undefined) {
    cx.facts.calls.set(node, { kind: "Task", task, given, ...(agent === undefined ? {} : { agent }) });
  }
  return resultType(signature.result(), shape, given, expected(use));
}

/** A signature whose type parameters are new, so that a generic task can call itself. */
function fresh(
  signature: Signature,
  result: () => Type,
): { variables: readonly TypeVariable[]; parameters: readonly ParameterShape[]; result: () => Type } {
  if (signature.variables.length === 0) return { ...signature, result };
  const renamed: Solution = new Map();
  const variables = signature.variables.map((old) => {
    const made = freshVariable(old.name, old.constraint);
    renamed.set(old.id, made);
    return made;
  });
  const parameters = signature.parameters.map((parameter) => ({
    ...parameter,
    type: substitute(parameter.type, renamed),
  }));
  return { variables, parameters, result: () => substitute(result(), renamed) };
}

function functionCall(
  env: Env,
  node: Call | Pipe,
  id: string,
  args: readonly Argument[],
  use: Use,
  piped?: Piped,
): Type {
  const { cx } = env;
  const extern = cx.prelude.functions.get(id);
  if (extern === undefined) return unknown;
  if (id === "map_of" && piped === undefined) return mapOfCall(env, node, args, expected(use));
  const signature = externSignature(cx, extern);
  const shape: CallShape = {
    callee: `'${id}'`,
    parameters: signature.parameters,
    variables: signature.variables,
    solution: new Map(),
    blame: "Argument",
  };
  const given = bindArguments(env, node.span, shape, args, piped);
  if (given !== undefined) cx.facts.calls.set(node, { kind: "Builtin", id, given });
  return resultType(signature.result ?? unknown, shape, given, expected(use));
}

/** `x.method(…)` with `receiver` the type of x. */
export function methodCall(env: Env, call: Call, callee: Member, receiver: Type, use: Use, piped?: Piped): Type {
  const { cx } = env;
  cx.facts.members.set(callee, { kind: "Callee" });
  const name = callee.name.text;
  const field = receiver.kind === "Struct" ? receiver.fields.get(name) : undefined;
  if (field?.kind === "Function")
    return valueCall(env, call, callee, setType(env, callee, field), call.arguments, piped);
  const own = findMember(cx, receiver, name);
  if (own === undefined || own.extern.parameters === undefined) {
    if (own === undefined) unknownMethod(env, callee, receiver);
    else {
      const behind = { start: callee.name.span.end, end: call.span.end };
      const edits = call.arguments.length > 0 ? [] : [{ title: "Remove the `()`", span: behind, text: "" }];
      cx.report("K2036", callee.name.span, { name }, { edits });
    }
    inferLoosely(env, call.arguments);
    return setType(env, callee, unknown);
  }
  if (own.unmet !== undefined) {
    const holes = { expected: `a list of ${constraintText[own.unmet] ?? own.unmet}`, got: typeText(receiver) };
    cx.report("K2001", callee.target.span, holes);
  }
  const signature = externSignature(cx, own.extern);
  const shape: CallShape = {
    callee: `'${name}'`,
    parameters: signature.parameters,
    variables: [...signature.owner, ...signature.variables],
    solution: own.solution,
    blame: "Argument",
  };
  const given = bindArguments(env, call.span, shape, call.arguments, piped);
  if (given !== undefined) cx.facts.calls.set(call, { kind: "Builtin", id: own.id, receiver: callee.target, given });
  const result = resultType(signature.result ?? unknown, shape, given, expected(use));
  setType(
    env,
    callee,
    functionOf(
      signature.parameters.map(({ type }) => substitute(type, own.solution)),
      result,
    ),
  );
  return result;
}

/** A call of a function value: positional arguments only. */
export function valueCall(
  env: Env,
  node: Call | Pipe,
  callee: Expression,
  type: Type,
  args: readonly Argument[],
  piped?: Piped,
): Type {
  const { cx } = env;
  if (type.kind !== "Function") {
    inferLoosely(env, args);
    if (!isUnknown(type)) cx.report("K2013", callee.span, { what: `A value of type ${typeText(type)}` });
    return unknown;
  }
  const what = callee.kind === "Reference" ? `'${callee.name}'` : "this function";
  const shape: CallShape = {
    callee: what,
    parameters: positions(type),
    variables: [],
    solution: new Map(),
    blame: "Argument",
  };
  const given = bindArguments(env, node.span, shape, args, piped);
  if (given !== undefined) cx.facts.calls.set(node, { kind: "Value", callee, given } satisfies CallTarget);
  return type.result;
}

/** Parameters of a function value have no names: they are told by their place. */
function positions(type: FunctionShape): ParameterShape[] {
  return type.parameters.map((of, index) => ({
    name: String(index + 1),
    type: of,
    node: { kind: "Parameter", name: { kind: "Name", text: String(index + 1), span: none }, span: none },
    optional: false,
  }));
}

const none: Span = { start: 0, end: 0 };

/** `a |> f |> g(x: 1)`, walked from the left in a loop. */
export function inferPipe(env: Env, pipe: Pipe, use: Use): Type {
  const chain: Pipe[] = [];
  let first: Expression = pipe;
  while (first.kind === "Pipe") {
    chain.push(first);
    first = first.left;
  }
  let type = infer(env, first);
  let at: Expression = first;
  for (const link of chain.reverse()) {
    type = pipeInto(env, link, { type, at }, link === pipe ? use : value);
    at = link;
    setType(env, link, type);
  }
  return type;
}

function pipeInto(env: Env, pipe: Pipe, piped: Piped, use: Use): Type {
  const { right } = pipe;
  switch (right.kind) {
    case "Missing":
      return setType(env, right, unknown);
    case "Reference":
      return namedCall(env, pipe, right, [], use, piped);
    case "Call": {
      const { callee } = right;
      if (callee.kind !== "Member") return setType(env, right, inferCall(env, right, use, piped));
      const receiver = infer(env, callee.target);
      return setType(env, right, methodCall(env, right, callee, receiver, use, piped));
    }
  }
}
