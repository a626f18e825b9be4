// Blocks and the forms with branches. A use is passed on to every source of the value; where nothing is expected, the
// sources are joined.

import type { Block, Catch, Expression, For, If, Item, Name, Retry, Try } from "../parser/ast.ts";
import { MAX_RETRIES } from "../source/bounds.ts";
import type { Edit } from "../source/diagnostic.ts";
import type { Body, Env } from "./context.ts";
import { inner } from "./context.ts";
import { giveDefault, removeClause, writeInstead } from "./edits.ts";
import { check, hint, infer, optional, setType, unused, wantOf } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { closeScope, noteStatement } from "./lint.ts";
import { noJoin } from "./literals.ts";
import { didYouMean } from "./missing.ts";
import { exitFacts, narrow } from "./narrow.ts";
import { fits, joinAll } from "./relate.ts";
import { enumOf } from "./resolve.ts";
import { isDeclaration } from "./top-level.ts";
import { bool, int, isNever, isNone, isUnknown, listOf, never, none, partOf, typeText, unknown } from "./type.ts";
import type { EnumType, Type } from "./type.ts";

/** The body of a form: a scope of its own. */
export function blockOf(env: Env, block: Block, use: Use): Type {
  const here = inner(env);
  const type = blockBody(here, block, use);
  closeScope(here);
  return type;
}

/** The statements of a body in the scope that is given, where parameters may stand already. */
export function blockBody(env: Env, block: Block, use: Use): Type {
  let left = false;
  let last: Type = none;
  for (const [index, item] of block.body.entries()) {
    const isLast = index === block.body.length - 1;
    last = statement(env, item, isLast ? use : unused);
    left ||= isNever(last);
    env.scope.learn(exitFacts(env, item));
  }
  if (block.body.length === 0) last = emptyBody(env, block, use);
  return setType(env, block, left ? never : use.kind === "Unused" ? none : last);
}

function emptyBody(env: Env, block: Block, use: Use): Type {
  const want = wantOf(use);
  if (want?.strict !== true || fits(none, want.type)) return none;
  if (want.mismatch !== undefined) want.mismatch(none, block);
  else
    env.cx.report("K2001", block.span, { expected: typeText(want.type), got: "none" }, { help: "the body is empty" });
  return want.type;
}

function statement(env: Env, item: Item, use: Use): Type {
  if (isDeclaration(item)) {
    env.cx.report("K0023", item.span, { what: "A declaration" });
    return none;
  }
  const type = infer(env, item, use);
  noteStatement(env, item, use.kind === "Unused");
  return type;
}

/** One source of a form's value. */
export interface Source {
  readonly at: Expression;
  infer(use: Use): Type;
}

/** The value of a form with several sources. */
export function branches(env: Env, sources: readonly Source[], use: Use): Type {
  const types = sources.map((source) => source.infer(use));
  if (types.length > 0 && types.every(isNever)) return never;
  if (use.kind === "Unused") return none;
  const want = wantOf(use);
  if (want?.strict === true) return want.type;
  const joined = joinAll(types, want?.type);
  if ("type" in joined) return joined.type;
  if (use.kind === "Optional") return none;
  const at = sources[joined.conflict]?.at;
  if (at !== undefined) noJoin(env, lastOf(at), joined.with, types[joined.conflict] ?? unknown);
  return unknown;
}

/** The expression that gives a body's value. */
function lastOf(expression: Expression): Expression {
  let at = expression;
  while (at.kind === "Block") {
    const last = at.body.at(-1);
    if (last === undefined || isDeclaration(last)) return at;
    at = last;
  }
  return at;
}

export function ifElse(env: Env, node: If, use: Use): Type {
  check(env, node.condition, bool);
  const then = inner(env, narrow(env, node.condition, true));
  const otherwise = inner(env, narrow(env, node.condition, false));
  const branch = (here: Env, at: Block | If): Source => ({ at, infer: (passed) => infer(here, at, passed) });
  if (node.otherwise !== undefined) {
    return branches(env, [branch(then, node.then), branch(otherwise, node.otherwise)], use);
  }
  const lacks =
    use.kind === "Value" && use.want?.strict !== false && !(use.want !== undefined && isNone(use.want.type));
  infer(then, node.then, lacks ? optional : unused);
  if (!lacks) return none;
  env.cx.report("K2012", headOf(node), {});
  return use.want?.type ?? unknown;
}

const headOf = (node: If): Expression["span"] => ({ start: node.span.start, end: node.condition.span.end });

