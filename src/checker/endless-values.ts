// Types of which no value can be built, because each needs another one first: `type A { b: A }`. A list or a map can be
// empty and a `T?` none, an enum can have another variant; where there is no such way out, the type is refused.

import type { TypeDeclaration } from "../parser/ast.ts";
import { components } from "./components.ts";
import type { Context, Shared } from "./context.ts";
import type { EnumType, StructShape, Type } from "./type.ts";

type Built = StructShape | EnumType;

export function refuseEndlessValues(all: readonly Context[], shared: Shared): void {
  const declared = new Map<Built, TypeDeclaration>();
  for (const cx of all) {
    for (const item of cx.program.items) {
      if (item.kind !== "TypeDeclaration") continue;
      for (const type of shared.instances.get(item)?.values() ?? []) if (isBuilt(type)) declared.set(type, item);
    }
  }
  const finite = new Set<Built>();
  const said = new Set<TypeDeclaration>();
  for (const group of components<Built>(declared.keys(), partsOf)) {
    for (let found = true; found;) {
      found = false;
      for (const type of group) {
        if (finite.has(type) || !canBeBuilt(type, finite)) continue;
        finite.add(type);
        found = true;
      }
    }
    const endless = group.flatMap((type) => (finite.has(type) ? [] : (declared.get(type) ?? [])));
    const [first] = endless.toSorted(
      (a, b) => a.parameters.length - b.parameters.length || a.name.span.start - b.name.span.start,
    );
    // What needs one of these is no mistake of its own.
    for (const type of group) finite.add(type);
    if (first === undefined || said.has(first)) continue;
    said.add(first);
    const help = "put the reference into a field that may be none, a list or a map: `T?`, `list[T]`";
    shared.homes.get(first)?.report("K2028", first.name.span, { name: first.name.text }, { help });
  }
}

const isBuilt = (type: Type): type is Built => type.kind === "Struct" || type.kind === "Enum";

/** What a value of the type is built of at once, all variants together. */
function partsOf(type: Built): readonly Built[] {
  const shapes = type.kind === "Enum" ? [...type.variants.values()] : [type];
  return shapes.flatMap((shape) => [...(shape?.fields.values() ?? [])].filter(isBuilt));
}

function canBeBuilt(type: Built, finite: ReadonlySet<Built>): boolean {
  if (type.kind === "Struct") return hasFinite(type, finite);
  const shapes = [...type.variants.values()];
  return shapes.length === 0 || shapes.some((shape) => shape === undefined || hasFinite(shape, finite));
}

const hasFinite = (shape: StructShape, finite: ReadonlySet<Built>): boolean =>
  [...shape.fields.values()].every((field) => !isBuilt(field) || finite.has(field));
