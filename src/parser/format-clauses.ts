// The forms that begin with a verb as data: verb, operand, and the clauses in the order they were written. Both the
// layout and the question where parentheses are needed read a form from here.

import type { Entry, Expression, Hint, Name, NodeOf, TypeNode } from "./ast.ts";
import { Level } from "./powers.ts";

export type Clause =
  | { readonly kind: "Operand"; readonly word: string; readonly value: Expression; readonly level: number }
  | { readonly kind: "Type"; readonly word: string; readonly type: TypeNode }
  | { readonly kind: "Hints"; readonly word: string; readonly hints: readonly Hint[] }
  | { readonly kind: "Count"; readonly word: string; readonly count: Expression; readonly unit: Name }
  | { readonly kind: "Word"; readonly word: string; readonly name: Name }
  | { readonly kind: "Targets"; readonly word: string; readonly targets: readonly Expression[] }
  | { readonly kind: "Options"; readonly word: "{"; readonly options: readonly Entry[] }
  | { readonly kind: "Then"; readonly word: string; readonly body: Expression };

export interface Form {
  readonly verb: string;
  readonly operand: Operand | undefined;
  readonly clauses: readonly Clause[];
  /** Words (and `{`) that the form would take after it. */
  readonly takes: readonly string[];
}

export type Operand =
  | { readonly kind: "Value"; readonly value: Expression; readonly level: number }
  | { readonly kind: "Type"; readonly type: TypeNode }
  | { readonly kind: "Name"; readonly name: Name; readonly rest: string };

/** `with { … }`, which reads as options. */
type Settings = Extract<Clause, { kind: "Operand" }> & { readonly value: NodeOf<"StructLiteral"> };

export function isSettings(clause: Clause): clause is Settings {
  return clause.kind === "Operand" && clause.word === "with" && clause.value.kind === "StructLiteral";
}

/** Its bracket takes the lines where the form does not fit. */
export function opensBracket(clause: Clause): boolean {
  if (clause.kind === "Then") return clause.body.kind === "Block";
  return clause.kind === "Options" || clause.kind === "Hints" || isSettings(clause);
}

const always = ["fallback", "using"];

type Forms = { readonly [K in Expression["kind"]]?: (node: NodeOf<K>) => Form };

const forms: Forms = {
  Classify: (node) =>
    form(
      "classify",
      sum(node.value),
      [...always, "as", "considering"],
      [
        type("as", node.type),
        node.hints.length === 0 ? undefined : { kind: "Hints", word: "considering", hints: node.hints },
        ...both(node),
      ],
    ),
  Summarize: (node) =>
    form(
      "summarize",
      sum(node.value),
      [...always, "in", "format"],
      [
        node.count && node.unit && { kind: "Count", word: "in", count: node.count, unit: node.unit },
        node.format && { kind: "Word", word: "format", name: node.format },
        ...both(node),
      ],
    ),
  Draft: (node) => form("draft", sum(node.description), [...always, "{"], [options(node.options), ...both(node)]),
  Extract: (node) =>
    form(
      "extract",
      { kind: "Type", type: node.type },
      [...always, "from"],
      [operand("from", node.from), ...both(node)],
    ),
  Translate: (node) =>
    form(
      "translate",
      sum(node.value),
      [...always, "to"],
      [
        node.many ? { kind: "Targets", word: "to", targets: node.targets } : operand("to", node.targets[0]),
        ...both(node),
      ],
    ),
  Decide: (node) => form("decide", sum(node.value), [...always, "{"], [options(node.options, true), ...both(node)]),
  Prompt: (node) =>
    form(
      "prompt",
      undefined,
      [...always, "{", "as"],
      [options(node.options, true), node.type && type("as", node.type), ...both(node)],
    ),
  Ask: (node) => form("ask user", sum(node.question), ["timeout"], [operand("timeout", node.timeout)]),
  Confirm: (node) =>
    form(
      "confirm user",
      sum(node.question),
      ["timeout", "then"],
      [operand("timeout", node.timeout), node.then && { kind: "Then", word: "then", body: node.then }],
    ),
  Notify: (node) => form("notify user", whole(node.value)),
  Show: (node) => form("show user", whole(node.value)),
  Remind: (node) => form("remind user", whole(node.value)),
  Wait: (node) => form("wait", sum(node.duration)),
  WaitUntil: (node) =>
    form(
      "wait until",
      { kind: "Value", value: node.condition, level: Level.or },
      ["timeout"],
      [operand("timeout", node.timeout)],
    ),
  Fetch: (node) =>
    form(
      "fetch",
      sum(node.source),
      ["where", "with", "limit"],
      [operand("where", node.where, Level.or), operand("with", node.with), operand("limit", node.limit)],
    ),
  Send: (node) => form("send", whole(node.value), ["to"], [operand("to", node.to, Level.default)]),
  Archive: (node) => form("archive", whole(node.value)),
  Search: (node) => form("search", sum(node.query), ["limit"], [operand("limit", node.limit)]),
  Remember: (node) => form("remember", whole(node.value)),
  Recall: (node) =>
    form(
      "recall",
      sum(node.query),
      ["limit", "as"],
      [operand("limit", node.limit), node.type && type("as", node.type)],
    ),
  Forget: (node) => form("forget", whole(node.query)),
  Fail: (node) => form("fail", whole(node.value)),
  Run: ({ agent, background }) => {
    const rest = background ? " in background" : "";
    return form("run", { kind: "Name", name: agent, rest }, background ? [] : ["in"]);
  },
  Stop: (node) => form("stop", { kind: "Name", name: node.agent, rest: "" }),
};

/** The expression as a form with clauses; undefined for what is none. */
export function formOf(node: Expression): Form | undefined {
  const read = forms[node.kind] as ((node: Expression) => Form) | undefined;
  return read?.(node);
}

function form(
  verb: string,
  operandOf: Operand | undefined,
  takes: readonly string[] = [],
  clauses: readonly (Clause | undefined)[] = [],
): Form {
  const written = clauses.filter((clause) => clause !== undefined);
  const free = takes.filter((word) => !written.some((clause) => clause.word === word));
  return { verb, operand: operandOf, clauses: written.toSorted((a, b) => place(a) - place(b)), takes: free };
}

function sum(value: Expression): Operand {
  return { kind: "Value", value, level: Level.sum };
}

function whole(value: Expression): Operand {
  return { kind: "Value", value, level: Level.default };
}

function operand(word: string, value: Expression | undefined, level: number = Level.sum): Clause | undefined {
  return value === undefined ? undefined : { kind: "Operand", word, value, level };
}

function type(word: string, node: TypeNode): Clause {
  return { kind: "Type", word, type: node };
}

function options(entries: readonly Entry[], isNeeded = false): Clause | undefined {
  return entries.length > 0 || isNeeded ? { kind: "Options", word: "{", options: entries } : undefined;
}

function both(node: { readonly fallback?: Expression; readonly using?: Expression }): (Clause | undefined)[] {
  return [operand("fallback", node.fallback), operand("using", node.using)];
}

/** Where a clause stands in the text; one without anything in it comes first. */
function place(clause: Clause): number {
  switch (clause.kind) {
    case "Operand":
      return clause.value.span.start;
    case "Type":
      return clause.type.span.start;
    case "Hints":
      return clause.hints[0]?.span.start ?? 0;
    case "Count":
      return clause.count.span.start;
    case "Word":
      return clause.name.span.start;
    case "Targets":
      return clause.targets[0]?.span.start ?? 0;
    case "Options":
      return clause.options[0]?.key.span.start ?? 0;
    case "Then":
      return clause.body.span.start;
  }
}
