// Warnings that need no types of their own: names nobody uses, values nobody uses, names in the wrong style.

import type { Expression, Item, Name } from "../parser/ast.ts";
import { children } from "../parser/walk.ts";
import type { Span } from "../source/text.ts";
import type { Env, Context } from "./context.ts";
import { markUnused } from "./edits.ts";
import type { Entry } from "./scope.ts";
import { isNever, isNone, isUnknown } from "./type.ts";

/** At the end of a scope inside a task or an agent: bindings that were never read. */
export function closeScope(env: Env): void {
  if (env.body.kind === "Main" || env.body.index !== undefined) return;
  for (const entry of [...env.scope.hidden, ...env.scope.entries.values()]) warnUnused(env, entry);
}

function warnUnused(env: Env, { binding, used }: Entry): void {
  const { node, name } = binding;
  if (used || name.startsWith("_")) return;
  if (node.kind !== "Bind" && node.kind !== "DestructureField" && node.kind !== "NamePattern") return;
  // It may be a variant of the type that is not known.
  if (node.kind === "NamePattern" && isUnknown(binding.type)) return;
  const field = node.kind === "DestructureField" ? node.field : node.kind === "NamePattern" ? node.name : undefined;
  env.cx.report("K1101", node.name.span, { name }, { edits: markUnused(env.cx.source, node.name, field) });
}

/** Forms that are there for their value alone. */
const valueForms: ReadonlySet<Expression["kind"]> = new Set([
  "IntLiteral",
  "FloatLiteral",
  "DurationLiteral",
  "StringLiteral",
  "BoolLiteral",
  "NoneLiteral",
  "ListLiteral",
  "StructLiteral",
  "Reference",
  "Unary",
  "Binary",
  "Logical",
  "Pipe",
  "Cast",
  "Member",
  "Index",
  "Call",
  "Lambda",
]);

/** Statements whose value nobody uses; whether they have effects is known only later, so they are noted. */
export const statementsOf = new WeakMap<Context, { readonly at: Expression; readonly begins: string }[]>();

export function noteStatement(env: Env, item: Item, isUnused: boolean): void {
  if (!isUnused || !valueForms.has(item.kind as Expression["kind"])) return;
  const at = item as Expression;
  const type = env.cx.facts.types.get(at);
  if (type === undefined || isNone(type) || isNever(type) || isUnknown(type)) return;
  const noted = statementsOf.get(env.cx) ?? [];
  noted.push({ at, begins: env.cx.source.text.charAt(at.span.start) });
  statementsOf.set(env.cx, noted);
}

export function warnUnusedValues(cx: Context, hasEffect: (expression: Expression) => boolean): void {
  const wrong = cx.diagnostics.filter(({ severity }) => severity === "error").map(({ span }) => span);
  for (const { at, begins } of statementsOf.get(cx) ?? []) {
    if (hasEffect(at) || wrong.some(({ start, end }) => start < at.span.end && end > at.span.start)) continue;
    cx.report(["-", "(", "["].includes(begins) ? "K2104" : "K2103", at.span, {});
  }
}

const snake = /^_*[\p{Ll}\p{Lo}\p{N}_]*$/u;
const pascal = /^_*\p{Lu}[\p{L}\p{N}]*$/u;

function toSnake(word: string): string {
  return word.replace(/(\p{Ll}|\p{N})(\p{Lu})/gu, "$1_$2").toLowerCase();
}

function toPascal(word: string): string {
  return word.replace(/(?:^|_)+(\p{L})/gu, (_, letter: string) => letter.toUpperCase());
}

/** Types and agents are written like `PascalCase`, all else like `snake_case`. */
export function checkStyle(cx: Context): void {
  const say = (what: string, name: string, span: Span, style: "Pascal" | "snake"): void => {
    if ((style === "Pascal" ? pascal : snake).test(name)) return;
    const better = style === "Pascal" ? toPascal(name) : toSnake(name);
    cx.report("K1102", span, { what, name, style: `'${better}'` });
  };
  const stack: unknown[] = [cx.program];
  while (stack.length > 0) {
    const node = stack.pop() as Parameters<typeof children>[0];
    for (const child of children(node)) stack.push(child);
    const named = (what: string, name: Name, style: "Pascal" | "snake") => say(what, name.text, name.span, style);
    switch (node.kind) {
      case "TypeDeclaration":
        named("Type", node.name, "Pascal");
        break;
      case "AgentDeclaration":
        named("Agent", node.name, "Pascal");
        break;
      case "TaskDeclaration":
        named("Task", node.name, "snake");
        break;
      case "Bind":
      case "Parameter":
      case "For":
        named("Name", node.name, "snake");
        break;
      case "StateField":
        named("Field", node.name, "snake");
        break;
      default:
    }
  }
}
