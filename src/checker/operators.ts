// Operators. Chains of thousands (`a + a + a …`) are walked in a loop: a binary chain leans left, `??` leans right.
// Beside an operand with a type, a bare variant or an integer literal takes that operand's type.

import type { Binary, Expression, Logical, Unary } from "../parser/ast.ts";
import { chainRoot } from "./chain-root.ts";
import type { Env } from "./context.ts";
import { inner } from "./context.ts";
import { giveDefault, removeDefault, writeInstead } from "./edits.ts";
import { check, conform, expected, hint, infer, setType, wantOf } from "./expressions.ts";
import type { Use } from "./expressions.ts";
import { integer, noJoin } from "./literals.ts";
import { narrow } from "./narrow.ts";
import { fits, holdsFunction, isNumber, isOrdered, join } from "./relate.ts";
import { local } from "./resolve.ts";
import {
  bool,
  canBeNone,
  datetime,
  duration,
  float,
  int,
  isNever,
  isPrimitive,
  isUnknown,
  listOf,
  nullable,
  present,
  str,
  typeText,
  unknown,
} from "./type.ts";
import type { Type } from "./type.ts";

export function inferUnary(env: Env, unary: Unary, use: Use): Type {
  if (unary.operator === "not") {
    check(env, unary.operand, bool);
    return bool;
  }
  const wanted = expected(use);
  if (unary.operand.kind === "IntLiteral") {
    const type = wanted !== undefined && isPrimitive(wanted, "float") ? float : integer(env, unary.operand, true);
    return setType(env, unary.operand, type);
  }
  const type = infer(env, unary.operand, hint(wanted));
  if (isNumber(type) || isPrimitive(type, "duration")) return type;
  env.cx.report("K2010", unary.span, { operator: "-", type: typeText(type) });
  return unknown;
}

/** Left to right along the chain, so that depth costs nothing. */
export function inferBinary(env: Env, binary: Binary): Type {
  const chain: Binary[] = [];
  let first: Expression = binary;
  while (first.kind === "Binary") {
    chain.push(first);
    first = first.left;
  }
  const innermost = chain.at(-1);
  // `2 * x`, `low == u`: the operand that says what the other one is comes first.
  const rightFirst = innermost !== undefined && leans(env, first) && !leans(env, innermost.right);
  const lead = rightFirst ? infer(env, innermost.right) : undefined;
  let type = infer(env, first, hint(lead));
  for (const link of chain.reverse()) {
    const other = link === innermost && lead !== undefined ? lead : infer(env, link.right, hint(type));
    type = apply(env, link, type, other);
    setType(env, link, type);
  }
  return type;
}

/** Forms whose type depends on what stands beside them: integer literals, bare variants, literals that hold such. */
function leans(env: Env, expression: Expression): boolean {
  switch (expression.kind) {
    case "IntLiteral":
    case "ListLiteral":
    case "StructLiteral":
      return true;
    case "Unary":
      return expression.operator === "-" && expression.operand.kind === "IntLiteral";
    case "Reference":
      return env.cx.variants(expression.name).length > 0 && local(env, expression.name) === undefined;
    case "Call":
      return expression.callee.kind === "Reference" && leans(env, expression.callee);
    default:
      return false;
  }
}

function apply(env: Env, binary: Binary, left: Type, right: Type): Type {
  if (isUnknown(left) || isUnknown(right)) return ["+", "-", "*", "/", "%"].includes(binary.operator) ? unknown : bool;
  switch (binary.operator) {
    case "==":
    case "!=":
      return equality(env, binary, left, right);
    case "<":
    case "<=":
    case ">":
    case ">=":
      if (!(fits(left, right) || fits(right, left)) || !isOrdered(left) || !isOrdered(right))
        refuse(env, binary, left, right);
      return bool;
    case "+":
    case "-":
    case "*":
    case "/":
    case "%": {
      const result = arithmetic(binary.operator, left, right);
      return result ?? refuse(env, binary, left, right);
    }
  }
}

function refuse(env: Env, binary: Binary, left: Type, right: Type): Type {
  const culprit = canBeNone(left) ? binary.left : canBeNone(right) ? binary.right : undefined;
  const mixed = isNumber(left) && isNumber(right);
  const help =
    culprit !== undefined
      ? "it may be none: give a default with `??`, or check it first"
      : mixed
        ? "convert one of them: `.to_float()` or `.to_int()`"
        : binary.operator === "+" && (isPrimitive(left, "str") || isPrimitive(right, "str"))
          ? 'put the value into the text: `"… {value}"`'
          : undefined;
  const holes = { operator: binary.operator, left: typeText(left), right: typeText(right) };
  const edits =
    culprit === undefined ? [] : giveDefault(env.cx.source, culprit, present(culprit === binary.left ? left : right));
  env.cx.report("K2009", binary.span, holes, help === undefined ? {} : { help, edits });
  return unknown;
}

