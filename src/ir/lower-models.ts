// The seven AI operations. Each is one Perform; `fallback` is a branch behind it, so that it is evaluated only where
// the model gave nothing. Holes of a literal become named parts: data, told apart from the words around them.

import type { Entry, Expression, NodeOf } from "../parser/ast.ts";
import { operationKinds } from "../parser/forms.ts";
import { unreachable } from "../source/invariant.ts";
import type { Body } from "./body.ts";
import { evaluateAll, stepEvaluator } from "./evaluate-all.ts";
import type { ModelEffect, Term } from "./kir.ts";
import { literal, literalOf, none } from "./literal.ts";
import { shapeOf } from "./shape.ts";
import { sourceForm } from "./source-form.ts";
import type { Unit } from "./unit.ts";

type Operation = NodeOf<(typeof operationKinds)[number]>;

const kinds: ReadonlySet<string> = new Set(operationKinds);

export function isOperation(node: Expression): node is Operation {
  return kinds.has(node.kind);
}

/** Gives out the values of operands by the expression, after all were evaluated in the order of the text. */
type Given = (node: Expression) => Term;

export function operationSteps(f: Body, node: Operation, slot: number | undefined): void {
  const effect = effectOf(f, node);
  const verb = node.kind.toLowerCase();
  const given = node.fallback === undefined ? slot : (slot ?? f.slot());
  f.unit.operations.add(verb);
  noteModel(f, node);
  f.perform(verb, node, [operand(node)], effect, given);
  if (node.fallback === undefined || given === undefined) return;
  const [fallback, end] = [f.label(), f.label()];
  f.branch({ kind: "IsNone", of: { kind: "Slot", slot: given } }, fallback, end);
  f.place(fallback);
  f.into(node.fallback, given);
  f.place(end);
}

function noteModel(f: Body, node: Operation): void {
  const models = f.unit.models.get(f.id) ?? new Set();
  f.unit.models.set(f.id, models);
  if (node.using === undefined) return void models.add(undefined);
  const name = constantText(f.unit, node.using);
  if (name !== undefined) models.add(name);
}

/** The text of a literal, or of a constant that is one. */
export function constantText(unit: Unit, node: Expression): string | undefined {
  if (node.kind === "Reference") {
    const referent = unit.checked.references.get(node);
    if (referent?.kind === "Constant") return constantText(unit, referent.node.value);
    const bound = referent?.kind === "Local" ? referent.binding.node : undefined;
    return bound?.kind === "Bind" ? constantText(unit, bound.value) : undefined;
  }
  const value = node.kind === "StringLiteral" ? literalOf(node, false)?.value : undefined;
  return typeof value === "string" ? value : undefined;
}

/** What the step is named by. */
function operand(node: Operation): Expression {
  switch (node.kind) {
    case "Classify":
    case "Summarize":
    case "Translate":
    case "Decide":
      return node.value;
    case "Draft":
      return node.description;
    case "Extract":
      return node.from;
    case "Prompt":
      return entry(node.options, "user") ?? entry(node.options, "messages") ?? entry(node.options, "system") ?? node;
    default:
      return unreachable(node);
  }
}

function effectOf(f: Body, node: Operation): ModelEffect<Term> {
  switch (node.kind) {
    case "Classify":
      return classify(f, node);
    case "Summarize": {
      const given = evaluated(f, [node.value, node.count, node.using]);
      return {
        kind: "Summarize",
        ...(node.unit === undefined ? {} : { unit: node.unit.text }),
        ...(node.format === undefined ? {} : { format: node.format.text }),
        given: {
          value: given(node.value),
          ...(node.count === undefined ? {} : { count: given(node.count) }),
          model: model(node, given),
        },
      };
    }
    case "Draft": {
      const values = node.options.map(({ value }) => value);
      const given = evaluated(f, [...partsOf(node.description), ...values, node.using]);
      const options = struct(node.options.map(({ key, value }) => [key.text, given(value)]));
      return { kind: "Draft", given: { parts: parts(node.description, given), options, model: model(node, given) } };
    }
    case "Extract": {
      const given = evaluated(f, [node.from, node.using]);
      return {
        kind: "Extract",
        shape: shapeOf(f.unit, node.type),
        given: { from: given(node.from), model: model(node, given) },
      };
    }
    case "Translate":
      return translate(f, node);
    case "Decide":
      return decide(f, node);
    case "Prompt":
      return prompt(f, node);
    default:
      return unreachable(node);
  }
}

/** Evaluates operands in the order of the text. */
function evaluated(f: Body, operands: readonly (Expression | undefined)[]): Given {
  const nodes = operands.filter((operand) => operand !== undefined);
  const terms = evaluateAll(f, stepEvaluator(f), nodes);
  const values = new Map(nodes.map((node, at) => [node, terms[at] ?? none]));
  return (node) => values.get(node) ?? none;
}

function model(node: Operation, given: Given): Term {
  return node.using === undefined ? none : given(node.using);
}

