// What reaches out: fetch, send, archive, search, and memory. Each is routed here to the connection it goes to: what
// came from a connection goes back to it, an agent's name is a mailbox, everything else is `email`.

import type { Archive, Expression, Fetch, Forget, Recall, Remember, Search, Send } from "../parser/ast.ts";
import { instantiate, typeHere } from "./annotations.ts";
import type { Body, ConnectionInfo, Env } from "./context.ts";
import { inner } from "./context.ts";
import { giveDefault } from "./edits.ts";
import { check, hint, infer, setType } from "./expressions.ts";
import { data } from "./literals.ts";
import { mailbox, sendToAgent, sendToSender } from "./mailboxes.ts";
import { unknownField } from "./missing.ts";
import { fits } from "./relate.ts";
import { externSignature } from "./signatures.ts";
import {
  bool,
  canBeNone,
  int,
  isUnknown,
  json,
  listOf,
  mapOf,
  none,
  nullable,
  present,
  str,
  structOf,
  typeText,
  unknown,
} from "./type.ts";
import type { StructShape, Type } from "./type.ts";

/** A type of the stdlib by name. */
export function preludeType(env: Env, name: string): Type {
  const declaration = env.cx.prelude.types.get(name);
  return declaration === undefined ? unknown : instantiate(env.cx, declaration, []);
}

export function fetch(env: Env, node: Fetch): Type {
  if (node.limit !== undefined) check(env, node.limit, int);
  const { source } = node;
  const connection = source.kind === "Reference" ? env.cx.connections.get(source.name) : undefined;
  if (connection === undefined || source.kind !== "Reference") return fetchUrl(env, node);
  env.cx.facts.references.set(source, { kind: "Connection", name: source.name });
  setType(env, source, unknown);
  env.cx.facts.routes.set(node, connection.name);
  const items = itemsOf(env, connection, source);
  const item = items.kind === "List" && items.of.kind === "Struct" ? items.of : undefined;
  where(env, node, item);
  if (node.with !== undefined) data(env, node.with, "an option");
  return items;
}

/** What a connection's `fetch` gives, its elements marked as that connection's. */
function itemsOf(env: Env, connection: ConnectionInfo, at: Expression): Type {
  const operation = operationOf(connection, "fetch");
  if (operation === undefined) {
    if (connection.kind === undefined) return unknown;
    env.cx.report("K1018", at.span, { name: connection.name, operation: "fetch" });
    return unknown;
  }
  const type = externSignature(env.cx, operation).result ?? unknown;
  if (type.kind !== "List" || type.of.kind !== "Struct") return type;
  return listOf(itemOf(type.of, connection.name));
}

const items = new WeakMap<StructShape, Map<string, StructShape>>();

/** One shape for each connection, so that its items are known as such wherever they go. */
function itemOf(shape: StructShape, connection: string): StructShape {
  let made = items.get(shape);
  if (made === undefined) items.set(shape, (made = new Map()));
  let item = made.get(connection);
  if (item === undefined) made.set(connection, (item = { ...shape, item: connection }));
  return item;
}

const operationOf = (connection: ConnectionInfo, name: string) =>
  connection.kind?.operations.find((operation) => operation.name.text === name);

/** Bare names in `where` are the item's fields first. */
function where(env: Env, node: Fetch, item: StructShape | undefined): void {
  if (node.where === undefined) return;
  if (item !== undefined) {
    env.cx.facts.bindings.set(node, { name: "", node, type: item });
    const body: Body = { ...env.body, item: { fetch: node, shape: item } };
    const here: Env = { ...inner(env), body };
    check(here, node.where, bool);
  } else check(env, node.where, bool);
}

function fetchUrl(env: Env, node: Fetch): Type {
  check(env, node.source, str);
  if (node.where !== undefined) where(env, node, undefined);
  if (node.with !== undefined) requestOptions(env, node.with);
  env.cx.facts.routes.set(node, "url");
  return preludeType(env, "Response");
}

function requestOptions(env: Env, options: Expression): void {
  const known = structOf([
    ["method", nullable(str)],
    ["headers", nullable(mapOf(str, str))],
    ["body", nullable(str)],
  ]);
  if (options.kind !== "StructLiteral") {
    check(env, options, known);
    return;
  }
  for (const entry of options.entries) {
    if (entry.kind === "Spread") {
      infer(env, entry.value);
      continue;
    }
    const type = known.fields.get(entry.key.text);
    if (type === undefined) unknownField(env, entry.key, { ...known, name: "a request" }, known.fields.keys());
    if (type === undefined || entry.key.text === "body") data(env, entry.value, "sent");
    else check(env, entry.value, type);
  }
  setType(env, options, known);
}

