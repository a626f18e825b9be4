// Agents from the outside: `run`, `stop`, `delegate`.

import type { Delegate, Name, Run, Stop } from "../parser/ast.ts";
import { bindArguments, resultType } from "./arguments.ts";
import type { AgentInfo, Env } from "./context.ts";
import { check, infer } from "./expressions.ts";
import { didYouMean } from "./missing.ts";
import { resultOf, signatureOf } from "./signatures.ts";
import { none, nullable, unknown } from "./type.ts";
import type { Type } from "./type.ts";

/** The agent of that name, or a report that there is none. */
export function agentNamed(env: Env, name: Name): AgentInfo | undefined {
  const agent = env.cx.agents.get(name.text);
  if (agent !== undefined) env.cx.facts.agentNames.set(name, agent.name);
  if (agent !== undefined || env.cx.silenced.has(name.text)) return agent;
  const more = didYouMean(name.text, name.span, env.cx.agents.keys(), true);
  env.cx.report("K1003", name.span, { name: name.text }, more);
  return undefined;
}

export function agentForm(env: Env, node: Run | Stop): Type {
  agentNamed(env, node.agent);
  return none;
}

/** `delegate t(args) to A`: what the task gives, or none where it failed. */
export function delegate(env: Env, node: Delegate): Type {
  const agent = agentNamed(env, node.to);
  const task = agent?.tasks.get(node.task.text);
  if (agent === undefined || task === undefined) {
    for (const argument of node.arguments) infer(env, argument.value);
    if (node.fallback !== undefined) infer(env, node.fallback);
    if (agent === undefined) return unknown;
    const more = didYouMean(node.task.text, node.task.span, agent.tasks.keys(), true);
    env.cx.report("K1006", node.task.span, { agent: agent.name, name: node.task.text }, more);
    return unknown;
  }
  const { variables, parameters } = signatureOf(env.cx, task);
  const callee = `task '${task.name.text}'`;
  const shape = { callee, parameters, variables, solution: new Map<number, Type>(), blame: "Call" as const };
  const span = { start: node.task.span.start, end: node.to.span.end };
  const given = bindArguments(env, span, shape, node.arguments);
  const type = resultType(resultOf(env.cx, task, true), shape, given, undefined);
  if (node.fallback === undefined) return nullable(type);
  check(env, node.fallback, type);
  return type;
}