function classify(f: Body, node: NodeOf<"Classify">): ModelEffect<Term> {
  const texts = node.hints.map(({ text }) => text);
  const given = evaluated(f, [node.value, ...texts, node.using]);
  const hints = node.hints.map(({ text, variant }) =>
    struct([
      ["text", given(text)],
      ["variant", literal(variantName(f, variant))],
    ]),
  );
  const type = f.unit.checked.typeNodes.get(node.type);
  const isEnum = type?.kind === "Enum";
  return {
    kind: "Classify",
    enum: isEnum ? type.name : "",
    variants: isEnum ? [...type.variants.keys()] : [],
    given: { value: given(node.value), hints: { kind: "List", items: hints }, model: model(node, given) },
  };
}

function variantName(f: Body, node: Expression): string {
  if (node.kind === "Member") return node.name.text;
  const referent = node.kind === "Reference" ? f.unit.checked.references.get(node) : undefined;
  if (referent?.kind === "Variant") return referent.variant;
  return node.kind === "Reference" ? node.name : "";
}

function translate(f: Body, node: NodeOf<"Translate">): ModelEffect<Term> {
  const targets = f.unit.checked.translations.get(node) ?? node.targets;
  const variables = targets.filter((target) => typeof target !== "string");
  const given = evaluated(f, [node.value, ...variables, node.using]);
  const items = targets.map((target) => (typeof target === "string" ? literal(target) : given(target)));
  return {
    kind: "Translate",
    many: node.many,
    given: { value: given(node.value), targets: { kind: "List", items }, model: model(node, given) },
  };
}

function decide(f: Body, node: NodeOf<"Decide">): ModelEffect<Term> {
  const based = entry(node.options, "based_on");
  const on = based?.kind === "ListLiteral" ? based.items : [];
  const variables = on.filter((one) => !isField(f, one));
  const needsValue = on.length > variables.length;
  const given = evaluated(f, [node.value, ...variables, node.using]);
  const subject = needsValue ? f.spill(given(node.value)) : given(node.value);
  const fields = on.map((one): readonly [string, Term] => {
    const name = sourceForm(one);
    return [name, isField(f, one) ? fieldOf(f, node.value, subject, name) : given(one)];
  });
  return {
    kind: "Decide",
    ...choices(f, entry(node.options, "options")),
    given: { value: subject, basis: struct(fields), model: model(node, given) },
  };
}

function fieldOf(f: Body, value: Expression, of: Term, name: string): Term {
  if (f.unit.type(value).kind !== "Nullable") return { kind: "Field", of, name };
  const slot = f.slot();
  return { kind: "Chain", of, slot, then: { kind: "Field", of: { kind: "Slot", slot }, name } };
}

/** A name that the checker took for a field of what is decided. */
function isField(f: Body, name: Expression): boolean {
  return name.kind === "Reference" && f.unit.checked.references.get(name)?.kind === "Label";
}

function choices(
  f: Body,
  node: Expression | undefined,
): { readonly options: readonly string[]; readonly enum?: string } {
  if (node?.kind === "ListLiteral") return { options: node.items.map((item) => label(f, item)) };
  const referent = node?.kind === "Reference" ? f.unit.checked.references.get(node) : undefined;
  if (referent?.kind !== "Enum") return { options: [] };
  return { options: [...referent.enum.variants.keys()], enum: referent.enum.name };
}

function label(f: Body, node: Expression): string {
  return node.kind === "Reference" ? node.name : (constantText(f.unit, node) ?? sourceForm(node));
}

function prompt(f: Body, node: NodeOf<"Prompt">): ModelEffect<Term> {
  const system = entry(node.options, "system");
  const user = entry(node.options, "user");
  const messages = entry(node.options, "messages");
  for (const { key } of node.options) {
    if (!["system", "user", "messages"].includes(key.text)) f.unit.refuse(key, `\`${key.text}\` of a prompt`);
  }
  const given = evaluated(f, [system, ...(user === undefined ? [] : partsOf(user)), messages, node.using]);
  return {
    kind: "Prompt",
    shape: node.type === undefined ? { kind: "json" } : shapeOf(f.unit, node.type),
    given: {
      ...(system === undefined ? {} : { system: given(system) }),
      ...(user === undefined ? {} : { parts: parts(user, given) }),
      ...(messages === undefined ? {} : { messages: given(messages) }),
      model: model(node, given),
    },
  };
}

function entry(entries: readonly Entry[], name: string): Expression | undefined {
  return entries.find(({ key }) => key.text === name)?.value;
}

/** What has to be evaluated of a description: its holes, or all of it. */
function partsOf(node: Expression): readonly Expression[] {
  return node.kind === "StringLiteral" ? node.parts.filter((part) => part.kind !== "TextPart") : [node];
}

function parts(node: Expression, given: Given): Term {
  if (node.kind !== "StringLiteral") return { kind: "List", items: [named("text", given(node))] };
  const items = node.parts.map((part) => {
    return part.kind === "TextPart" ? literal(part.text) : named(sourceForm(part), given(part));
  });
  return { kind: "List", items };
}

function named(name: string, value: Term): Term {
  return struct([
    ["name", literal(name)],
    ["value", value],
  ]);
}

function struct(fields: readonly (readonly [string, Term])[]): Term {
  return { kind: "Struct", fields };
}
