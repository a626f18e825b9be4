// An AI operation as the effect that its step would ask for, and an agent as the settings that it would have, both with
// holes where only a run knows. A term stands beside the expression that it was lowered from, whose text names the hole.

import { text } from "../interp/text.ts";
import type { Struct, Value } from "../interp/value.ts";
import type { AgentNode, ModelEffect, Program, Term } from "../ir/kir.ts";
import type { Checked } from "../checker/checked.ts";
import type { AgentDeclaration, Entry, Expression, NodeOf } from "../parser/ast.ts";
import type { operationKinds } from "../parser/forms.ts";
import type { AgentSettings } from "../runtime/effects/handler.ts";
import type { EffectOfModel, ModelKind } from "../runtime/models/operation.ts";
import { invariant } from "../source/invariant.ts";
import { Operands } from "./prompt-operands.ts";

export type Operation = NodeOf<(typeof operationKinds)[number]>;

/** An effect; of a conversation, by its place, who speaks where that is a hole. */
export interface Foreseen {
  readonly effect: EffectOfModel<ModelKind>;
  readonly speakers: readonly (string | undefined)[];
}

type Of = (node: Expression, term: Term) => Value;
type Lowered<K extends ModelKind> = Extract<ModelEffect<Term>, { readonly kind: K }>;
type Forms = {
  readonly [K in ModelKind]: (effect: Lowered<K>, node: NodeOf<K>, of: Of, checked: Checked) => EffectOfModel<K>;
};

export function foresee(node: Operation, effect: ModelEffect<Term>, operands: Operands, checked: Checked): Foreseen {
  invariant(node.kind === effect.kind, `a step of another operation than ${node.kind}`);
  const of: Of = (each, term) => operands.value(each, term);
  const form = forms[effect.kind] as (
    effect: ModelEffect<Term>,
    node: Operation,
    of: Of,
    checked: Checked,
  ) => EffectOfModel<ModelKind>;
  const made = form(effect, node, of, checked);
  if (made.kind !== "Prompt" || made.given.messages === undefined) return { effect: made, speakers: [] };
  const { messages, speakers } = conversation(made.given.messages, operands.holes);
  return { effect: { ...made, given: { ...made.given, messages } }, speakers };
}

const forms: Forms = {
  Classify({ given, ...rest }, node, of) {
    const terms = itemsOf(given.hints);
    const hints = node.hints.map((hint, index) => ({
      text: of(hint.text, fieldOf(terms[index], "text")),
      variant: of(hint.variant, fieldOf(terms[index], "variant")),
    }));
    return { ...rest, given: { value: of(node.value, given.value), hints, ...asked(node, given.model, of) } };
  },
  Summarize({ given, ...rest }, node, of) {
    const { count } = node;
    const length = count === undefined || given.count === undefined ? {} : { count: of(count, given.count) };
    return { ...rest, given: { value: of(node.value, given.value), ...length, ...asked(node, given.model, of) } };
  },
  Draft({ given, ...rest }, node, of) {
    const parts = partsOf(node.description, given.parts, of);
    const options = structOf(node.options, given.options, of);
    return { ...rest, given: { parts, options, ...asked(node, given.model, of) } };
  },
  Extract({ given, ...rest }, node, of) {
    return { ...rest, given: { from: of(node.from, given.from), ...asked(node, given.model, of) } };
  },
  Translate({ given, ...rest }, node, of, checked) {
    const terms = itemsOf(given.targets);
    const named = checked.translations.get(node) ?? node.targets;
    const targets = named.map((each, at) => (typeof each === "string" ? each : of(each, terms[at] ?? nothing)));
    return { ...rest, given: { value: of(node.value, given.value), targets, ...asked(node, given.model, of) } };
  },
  Decide({ given, ...rest }, node, of) {
    const based = entry(node.options, "based_on");
    const nodes = based?.kind === "ListLiteral" ? based.items : [];
    const fields = given.basis.kind === "Struct" ? given.basis.fields : [];
    const basis = Object.fromEntries(fields.map(([name, term], at) => [name, of(nodes[at] ?? node.value, term)]));
    return { ...rest, given: { value: of(node.value, given.value), basis, ...asked(node, given.model, of) } };
  },
  Prompt({ given, ...rest }, node, of) {
    const [system, user, messages] = ["system", "user", "messages"].map((name) => entry(node.options, name));
    return {
      ...rest,
      given: {
        ...(system === undefined || given.system === undefined ? {} : { system: of(system, given.system) }),
        ...(user === undefined || given.parts === undefined ? {} : { parts: partsOf(user, given.parts, of) }),
        ...(messages === undefined || given.messages === undefined ? {} : { messages: of(messages, given.messages) }),
        ...asked(node, given.model, of),
      },
    };
  },
};