function arithmetic(operator: "+" | "-" | "*" | "/" | "%", left: Type, right: Type): Type | undefined {
  if (isNever(left)) return right;
  if (isNever(right)) return left;
  const both = (type: Type): boolean => fits(left, type) && fits(right, type);
  if (both(int)) return int;
  if (both(float)) return float;
  if (isNumber(left) && left === right) return left;
  const isDuration = { left: isPrimitive(left, "duration"), right: isPrimitive(right, "duration") };
  switch (operator) {
    case "+":
      if (isDuration.right && (isDuration.left || isPrimitive(left, "datetime"))) return left;
      if (isDuration.left && isPrimitive(right, "datetime")) return datetime;
      if (both(str)) return str;
      return left.kind === "List" && right.kind === "List" ? joinedLists(left.of, right.of) : undefined;
    case "-":
      if (isDuration.right && (isDuration.left || isPrimitive(left, "datetime"))) return left;
      return both(datetime) ? duration : undefined;
    case "*":
      if (isDuration.left && isPrimitive(right, "int")) return duration;
      return isDuration.right && isPrimitive(left, "int") ? duration : undefined;
    case "/":
      return isDuration.left && isPrimitive(right, "int") ? duration : undefined;
    case "%":
      return undefined;
  }
}

function joinedLists(left: Type, right: Type): Type | undefined {
  const of = join(left, right);
  return of === undefined ? undefined : listOf(of);
}

function equality(env: Env, binary: Binary, left: Type, right: Type): Type {
  if (holdsFunction(left) || holdsFunction(right)) {
    const span = holdsFunction(left) ? binary.left.span : binary.right.span;
    env.cx.report("K2018", span, { where: "compared" });
  } else if (binary.left.kind === "NoneLiteral" || binary.right.kind === "NoneLiteral") {
    const [subject, type] = binary.left.kind === "NoneLiteral" ? [binary.right, right] : [binary.left, left];
    if (!canBeNone(type) && !isNever(type) && type.kind !== "Variable") {
      const edits = writeInstead(binary.span, String(binary.operator === "!="));
      env.cx.report("K2102", subject.span, { type: typeText(type) }, { edits });
    }
  } else if (!fits(left, right) && !fits(right, left)) {
    env.cx.report("K2030", binary.span, { left: typeText(left), right: typeText(right) });
  }
  return bool;
}

export function inferLogical(env: Env, logical: Logical, use: Use): Type {
  return logical.operator === "??" ? coalesce(env, logical, use) : junction(env, logical, use);
}

/** `a and b and c`: what the parts before are known to mean holds in the ones after. */
function junction(env: Env, logical: Logical, use: Use): Type {
  const { operator } = logical;
  const chain: Logical[] = [];
  let first: Expression = logical;
  while (first.kind === "Logical" && first.operator === operator) {
    chain.push(first);
    first = first.left;
  }
  check(env, first, bool);
  const here = inner(env, narrow(env, first, operator === "and"));
  for (const link of chain.reverse()) {
    check(here, link.right, bool);
    here.scope.learn(narrow(here, link.right, operator === "and"));
    setType(env, link, bool);
  }
  const want = wantOf(use);
  return want?.strict === true ? conform(env, logical, bool, want) : bool;
}

/** `a ?? b ?? c`: the first that is not none. */
function coalesce(env: Env, logical: Logical, use: Use): Type {
  const links: Logical[] = [];
  let last: Expression = logical;
  while (last.kind === "Logical" && last.operator === "??") {
    links.push(last);
    last = last.right;
  }
  const want = wantOf(use);
  const wanted = want?.type;
  let hinted = wanted === undefined ? undefined : present(wanted);
  const lefts: Type[] = [];
  for (const link of links) {
    const { left } = link;
    const type = present(leftOf(env, link, hinted));
    if (want?.strict === true) conform(env, left, type, { ...want, type: nullable(want.type) });
    lefts.push(type);
    hinted ??= isNever(type) || isUnknown(type) ? undefined : type;
  }
  const lastUse: Use = use.kind === "Unused" ? use : want?.strict === true ? use : hint(hinted);
  let type = infer(env, last, lastUse);
  for (const [index, link] of [...links.entries()].reverse()) {
    const left = lefts[index] ?? unknown;
    const joined = join(left, type);
    if (joined === undefined && use.kind === "Value" && want?.strict !== true) noJoin(env, link.right, left, type);
    type = want?.strict === true ? want.type : (joined ?? unknown);
    setType(env, link, type);
  }
  return type;
}

function leftOf(env: Env, link: Logical, wanted: Type | undefined): Type {
  const { left } = link;
  const type = infer(env, left, hint(wanted === undefined ? undefined : nullable(wanted)));
  const root = chainRoot(left);
  const target = root?.kind === "Member" ? env.cx.facts.members.get(root) : undefined;
  if (root?.kind === "Member" && target?.kind === "Env") {
    env.cx.facts.members.set(root, { kind: "Env", noneSafe: true });
    return nullable(type);
  }
  if (!canBeNone(type) && !isNever(type) && !isUnknown(type) && type.kind !== "Variable") {
    env.cx.report("K2101", left.span, { type: typeText(type) }, { edits: removeDefault(env.cx.source, link) });
  }
  return type;
}
