// Expressions that evaluate all of their operands: once for terms and for steps, by what the evaluator does with an
// operand. A call of something with effects is the one among them that cannot end as a term: it is emitted, and its
// value is a slot.

import { isPrimitive, type Type } from "../checker/type.ts";
import type { Expression, NodeOf } from "../parser/ast.ts";
import { invariant, unreachable } from "../source/invariant.ts";
import type { Body, Destination } from "./body.ts";
import { callStrict, methodOf, pipeStrict } from "./lower-calls.ts";
import { evaluateAll, type Evaluator, type Operand } from "./evaluate-all.ts";
import type { Operator, Term } from "./kir.ts";
import { durationLiteral, floatLiteral, intLiteral, literal, none, variantLiteral } from "./literal.ts";
import { castShapeOf } from "./shape.ts";
import { sourceForm } from "./source-form.ts";
import { present } from "./unit.ts";

const strict = [
  "IntLiteral",
  "FloatLiteral",
  "DurationLiteral",
  "StringLiteral",
  "BoolLiteral",
  "NoneLiteral",
  "ListLiteral",
  "StructLiteral",
  "Unary",
  "Binary",
  "Pipe",
  "Cast",
  "Member",
  "Assert",
  "Index",
  "Call",
  "Assign",
] as const satisfies readonly Expression["kind"][];

export type Strict = NodeOf<(typeof strict)[number]>;

const strictKinds: ReadonlySet<string> = new Set(strict);

export function isStrict(node: Expression): node is Strict {
  return strictKinds.has(node.kind);
}

/** `destination`: where a call's value should go; without it, a slot of its own. */
export function strictTerm(f: Body, node: Strict, by: Evaluator, destination?: Destination): Term {
  switch (node.kind) {
    case "IntLiteral":
      return isPrimitive(present(f.unit.type(node)), "float") ? floatLiteral(node) : intLiteral(node);
    case "FloatLiteral":
      return floatLiteral(node);
    case "DurationLiteral":
      return durationLiteral(node);
    case "BoolLiteral":
      return literal(node.value);
    case "NoneLiteral":
      return none;
    case "StringLiteral":
      return stringTerm(f, node, by);
    case "ListLiteral":
      return { kind: "List", items: evaluateAll(f, by, node.items) };
    case "StructLiteral":
      return structTerm(f, node, by);
    case "Unary":
      return unaryTerm(f, node, by);
    case "Binary":
      return binaryTerm(f, node, by);
    case "Cast":
      return { kind: "Cast", of: by.of(node.value), type: castShapeOf(f.unit, node.type) };
    case "Assert":
      return { kind: "Assert", of: by.of(node.target), what: sourceForm(node.target) };
    case "Assign": {
      invariant(node.target.kind === "Member", "an assignment to something else than state");
      return { kind: "SetState", field: node.target.name.text, value: by.of(node.value) };
    }
    case "Member":
      return memberTerm(f, node, by, destination);
    case "Index":
      return indexTerm(f, node, by);
    case "Call":
      return callStrict(f, node, by, destination);
    case "Pipe":
      return pipeStrict(f, node, by, destination);
    default:
      return unreachable(node);
  }
}

function stringTerm(f: Body, node: NodeOf<"StringLiteral">, by: Evaluator): Term {
  const holes = node.parts.filter((part) => part.kind !== "TextPart");
  const terms = evaluateAll(f, by, holes).values();
  const parts = node.parts.map((part) => (part.kind === "TextPart" ? part.text : (terms.next().value ?? none)));
  return textTerm(parts);
}

function textTerm(parts: readonly (string | Term)[]): Term {
  const merged: (string | Term)[] = [];
  for (const part of parts) {
    const last = merged.at(-1);
    if (typeof part === "string" && typeof last === "string") merged[merged.length - 1] = last + part;
    else if (part !== "") merged.push(part);
  }
  const [only] = merged;
  if (only === undefined) return literal("");
  return merged.length === 1 && typeof only === "string" ? literal(only) : { kind: "Text", parts: merged };
}

function structTerm(f: Body, node: NodeOf<"StructLiteral">, by: Evaluator): Term {
  const terms = evaluateAll(
    f,
    by,
    node.entries.map((entry) => entry.value),
  );
  const base = node.entries.findIndex((entry) => entry.kind === "Spread");
  const fields = node.entries.flatMap((entry, at): (readonly [string, Term])[] =>
    entry.kind === "Entry" ? [[entry.key.text, terms[at] ?? none]] : [],
  );
  if (present(f.unit.type(node)).kind === "Map") {
    return { kind: "Map", entries: fields.map(([key, value]) => [literal(key), value]) };
  }
  const from = terms[base];
  return { kind: "Struct", ...(from === undefined ? {} : { base: from }), fields };
}

function unaryTerm(f: Body, node: NodeOf<"Unary">, by: Evaluator): Term {
  const { operand } = node;
  if (node.operator === "not") return { kind: "Unary", operator: "not", of: by.of(operand) };
  const type = present(f.unit.type(node));
  const number = numberOf(type);
  if (operand.kind === "IntLiteral")
    return number === "float" ? floatLiteral(operand, true) : intLiteral(operand, true);
  if (operand.kind === "FloatLiteral") return floatLiteral(operand, true);
  if (operand.kind === "DurationLiteral") return durationLiteral(operand, true);
  return { kind: "Unary", operator: `${number}.neg`, of: by.of(operand) };
}

