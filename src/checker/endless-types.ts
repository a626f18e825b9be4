// Generic types whose instances would need ever greater ones: `type A[T] { next: A[list[T]]? }`. A parameter flows into
// another where it is its argument, and grows where it is a part of the argument only; a circle of flows in which one
// grows never ends (Kennedy and Pierce, "On Decidability of Nominal Subtyping with Variance", 2007, on expansion).

import type { Name, NamedType, TypeDeclaration, TypeNode } from "../parser/ast.ts";
import { walk } from "../parser/walk.ts";
import { components } from "./components.ts";
import type { Context, Shared } from "./context.ts";

interface Flow {
  readonly from: Name;
  readonly to: Name;
  readonly grows: boolean;
  readonly by: TypeDeclaration;
}

export function refuseEndlessTypes(all: readonly Context[], shared: Shared): void {
  const flows = all.flatMap((cx) =>
    cx.program.items.flatMap((item) => (item.kind === "TypeDeclaration" ? flowsOf(cx, item) : [])),
  );
  const next = new Map<Name, Name[]>();
  for (const { from, to } of flows) {
    const known = next.get(from);
    if (known === undefined) next.set(from, [to]);
    else known.push(to);
  }
  const groups = new Map<Name, number>();
  for (const [index, group] of components(next.keys(), (name) => next.get(name) ?? []).entries()) {
    for (const name of group) groups.set(name, index);
  }
  const endless = new Set<TypeDeclaration>();
  for (const { from, to, grows, by } of flows) {
    if (!grows || groups.get(from) !== groups.get(to) || endless.has(by)) continue;
    endless.add(by);
    shared.homes.get(by)?.report("K2028", by.name.span, { name: by.name.text });
  }
  shared.endless = endless;
}

/** Where parameters of a declaration go: into the parameters of the types that stand in its body. */
function flowsOf(cx: Context, by: TypeDeclaration): readonly Flow[] {
  if (by.parameters.length === 0) return [];
  const own = new Map(by.parameters.map((name) => [name.text, name]));
  const flows: Flow[] = [];
  walk(by.body, (node) => {
    const used = node.kind === "NamedType" ? declarationOf(cx, node) : undefined;
    if (node.kind !== "NamedType" || used === undefined) return;
    for (const [index, to] of used.parameters.entries()) {
      const argument = node.arguments[index];
      if (argument === undefined) continue;
      const whole = withoutNone(argument);
      walk(argument, (part) => {
        const from = part.kind === "NamedType" ? own.get(part.name.text) : undefined;
        if (from !== undefined) flows.push({ from, to, grows: part !== whole, by });
      });
    }
  });
  return flows;
}

function declarationOf(cx: Context, { name }: NamedType): TypeDeclaration | undefined {
  return cx.types.get(name.text) ?? cx.prelude.types.get(name.text);
}

/** `T??` is `T?`: it does not grow. */
function withoutNone(node: TypeNode): TypeNode {
  return node.kind === "NullableType" ? withoutNone(node.of) : node;
}
