// Lambdas and casts. A lambda's parameters have the types that are written or those that its place expects.

import type { Cast, Expression, Lambda } from "../parser/ast.ts";
import { typeHere } from "./annotations.ts";
import { blockBody } from "./control.ts";
import type { Body, Env } from "./context.ts";
import { check, expected, infer, optional, unused } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { noJoin } from "./literals.ts";
import { closeScope } from "./lint.ts";
import { fits, joinAll } from "./relate.ts";
import { Scope } from "./scope.ts";
import { functionOf, isNone, isPrimitive, isUnknown, nullable, present, typeText, unknown } from "./type.ts";
import type { FunctionShape, Type } from "./type.ts";

export function inferLambda(env: Env, lambda: Lambda, use: Use): Type {
  const wanted = expected(use);
  const fn = wanted?.kind === "Function" ? wanted : undefined;
  return lambdaAs(env, lambda, fn?.parameters ?? [], fn?.result, fn !== undefined);
}

/** A lambda where a function with these parameters is expected; an undefined one must be annotated. */
export function lambdaAs(
  env: Env,
  lambda: Lambda,
  parameters: readonly (Type | undefined)[],
  result: Type | undefined,
  counted = true,
): FunctionShape {
  const { cx } = env;
  if (counted && lambda.parameters.length !== parameters.length) {
    const got = lambda.parameters.length;
    cx.report("K2001", lambda.span, {
      expected: `a function of ${parameters.length} parameter${parameters.length === 1 ? "" : "s"}`,
      got: `one of ${got}`,
    });
  }
  const given: { type: Type; at: Expression }[] = [];
  const body: Body = { ...env.body, kind: "Lambda", returns: { expected: result, given }, inLoop: false };
  const here: Env = { cx, scope: new Scope(env.scope), body };
  const types = lambda.parameters.map((parameter, index) => {
    const wanted = parameters[index];
    const type = parameter.type === undefined ? wanted : typeHere(env, parameter.type);
    if (parameter.type !== undefined && wanted !== undefined && type !== undefined && !fits(wanted, type)) {
      cx.report("K2001", parameter.span, { expected: typeText(wanted), got: typeText(type) });
    }
    if (type === undefined && !(counted && index >= parameters.length)) {
      cx.report("K2016", parameter.span, { name: parameter.name.text });
    }
    cx.bind(here.scope, { name: parameter.name.text, node: parameter, type: type ?? unknown });
    return type ?? unknown;
  });
  const last = lambdaBody(here, lambda.body, result);
  closeScope(here);
  const all = counted ? parameters.map((type, index) => types[index] ?? type ?? unknown) : types;
  return functionOf(all, result ?? joinedResult(here, lambda, last, given));
}

function lambdaBody(env: Env, body: Expression, result: Type | undefined): Type {
  if (body.kind === "Block") {
    const use: Use = result === undefined ? optional : isNone(result) ? unused : strictly(result);
    return blockBody(env, body, use);
  }
  if (result === undefined) return infer(env, body, optional);
  return isNone(result) ? infer(env, body, unused) : check(env, body, result);
}

const strictly = (type: Type): Use => ({ kind: "Value", want: { type, strict: true } });

function joinedResult(env: Env, lambda: Lambda, last: Type, given: readonly { type: Type; at: Expression }[]): Type {
  const joined = joinAll([...given.map(({ type }) => type), last]);
  if ("type" in joined) return joined.type;
  noJoin(env, given[joined.conflict]?.at ?? lambda.body, joined.with, given[joined.conflict]?.type ?? last);
  return unknown;
}

/** `j as T`: json, or json that may be none, read as a type. */
export function inferCast(env: Env, cast: Cast): Type {
  const from = infer(env, cast.value);
  const to = typeHere(env, cast.type);
  if (!isUnknown(from) && !isPrimitive(present(from), "json")) {
    const help = fits(from, to) ? { help: "it has that type already: leave `as` out" } : {};
    env.cx.report("K2001", cast.value.span, { expected: "json", got: typeText(from) }, help);
  }
  return nullable(to);
}
