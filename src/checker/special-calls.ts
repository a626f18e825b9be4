// Calls that are no tasks and no methods: a variant built with its fields, an operation of a connection, `self.task(…)`.

import type { AgentDeclaration, Argument, Call, Expression, Member, Name, TaskDeclaration } from "../parser/ast.ts";
import type { Span } from "../source/text.ts";
import { instantiate } from "./annotations.ts";
import { argumentOf, bindArguments, written } from "./arguments.ts";
import type { CallShape } from "./arguments.ts";
import { taskCall } from "./calls.ts";
import type { AgentInfo, ConnectionInfo, Env } from "./context.ts";
import { expected, infer } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { didYouMean } from "./missing.ts";
import { externSignature } from "./signatures.ts";
import { freshVariable } from "./solve.ts";
import { canBeNone, functionOf, isPrimitive, never, unknown } from "./type.ts";
import type { EnumType, StructShape, Type, TypeVariable } from "./type.ts";

export function agentTaskCall(
  env: Env,
  call: Call,
  node: Member,
  task: TaskDeclaration,
  agent: AgentInfo,
  use: Use,
): Type {
  env.cx.facts.members.set(node, { kind: "Callee" });
  env.cx.facts.types.set(node, unknown);
  const declaration: AgentDeclaration = agent.node;
  return taskCall(env, call, task, declaration, call.arguments, use);
}

export function variantCall(env: Env, call: Call, node: Member, type: EnumType, variant: string, use: Use): Type {
  env.cx.facts.members.set(node, { kind: "Variant", enum: type, variant });
  env.cx.facts.types.set(node, type);
  return buildVariant(env, call, type, variant, use);
}

/** `reply(to: e, tone: "warm")`: a field an argument, by name; `T?` fields may be left out. */
export function buildVariant(env: Env, call: Call, found: EnumType, variant: string, use: Use): Type {
  const { cx } = env;
  const wanted = expected(use);
  const isWanted = wanted?.kind === "Enum" && wanted.declaration === found.declaration && wanted.variants.has(variant);
  const { type, variables } = isWanted ? { type: wanted, variables: [] } : opened(env, found);
  const shape: StructShape = type.variants.get(variant) ?? { kind: "Struct", fields: new Map() };
  const callee = `variant '${variant}'`;
  const building: CallShape = { callee, parameters: [], variables, solution: new Map(), blame: "Call" };
  const fields = new Map<string, Expression>();
  const args = written(call.arguments);
  for (const argument of args) {
    const name = argument.name?.text ?? onlyField(shape, args);
    const field = name === undefined ? undefined : shape.fields.get(name);
    if (name === undefined) {
      infer(env, argument.value);
      const fieldNames = [...shape.fields.keys()].map((of) => `${of}: …`).join(", ");
      cx.report(
        "K2004",
        argument.span,
        { callee, count: shape.fields.size, got: args.length },
        {
          help: `name the fields: \`${variant}(${fieldNames})\``,
        },
      );
    } else if (field === undefined) {
      infer(env, argument.value);
      const at: Name | undefined = argument.name;
      const more = didYouMean(name, (at ?? argument).span, [...shape.fields.keys()], true);
      cx.report("K2005", (at ?? argument).span, { name, callee }, more);
    } else if (fields.has(name)) {
      infer(env, argument.value);
      cx.report("K2006", argument.span, { name, callee });
    } else {
      fields.set(name, argument.value);
      argumentOf(env, call.span, building, { name, type: field }, argument.value);
    }
  }
  if (args.length === call.arguments.length) reportMissingFields(env, call.span, shape, fields, callee);
  cx.facts.calls.set(call, { kind: "Variant", enum: type, variant, fields });
  return variables.length === 0 ? type : closed(env, type, building);
}

interface Opened {
  readonly type: EnumType;
  readonly variables: readonly TypeVariable[];
}

/** A generic enum with its parameters to be solved. */
function opened({ cx }: Env, found: EnumType): Opened {
  const { declaration } = found;
  const variables = (declaration?.parameters ?? []).map(({ text }) => freshVariable(text));
  if (declaration === undefined || variables.length === 0) return { type: found, variables: [] };
  const type = instantiate(cx, declaration, variables);
  return type.kind === "Enum" ? { type, variables } : { type: found, variables: [] };
}

/** What no field says is what `[]` holds. */
function closed({ cx }: Env, type: EnumType, { variables, solution }: CallShape): Type {
  const solved = variables.map(({ id }) => solution.get(id) ?? never);
  return type.declaration === undefined ? type : instantiate(cx, type.declaration, solved);
}

/** A lone positional argument is taken for the only field. */
function onlyField(shape: StructShape, args: readonly Argument[]): string | undefined {
  const [first] = shape.fields.keys();
  return shape.fields.size === 1 && args.length === 1 ? first : undefined;
}

function reportMissingFields(
  env: Env,
  span: Span,
  shape: StructShape,
  fields: ReadonlyMap<string, Expression>,
  callee: string,
): void {
  for (const [name, type] of shape.fields) {
    if (!fields.has(name) && !canBeNone(type)) env.cx.report("K2003", span, { parameter: name, callee });
  }
}

/** `work.send(…)`. A parameter of type `json` takes any value that is data. */
export function operationCall(env: Env, call: Call, node: Member, connection: ConnectionInfo, use: Use): Type {
  const { cx } = env;
  void use;
  const extern = connection.kind?.operations.find(({ name }) => name.text === node.name.text);
  if (extern === undefined) return unknown;
  cx.facts.members.set(node, { kind: "Callee" });
  const signature = externSignature(cx, extern);
  const shape: CallShape = {
    callee: `'${connection.name}.${node.name.text}'`,
    parameters: signature.parameters.map((parameter) => ({ ...parameter, type: open(parameter.type) })),
    variables: [],
    solution: new Map(),
    blame: "Argument",
  };
  const given = bindArguments(env, call.span, shape, call.arguments);
  const result = signature.result ?? unknown;
  cx.facts.types.set(
    node,
    functionOf(
      signature.parameters.map(({ type }) => type),
      result,
    ),
  );
  cx.facts.types.set(node.target, unknown);
  if (given !== undefined) {
    const byName = new Map<string, Expression>();
    for (const [index, value] of given.entries()) {
      const name = signature.parameters[index]?.name;
      if (name !== undefined && value.kind !== "Default" && value.kind !== "Piped") byName.set(name, value);
    }
    cx.facts.calls.set(call, {
      kind: "Operation",
      connection: connection.name,
      operation: node.name.text,
      given: byName,
    });
  }
  return result;
}

/** Any data: the connection checks what it is given. */
function open(type: Type): Type {
  const inside = type.kind === "Nullable" ? type.of : type;
  return isPrimitive(inside, "json") ? unknown : type;
}
