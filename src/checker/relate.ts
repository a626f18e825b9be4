// How types stand to each other: which fits which (subtyping), and what several branches have in common (join).
// Struct types are structural and may be recursive, so a pair that is being compared is assumed to fit
// (Amadio and Cardelli, "Subtyping Recursive Types", 1993).

import { isNever, isNone, isUnknown, never, nullable, present } from "./type.ts";
import type { EnumType, FunctionShape, StructShape, Type } from "./type.ts";

/** Whether a value of `source` can stand where a `target` is expected. */
export function fits(source: Type, target: Type): boolean {
  return fitsGiven(source, target, []);
}

type Assumed = (readonly [StructShape, StructShape])[];

function fitsGiven(source: Type, target: Type, assumed: Assumed): boolean {
  if (source === target || isUnknown(source) || isUnknown(target) || isNever(source)) return true;
  if (target.kind === "Nullable") {
    return isNone(source) || fitsGiven(source.kind === "Nullable" ? source.of : source, target.of, assumed);
  }
  if (source.kind !== target.kind) return false;
  switch (source.kind) {
    case "Primitive":
      return (
        target.kind === "Primitive" &&
        (source.name === target.name || (source.name === "datetime" && target.name === "str"))
      );
    case "List":
      return target.kind === "List" && fitsGiven(source.of, target.of, assumed);
    case "Map":
      return (
        target.kind === "Map" &&
        fitsGiven(source.key, target.key, assumed) &&
        fitsGiven(source.value, target.value, assumed)
      );
    case "Struct":
      return target.kind === "Struct" && structFits(source, target, assumed);
    case "Enum":
      return target.kind === "Enum" && enumFits(source, target, assumed);
    case "Function":
      return target.kind === "Function" && functionFits(source, target, assumed);
    case "Variable":
      return target.kind === "Variable" && source.id === target.id;
  }
}

function structFits(source: StructShape, target: StructShape, assumed: Assumed): boolean {
  if (assumed.some(([s, t]) => s === source && t === target)) return true;
  const pairs: Assumed = [...assumed, [source, target]];
  for (const [name, wanted] of target.fields) {
    const given = source.fields.get(name);
    if (given === undefined || !fitsGiven(given, wanted, pairs)) return false;
  }
  return true;
}

/** An enum narrowed to some of its variants fits the whole. */
function enumFits(source: EnumType, target: EnumType, assumed: Assumed): boolean {
  if (source.name !== target.name || source.declaration !== target.declaration) return false;
  for (const variant of source.variants.keys()) if (!target.variants.has(variant)) return false;
  const wanted = target.arguments ?? [];
  return (source.arguments ?? []).every((argument, index) => {
    const other = wanted[index];
    return other === undefined || fitsGiven(argument, other, assumed);
  });
}

function functionFits(source: FunctionShape, target: FunctionShape, assumed: Assumed): boolean {
  if (source.parameters.length !== target.parameters.length) return false;
  const parametersFit = source.parameters.every((parameter, index) => {
    const given = target.parameters[index];
    return given !== undefined && fitsGiven(given, parameter, assumed);
  });
  return parametersFit && fitsGiven(source.result, target.result, assumed);
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
  if (a.kind !== "Nullable" && b.kind !== "Nullable" && !isNone(a) && !isNone(b)) return undefined;
  const inner = join(present(a), present(b));
  return inner === undefined ? undefined : nullable(inner);
}

export type Joined = { readonly type: Type } | { readonly conflict: number; readonly with: Type };

/** The join of many sources; where there is none, the first source that does not fit the ones before it. */
export function joinAll(sources: readonly Type[]): Joined {
  let type: Type = never;
  let conflict: { conflict: number; with: Type } | undefined;
  for (const [index, source] of sources.entries()) {
    const joined = join(type, source);
    if (joined !== undefined) type = joined;
    else conflict ??= { conflict: index, with: type };
  }
  if (conflict === undefined) return { type };
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

/** Whether the type holds a function anywhere: such values live in arguments and bindings only. */
export function holdsFunction(type: Type, seen: ReadonlySet<Type> = new Set()): boolean {
  if (seen.has(type)) return false;
  const inside = (of: Type) => holdsFunction(of, new Set([...seen, type]));
  switch (type.kind) {
    case "Function":
      return true;
    case "List":
    case "Nullable":
      return inside(type.of);
    case "Map":
      return inside(type.value);
    case "Struct":
      return [...type.fields.values()].some(inside);
    case "Enum":
    case "Primitive":
    case "Variable":
      return false;
  }
}
