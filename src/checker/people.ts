// People and time: questions, lines, waiting, timers.

import type { After, Ask, Confirm, Expression, Node, Notify, Remind, Show, Wait, WaitUntil } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Body, Env } from "./context.ts";
import { inner } from "./context.ts";
import { blockBody } from "./control.ts";
import { check, infer, unused } from "./expressions.ts";
import { closeScope } from "./lint.ts";
import { data } from "./literals.ts";
import { narrow, presence } from "./narrow.ts";
import { Scope } from "./scope.ts";
import { bool, canHoldText, duration, none, str } from "./type.ts";
import type { Type } from "./type.ts";

export function ask(env: Env, node: Ask): Type {
  printed(env, node.question);
  if (node.timeout !== undefined) check(env, node.timeout, duration);
  return str;
}

/** `confirm user X then S` is `if confirm user X { S }`, with X not none in S. */
export function confirm(env: Env, node: Confirm): Type {
  printed(env, node.question);
  if (node.timeout !== undefined) check(env, node.timeout, duration);
  if (node.then === undefined) return bool;
  const here = inner(env, presence(env, node.question));
  infer(here, node.then, unused);
  closeScope(here);
  return none;
}

export function notify(env: Env, node: Notify): Type {
  printed(env, node.value);
  return none;
}

export function show(env: Env, node: Show): Type {
  printed(env, node.value);
  return none;
}

export function remind(env: Env, node: Remind): Type {
  printed(env, node.value);
  return none;
}

/** Shown to a person as it is; a secret whose text can be in it is warned about. */
function printed(env: Env, value: Expression): void {
  data(env, value, "shown");
  const { types } = env.cx.facts;
  const stack: Node[] = [value];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    const type = types.get(node as Expression);
    if (type !== undefined && !canHoldText(type)) continue;
    const secret = secretName(env, node);
    if (secret !== undefined) env.cx.report("K2106", node.span, { name: secret });
    else stack.push(...partsOf(node));
  }
}

/** What of an expression can be in its value: not what it only asks for. */
function partsOf(node: Node): readonly Node[] {
  const asked: readonly (Node | undefined)[] =
    node.kind === "When" ? [node.subject] : node.kind === "Index" ? [node.index] : [];
  return children(node).filter((child) => !asked.includes(child));
}

const secretWords = /KEY|TOKEN|SECRET|PASS|PWD|CREDENTIAL/;

function secretName(env: Env, node: Node): string | undefined {
  if (node.kind === "Member" && env.cx.facts.members.get(node)?.kind === "Env") {
    return secretWords.test(node.name.text.toUpperCase()) ? node.name.text : undefined;
  }
  if (node.kind !== "Reference") return undefined;
  const referent = env.cx.facts.references.get(node);
  if (referent?.kind !== "Input") return undefined;
  const { type } = referent.node;
  return type.kind === "NamedType" && type.name.text === "secret" ? node.name : undefined;
}

export function wait(env: Env, node: Wait): Type {
  check(env, node.duration, duration);
  return none;
}

export function waitUntil(env: Env, node: WaitUntil): Type {
  check(env, node.condition, bool);
  env.scope.learn(narrow(env, node.condition, true));
  if (node.timeout !== undefined) check(env, node.timeout, duration);
  return none;
}

/** A timer's block keeps the values it uses, and is an activation of its own. */
export function after(env: Env, node: After): Type {
  check(env, node.delay, duration);
  const body: Body = { ...env.body, kind: "Timer", returns: undefined, inLoop: false };
  const here: Env = { cx: env.cx, scope: new Scope(env.scope), body };
  blockBody(here, node.body, unused);
  closeScope(here);
  return none;
}
