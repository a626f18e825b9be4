// Statements of the top level. They are checked in order, but a binding is checked early where a task asks for it: what
// it binds has a type that does not depend on who asks.

import type { Bind, Declaration, Destructure, Item } from "../parser/ast.ts";
import type { Binding } from "./checked.ts";
import type { Body, Context, Env, TopBinding } from "./context.ts";
import { infer, unused } from "./expressions.ts";
import { exitFacts } from "./narrow.ts";
import { Scope } from "./scope.ts";
import { unknown } from "./type.ts";
import { noteStatement } from "./lint.ts";
import { prepare } from "./tasks.ts";

const bodyAt = (index: number): Body => ({
  kind: "Main",
  agent: undefined,
  returns: undefined,
  inLoop: false,
  variables: new Map(),
  index,
});

const mainScopes = new WeakMap<Context, Scope>();

/** The scope of `main`: it holds no names (they are found by their place), but what is known of them. */
function mainScope(cx: Context): Scope {
  let scope = mainScopes.get(cx);
  if (scope === undefined) mainScopes.set(cx, (scope = new Scope(undefined)));
  return scope;
}

export const mainEnv = (cx: Context, index: number): Env => ({ cx, scope: mainScope(cx), body: bodyAt(index) });

/** Collects the names that statements of the top level bind. */
export function collectTop(cx: Context): void {
  for (const [index, item] of cx.program.items.entries()) {
    if (item.kind === "Bind") add(cx, { name: item.name.text, node: item, statement: item, index });
    if (item.kind !== "Destructure") continue;
    for (const field of item.fields) add(cx, { name: field.name.text, node: field, statement: item, index });
  }
}

function add(cx: Context, binding: TopBinding): void {
  const others = cx.top.get(binding.name);
  if (others === undefined) cx.top.set(binding.name, [binding]);
  else others.push(binding);
}

export function checkTopLevel(cx: Context): void {
  for (const [index, item] of cx.program.items.entries()) {
    if (isDeclaration(item)) continue;
    const env = mainEnv(cx, index);
    if (item.kind === "Bind" || item.kind === "Destructure") checkTopStatement(cx, item, index);
    else infer(env, item, unused);
    noteStatement(env, item, true);
    env.scope.learn(exitFacts(env, item));
  }
}

/** Checks a binding statement once; `index` is its place, looked up where it is not given. */
export function checkTopStatement(here: Context, statement: Bind | Destructure, at?: number): void {
  const cx = here.homeOf(statement);
  const index = at ?? topIndex(cx, statement);
  if (cx.shared.topTypes.has(statement)) return;
  cx.shared.topTypes.set(statement, "InProgress");
  infer(mainEnv(cx, index), statement, unused);
  cx.shared.topTypes.set(statement, "Done");
}

export function topIndex(cx: Context, statement: Bind | Destructure): number {
  const name = statement.kind === "Bind" ? statement.name.text : statement.fields[0]?.name.text;
  const bindings = name === undefined ? undefined : cx.top.get(name);
  return bindings?.find((binding) => binding.statement === statement)?.index ?? 0;
}

/** The binding of a name of the top level, its value checked now if it was not yet. */
export function topBinding(here: Context, top: TopBinding): Binding {
  const cx = here.homeOf(top.statement);
  if (!cx.shared.topTypes.has(top.statement)) {
    prepare(cx, top.statement);
    checkTopStatement(cx, top.statement, top.index);
  }
  const known = cx.facts.bindings.get(top.node);
  if (known !== undefined) return known;
  if (cx.shared.topTypes.get(top.statement) === "InProgress")
    cx.report("K2028", top.node.name.span, { name: top.name });
  const binding = { name: top.name, node: top.node, type: unknown };
  cx.facts.bindings.set(top.node, binding);
  return binding;
}

export function isDeclaration(item: Item): item is Declaration {
  return item.kind.endsWith("Declaration");
}