export function forLoop(env: Env, node: For, use: Use): Type {
  const list = infer(env, node.list);
  const element = elementOf(env, node, list);
  const item = element.kind === "Struct" ? element.item : undefined;
  const settle = item === undefined ? undefined : env.cx.shared.connections.get(item)?.kind?.operations;
  if (item !== undefined && settle?.some(({ name }) => name.text === "settle")) env.cx.facts.settles.set(node, item);
  const body: Body = { ...env.body, inLoop: true };
  const here: Env = { ...inner(env), body };
  env.cx.bind(here.scope, { name: node.name.text, node, type: element });
  if (node.where !== undefined) {
    check(here, node.where, bool);
    here.scope.learn(narrow(here, node.where, true));
  }
  const want = wantOf(use)?.type;
  const wanted = want?.kind === "List" ? want.of : undefined;
  const strict = wantOf(use)?.strict === true && wanted !== undefined;
  const passed: Use =
    use.kind === "Unused"
      ? unused
      : use.kind === "Optional"
        ? optional
        : strict
          ? { kind: "Value", want: { type: wanted, strict: true } }
          : hint(wanted);
  const type = blockBody(here, node.body, passed);
  closeScope(here);
  if (use.kind === "Unused" || (use.kind === "Optional" && (isNone(type) || isNever(type)))) return none;
  return listOf(strict ? wanted : type);
}

function elementOf(env: Env, node: For, list: Type): Type {
  if (list.kind === "List") return list.of;
  if (!isUnknown(list)) {
    const help =
      list.kind === "Map"
        ? { help: "run over its `.keys` or `.values`" }
        : list.kind === "Nullable" && list.of.kind === "List"
          ? { help: "it may be none: `?? []`", edits: giveDefault(env.cx.source, node.list, list.of) }
          : list.kind === "Primitive" && list.name === "int"
            ? { help: "run over `range(n)`", edits: rangeOver(env, node.list) }
            : {};
    env.cx.report("K2014", node.list.span, { type: typeText(list) }, help);
  }
  return unknown;
}

function rangeOver({ cx }: Env, { span }: Expression): readonly Edit[] {
  return writeInstead(span, `range(${cx.source.text.slice(span.start, span.end)})`);
}

export function tryCatch(env: Env, node: Try, use: Use): Type {
  const error = errorType(env);
  const caught = new Set<string>();
  const sources: Source[] = [{ at: node.body, infer: (passed) => infer(env, node.body, passed) }];
  for (const clause of node.catches) {
    const type = error === undefined ? unknown : catchType(env, clause, error, caught);
    sources.push({ at: clause.body, infer: (passed) => catchBody(env, clause, type, passed) });
  }
  const type = branches(env, sources, use);
  if (node.finally !== undefined) infer(env, node.finally, unused);
  return type;
}

export function errorType(env: Env): EnumType | undefined {
  const declaration = env.cx.prelude.types.get("Error");
  return declaration === undefined ? undefined : enumOf(env, declaration);
}

function catchBody(env: Env, clause: Catch, type: Type, use: Use): Type {
  const here = inner(env);
  if (clause.name !== undefined) env.cx.bind(here.scope, { name: clause.name.text, node: clause, type });
  const result = blockBody(here, clause.body, use);
  closeScope(here);
  return result;
}

/** The errors a clause catches, as the enum narrowed to them; what a clause above catches never comes here. */
function catchType(env: Env, clause: Catch, error: EnumType, caught: Set<string>): Type {
  const names = clause.types.filter(({ text }) => known(env, text, error, clause));
  const all = names.length === 0 || names.some(({ text }) => text === "Error");
  const wanted = all ? [...error.variants.keys()] : names.map(({ text }) => text);
  if (wanted.every((name) => caught.has(name))) {
    const words = all ? "Error" : wanted.join(", ");
    const edits = removeClause(env.cx.source, "Remove the `catch`", clause.span);
    env.cx.report("K3005", clause.name?.span ?? clause.span, { error: words }, { edits });
  }
  for (const name of wanted) caught.add(name);
  if (all) return error;
  return partOf(error, wanted);
}

function known(env: Env, text: string, error: EnumType, clause: Catch): boolean {
  if (text === "Error" || error.variants.has(text)) return true;
  const at: Name | undefined = clause.types.find((name) => name.text === text);
  if (at === undefined) return false;
  env.cx.report("K1020", at.span, { name: text }, didYouMean(text, at.span, ["Error", ...error.variants.keys()], true));
  return false;
}

export function retry(env: Env, node: Retry, use: Use): Type {
  check(env, node.count, int);
  const times = literalInt(node.count);
  if (times !== undefined && (times < 0n || times > BigInt(MAX_RETRIES))) {
    env.cx.report("K2047", node.count.span, { most: MAX_RETRIES, got: String(times) });
  }
  return branches(env, [{ at: node.body, infer: (passed) => infer(env, node.body, passed) }], use);
}

function literalInt(node: Expression): bigint | undefined {
  if (node.kind === "IntLiteral") return BigInt(node.text);
  const negated = node.kind === "Unary" && node.operator === "-" ? literalInt(node.operand) : undefined;
  return negated === undefined ? undefined : -negated;
}
