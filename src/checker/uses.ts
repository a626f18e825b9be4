// `use { a, B } from "./other.keel"`: what the named declarations of the other file mean here. They are put into this
// file's tables, beside its own; each keeps its home, the file in whose names its own text is understood.

import type { Name } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Constant, Context } from "./context.ts";
import { removeEntry } from "./edits.ts";
import { didYouMean } from "./missing.ts";
import { type Module, pathText } from "./modules.ts";

/** Every file's own names are collected by now. */
export function linkUses(module: Module, cx: Context, contexts: ReadonlyMap<Module, Context>): void {
  const seen = new Map<string, Name>();
  for (const [node, used] of module.uses) {
    const path = pathText(node.from) ?? "";
    if (used.kind === "Unread") cx.report("K1021", node.from.span, { path, reason: used.why });
    if (used.kind === "Circle") cx.report("K1023", node.from.span, { path: used.path.join(" → ") });
    const from = used.kind === "Module" ? contexts.get(used.module) : undefined;
    for (const name of node.names) {
      const first = seen.get(name.text);
      if (first !== undefined) twice(cx, "Name", name, first);
      else if (from === undefined || from.silenced.has(name.text)) cx.silenced.add(name.text);
      else take(cx, from, path, name);
      seen.set(name.text, first ?? name);
    }
  }
}

function twice(cx: Context, what: string, name: Name, first: Name): void {
  cx.report("K1005", name.span, { what, name: name.text }, { related: [{ span: first.span, message: "first here" }] });
}

/** Takes everything that the other file declares by that name. */
function take(cx: Context, from: Context, path: string, name: Name): void {
  const word = name.text;
  const constant = constantOf(from, word);
  const [type, task, connection] = [from.types.get(word), from.tasks.get(word), from.connections.get(word)];
  const agent = from.agents.get(word);
  let found = false;
  if (type !== undefined && from.homeOf(type) === from) {
    found = true;
    const first = cx.types.get(word)?.name ?? cx.agents.get(word)?.node.name;
    if (first === undefined) cx.types.set(word, type);
    else twice(cx, "Type", name, first);
  }
  if (agent !== undefined && agent.home === from) {
    found = true;
    const first = cx.types.get(word)?.name ?? cx.agents.get(word)?.node.name;
    if (first === undefined) cx.agents.set(word, agent);
    else twice(cx, "Agent", name, first);
  }
  if (task !== undefined && from.homeOf(task) === from) {
    found = true;
    const first = cx.tasks.get(word)?.name ?? cx.top.get(word)?.[0]?.node.name;
    if (first === undefined) cx.tasks.set(word, task);
    else twice(cx, "Task", name, first);
  }
  if (connection?.declared !== undefined && from.homeOf(connection.declared) === from) {
    found = true;
    const first = cx.connections.get(word)?.declared?.name;
    if (first === undefined) cx.connections.set(word, connection);
    else twice(cx, "Connection", name, first);
  }
  if (typeof constant === "object") {
    found = true;
    const first = cx.top.get(word)?.[0]?.node.name ?? cx.tasks.get(word)?.name;
    if (first === undefined || task !== undefined) cx.constants.set(word, constant);
    else twice(cx, "Constant", name, first);
  }
  if (found) return;
  cx.silenced.add(word);
  const reason = typeof constant === "string" ? constant : unusable(from, word);
  if (reason !== undefined) return cx.report("K1024", name.span, { name: word, path, reason });
  cx.report("K1022", name.span, { name: word, path }, didYouMean(word, name.span, names(from), true));
}

/** A binding that can be a constant, or why it cannot. */
function constantOf(from: Context, name: string): Constant | string | undefined {
  const [first, second] = from.top.get(name) ?? [];
  if (first === undefined) return undefined;
  if (second !== undefined) return "it is bound more than once there";
  const { node } = first;
  return node.kind === "Bind" ? { ...first, node } : "it comes from a destructuring; bind it by itself";
}

/** Why a name that means something there is nothing for others. */
function unusable(from: Context, name: string): string | undefined {
  if (from.inputs.has(name)) return "an input belongs to its file; give its value as an argument";
  const uses = from.program.items.filter((item) => item.kind === "UseDeclaration");
  const isUsed = uses.some(({ names: used }) => used.some(({ text }) => text === name));
  return isUsed ? "that file itself uses it from another one; use it from there" : undefined;
}

function* names(from: Context): Iterable<string> {
  yield* [...from.types].filter(([, type]) => from.homeOf(type) === from).map(([name]) => name);
  yield* from.ownAgents().map(({ node }) => node.name.text);
  yield* [...from.tasks].filter(([, task]) => from.homeOf(task) === from).map(([name]) => name);
  yield* [...from.connections]
    .filter(([, of]) => of.declared && from.homeOf(of.declared) === from)
    .map(([name]) => name);
  for (const name of from.top.keys()) if (typeof constantOf(from, name) === "object") yield name;
}

/** Names that are used from other files and stand nowhere else in this one. */
export function warnUnusedUses(module: Module, cx: Context): void {
  const words = wordsOf(cx);
  for (const node of module.uses.keys()) {
    for (const name of node.names) {
      if (
        cx.silenced.has(name.text) ||
        words.has(name.text) ||
        variantsOf(cx, name.text).some((each) => words.has(each))
      )
        continue;
      const edits = node.names.length > 1 ? removeEntry(cx.source, `Leave out '${name.text}'`, name.span) : [];
      cx.report("K1103", name.span, { name: name.text, path: pathText(node.from) ?? "" }, { edits });
    }
  }
}

/** An enum is used where one of its variants is named. */
function variantsOf(cx: Context, name: string): readonly string[] {
  const body = cx.types.get(name)?.body;
  return body?.kind === "EnumBody" ? body.variants.map((variant) => variant.name.text) : [];
}

/** Every word of a file that can stand for a declaration. */
function wordsOf(cx: Context): ReadonlySet<string> {
  const words = new Set<string>();
  const work: Parameters<typeof children>[0][] = cx.program.items.filter((item) => item.kind !== "UseDeclaration");
  for (let node = work.pop(); node !== undefined; node = work.pop()) {
    if (node.kind === "Reference") words.add(node.name);
    if (node.kind === "Name") words.add(node.text);
    for (const child of children(node)) work.push(child);
  }
  return words;
}