function numberOf(type: Type): "int" | "float" | "number" | "duration" {
  if (type.kind === "Variable") return "number";
  if (isPrimitive(type, "float")) return "float";
  return isPrimitive(type, "duration") ? "duration" : "int";
}

function binaryTerm(f: Body, node: NodeOf<"Binary">, by: Evaluator): Term {
  const [left = none, right = none] = evaluateAll(f, by, [node.left, node.right]);
  const operator = operatorOf(node.operator, present(f.unit.type(node.left)), present(f.unit.type(node.right)));
  if (operator === "eq" || operator === "ne") return equality(operator, left, right);
  const swapped = operator === "duration.mul" && isPrimitive(f.unit.type(node.left), "int");
  if (swapped) return { kind: "Binary", operator, left: right, right: left };
  return { kind: "Binary", operator, left, right };
}

function equality(operator: "eq" | "ne", left: Term, right: Term): Term {
  const other = isNone(left) ? right : isNone(right) ? left : undefined;
  if (other === undefined) return { kind: "Binary", operator, left, right };
  const test: Term = { kind: "IsNone", of: other };
  return operator === "eq" ? test : { kind: "Unary", operator: "not", of: test };
}

function isNone(term: Term): boolean {
  return term.kind === "Literal" && term.value === null;
}

const orders = { "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge" } as const;
const sums = { "+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod" } as const;

function operatorOf(operator: NodeOf<"Binary">["operator"], left: Type, right: Type): Operator {
  if (operator in orders) return orders[operator as keyof typeof orders];
  const sum = sums[operator as keyof typeof sums];
  const is = (type: Type, name: "int" | "float" | "str" | "datetime" | "duration"): boolean => isPrimitive(type, name);
  if (is(left, "datetime") && sum === "sub") return is(right, "duration") ? "datetime.sub" : "datetime.diff";
  if (is(left, "datetime") && is(right, "duration")) return "datetime.add";
  if (sum === "add" && (left.kind === "List" || right.kind === "List")) return "list.concat";
  if (sum === "add" && (is(left, "str") || is(left, "datetime"))) return "str.concat";
  if (is(left, "float") || is(right, "float")) return `float.${sum}`;
  if (left.kind === "Variable" || right.kind === "Variable") return `number.${sum}`;
  if (sum !== "mod" && (is(left, "duration") || is(right, "duration"))) return `duration.${sum}`;
  return `int.${sum}`;
}

function memberTerm(f: Body, node: NodeOf<"Member">, by: Evaluator, destination?: Destination): Term {
  const target = f.unit.checked.members.get(node);
  invariant(target !== undefined, `the member ${node.name.text} without a meaning`);
  switch (target.kind) {
    case "Field":
    case "JsonField":
    case "Property":
      return linkTerm(f, node, by, { kind: "Done", term: by.of(node.target) });
    case "State":
      return { kind: "State", field: node.name.text };
    case "Variant":
      return variantLiteral(target.enum.name, target.variant);
    case "EnumValues": {
      const variants = [...target.enum.variants.keys()];
      return { kind: "List", items: variants.map((variant) => variantLiteral(target.enum.name, variant)) };
    }
    case "Env": {
      const name = node.name.text;
      f.unit.environment.add(name);
      const effect = { kind: "Env", name, noneSafe: target.noneSafe, given: {} } as const;
      return f.performTo("env", node, [node.name], effect, destination);
    }
    case "Callee":
      return unreachableMember(node);
  }
}

function unreachableMember(node: NodeOf<"Member">): never {
  invariant(false, `the method ${node.name.text} that is not called`);
}

function indexTerm(f: Body, node: NodeOf<"Index">, by: Evaluator): Term {
  const [target = none, index = none] = evaluateAll(f, by, [node.target, node.index]);
  return indexed(f, node, target, index);
}

function indexed(f: Body, node: NodeOf<"Index">, target: Term, index: Term): Term {
  const type = present(f.unit.type(node.target));
  if (isPrimitive(type, "json") && index.kind === "Literal" && typeof index.value === "string") {
    return { kind: "JsonField", of: target, name: index.value };
  }
  const owner = type.kind === "Map" ? "map" : isPrimitive(type, "json") ? "json" : "list";
  return { kind: "Builtin", id: owner === "map" ? "map.get" : `${owner}.at`, arguments: [target, index] };
}

/** One more link of `a.b[c].d()`: what stands left of it is evaluated already. */
export function linkTerm(f: Body, node: Link, by: Evaluator, target: Operand & { readonly kind: "Done" }): Term {
  switch (node.kind) {
    case "Member": {
      const member = f.unit.checked.members.get(node);
      if (member?.kind === "Property") return { kind: "Builtin", id: member.id, arguments: [target.term] };
      return { kind: member?.kind === "JsonField" ? "JsonField" : "Field", of: target.term, name: node.name.text };
    }
    case "Index": {
      const [of = none, index = none] = evaluateAll(f, by, [target, node.index]);
      return indexed(f, node, of, index);
    }
    case "Call":
      return callStrict(f, node, by, undefined, target);
    default:
      return unreachable(node);
  }
}

export type Link = NodeOf<"Member" | "Index" | "Call">;

/** What a link stands on, if the expression is one: a field, an index, a method. */
export function targetOf(f: Body, node: Expression): Expression | undefined {
  if (node.kind === "Index") return node.target;
  if (node.kind === "Call") return methodOf(f, node)?.target;
  if (node.kind !== "Member") return undefined;
  const kind = f.unit.checked.members.get(node)?.kind;
  return kind === "Field" || kind === "JsonField" || kind === "Property" ? node.target : undefined;
}
