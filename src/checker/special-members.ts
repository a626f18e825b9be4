// `a.b` and `a.b(…)` where `a` is no value: `self`, `env`, a type, a connection.

import type { Call, Member, Reference, Self } from "../parser/ast.ts";
import { written } from "./arguments.ts";
import { agentTaskCall, operationCall, variantCall } from "./special-calls.ts";
import type { Env } from "./context.ts";
import { check } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { didYouMean } from "./missing.ts";
import { enumOf, local, variantValue } from "./resolve.ts";
import { listOf, nullable, str, unknown, variantWithFields } from "./type.ts";
import type { EnumType, Type } from "./type.ts";

/** Undefined where the root is an ordinary value. */
export function specialMember(
  env: Env,
  root: Self | Reference,
  node: Member,
  call: Call | undefined,
  use: Use,
): Type | undefined {
  if (root.kind === "Self") return selfMember(env, node, call, use);
  const connection = env.cx.connections.get(root.name);
  if (call !== undefined && connection?.kind?.operations.some(({ name }) => name.text === node.name.text)) {
    env.cx.facts.references.set(root, { kind: "Connection", name: root.name });
    return operationCall(env, call, node, connection, use);
  }
  if (isValue(env, root.name)) return undefined;
  const declaration = env.cx.types.get(root.name) ?? env.cx.prelude.types.get(root.name);
  const type = declaration === undefined ? undefined : enumOf(env, declaration);
  if (type !== undefined) {
    env.cx.facts.references.set(root, { kind: "Enum", enum: type });
    env.cx.facts.types.set(root, type);
    return enumMember(env, type, node, call, use);
  }
  if (root.name === "env") {
    env.cx.facts.references.set(root, { kind: "Env" });
    env.cx.facts.types.set(root, unknown);
    if (call !== undefined) return undefined;
    env.cx.facts.members.set(node, { kind: "Env", noneSafe: false });
    return str;
  }
  if (connection === undefined || call === undefined) return undefined;
  env.cx.facts.references.set(root, { kind: "Connection", name: root.name });
  const operations = connection.kind?.operations.map(({ name }) => name.text) ?? [];
  const more = didYouMean(node.name.text, node.name.span, operations, true);
  env.cx.report("K1018", node.name.span, { name: root.name, operation: node.name.text }, more);
  return unknown;
}

/** Whether the name is a variable, a constant or an input in sight. */
function isValue(env: Env, name: string): boolean {
  const { cx, body } = env;
  if (body.item?.shape.fields.has(name) || local(env, name) !== undefined) return true;
  return cx.inputs.has(name) || cx.constants.has(name) || (body.index === undefined && cx.top.has(name));
}

function selfMember(env: Env, node: Member, call: Call | undefined, use: Use): Type {
  const { cx } = env;
  const { agent } = env.body;
  const name = node.name.text;
  const self = node.target;
  cx.facts.types.set(self, unknown);
  if (agent === undefined) {
    cx.report("K1010", self.span, {});
    return unknown;
  }
  const task = agent.tasks.get(name);
  if (call !== undefined && task !== undefined) return agentTaskCall(env, call, node, task, agent, use);
  const field = agent.state.get(name);
  if (field === undefined) {
    const more = didYouMean(name, node.name.span, agent.state.keys(), true);
    cx.report("K1013", node.name.span, { agent: agent.name, name }, more);
    return unknown;
  }
  if (call !== undefined) {
    cx.report("K2013", node.name.span, { what: `The state field '${name}'` });
    return unknown;
  }
  cx.facts.members.set(node, { kind: "State", agent: agent.node });
  return field.type;
}

function enumMember(env: Env, type: EnumType, node: Member, call: Call | undefined, use: Use): Type {
  const { cx } = env;
  const name = node.name.text;
  if (type.variants.has(name)) {
    if (call !== undefined) return variantCall(env, call, node, type, name, use);
    cx.facts.members.set(node, { kind: "Variant", enum: type, variant: name });
    return variantValue(env, node, { kind: "Variant", enum: type, variant: name }, type);
  }
  if (name === "values" && call === undefined) {
    refuseFields(env, type, node);
    cx.facts.members.set(node, { kind: "EnumValues", enum: type });
    return listOf(type);
  }
  if (name === "from" && call !== undefined) {
    refuseFields(env, type, node);
    return fromText(env, type, node, call);
  }
  const more = didYouMean(name, node.name.span, [...type.variants.keys()], true);
  cx.report("K1015", node.name.span, { enum: type.name, name }, more);
  return unknown;
}

/** A name alone is no value of a variant with fields. */
function refuseFields({ cx }: Env, type: EnumType, { name }: Member): void {
  const variant = variantWithFields(type);
  if (variant === undefined) return;
  cx.report("K2043", name.span, { enum: type.name, member: name.text, variant });
}

function fromText(env: Env, type: EnumType, node: Member, call: Call): Type {
  const { cx } = env;
  cx.facts.members.set(node, { kind: "Callee" });
  cx.facts.types.set(node, unknown);
  const [argument, second] = written(call.arguments);
  const callee = `'${type.name}.from'`;
  if (argument === undefined) cx.report("K2003", call.span, { parameter: "text", callee });
  else check(env, argument.value, str);
  if (second !== undefined) cx.report("K2004", second.span, { callee, count: 1, got: call.arguments.length });
  if (argument !== undefined) cx.facts.calls.set(call, { kind: "EnumFrom", enum: type, value: argument.value });
  return nullable(type);
}
