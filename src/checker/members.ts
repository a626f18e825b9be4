// `a.b`: a field of a struct or of json, a field that all variants of an enum share, or a property from the stdlib.

import type { ExternDeclaration, Member } from "../parser/ast.ts";
import { instantiate } from "./annotations.ts";
import { builtinId } from "./builtin-id.ts";
import type { MemberTarget } from "./checked.ts";
import type { Context, Env } from "./context.ts";
import { writeDot, writeInstead } from "./edits.ts";
import { nearest, unknownField } from "./missing.ts";
import { isKey, isNumber, isOrdered, joinAll } from "./relate.ts";
import { externSignature } from "./signatures.ts";
import { substitute } from "./solve.ts";
import type { Solution } from "./solve.ts";
import { isNever, isUnknown, json, nullable, present, typeText, unknown, widened } from "./type.ts";
import type { EnumType, Type } from "./type.ts";

/** A member of the stdlib with the type parameters of its owner solved. */
export interface OwnMember {
  readonly id: string;
  readonly extern: ExternDeclaration;
  readonly solution: Solution;
  /** The owner's type parameter that the value's type does not meet. */
  readonly unmet: string | undefined;
}

/** Names of the stdlib's owners that a type's members are found under, nearest first. */
function owners(cx: Context, type: Type): string[] {
  switch (type.kind) {
    case "Primitive":
      return type.name === "datetime" ? ["datetime", "str", "any"] : [type.name, "any"];
    case "List":
      return ["list", "any"];
    case "Map":
      return ["map", "any"];
    case "Struct": {
      const declaration = type.name === undefined ? undefined : cx.prelude.types.get(type.name);
      const builtin = declaration !== undefined && instantiate(cx, declaration, []) === type;
      return builtin && type.name !== undefined ? [type.name, "any"] : ["any"];
    }
    case "Enum":
    case "Variable":
    case "Nullable":
      return ["any"];
    case "Function":
      return [];
  }
}

export function findMember(cx: Context, type: Type, name: string): OwnMember | undefined {
  for (const owner of owners(cx, type)) {
    const extern = cx.prelude.members.get(owner)?.get(name);
    if (extern !== undefined) return { id: builtinId(owner, name), extern, ...solveOwner(cx, extern, type) };
  }
  return undefined;
}

/** Every member a type has, for suggestions. */
export function* memberNames(cx: Context, type: Type, methods: boolean): Iterable<string> {
  for (const owner of owners(cx, type)) {
    for (const [name, extern] of cx.prelude.members.get(owner) ?? []) {
      if ((extern.parameters !== undefined) === methods) yield name;
    }
  }
  if (!methods && type.kind === "Struct") yield* type.fields.keys();
}

function solveOwner(cx: Context, extern: ExternDeclaration, type: Type): Pick<OwnMember, "solution" | "unmet"> {
  const { owner } = externSignature(cx, extern);
  const solution: Solution = new Map();
  const given = type.kind === "List" ? [type.of] : type.kind === "Map" ? [type.key, type.value] : [];
  let unmet: string | undefined;
  for (const [index, variable] of owner.entries()) {
    const word = extern.owner?.parameters[index]?.constraint?.text;
    const argument = widened(given[index] ?? unknown);
    solution.set(variable.id, word === "some" ? present(argument) : argument);
    if (!meets(word, argument)) unmet = word;
  }
  return { solution, unmet };
}

export function meets(constraint: string | undefined, type: Type): boolean {
  if (isUnknown(type) || isNever(type)) return true;
  if (constraint === "ordered") return isOrdered(type);
  if (constraint === "number") return isNumber(type);
  return constraint === "key" ? isKey(type) : true;
}

export const constraintText: { readonly [constraint: string]: string } = {
  ordered: "values that have an order (int, float, str, duration, datetime)",
  number: "numbers",
  key: "str, int or an enum",
};

/** The type of `a.b` where `a` is of `type` and what the member is has been written down. */
export function member(env: Env, node: Member, type: Type): Type {
  const found = find(env, node, type);
  if (found === undefined) return unknown;
  env.cx.facts.members.set(node, found.target);
  return found.type;
}

function find(env: Env, node: Member, type: Type): { target: MemberTarget; type: Type } | undefined {
  const { cx } = env;
  const name = node.name.text;
  if (isUnknown(type)) return { target: { kind: "Field" }, type: unknown };
  if (type.kind === "Struct") {
    const field = type.fields.get(name);
    if (field !== undefined) return { target: { kind: "Field" }, type: field };
  }
  if (type.kind === "Primitive" && type.name === "json") return { target: { kind: "JsonField" }, type: nullable(json) };
  if (type.kind === "Enum") {
    const field = sharedField(type, name);
    if (field !== undefined) return { target: { kind: "Field" }, type: field };
  }
  const own = findMember(cx, type, name);
  if (own === undefined) {
    reportMissing(env, node, type);
    return undefined;
  }
  if (own.extern.parameters !== undefined) {
    const isPlain = own.extern.parameters.every(({ value }) => value !== undefined);
    const edits = isPlain ? writeInstead(node.name.span, `${name}()`) : [];
    cx.report("K2037", node.name.span, { name }, { edits });
    return undefined;
  }
  const { result } = externSignature(cx, own.extern);
  return { target: { kind: "Property", id: own.id }, type: substitute(result ?? unknown, own.solution) };
}

/** A field that every variant has. */
function sharedField(type: EnumType, name: string): Type | undefined {
  const fields: Type[] = [];
  for (const variant of type.variants.values()) {
    const field = variant?.fields.get(name);
    if (field === undefined) return undefined;
    fields.push(field);
  }
  const joined = joinAll(fields);
  return fields.length > 0 && "type" in joined ? joined.type : undefined;
}

function reportMissing(env: Env, node: Member, type: Type): void {
  const { cx } = env;
  const { name } = node;
  if (type.kind === "Nullable") return mayBeNone(env, node, type);
  if (type.kind === "Primitive" && type.name === "none") {
    return cx.report("K2007", node.name.span, { member: name.text, type: typeText(type) });
  }
  if (type.kind === "Enum" && [...type.variants.values()].some((fields) => fields?.fields.has(name.text))) {
    const help = "only some of its variants have it: take it apart with `when`";
    return cx.report("K1007", name.span, { type: typeText(type), name: name.text }, { help });
  }
  unknownField(env, name, type, memberNames(cx, type, false));
}

function mayBeNone({ cx }: Env, node: Member, type: Type): void {
  const edits = writeDot(cx.source, node, "?.");
  cx.report("K2007", node.name.span, { member: node.name.text, type: typeText(type) }, { edits });
}

export function unknownMethod(env: Env, node: Member, type: Type): void {
  const { cx } = env;
  const { name } = node;
  if (isUnknown(type)) return;
  if (type.kind === "Nullable") return mayBeNone(env, node, type);
  const more = nearest(name, type, memberNames(cx, type, true));
  cx.report("K1008", name.span, { type: typeText(type), name: name.text }, more);
}
