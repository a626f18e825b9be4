// Postfix chains: `a.b?.c(d)[e]!`. A chain is walked from its root outwards in a loop. Once a `?.` met a value that may
// be none, all that follows in the chain may be skipped, so the whole is nullable; `!` ends the chain.

import type { Assert, Call, Expression, Index, Member, Reference, Self } from "../parser/ast.ts";
import { inferCall, methodCall } from "./calls.ts";
import type { Env } from "./context.ts";
import { writeDot } from "./edits.ts";
import { check, infer, setType, value } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { specialMember } from "./special-members.ts";
import { member } from "./members.ts";
import { pathKey } from "./narrow.ts";
import { canBeNone, int, isNever, isUnknown, nullable, present, str, typeText, unknown, widened } from "./type.ts";
import type { Type } from "./type.ts";

type Link = Member | Index | Assert | Call;

/** `short`: something before may have cut the chain short. */
interface Reached {
  readonly type: Type;
  readonly short: boolean;
}

export function inferChain(env: Env, expression: Link | Self, use: Use): Type {
  const links: Link[] = [];
  let root: Expression = expression;
  for (;;) {
    if (root.kind === "Member" || root.kind === "Index" || root.kind === "Assert") {
      links.push(root);
      root = root.target;
    } else if (root.kind === "Call" && root.callee.kind === "Member") {
      links.push(root);
      root = root.callee.target;
    } else break;
  }
  links.reverse();
  let { reached, from } = start(env, root, links, use);
  for (let index = from; index < links.length; index += 1) {
    const link = links[index];
    if (link === undefined) break;
    const isLast = index === links.length - 1;
    reached = follow(env, link, reached, isLast ? use : value);
    setType(env, link, reached.short ? nullable(reached.type) : reached.type);
  }
  return reached.short ? nullable(reached.type) : reached.type;
}

/** The root's type, and how many links belonged to it: `self.f`, `Urgency.high`, `env.NAME`, `work.send(…)`. */
function start(env: Env, root: Expression, links: readonly Link[], use: Use): { reached: Reached; from: number } {
  const first = links[0];
  if (root.kind === "Call") {
    const type = setType(env, root, inferCall(env, root, links.length === 0 ? use : value));
    return { reached: { type, short: false }, from: 0 };
  }
  if (root.kind === "Self" || root.kind === "Reference") {
    const special =
      first === undefined ? bare(env, root) : specialLink(env, root, first, links.length === 1 ? use : value);
    if (special !== undefined) {
      if (first !== undefined) setType(env, first, special);
      return { reached: { type: special, short: false }, from: 1 };
    }
  }
  return { reached: { type: infer(env, root), short: false }, from: 0 };
}

function bare(env: Env, root: Self | Reference): Type | undefined {
  if (root.kind !== "Self") return undefined;
  if (env.body.agent === undefined) env.cx.report("K1010", root.span, {});
  else env.cx.report("K1016", root.span, { name: "self", what: "the agent" }, { help: "read a field: `self.name`" });
  return unknown;
}

function specialLink(env: Env, root: Self | Reference, first: Link, use: Use): Type | undefined {
  if (first.kind === "Member") return specialMember(env, root, first, undefined, use);
  if (first.kind === "Call" && first.callee.kind === "Member") {
    return specialMember(env, root, first.callee, first, use);
  }
  return root.kind === "Self" ? bare(env, root) : undefined;
}

function follow(env: Env, link: Link, before: Reached, use: Use): Reached {
  switch (link.kind) {
    case "Assert": {
      const whole = before.short ? nullable(before.type) : before.type;
      if (!canBeNone(whole) && !isUnknown(whole) && !isNever(whole) && whole.kind !== "Variable") {
        const mark = { start: link.span.end - 1, end: link.span.end };
        const more = { help: "remove the `!`", edits: [{ title: "Remove the `!`", span: mark, text: "" }] };
        env.cx.report("K2102", link.target.span, { type: typeText(whole) }, more);
      }
      return { type: present(whole), short: false };
    }
    case "Index":
      return { type: index(env, link, before.type), short: before.short };
    case "Member": {
      const { type, short } = enter(env, link, before);
      const found = member(env, link, type);
      return { type: narrowed(env, link, found), short };
    }
    case "Call": {
      if (link.callee.kind !== "Member") return { type: unknown, short: before.short };
      const { type, short } = enter(env, link.callee, before);
      return { type: methodCall(env, link, link.callee, type, use), short };
    }
  }
}

/** Steps over `?.`: the value without its none. */
function enter(env: Env, link: Member, before: Reached): Reached {
  if (!link.safe) return before;
  if (canBeNone(before.type)) return { type: present(before.type), short: true };
  if (!before.short && !isUnknown(before.type) && before.type.kind !== "Variable") {
    const more = { help: "`.` is enough", edits: writeDot(env.cx.source, link, ".") };
    env.cx.report("K2102", link.target.span, { type: typeText(before.type) }, more);
  }
  return before;
}

/** A path that a condition said more about. */
function narrowed(env: Env, link: Member, type: Type): Type {
  const key = pathKey(env, link);
  return (key === undefined ? undefined : env.scope.typeOf(key)) ?? type;
}

function index(env: Env, link: Index, of: Type): Type {
  switch (of.kind) {
    case "List":
      check(env, link.index, int);
      return nullable(of.of);
    case "Map":
      check(env, link.index, widened(of.key));
      return nullable(of.value);
    case "Primitive":
      if (of.name === "json") return jsonIndex(env, link);
      infer(env, link.index);
      if (!isUnknown(of)) env.cx.report("K2015", link.target.span, { type: typeText(of) }, indexHelp(of));
      return unknown;
    case "Nullable":
      infer(env, link.index);
      env.cx.report("K2007", link.span, { member: "[…]", type: typeText(of) }, { help: safeIndex });
      return unknown;
    case "Struct":
    case "Enum":
    case "Function":
    case "Variable":
      infer(env, link.index);
      env.cx.report("K2015", link.target.span, { type: typeText(of) }, indexHelp(of));
      return unknown;
  }
}

const safeIndex = "index what is there: `(value ?? [])[0]`, in `if value != none { … }`, or `!` to insist";

function indexHelp(of: Type): { help?: string } {
  if (of.kind === "Struct")
    return { help: "a struct's fields are read by name: `x.field`; for keys of all kinds use a map" };
  return of.kind === "Primitive" && of.name === "str" ? { help: "take a part with `.slice(start, end)`" } : {};
}

function jsonIndex(env: Env, link: Index): Type {
  const type = infer(env, link.index);
  if (type.kind === "Primitive" && (type.name === "int" || type.name === "str" || type.name === "unknown")) {
    return nullable({ kind: "Primitive", name: "json" });
  }
  env.cx.report("K2001", link.index.span, { expected: `${typeText(str)} or ${typeText(int)}`, got: typeText(type) });
  return unknown;
}
