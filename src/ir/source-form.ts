// The text of an expression in the one style, for what a program carries of its own text: the names of data blocks
// and the operand that a NullError speaks of. It is made from the tree, so two ways to lay out one expression give one
// text; of what takes several lines only the head is in it.

import type { Argument, Entry, Expression, Node, NodeOf, Spread } from "../parser/ast.ts";

type Of = (part: Expression) => string;
type Forms = { readonly [K in Expression["kind"]]: (node: NodeOf<K>, of: Of) => string };

const headed =
  (words: string): (() => string) =>
  () =>
    `${words} …`;

const forms: Forms = {
  Reference: (node) => node.name,
  Self: () => "self",
  IntLiteral: (node) => node.text,
  FloatLiteral: (node) => node.text,
  DurationLiteral: (node) => `${node.amount}.${node.unit.text}`,
  BoolLiteral: (node) => String(node.value),
  NoneLiteral: () => "none",
  StringLiteral: (node, of) =>
    `"${node.parts.map((part) => (part.kind === "TextPart" ? escaped(part.text) : `{${of(part)}}`)).join("")}"`,
  ListLiteral: (node, of) => `[${node.items.map(of).join(", ")}]`,
  StructLiteral: (node, of) => `{${node.entries.map((entry) => field(entry, of)).join(", ")}}`,
  Member: (node, of) => `${target(node.target, of)}${node.safe ? "?" : ""}.${node.name.text}`,
  Assert: (node, of) => `${target(node.target, of)}!`,
  Index: (node, of) => `${target(node.target, of)}[${of(node.index)}]`,
  Call: (node, of) => `${target(node.callee, of)}(${node.arguments.map((argument) => given(argument, of)).join(", ")})`,
  Unary: (node, of) => `${node.operator === "not" ? "not " : "-"}${target(node.operand, of)}`,
  Binary: infix,
  Logical: infix,
  Pipe: (node, of) => (node.right.kind === "Missing" ? of(node.left) : `${of(node.left)} |> ${of(node.right)}`),
  Cast: (node, of) => `${target(node.value, of)} as ${node.type.kind === "NamedType" ? node.type.name.text : "…"}`,
  Lambda: (node) => `(${node.parameters.map(({ name }) => name.text).join(", ")}) => …`,
  Block: () => "{ … }",
  If: headed("if"),
  When: headed("when"),
  For: headed("for"),
  Try: headed("try"),
  Retry: headed("retry"),
  Bind: (node) => `${node.name.text} = …`,
  Destructure: () => "{ … } = …",
  Assign: (node, of) => `${of(node.target)} = …`,
  Return: headed("return"),
  Break: () => "break",
  Continue: () => "continue",
  Fail: headed("fail"),
  Classify: headed("classify"),
  Summarize: headed("summarize"),
  Draft: headed("draft"),
  Extract: headed("extract"),
  Translate: headed("translate"),
  Decide: headed("decide"),
  Prompt: headed("prompt"),
  Ask: headed("ask user"),
  Confirm: headed("confirm user"),
  Notify: headed("notify user"),
  Show: headed("show user"),
  Remind: headed("remind user"),
  Wait: headed("wait"),
  WaitUntil: headed("wait until"),
  After: headed("after"),
  Fetch: headed("fetch"),
  Send: headed("send"),
  Archive: headed("archive"),
  Search: headed("search"),
  Remember: headed("remember"),
  Recall: headed("recall"),
  Forget: headed("forget"),
  Run: (node) => `run ${node.agent.text}`,
  Stop: (node) => `stop ${node.agent.text}`,
  Delegate: (node) => `delegate ${node.task.text}(…) to ${node.to.text}`,
  Missing: () => "…",
};

export function sourceForm(node: Expression): string {
  const form = forms[node.kind] as (node: Node, of: Of) => string;
  return form(node, sourceForm);
}

function escaped(text: string): string {
  const marks: { readonly [mark: string]: string } = { "\n": "\\n", "\t": "\\t", "\r": "\\r" };
  return text.replace(/["\\{]/g, "\\$&").replace(/[\n\t\r]/g, (mark) => marks[mark] ?? mark);
}

function field(entry: Entry | Spread, of: Of): string {
  if (entry.kind === "Spread") return `..${of(entry.value)}`;
  return `${entry.quoted ? `"${escaped(entry.key.text)}"` : entry.key.text}: ${of(entry.value)}`;
}

const closed: ReadonlySet<Expression["kind"]> = new Set([
  "Reference",
  "Self",
  "IntLiteral",
  "FloatLiteral",
  "DurationLiteral",
  "StringLiteral",
  "BoolLiteral",
  "NoneLiteral",
  "ListLiteral",
  "StructLiteral",
  "Member",
  "Assert",
  "Index",
  "Call",
]);

/** What a dot, a bracket or a mark stands beside. */
function target(node: Expression, of: Of): string {
  return closed.has(node.kind) ? of(node) : `(${of(node)})`;
}

function given(argument: Argument, of: Of): string {
  return `${argument.name === undefined ? "" : `${argument.name.text}: `}${of(argument.value)}`;
}

function infix(node: NodeOf<"Binary" | "Logical">, of: Of): string {
  const own = binding(node);
  const left = binding(node.left) < own ? `(${of(node.left)})` : of(node.left);
  const right = binding(node.right) <= own ? `(${of(node.right)})` : of(node.right);
  return `${left} ${node.operator} ${right}`;
}

const levels: readonly (readonly string[])[] = [
  ["??"],
  ["|>"],
  ["or"],
  ["and"],
  ["==", "!=", "<", "<=", ">", ">="],
  ["+", "-"],
  ["*", "/", "%"],
];

/** How tightly an operator binds; what is no operator binds tightest. */
function binding(node: Expression): number {
  if (node.kind === "Pipe") return 1;
  if (node.kind !== "Binary" && node.kind !== "Logical") return levels.length;
  return levels.findIndex((operators) => operators.includes(node.operator));
}
