// Statements that bind, set or leave: `x = e`, `{a, b} = e`, `self.f = e`, `return`, `break`, `continue`, `fail`.

import type { Assign, Bind, Break, Continue, Destructure, Expression, Fail, Name, Return } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import { typeHere } from "./annotations.ts";
import type { Env } from "./context.ts";
import { check, infer } from "./expressions.ts";
import { refuseGenericBinding } from "./generic-values.ts";
import { data } from "./literals.ts";
import { unknownField } from "./missing.ts";
import { fits } from "./relate.ts";
import { topAbove } from "./resolve.ts";
import { isUnknown, never, none, str, typeText, unknown } from "./type.ts";
import type { Type } from "./type.ts";

export function bind(env: Env, node: Bind): Type {
  const written = node.type === undefined ? undefined : typeHere(env, node.type);
  const type = written === undefined ? infer(env, node.value) : check(env, node.value, written);
  refuseOuterRead(env, node.name, node.value);
  const bound = written ?? (refuseGenericBinding(env, node) ? unknown : type);
  if (isTop(env)) env.cx.facts.bindings.set(node, { name: node.name.text, node, type: bound });
  else env.cx.bind(env.scope, { name: node.name.text, node, type: bound });
  return none;
}

/** Names of the top level are found by their place, not in a scope. */
const isTop = (env: Env): boolean => env.body.index !== undefined && env.scope.parent === undefined;

export function destructure(env: Env, node: Destructure): Type {
  const type = infer(env, node.value);
  for (const { name } of node.fields) refuseOuterRead(env, name, node.value);
  for (const part of node.fields) {
    let of: Type = unknown;
    if (type.kind === "Struct") {
      const found = type.fields.get(part.field.text);
      if (found === undefined) unknownField(env, part.field, type, type.fields.keys());
      of = found ?? unknown;
    } else if (type.kind === "Nullable") {
      env.cx.report("K2007", part.field.span, { member: part.field.text, type: typeText(type) });
    }
    const binding = { name: part.name.text, node: part, type: of };
    if (isTop(env)) env.cx.facts.bindings.set(part, binding);
    else env.cx.bind(env.scope, binding);
  }
  if (type.kind !== "Struct" && type.kind !== "Nullable" && !isUnknown(type)) {
    env.cx.report("K2001", node.value.span, { expected: "a struct", got: typeText(type) });
  }
  return none;
}

/** A binding of an inner block whose value reads the outer one of the same name is nearly always meant as a change. */
function refuseOuterRead(env: Env, name: Name, value: Expression): void {
  if (isTop(env) || !mayBeOuter(env, name.text)) return;
  const stack: Parameters<typeof children>[0][] = [value];
  while (stack.length > 0) {
    const node = stack.pop();
    if (node === undefined) break;
    for (const child of children(node)) stack.push(child);
    if (node.kind !== "Reference" || node.name !== name.text) continue;
    const referent = env.cx.facts.references.get(node);
    const read =
      referent?.kind === "Local" ? referent.binding.node : referent?.kind === "Constant" ? referent.node : undefined;
    if (read === undefined || env.scope.entries.get(name.text)?.binding.node === read) continue;
    if (within(value, read)) continue;
    const related =
      "name" in read && read.name !== undefined ? [{ span: read.name.span, message: "the outer one" }] : [];
    const help = `a binding is never changed: collect with \`xs.reduce(start, (${name.text}, x) => …)\` or \`xs.sum()\`, give the block's value to a name (\`${name.text} = if …\`), or keep it in an agent's state (\`self.${name.text}\`)`;
    env.cx.report("K1011", name.span, { name: name.text }, { help, related });
    return;
  }
}

function mayBeOuter(env: Env, name: string): boolean {
  const { cx, body, scope } = env;
  if (scope.parent?.find(name) !== undefined) return true;
  if (body.index !== undefined) return topAbove(env, name, body.index) !== undefined || cx.constants.has(name);
  return cx.top.has(name) || cx.constants.has(name);
}

/** A lambda inside the value may have a parameter of that name. */
const within = (outer: Expression, node: { readonly span: Expression["span"] }): boolean =>
  node.span.start >= outer.span.start && node.span.end <= outer.span.end;

export function assign(env: Env, node: Assign): Type {
  const { target } = node;
  if (target.kind === "Member" && target.target.kind === "Self") {
    const type = infer(env, target);
    const known = env.cx.facts.members.get(target);
    if (known?.kind === "State") check(env, node.value, type);
    else infer(env, node.value);
    return none;
  }
  infer(env, node.value);
  const help =
    target.kind === "ListLiteral"
      ? "an element is read by its index: `a = xs[0]`; `{a, b} = value` takes fields of a struct"
      : "values never change: bind a new name, or keep what changes in an agent's state";
  env.cx.report("K2025", target.span, {}, { help });
  return none;
}

export function returns(env: Env, node: Return): Type {
  const { returns: frame } = env.body;
  if (frame === undefined) {
    if (node.value !== undefined) {
      infer(env, node.value);
      env.cx.report("K2035", node.value.span, { word: "return" }, { help: "here `return` leaves and takes no value" });
    }
    return never;
  }
  if (node.value === undefined) {
    const { expected } = frame;
    if (expected === undefined) frame.given.push({ type: none, at: node });
    else if (!fits(none, expected)) {
      env.cx.report("K2001", node.span, { expected: typeText(expected), got: "none" }, { help: "return a value" });
    }
    return never;
  }
  if (frame.expected !== undefined) check(env, node.value, frame.expected);
  else frame.given.push({ type: infer(env, node.value), at: node.value });
  return never;
}

export function jump(env: Env, node: Break | Continue): Type {
  const word = node.kind === "Break" ? "break" : "continue";
  if (!env.body.inLoop) env.cx.report("K2026", node.span, { word });
  return never;
}

/** `fail "message"`, or `fail err` with a caught error. */
export function fail(env: Env, node: Fail): Type {
  const type = data(env, node.value, "a message");
  const isError = type.kind === "Enum" && type.declaration === env.cx.prelude.types.get("Error");
  if (!isError && !fits(type, str)) {
    env.cx.report("K2001", node.value.span, { expected: "str or an error", got: typeText(type) });
  }
  return never;
}
