// The prelude: what a program can name without declaring it, given to the checker as an argument. The built-ins are
// declared in Keel; here they become tables of members by the type that has them. There is no other list of them.

import type { ExternDeclaration, KindDeclaration, Program, TypeDeclaration } from "../parser/ast.ts";

/** What `stdlib/` holds, parsed: built-ins and types, the kinds of connections, a prompt template an AI operation. */
export interface Stdlib {
  /** The items of every `stdlib/*.keel`, concatenated. */
  readonly program: Program;
  readonly kinds: readonly KindDeclaration[];
  readonly prompts: { readonly [operation: string]: string };
}

export interface Prelude {
  /** The members of a type by the type's name (`list`, `str`, `any`, `Response`), then by their own. */
  readonly members: ReadonlyMap<string, ReadonlyMap<string, ExternDeclaration>>;
  readonly functions: ReadonlyMap<string, ExternDeclaration>;
  readonly types: ReadonlyMap<string, TypeDeclaration>;
  readonly kinds: ReadonlyMap<string, KindDeclaration>;
}

const preludes = new WeakMap<Stdlib, Prelude>();

/** The tables of a stdlib; made once for each. */
export function preludeOf(stdlib: Stdlib): Prelude {
  const known = preludes.get(stdlib);
  if (known !== undefined) return known;
  const made = makePrelude(stdlib);
  preludes.set(stdlib, made);
  return made;
}

function makePrelude(stdlib: Stdlib): Prelude {
  const members = new Map<string, Map<string, ExternDeclaration>>();
  const functions = new Map<string, ExternDeclaration>();
  const types = new Map<string, TypeDeclaration>();
  for (const item of stdlib.program.items) {
    if (item.kind === "TypeDeclaration") types.set(item.name.text, item);
    if (item.kind !== "ExternDeclaration") continue;
    if (item.owner === undefined) {
      functions.set(item.name.text, item);
      continue;
    }
    const owner = item.owner.name.text;
    const table = members.get(owner) ?? new Map<string, ExternDeclaration>();
    table.set(item.name.text, item);
    members.set(owner, table);
  }
  const kinds = new Map(stdlib.kinds.map((kind) => [kind.name.text, kind]));
  return { members, functions, types, kinds };
}
