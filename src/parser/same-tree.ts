// Whether two trees say the same: all but their places.

import type { Node, Program } from "./ast.ts";

type Value = string | boolean | undefined | Node | readonly Value[];

export function sameTree(a: Program, b: Program): boolean {
  return same(a, b);
}

function same(a: Value, b: Value): boolean {
  if (isList(a)) return isList(b) && a.length === b.length && a.every((each, index) => same(each, b[index]));
  if (!isNode(a)) return a === b;
  if (!isNode(b) || a.kind !== b.kind) return false;
  const left = fieldsOf(a);
  const right = fieldsOf(b);
  const names = Object.keys(left).filter((name) => name !== "span");
  return (
    names.length === Object.keys(right).filter((name) => name !== "span").length &&
    names.every((name) => same(left[name], right[name]))
  );
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