function asked(node: Operation, term: Term, of: Of): { readonly model: Value } {
  return { model: node.using === undefined ? null : of(node.using, term) };
}

/** As lowering makes them: texts of the program, and holes with their names. */
function partsOf(node: Expression, parts: Term, of: Of): Value {
  const terms = itemsOf(parts);
  if (node.kind !== "StringLiteral") return [{ name: "text", value: of(node, fieldOf(terms[0], "value")) }];
  return node.parts.map((part, at) => {
    if (part.kind === "TextPart") return part.text;
    return { name: of(part, fieldOf(terms[at], "name")), value: of(part, fieldOf(terms[at], "value")) };
  });
}

/** What is said before: a hole where the whole of it, or who says a part of it, is known to a run only. */
function conversation(given: Value, holes: readonly string[]) {
  const messages = Array.isArray(given) ? (given as readonly Value[]) : [given];
  const isHole = (value: Value | undefined): value is string => typeof value === "string" && holes.includes(value);
  const known = messages.map((message) => {
    if (isHole(message)) return { role: message, content: message };
    return isStruct(message) ? message : undefined;
  });
  return {
    speakers: known.map((message) => (isHole(message?.["role"]) ? message["role"] : undefined)),
    messages: messages.map((message, at) => {
      const one = known[at];
      return one !== undefined && isHole(one["role"]) ? { ...one, role: "user" } : message;
    }),
  };
}

// ── agents ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** An agent's settings, as far as they enter a request; undefined `model`: it names none. */
export function foreseeAgent(
  program: Program,
  node: AgentNode,
  declaration: AgentDeclaration,
): { readonly settings: AgentSettings; readonly holes: readonly string[] } {
  const setup = program.functions[node.setup];
  invariant(setup?.kind === "Steps", `the setup of ${node.name} has steps`);
  const returned = setup.steps.findLast((step) => step.kind === "Return")?.value ?? nothing;
  const operands = new Operands(program, setup);
  const of: Of = (each, term) => operands.value(each, term);
  const member = (kind: "RoleMember" | "ModelMember" | "RulesMember", name: string): Value | undefined => {
    const found = declaration.members.find((each): each is NodeOf<typeof kind> => each.kind === kind);
    return found === undefined ? undefined : of(found.value, fieldOf(returned, name));
  };
  const [role, model, rules] = [
    member("RoleMember", "role"),
    member("ModelMember", "model"),
    member("RulesMember", "rules"),
  ];
  const entries = declaration.members.flatMap((each) => (each.kind === "ConfigMember" ? each.entries : []));
  const config = structOf(entries, fieldOf(returned, "config"), of);
  const settings: AgentSettings = {
    name: node.name,
    role: role === undefined ? "" : text(role),
    model: model === undefined ? undefined : text(model),
    rules: rules === undefined ? [] : (Array.isArray(rules) ? (rules as readonly Value[]) : [rules]).map(text),
    config,
    state: {},
    intervals: [],
    times: [],
    memory: node.memory,
  };
  return { settings, holes: operands.holes };
}

// ── terms ───────────────────────────────────────────────────────────────────────────────────────────────────────

const nothing: Term = { kind: "Literal", value: null };

function itemsOf(term: Term): readonly Term[] {
  return term.kind === "List" ? term.items : [];
}

function fieldOf(term: Term | undefined, name: string): Term {
  const found = term?.kind === "Struct" ? term.fields.find(([field]) => field === name) : undefined;
  return found?.[1] ?? nothing;
}

function structOf(entries: readonly Entry[], term: Term, of: Of): Struct {
  return Object.fromEntries(entries.map(({ key, value }) => [key.text, of(value, fieldOf(term, key.text))]));
}

function entry(entries: readonly Entry[], name: string): Expression | undefined {
  return entries.find(({ key }) => key.text === name)?.value;
}

function isStruct(value: Value): value is Struct {
  return typeof value === "object" && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