/** The connection that the value came from. */
function originOf(type: Type): string | undefined {
  const inside = present(type);
  if (inside.kind === "List") return originOf(inside.of);
  return inside.kind === "Struct" ? inside.item : undefined;
}

export function send(env: Env, node: Send): Type {
  const { to } = node;
  const agent = to?.kind === "Reference" ? mailbox(env, to.name) : undefined;
  const value = data(env, node.value, "sent", hint(agent?.message));
  if (canBeNone(value)) {
    const edits = giveDefault(env.cx.source, node.value, present(value));
    env.cx.report("K2105", node.value.span, { type: typeText(value) }, { edits });
  }
  if (to !== undefined && agent !== undefined) {
    setType(env, to, unknown);
    sendToAgent(env, node, agent, value, preludeType(env, "Message"));
    return none;
  }
  const target = to === undefined ? undefined : receiver(env, to);
  if (target !== undefined && present(target) === preludeType(env, "Message")) {
    sendToSender(env, node, value, present(target));
    return none;
  }
  const route = originOf(target ?? none) ?? originOf(value) ?? standardMail(env);
  env.cx.facts.routes.set(node, route);
  needs(env, node, route, "send");
  if (to === undefined && present(value).kind !== "Struct" && !isUnknown(value)) {
    env.cx.report("K2038", node.value.span, {});
  }
  return none;
}

/** What `email` is in this file. */
const standardMail = (env: Env): string => env.cx.connections.get("email")?.name ?? "email";

/** An address, or a struct with `from`. */
function receiver(env: Env, to: Expression): Type {
  const type = infer(env, to);
  const inside = present(type);
  const from = inside.kind === "Struct" ? inside.fields.get("from") : undefined;
  const addressed = fits(inside, str) || (from !== undefined && fits(from, str)) || isUnknown(inside);
  if (!addressed) {
    const help = { help: "send to an agent, to an address, or to what has a field `from: str`" };
    env.cx.report("K2001", to.span, { expected: "an address", got: typeText(type) }, help);
  } else if (canBeNone(type)) env.cx.report("K2105", to.span, { type: typeText(type) });
  return type;
}

/** The connection must be able to do it. */
function needs(env: Env, node: Send | Archive, route: string, operation: string): void {
  const connection = env.cx.shared.connections.get(route);
  if (connection?.kind === undefined || operationOf(connection, operation) !== undefined) return;
  env.cx.report("K1018", node.value.span, { name: route, operation });
}

export function archive(env: Env, node: Archive): Type {
  const value = data(env, node.value, "archived");
  const inside = present(value);
  if (inside.kind !== "Struct" && !isUnknown(inside)) {
    env.cx.report("K2001", node.value.span, { expected: "a mail", got: typeText(value) });
  }
  if (canBeNone(value)) {
    const help = { help: "check it first: `if x != none { archive x }`" };
    env.cx.report("K2001", node.value.span, { expected: typeText(inside), got: typeText(value) }, help);
  }
  const route = originOf(value) ?? standardMail(env);
  env.cx.facts.routes.set(node, route);
  needs(env, node, route, "archive");
  return none;
}

export function search(env: Env, node: Search): Type {
  check(env, node.query, str);
  if (node.limit !== undefined) check(env, node.limit, int);
  env.cx.facts.routes.set(node, "web");
  return listOf(preludeType(env, "SearchResult"));
}

export function remember(env: Env, node: Remember): Type {
  needsMemory(env, node, "remember");
  data(env, node.value, "remembered");
  return none;
}

export function recall(env: Env, node: Recall): Type {
  needsMemory(env, node, "recall");
  check(env, node.query, str);
  if (node.limit !== undefined) check(env, node.limit, int);
  return nullable(listOf(node.type === undefined ? json : typeHere(env, node.type)));
}

/** In the agent's own code it is plain that it has none; tasks of the top level find out when they run. */
function needsMemory({ cx, body }: Env, { span }: Expression, verb: string): void {
  const { agent } = body;
  const mode = agent?.node.members.find((member) => member.kind === "MemoryMember")?.mode.text;
  if (agent === undefined || mode !== "none") return;
  cx.report("K4005", { start: span.start, end: span.start + verb.length }, { agent: agent.name, verb });
}

export function forget(env: Env, node: Forget): Type {
  needsMemory(env, node, "forget");
  check(env, node.query, str);
  return none;
}
