// The heart of inference: `infer` gives an expression its type and writes it down. Inference is bidirectional: a `Use`
// says whether the value is wanted, as what, and whether that is binding. Forms with several sources of their value
// (branches) pass the use on to each source; all others are inferred and then compared with what is wanted
// (Dunfield and Krishnaswami, "Bidirectional Typing", 2021).

import type { Expression, NodeOf } from "../parser/ast.ts";
import type { More } from "../source/codes.ts";
import { agentForm, delegate } from "./agents.ts";
import { giveDefault, isOperation } from "./edits.ts";
import { classify, decide, draft, extract, prompt, summarize, translate } from "./operations.ts";
import { assign, bind, destructure, fail, jump, returns } from "./bindings.ts";
import type { Env } from "./context.ts";
import { inferChain } from "./chains.ts";
import { inferPipe } from "./calls.ts";
import { blockOf, forLoop, ifElse, retry, tryCatch } from "./control.ts";
import { inferCast, inferLambda } from "./lambdas.ts";
import { listLiteral, numberLiteral, stringLiteral, structLiteral, durationLiteral } from "./literals.ts";
import { inferBinary, inferLogical, inferUnary } from "./operators.ts";
import { after, ask, confirm, notify, remind, show, wait, waitUntil } from "./people.ts";
import { fits } from "./relate.ts";
import { inferReference } from "./resolve.ts";
import { archive, fetch, forget, recall, remember, search, send } from "./world.ts";
import { bool, float, isPrimitive, listOf, none, present, typeText, unknown } from "./type.ts";
import type { Type } from "./type.ts";
import { when } from "./patterns.ts";

/** What is wanted of an expression. */
export type Use =
  /** Its value. `want` is a hint, or, where `strict`, what it must fit. */
  | { readonly kind: "Value"; readonly want?: Want }
  /** Nothing but its effects: forms with branches are `none` then. */
  | { readonly kind: "Unused" }
  /** Its value if the branches have one in common, else nothing: the end of a task without a written result. */
  | { readonly kind: "Optional" };

export interface Want {
  readonly type: Type;
  readonly strict: boolean;
  /** Says that a source of the value does not fit, where the general words will not do. */
  readonly mismatch?: (got: Type, at: Expression) => void;
}

export const value: Use = { kind: "Value" };
export const unused: Use = { kind: "Unused" };
export const optional: Use = { kind: "Optional" };

export const hint = (type: Type | undefined): Use =>
  type === undefined ? value : { kind: "Value", want: { type, strict: false } };

export const wantOf = (use: Use): Want | undefined => (use.kind === "Value" ? use.want : undefined);

/** What is hoped for, without its `none`: enough to know a bare variant or a struct literal by. */
export function expected(use: Use): Type | undefined {
  const want = wantOf(use);
  return want === undefined ? undefined : present(want.type);
}

type Infer<E extends Expression> = (env: Env, expression: E, use: Use) => Type;

const inferers: { readonly [K in Expression["kind"]]: Infer<NodeOf<K> & Expression> } = {
  IntLiteral: numberLiteral,
  FloatLiteral: () => float,
  DurationLiteral: durationLiteral,
  StringLiteral: stringLiteral,
  BoolLiteral: () => bool,
  NoneLiteral: () => none,
  ListLiteral: listLiteral,
  StructLiteral: structLiteral,
  Reference: inferReference,
  Self: inferChain,
  Unary: inferUnary,
  Binary: inferBinary,
  Logical: inferLogical,
  Pipe: inferPipe,
  Cast: inferCast,
  Member: inferChain,
  Assert: inferChain,
  Index: inferChain,
  Call: inferChain,
  Lambda: inferLambda,
  Block: blockOf,
  If: ifElse,
  When: when,
  For: forLoop,
  Bind: bind,
  Destructure: destructure,
  Assign: assign,
  Return: returns,
  Break: jump,
  Continue: jump,
  Fail: fail,
  Try: tryCatch,
  Retry: retry,
  Classify: classify,
  Summarize: summarize,
  Draft: draft,
  Extract: extract,
  Translate: translate,
  Decide: decide,
  Prompt: prompt,
  Ask: ask,
  Confirm: confirm,
  Notify: notify,
  Show: show,
  Remind: remind,
  Wait: wait,
  WaitUntil: waitUntil,
  After: after,
  Fetch: fetch,
  Send: send,
  Archive: archive,
  Search: search,
  Remember: remember,
  Recall: recall,
  Forget: forget,
  Run: agentForm,
  Stop: agentForm,
  Delegate: delegate,
  Missing: () => unknown,
};

