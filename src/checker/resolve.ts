// What a bare name means. The order is the language's: a local, a variant of the expected enum, a task of the agent,
// a constant or task of the top level, the only enum with such a variant, a predeclared name.

import type { DestructureField, Expression, Reference } from "../parser/ast.ts";
import type { Span } from "../source/text.ts";
import { instantiate } from "./annotations.ts";
import type { Binding, Referent } from "./checked.ts";
import type { Env, TopBinding } from "./context.ts";
import { writeInstead } from "./edits.ts";
import { expected } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { foreignValue } from "./foreign-names.ts";
import { taskValue } from "./generic-values.ts";
import { didYouMean } from "./missing.ts";
import { externSignature, resultOf, signatureOf } from "./signatures.ts";
import { topBinding } from "./top-level.ts";
import { datetime, functionOf, never, none, unknown } from "./type.ts";
import type { EnumType, Type } from "./type.ts";

export type Found = { readonly referent: Referent; readonly type: Type };

export function inferReference(env: Env, reference: Reference, use: Use): Type {
  const found = resolveName(env, reference.name, reference.span, expected(use));
  if (found === undefined) return unknown;
  env.cx.facts.references.set(reference, found.referent);
  if (found.referent.kind === "Variant") return variantValue(env, reference, found.referent, found.type);
  if (found.referent.kind === "Task") return taskValue(env, reference, found.referent.task, found.type, use);
  return refuseNotValue(env, reference, found.referent) ? unknown : found.type;
}

/** Reports a name that means something, but no value; gives whether it did. */
export function refuseNotValue(env: Env, { name, span }: Reference, referent: Referent): boolean {
  const what = notValues[referent.kind];
  if (what !== undefined) env.cx.report("K1016", span, { name, what }, notValueHelp(name, referent));
  return what !== undefined;
}

const notValues: { readonly [K in Referent["kind"]]?: string } = {
  Enum: "a type",
  Connection: "a connection",
  Env: "the environment",
  Random: "a function",
};

function notValueHelp(name: string, referent: Referent): { help?: string } {
  if (referent.kind === "Env") return { help: "read one of its variables: `env.NAME`" };
  if (referent.kind === "Connection") return { help: `read it with \`fetch ${name}\`, or call one of its operations` };
  if (referent.kind === "Random") return { help: "call it: `random()`" };
  return {};
}

/** A variant named bare; one with fields must be built like a call. */
export function variantValue(
  env: Env,
  at: Expression,
  referent: Extract<Referent, { kind: "Variant" }>,
  type: Type,
): Type {
  const fields = referent.enum.variants.get(referent.variant);
  if (fields === undefined) return type;
  const parameter = [...fields.fields.keys()][0] ?? "";
  const help = `build it: \`${referent.variant}(${[...fields.fields.keys()].map((name) => `${name}: …`).join(", ")})\``;
  env.cx.report("K2003", at.span, { parameter, callee: `variant '${referent.variant}'` }, { help });
  return type;
}

export function resolveName(env: Env, name: string, span: Span, wanted: Type | undefined): Found | undefined {
  const found =
    itemField(env, name) ??
    local(env, name) ??
    expectedVariant(name, wanted) ??
    agentTask(env, name) ??
    topLevel(env, name, span) ??
    onlyVariant(env, name, span) ??
    predeclared(env, name);
  if (found === "Reported") return undefined;
  if (found === undefined) unknownName(env, name, span);
  return found;
}

function itemField(env: Env, name: string): Found | undefined {
  const { item } = env.body;
  const type = item?.shape.fields.get(name);
  if (item === undefined || type === undefined) return undefined;
  return { referent: { kind: "ItemField", fetch: item.fetch, field: name }, type };
}

/** A local or a parameter; in `main`, a binding above. */
export function local(env: Env, name: string): Found | undefined {
  const binding = localBinding(env, name);
  if (binding === undefined) return undefined;
  const narrowed = env.scope.typeOf(env.cx.numbers.key(binding.node));
  return { referent: { kind: "Local", binding }, type: narrowed ?? binding.type };
}

function localBinding(env: Env, name: string): Binding | undefined {
  const found = env.scope.find(name);
  if (found !== undefined) {
    found.entry.used = true;
    return found.entry.binding;
  }
  if (env.body.index === undefined) return undefined;
  const above = topAbove(env, name, env.body.index);
  return above === undefined ? undefined : topBinding(env.cx, above);
}

/** The nearest binding of the name above a statement. They stand in the order of the text. */
export function topAbove(env: Env, name: string, index: number): TopBinding | undefined {
  const bindings = env.cx.top.get(name) ?? [];
  let [low, high] = [0, bindings.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((bindings[middle]?.index ?? index) < index) low = middle + 1;
    else high = middle;
  }
  return bindings[low - 1];
}

function expectedVariant(name: string, wanted: Type | undefined): Found | undefined {
  if (wanted?.kind !== "Enum" || !wanted.variants.has(name)) return undefined;
  return { referent: { kind: "Variant", enum: wanted, variant: name }, type: wanted };
}

function agentTask(env: Env, name: string): Found | undefined {
  const agent = env.body.agent;
  const task = agent?.tasks.get(name);
  if (agent === undefined || task === undefined) return undefined;
  return { referent: { kind: "Task", task, agent: agent.node }, type: taskType(env, task) };
}

function taskType(env: Env, task: Parameters<typeof signatureOf>[1]): Type {
  const { parameters } = signatureOf(env.cx, task);
  return functionOf(
    parameters.map((parameter) => parameter.type),
    resultOf(env.cx, task),
  );
}

