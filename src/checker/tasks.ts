// Tasks: parameters with defaults, a body, a result. The result is the last expression's, joined with what `return`
// gives; a task whose last expression has no value gives `none`.

import type { Expression, TaskDeclaration } from "../parser/ast.ts";
import type { Body, Context, Env } from "./context.ts";
import { blockBody } from "./control.ts";
import { check, optional, unused } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { wantedBefore } from "./order.ts";
import type { Wanted } from "./order.ts";
import { checkTopStatement } from "./top-level.ts";
import { noJoin } from "./literals.ts";
import { closeScope } from "./lint.ts";
import { holdsFunction, joinAll } from "./relate.ts";
import { Scope } from "./scope.ts";
import { byName, signatureOf } from "./signatures.ts";
import { isNone, none, unknown } from "./type.ts";
import type { Type } from "./type.ts";

/** Checks a task's body once and gives its result type. */
export function checkTask(cx: Context, task: TaskDeclaration): Type {
  const known = cx.shared.results.get(task);
  if (known !== undefined) return known === "InProgress" ? unknown : known;
  prepare(cx, task);
  return checkBody(cx, task);
}

/** Works out what the task or constant asks for, so that it finds it done. */
export function prepare(cx: Context, root: Wanted): void {
  for (const node of wantedBefore(cx, root)) {
    if (node.kind !== "TaskDeclaration") checkTopStatement(cx, node);
    else if (!cx.shared.results.has(node)) checkBody(cx, node);
  }
}

function checkBody(here: Context, task: TaskDeclaration): Type {
  const cx = here.homeOf(task);
  cx.shared.results.set(task, "InProgress");
  const signature = signatureOf(cx, task);
  const given: { type: Type; at: Expression }[] = [];
  const body: Body = {
    kind: "Task",
    agent: cx.shared.ownerOf.get(task),
    returns: { expected: signature.result, given },
    inLoop: false,
    variables: byName(signature.variables),
    index: undefined,
  };
  const env: Env = { cx, scope: new Scope(undefined), body };
  declareParameters(env, task);
  const last = blockBody(env, task.body, resultUse(signature.result));
  closeScope(env);
  const written = signature.result;
  const result = written ?? inferredResult(env, task, last, given);
  if (holdsFunction(result)) {
    cx.report("K2018", task.result?.span ?? task.name.span, { where: "the result of a task" });
  }
  // A cycle that was reported on the way has already decided.
  if (cx.shared.results.get(task) === "InProgress") cx.shared.results.set(task, result);
  return result;
}

export function resultUse(result: Type | undefined): Use {
  if (result === undefined) return optional;
  return isNone(result) ? unused : { kind: "Value", want: { type: result, strict: true } };
}

function inferredResult(
  env: Env,
  task: TaskDeclaration,
  last: Type,
  given: readonly { type: Type; at: Expression }[],
): Type {
  const joined = joinAll([...given.map(({ type }) => type), last]);
  if ("type" in joined) return joined.type.kind === "Primitive" && joined.type.name === "never" ? none : joined.type;
  const at = given[joined.conflict]?.at ?? task.body.body.at(-1) ?? task.body;
  noJoin(env, at, joined.with, given[joined.conflict]?.type ?? last);
  return unknown;
}

function declareParameters(env: Env, task: TaskDeclaration): void {
  const { cx, scope } = env;
  const places = new Map<string, TaskDeclaration["parameters"][number]>();
  for (const { name, type, node } of signatureOf(cx, task).parameters) {
    const first = places.get(name);
    if (first !== undefined) {
      const related = [{ span: first.name.span, message: "first here" }];
      cx.report("K1005", node.name.span, { what: "Parameter", name }, { related });
    }
    places.set(name, node);
    if (node.value !== undefined) check(env, node.value, type);
    cx.bind(scope, { name, node, type });
  }
}
