// Whether two trees say the same: all but their places.

import type { Node, Program } from "./ast.ts";

type Value = string | boolean | undefined | Node | readonly Value[];

export function sameTree(a: Program, b: Program): boolean {
  const open: (readonly [Value, Value])[] = [[a, b]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    const parts = partsOf(...pair);
    if (parts === undefined) return false;
    open.push(...parts);
  }
  return true;
}

/** What must be the same for these two to be; undefined where they are not. */
function partsOf(a: Value, b: Value): readonly (readonly [Value, Value])[] | undefined {
  if (isList(a)) {
    return isList(b) && a.length === b.length ? a.map((each, index) => [each, b[index]] as const) : undefined;
  }
  if (!isNode(a)) return a === b ? [] : undefined;
  if (!isNode(b) || a.kind !== b.kind) return undefined;
  const [left, right] = [fieldsOf(a), fieldsOf(b)];
  const names = Object.keys(left).filter((name) => name !== "span");
  if (names.length !== Object.keys(right).filter((name) => name !== "span").length) return undefined;
  return names.map((name) => [left[name], right[name]] as const);
}

function isList(value: Value): value is readonly Value[] {
  return Array.isArray(value);
}

function isNode(value: Value): value is Node {
  return typeof value === "object" && !isList(value);
}

function fieldsOf(node: Node): { readonly [field: string]: Value } {
  return node as unknown as { readonly [field: string]: Value };
}