function topLevel(env: Env, name: string, span: Span): Found | "Reported" | undefined {
  const { cx } = env;
  const task = cx.tasks.get(name);
  if (task !== undefined) return { referent: { kind: "Task", task }, type: taskType(env, task) };
  const input = cx.inputs.get(name);
  if (input !== undefined)
    return { referent: { kind: "Input", node: input }, type: cx.shared.inputTypes.get(input) ?? unknown };
  const constant = cx.constants.get(name);
  if (constant !== undefined) {
    const narrowed = env.scope.typeOf(cx.numbers.key(constant.node));
    return { referent: { kind: "Constant", node: constant.node }, type: narrowed ?? topBinding(cx, constant).type };
  }
  const bindings = cx.top.get(name);
  const first = bindings?.[0];
  if (bindings === undefined || first === undefined) return undefined;
  if (env.body.index !== undefined) return invisible(env, name, span, "it is bound further down", first);
  const second = bindings[1];
  if (second !== undefined) return invisible(env, name, span, "it is bound more than once", second);
  if (first.node.kind === "DestructureField") {
    return invisible(env, name, span, "it comes from a destructuring; bind it by itself", first);
  }
  const { type } = topBinding(cx, first);
  const narrowed = env.scope.typeOf(cx.numbers.key(first.node));
  return { referent: { kind: "Constant", node: first.node }, type: narrowed ?? type };
}

function invisible(env: Env, name: string, span: Span, reason: string, other: TopBinding): "Reported" {
  const node: DestructureField | TopBinding["node"] = other.node;
  env.cx.report("K1012", span, { name, reason }, { related: [{ span: node.name.span, message: "bound here" }] });
  return "Reported";
}

/** Every enum that has a variant of this name, the program's before the stdlib's. */
export function enumsWith(env: Env, name: string): EnumType[] {
  const declarations = env.cx.variants(name);
  return declarations.map((declaration) => enumOf(env, declaration)).filter((type) => type !== undefined);
}

/** An enum by its bare name; a generic one as its variants without fields have it: nothing says what it holds. */
export function enumOf(env: Env, declaration: Parameters<typeof instantiate>[1]): EnumType | undefined {
  if (declaration.body.kind !== "EnumBody") return undefined;
  const type = instantiate(
    env.cx,
    declaration,
    declaration.parameters.map(() => never),
  );
  return type.kind === "Enum" ? type : undefined;
}

function onlyVariant(env: Env, name: string, span: Span): Found | "Reported" | undefined {
  const enums = enumsWith(env, name);
  const [first, second] = enums;
  if (first === undefined) return undefined;
  if (second === undefined) return { referent: { kind: "Variant", enum: first, variant: name }, type: first };
  const owners = enums.map((type) => type.name);
  const help = `write ${owners.map((owner) => `\`${owner}.${name}\``).join(" or ")}`;
  const edits = owners.flatMap((owner) => writeInstead(span, `${owner}.${name}`));
  env.cx.report("K1009", span, { name, enums: owners.join(" and of ") }, { help, edits });
  return "Reported";
}

function predeclared(env: Env, name: string): Found | undefined {
  const { cx } = env;
  if (name === "now") return { referent: { kind: "Now" }, type: datetime };
  if (name === "env") return { referent: { kind: "Env" }, type: unknown };
  if (name === "random") return { referent: { kind: "Random" }, type: unknown };
  const extern = cx.prelude.functions.get(name);
  if (extern !== undefined) {
    const { parameters, result } = externSignature(cx, extern);
    const type = functionOf(
      parameters.filter((parameter) => !parameter.optional).map((parameter) => parameter.type),
      result ?? none,
    );
    return { referent: { kind: "Builtin", id: name }, type };
  }
  if (cx.connections.has(name)) return { referent: { kind: "Connection", name }, type: unknown };
  const declaration = cx.types.get(name) ?? cx.prelude.types.get(name);
  const type = declaration === undefined ? undefined : enumOf(env, declaration);
  return type === undefined ? undefined : { referent: { kind: "Enum", enum: type }, type };
}

function unknownName(env: Env, name: string, span: Span): void {
  const { cx } = env;
  if (cx.silenced.has(name)) return;
  const owner = [...cx.agents.values()].find((agent) => agent.tasks.has(name));
  if (owner !== undefined) {
    const help = `'${name}' is a task of agent ${owner.name}: call it inside, or \`delegate ${name}(…) to ${owner.name}\``;
    cx.report("K1001", span, { name }, { help });
    return;
  }
  if (cx.agents.has(name)) return cx.report("K1016", span, { name, what: "an agent" });
  if (cx.types.has(name)) return cx.report("K1016", span, { name, what: "a type" });
  const near = didYouMean(name, span, namesInSight(env));
  const foreign = foreignValue(name);
  cx.report("K1001", span, { name }, near.help === undefined && foreign !== undefined ? { help: foreign } : near);
}

function* namesInSight(env: Env): Iterable<string> {
  const { cx, body } = env;
  yield* env.scope.names();
  yield* body.item?.shape.fields.keys() ?? [];
  yield* body.agent?.tasks.keys() ?? [];
  for (const [name, bindings] of cx.top) {
    if (body.index === undefined ? bindings.length === 1 : topAbove(env, name, body.index) !== undefined) yield name;
  }
  yield* cx.constants.keys();
  yield* cx.tasks.keys();
  yield* cx.inputs.keys();
  for (const declaration of cx.types.values()) {
    if (declaration.body.kind === "EnumBody") yield* declaration.body.variants.map((variant) => variant.name.text);
  }
  yield* cx.types.keys();
  yield* cx.prelude.functions.keys();
  yield* ["now", "env", "random"];
}