/** Forms that hold each source of their value to what is wanted themselves. */
const branching: ReadonlySet<Expression["kind"]> = new Set(["Block", "If", "When", "Try", "Retry", "Logical"]);

/** The parser bounds nesting; this bounds what the host's stack has to hold, with room to spare. */
const deepest = 700;

export function infer(env: Env, expression: Expression, use: Use = value): Type {
  const { cx } = env;
  if (cx.shared.depth > deepest) {
    cx.report("K0010", expression.span, {});
    return setType(env, expression, unknown);
  }
  cx.shared.depth += 1;
  const inferOne: unknown = inferers[expression.kind];
  const type = (inferOne as Infer<Expression>)(env, expression, use);
  cx.shared.depth -= 1;
  setType(env, expression, type);
  const want = wantOf(use);
  if (want === undefined || !want.strict || branching.has(expression.kind)) return type;
  return conform(env, expression, type, want);
}

export function setType(env: Env, expression: Expression, type: Type): Type {
  env.cx.facts.types.set(expression, type);
  return type;
}

/** Says so where a value does not fit; what follows goes on with what was wanted. */
export function conform(env: Env, expression: Expression, type: Type, want: Want): Type {
  if (fits(type, want.type)) return type;
  if (want.mismatch !== undefined) want.mismatch(type, expression);
  else mismatch(env, expression, type, want.type);
  return want.type;
}

export function mismatch(env: Env, expression: Expression, got: Type, wanted: Type): void {
  const more =
    got.kind === "Nullable" && fits(got.of, wanted)
      ? defaultHelp(env, expression, wanted)
      : isPrimitive(wanted, "duration") && isPrimitive(got, "int")
        ? { help: "a duration has a unit: `5.seconds`, `1.second * n`" }
        : (compactHelp(got, wanted) ?? namesakes(env, got, wanted));
  env.cx.report("K2001", expression.span, { expected: typeText(wanted), got: typeText(got) }, more);
}

/** What to do about a list that would fit but for elements that may be none; a `filter` leaves its type as it is. */
export function compactHelp(got: Type, wanted: Type): More | undefined {
  if (got.kind !== "List" || got.of.kind !== "Nullable" || !fits(listOf(got.of.of), wanted)) return undefined;
  return { help: "its elements may be none: `compact()` drops those that are" };
}

/** Two enums of one name: of two files, or one of them predeclared, which stands in no file of the program. */
function namesakes(env: Env, got: Type, wanted: Type): More {
  const [a, b] = [got, wanted].map((type) => (type.kind === "Nullable" ? type.of : type));
  if (a?.kind !== "Enum" || b?.kind !== "Enum" || a.name !== b.name || a.declaration === b.declaration) return {};
  const places = [
    { declaration: b.declaration, message: "expected is this one" },
    { declaration: a.declaration, message: "got is this one" },
  ];
  const related = places.flatMap(({ declaration, message }) =>
    declaration === undefined || !env.cx.shared.homes.has(declaration)
      ? []
      : [{ span: declaration.name.span, message }],
  );
  return { help: `there are two types '${a.name}'`, related };
}

/** What to do about a value that may be none. */
export function defaultHelp(env: Env, expression: Expression, wanted: Type): More {
  const edits = giveDefault(env.cx.source, expression, wanted);
  const sample = isPrimitive(wanted, "str") ? '"…"' : "…";
  return isOperation(expression)
    ? { help: `the model may give nothing: add \`fallback ${sample}\``, edits }
    : { help: `it may be none: give a default with \`?? ${sample}\`, or check it first`, edits };
}

/** The value must fit `type`. */
export function check(env: Env, expression: Expression, type: Type, say?: Want["mismatch"]): Type {
  const want: Want = { type, strict: true, ...(say === undefined ? {} : { mismatch: say }) };
  return infer(env, expression, { kind: "Value", want });
}
