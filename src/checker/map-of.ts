// `map_of([[k, v], …])`: a pair is no list, since key and value may differ in type, so the literal has a rule of its own.

import type { Argument, Call, Expression, Pipe } from "../parser/ast.ts";
import { written } from "./arguments.ts";
import type { Env } from "./context.ts";
import { hint, infer, setType } from "./expressions.ts";
import { noJoin } from "./literals.ts";
import { isKey, joinAll } from "./relate.ts";
import { isUnknown, listOf, mapOf, never, typeText, unknown } from "./type.ts";
import type { Type } from "./type.ts";

export function mapOfCall(env: Env, call: Call | Pipe, args: readonly Argument[], wanted: Type | undefined): Type {
  const { cx } = env;
  const [argument, second] = written(args);
  const callee = "'map_of'";
  if (second !== undefined) cx.report("K2004", second.span, { callee, count: 1, got: args.length });
  if (argument === undefined) {
    cx.report("K2003", call.span, { parameter: "pairs", callee });
    return unknown;
  }
  cx.facts.calls.set(call, { kind: "Builtin", id: "map_of", given: [argument.value] });
  const [key, value] = wanted?.kind === "Map" ? [wanted.key, wanted.value] : [undefined, undefined];
  const pairs = argument.value.kind === "ListLiteral" ? argument.value.items : undefined;
  if (pairs === undefined || !pairs.every(isPair)) return ofValue(env, argument.value);
  const keys = pairs.map((pair) =>
    pair.kind === "ListLiteral" ? infer(env, pair.items[0] ?? pair, hint(key)) : never,
  );
  const values = pairs.map((pair) =>
    pair.kind === "ListLiteral" ? infer(env, pair.items[1] ?? pair, hint(value)) : never,
  );
  for (const pair of pairs) setType(env, pair, listOf(unknown));
  setType(env, argument.value, listOf(listOf(unknown)));
  const keyType = common(env, pairs, keys, key);
  if (!isKey(keyType)) cx.report("K2029", argument.span, { type: typeText(keyType), what: "the key of a map" });
  return mapOf(keyType, common(env, pairs, values, value));
}

const isPair = (item: Expression): boolean => item.kind === "ListLiteral" && item.items.length === 2;

function common(env: Env, pairs: readonly Expression[], types: readonly Type[], hoped: Type | undefined): Type {
  const joined = joinAll(types, hoped);
  if ("type" in joined) return joined.type;
  const at = pairs[joined.conflict];
  if (at !== undefined) noJoin(env, at, joined.with, types[joined.conflict] ?? unknown);
  return unknown;
}

/** Pairs that are no literal: lists of one type, or structs with `key` and `value`. */
function ofValue(env: Env, pairs: Expression): Type {
  const type = infer(env, pairs);
  const pair = type.kind === "List" ? type.of : undefined;
  const [key, value] =
    pair?.kind === "List"
      ? [pair.of, pair.of]
      : pair?.kind === "Struct"
        ? [pair.fields.get("key"), pair.fields.get("value")]
        : [undefined, undefined];
  if (key !== undefined && value !== undefined && isKey(key)) return mapOf(key, value);
  if (pair?.kind === "Primitive" && pair.name === "never") return mapOf(never, never);
  if (!isUnknown(type))
    env.cx.report("K2001", pairs.span, { expected: "a list of pairs [key, value]", got: typeText(type) });
  return unknown;
}
