// An input's statements as a task, whose result is what the session keeps or shows. As a task and not as top-level
// statements, because a task has a value, and because the session's bindings are the top level around it.
//
// Invariant: a binding's own name is not bound inside where it stands alone, so `x = x + 1` reads the session's `x`.

import type { Checked } from "../../checker/checked.ts";
import { isNever, none, unknown, type Type } from "../../checker/type.ts";
import type { Bind, Destructure, Expression, TaskDeclaration } from "../../parser/ast.ts";
import type { Source, Span } from "../../source/text.ts";
import type { Piece } from "./collage.ts";

export const INPUT_TASK = "repl_input";
const IT = "repl_it";

export interface Wrapping {
  readonly parts: readonly (string | Piece)[];
  /** The names that the task's value is kept under. `Fields`: it is a struct of them. */
  readonly result: "Shown" | "Bound" | "Fields";
}

/** `keep`: of several statements, the names whose values are wanted; none while that is not known yet. */
export function wrap(statements: readonly Expression[], source: Source, keep: readonly string[]): Wrapping {
  const piece = ({ span }: { readonly span: Span }): Piece => ({ source, span });
  const [only, second] = statements;
  if (only?.kind === "Bind" && second === undefined) {
    const type = only.type === undefined ? [] : [": ", piece(only.type)];
    return task("Bound", [IT, ...type, " = ", piece(only.value), `\n${IT}`]);
  }
  if (only?.kind === "Destructure" && second === undefined) {
    const fields = only.fields.flatMap(({ field }, index) => [piece(field), `: ${IT}_${index}, `]);
    const kept = only.fields.map(({ name }, index) => `${name.text}: ${IT}_${index}`);
    return task("Fields", ["{", ...fields, "} = ", piece(only.value), `\n{${kept.join(", ")}}`]);
  }
  const lines = statements.flatMap((statement) => [piece(statement), "\n"]);
  if (keep.length === 0) return task("Shown", lines);
  return task("Fields", [...lines, `{${keep.map((name) => `${name}: ${name}`).join(", ")}}`]);
}

function task(result: Wrapping["result"], parts: Wrapping["parts"]): Wrapping {
  return { parts: [`task ${INPUT_TASK}() {\n`, ...parts, "\n}\n"], result };
}

/** What the checker found out about the wrapped statements. */
export interface Found {
  /** The value's type. */
  readonly type: Type;
  readonly names: ReadonlyMap<string, Bound>;
}

export interface Bound {
  readonly type: Type;
  readonly node: Bind | Destructure;
  readonly hasEffect: boolean;
}

export function findings(checked: Checked, statements: readonly Expression[]): Found {
  const wrapped = checked.program.items.find(isInputTask);
  const body = wrapped?.body.body ?? [];
  const names = new Map<string, Bound>();
  for (const [index, statement] of statements.entries()) {
    const node = body[index];
    if (statement.kind === "Bind" && node?.kind === "Bind") {
      const type = checked.bindings.get(node)?.type ?? unknown;
      names.set(statement.name.text, { type, node: statement, hasEffect: checked.hasEffect(node.value) });
    }
    if (statement.kind !== "Destructure" || node?.kind !== "Destructure") continue;
    for (const [at, { name }] of statement.fields.entries()) {
      const field = node.fields[at];
      const type = (field && checked.bindings.get(field)?.type) ?? unknown;
      names.set(name.text, { type, node: statement, hasEffect: checked.hasEffect(node.value) });
    }
  }
  const last = statements.at(-1);
  const shown = last === undefined || last.kind === "Bind" ? undefined : (body[statements.length - 1] as Expression);
  const type = (shown && checked.types.get(shown)) ?? none;
  return { type: isNever(type) ? none : type, names };
}

function isInputTask(item: { readonly kind: string }): item is TaskDeclaration {
  return item.kind === "TaskDeclaration" && (item as TaskDeclaration).name.text === INPUT_TASK;
}
