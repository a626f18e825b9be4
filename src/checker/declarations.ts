// Declarations: collected first, so that they see each other in any order; then each one is checked.

import type { InputDeclaration, Name, Node, TypeDeclaration } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Span } from "../source/text.ts";
import { instantiate, programTypes, resolveType, typeVariables } from "./annotations.ts";
import type { AgentInfo, Context } from "./context.ts";
import { check } from "./expressions.ts";
import { holdsFunction } from "./relate.ts";
import { pureEnv } from "./pure.ts";
import type { Type } from "./type.ts";

/** Puts every declaration's name into its table; names of one kind are there once. */
export function collect(cx: Context): void {
  for (const name of cx.program.lost ?? []) cx.silenced.add(name);
  for (const item of cx.program.items) {
    cx.shared.homes.set(item, cx);
    switch (item.kind) {
      case "TypeDeclaration":
        if (isNew(cx, item.name, "Type", typeOrAgent(cx, item.name.text))) cx.types.set(item.name.text, item);
        break;
      case "AgentDeclaration":
        if (isNew(cx, item.name, "Agent", typeOrAgent(cx, item.name.text)))
          cx.agents.set(item.name.text, agentInfo(cx, item));
        break;
      case "TaskDeclaration":
        if (isNew(cx, item.name, "Task", cx.tasks.get(item.name.text)?.name)) cx.tasks.set(item.name.text, item);
        break;
      case "InputDeclaration":
        if (isNew(cx, item.name, "Input", cx.inputs.get(item.name.text)?.name)) cx.inputs.set(item.name.text, item);
        break;
      case "ConnectDeclaration": {
        const before = cx.connections.get(item.name.text)?.declared?.name;
        if (isNew(cx, item.name, "Connection", before)) {
          const kind = cx.prelude.kinds.get(item.via.text);
          const { text } = item.name;
          const name = connectionName(cx, item.name);
          const info = { name, via: item.via.text, node: item, declared: item, kind };
          cx.connections.set(text, info);
          cx.shared.connections.set(name, info);
        }
        break;
      }
      case "ExternDeclaration":
      case "KindDeclaration":
        cx.report("K0900", item.name.span, { what: "`extern` in a program" });
        break;
      default:
    }
  }
}

/** `web` is what `search` asks, so a program has one. */
function connectionName(cx: Context, { text, span }: Name): string {
  const other = cx.shared.connections.get(text)?.declared?.name;
  if (other === undefined) return text;
  if (text === "web") {
    cx.report(
      "K1005",
      span,
      { what: "Connection", name: text },
      { related: [{ span: other.span, message: "first here" }] },
    );
  }
  return cx.prefix + text;
}

function typeOrAgent(cx: Context, name: string): Name | undefined {
  return cx.types.get(name)?.name ?? cx.agents.get(name)?.node.name;
}

function isNew(cx: Context, name: Name, what: string, first: Name | undefined): boolean {
  if (first === undefined) return true;
  const related = [{ span: first.span, message: "first here" }];
  cx.report("K1005", name.span, { what, name: name.text }, { related });
  return false;
}

function agentInfo(cx: Context, node: AgentInfo["node"]): AgentInfo {
  const tasks: AgentInfo["tasks"] = new Map();
  const own = node.name.text;
  const name = cx.shared.agents.has(own) ? cx.prefix + own : own;
  const info: AgentInfo = { node, name, home: cx, tasks, state: new Map() };
  cx.shared.agents.set(name, info);
  for (const member of node.members) {
    if (member.kind !== "TaskDeclaration") continue;
    cx.shared.ownerOf.set(member, info);
    cx.shared.homes.set(member, cx);
    if (isNew(cx, member.name, "Task", tasks.get(member.name.text)?.name)) tasks.set(member.name.text, member);
  }
  return info;
}

/** `email` and `web` are there without being connected; where another file of the program connects one, beside that. */
export function predeclareConnections(cx: Context): void {
  for (const [text, via] of [
    ["email", "imap"],
    ["web", "web"],
  ] as const) {
    if (cx.connections.has(text)) continue;
    const name = cx.shared.connections.get(text)?.declared === undefined || text === "web" ? text : `default:${text}`;
    const known = cx.shared.connections.get(name);
    const info = known ?? { name, via, node: undefined, declared: undefined, kind: cx.prelude.kinds.get(via) };
    cx.connections.set(text, info);
    cx.shared.connections.set(name, info);
  }
}

export function checkDeclarations(cx: Context): void {
  for (const item of cx.program.items) {
    if (item.kind === "TypeDeclaration") checkType(cx, item);
    if (item.kind === "InputDeclaration") checkInput(cx, item);
  }
}

function checkType(cx: Context, node: TypeDeclaration): void {
  const seen = new Map<string, Name>();
  for (const parameter of node.parameters) {
    isNew(cx, parameter, "Type parameter", seen.get(parameter.text));
    seen.set(parameter.text, parameter);
  }
  if (node.body.kind === "EnumBody") {
    const variants = new Map<string, Name>();
    for (const { name } of node.body.variants) {
      if (isNew(cx, name, "Variant", variants.get(name.text))) variants.set(name.text, name);
    }
  }
  const parameters = node.parameters.map((name) => ({ kind: "TypeParameter" as const, name, span: name.span }));
  resolveFields(instantiate(cx, node, typeVariables(parameters)));
}

/** Fields are resolved when they are asked for; nobody may have asked for these. */
function resolveFields(type: Type): void {
  const shapes = type.kind === "Enum" ? [...type.variants.values()] : [type];
  for (const shape of shapes) if (shape?.kind === "Struct") void shape.fields;
}

function checkInput(cx: Context, node: InputDeclaration): void {
  const type = resolveType(programTypes(cx), node.type);
  if (holdsFunction(type)) cx.report("K2018", node.type.span, { where: "an input" });
  if (!cx.shared.inputTypes.has(node)) cx.shared.inputTypes.set(node, type);
  if (node.value !== undefined) check(pureEnv(cx), node.value, type);
  const reason = whyNoSecret(node);
  if (reason !== undefined) cx.report("K1026", reason.span, { name: node.name.text, reason: reason.text });
}

/** A secret stands nowhere but in the hands of who starts the run, whole. */
function whyNoSecret({ type, value }: InputDeclaration): { readonly span: Span; readonly text: string } | undefined {
  if (type.kind === "NamedType" && type.name.text === "secret") {
    return value && { span: value.span, text: "its default stands in the program" };
  }
  const stack: Node[] = [type];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (node.kind === "NamedType" && node.name.text === "secret") {
      return { span: node.span, text: "`secret` is a type of its own, not a part of one" };
    }
    stack.push(...children(node));
  }
  return undefined;
}

/** Types of inputs are needed before anything reads them. */
export function resolveInputs(cx: Context): void {
  for (const node of cx.inputs.values())
    cx.shared.inputTypes.set(
      node,
      cx.quietly(() => resolveType(programTypes(cx), node.type)),
    );
}
