// The shape of a type that contains itself, as `cast` walks it: its references are replaced by what they name, so that
// it is finite in memory and endless to walk. A walk ends with the value.

import type { Json, RecursiveShape, Shape } from "../ir/kir.ts";
import { invariant } from "../source/invariant.ts";

export function tied({ of, types }: RecursiveShape): Shape {
  const made = new Map<string, object>();
  const named = (name: string): object => {
    const known = made.get(name);
    if (known !== undefined) return known;
    const json = types[name];
    invariant(json !== undefined, `the shape ${name} is in the table`);
    const shape = {};
    made.set(name, shape);
    return Object.assign(shape, build(json));
  };
  const build = (json: Json): unknown => {
    if (Array.isArray(json)) return json.map(build);
    if (typeof json !== "object" || json === null) return json;
    const fields = json as { readonly [field: string]: Json };
    if (fields["kind"] === "ref") return named(String(fields["name"]));
    return Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, build(value)]));
  };
  return build(of) as Shape;
}
