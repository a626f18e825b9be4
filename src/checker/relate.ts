// How types stand to each other: which fits which (subtyping), and what several branches have in common (join).
// Struct types are structural and may be recursive, so a pair that is being compared is assumed to fit
// (Amadio and Cardelli, "Subtyping Recursive Types", 1993).

import { isNever, isNone, isUnknown, never, nullable, present, widened } from "./type.ts";
import type { EnumType, FunctionShape, Primitive, StructShape, Type } from "./type.ts";

type Pair = readonly [source: Type, target: Type];

/** Whether a value of `source` can stand where a `target` is expected. */
export function fits(source: Type, target: Type): boolean {
  if (fitsAtOnce(source, target)) return true;
  if (source.kind === "Primitive" && target.kind === "Primitive") return primitiveFits(source, target);
  const assumed: Assumed = new Map();
  const open: Pair[] = [[source, target]];
  for (let pair = open.pop(); pair !== undefined; pair = open.pop()) {
    if (fitsAtOnce(...pair)) continue;
    const parts = partsOf(...pair, assumed);
    if (parts === undefined) return false;
    open.push(...parts);
  }
  return true;
}

function fitsAtOnce(source: Type, target: Type): boolean {
  return source === target || isUnknown(source) || isUnknown(target) || isNever(source);
}

/** Pairs of structs that were looked at: what does not fit in one of them ends the whole comparison. */
type Assumed = Map<StructShape, Set<StructShape>>;

/** What must fit for `source` to fit `target`; undefined where it cannot. */
function partsOf(source: Type, target: Type, assumed: Assumed): readonly Pair[] | undefined {
  if (target.kind === "Nullable") {
    return isNone(source) ? [] : [[source.kind === "Nullable" ? source.of : source, target.of]];
  }
  switch (source.kind) {
    case "Primitive":
      return target.kind === "Primitive" && primitiveFits(source, target) ? [] : undefined;
    case "List":
      return target.kind === "List" ? [[source.of, target.of]] : undefined;
    case "Map":
      if (target.kind !== "Map") return undefined;
      return [
        [source.key, target.key],
        [source.value, target.value],
      ];
    case "Struct":
      return target.kind === "Struct" ? structParts(source, target, assumed) : undefined;
    case "Enum":
      return target.kind === "Enum" ? enumParts(source, target) : undefined;
    case "Function":
      return target.kind === "Function" ? functionParts(source, target) : undefined;
    case "Variable":
      return target.kind === "Variable" && source.id === target.id ? [] : undefined;
    case "Nullable":
      return undefined;
  }
}

function primitiveFits(source: Primitive, target: Primitive): boolean {
  return source.name === target.name || (source.name === "datetime" && target.name === "str");
}

function structParts(source: StructShape, target: StructShape, assumed: Assumed): readonly Pair[] | undefined {
  const targets = assumed.get(source);
  if (targets?.has(target) === true) return [];
  if (targets === undefined) assumed.set(source, new Set([target]));
  else targets.add(target);
  const pairs: Pair[] = [];
  for (const [name, wanted] of target.fields) {
    const given = source.fields.get(name);
    if (given === undefined) return undefined;
    pairs.push([given, wanted]);
  }
  return pairs;
}

/** An enum narrowed to some of its variants fits the whole. */
function enumParts(source: EnumType, target: EnumType): readonly Pair[] | undefined {
  if (source.name !== target.name || source.declaration !== target.declaration) return undefined;
  for (const variant of source.variants.keys()) if (!target.variants.has(variant)) return undefined;
  const wanted = target.arguments ?? [];
  return (source.arguments ?? []).flatMap((argument, index) => {
    const other = wanted[index];
    return other === undefined ? [] : [[argument, other] as const];
  });
}

function functionParts(source: FunctionShape, target: FunctionShape): readonly Pair[] | undefined {
  if (source.parameters.length !== target.parameters.length) return undefined;
  const pairs: Pair[] = [[source.result, target.result]];
  for (const [index, parameter] of source.parameters.entries()) {
    const given = target.parameters[index];
    if (given !== undefined) pairs.push([given, parameter]);
  }
  return pairs;
}

/** Whether two types hold the same values. */
export function sameType(a: Type, b: Type): boolean {
  return fits(a, b) && fits(b, a);
}

/** What a value of `a` or of `b` is; undefined where they have nothing in common. */
export function join(a: Type, b: Type): Type | undefined {
  if (isUnknown(a) || isUnknown(b)) return isUnknown(a) ? b : a;
  if (fits(a, b)) return b;
  if (fits(b, a)) return a;
  const [x, y] = [widened(a), widened(b)];
  if (x !== a || y !== b) return join(x, y);
  if (a.kind !== "Nullable" && b.kind !== "Nullable" && !isNone(a) && !isNone(b)) return undefined;
  const inner = join(present(a), present(b));
  return inner === undefined ? undefined : nullable(inner);
}

export type Joined = { readonly type: Type } | { readonly conflict: number; readonly with: Type };

/**
 * The join of many sources; where there is none, the type that is hoped for if all of them fit it, else the first source
 * that does not fit the ones before it.
 */
export function joinAll(sources: readonly Type[], hoped?: Type): Joined {
  let type: Type = never;
  let conflict: { conflict: number; with: Type } | undefined;
  for (const [index, source] of sources.entries()) {
    const joined = join(type, source);
    if (joined !== undefined) type = joined;
    else conflict ??= { conflict: index, with: type };
  }
  if (conflict === undefined) return { type };
  if (hoped !== undefined && sources.every((source) => fits(source, hoped))) return { type: hoped };
  const widest = sources.find((candidate) => sources.every((source) => fits(source, candidate)));
  return widest === undefined ? conflict : { type: widest };
}

/** Values that `<` and `sort_by` can put in order. */
export function isOrdered(type: Type): boolean {
  if (type.kind === "Variable") return type.constraint === "ordered" || type.constraint === "number";
  return (
    type.kind === "Primitive" && ["int", "float", "str", "datetime", "duration", "never", "unknown"].includes(type.name)
  );
}

export function isNumber(type: Type): boolean {
  if (type.kind === "Variable") return type.constraint === "number";
  return type.kind === "Primitive" && ["int", "float", "never", "unknown"].includes(type.name);
}

/** What can be the key of a map. */
export function isKey(type: Type): boolean {
  if (type.kind === "Variable") return type.constraint === "key";
  if (type.kind === "Enum") return true;
  return type.kind === "Primitive" && ["int", "str", "datetime", "never", "unknown"].includes(type.name);
}

/**
 * Whether the type holds a function anywhere: such values live in arguments and bindings only. A struct with a name was
 * looked at where it is declared.
 */
export function holdsFunction(type: Type): boolean {
  switch (type.kind) {
    case "Function":
      return true;
    case "List":
    case "Nullable":
      return holdsFunction(type.of);
    case "Map":
      return holdsFunction(type.value);
    case "Struct":
      return type.name === undefined && [...type.fields.values()].some(holdsFunction);
    case "Enum":
    case "Primitive":
    case "Variable":
      return false;
  }
}
