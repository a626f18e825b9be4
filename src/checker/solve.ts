// Type parameters of a call: solved from its arguments, left to right, by matching what is declared with what is given.
// A solution that still holds `never` (the element type of `[]`) is open and yields to a later argument.

import { fits, join } from "./relate.ts";
import { isNever, isUnknown, nullable, unknown, widened } from "./type.ts";
import type { EnumType, StructShape, Type, TypeVariable } from "./type.ts";

/** The solved variables by id. */
export type Solution = Map<number, Type>;

let nextId = 1;

export function freshVariable(name: string, constraint?: TypeVariable["constraint"]): TypeVariable {
  return { kind: "Variable", name, id: nextId++, ...(constraint === undefined ? {} : { constraint }) };
}

/** The type with what is solved put in; variables that are open stay. */
export function substitute(type: Type, solution: ReadonlyMap<number, Type>): Type {
  return solution.size === 0 || !holdsVariable(type) ? type : put(type, solution, new Map());
}

function put(type: Type, solution: ReadonlyMap<number, Type>, made: Map<Type, Type>): Type {
  switch (type.kind) {
    case "Primitive":
      return type;
    case "Variable":
      return solution.get(type.id) ?? type;
    case "List":
      return { kind: "List", of: put(type.of, solution, made) };
    case "Nullable":
      return nullable(put(type.of, solution, made));
    case "Map":
      return { kind: "Map", key: put(type.key, solution, made), value: put(type.value, solution, made) };
    case "Function":
      return {
        kind: "Function",
        parameters: type.parameters.map((parameter) => put(parameter, solution, made)),
        result: put(type.result, solution, made),
      };
    case "Struct":
      return made.get(type) ?? putStruct(type, solution, made);
    case "Enum":
      return made.get(type) ?? putEnum(type, solution, made);
  }
}

function putStruct(type: StructShape, solution: ReadonlyMap<number, Type>, made: Map<Type, Type>): StructShape {
  const fields = new Map<string, Type>();
  const args = type.arguments?.map((argument) => put(argument, solution, made));
  const copy: StructShape = { ...type, fields, ...(args === undefined ? {} : { arguments: args }) };
  made.set(type, copy);
  for (const [field, of] of type.fields) fields.set(field, put(of, solution, made));
  return copy;
}

function putEnum(type: EnumType, solution: ReadonlyMap<number, Type>, made: Map<Type, Type>): EnumType {
  const variants = new Map<string, StructShape | undefined>();
  const args = type.arguments?.map((argument) => put(argument, solution, made));
  const copy: EnumType = { ...type, variants, ...(args === undefined ? {} : { arguments: args }) };
  made.set(type, copy);
  for (const [variant, fields] of type.variants) {
    variants.set(variant, fields === undefined ? undefined : putStruct(fields, solution, made));
  }
  return copy;
}

/** Whether a type variable (one of `open`, where that is given) stands anywhere in the type. */
export function holdsVariable(type: Type, open?: ReadonlySet<number>, seen: Set<Type> = new Set()): boolean {
  const inside = (of: Type): boolean => holdsVariable(of, open, seen);
  switch (type.kind) {
    case "Primitive":
      return false;
    case "Variable":
      return open === undefined || open.has(type.id);
    case "List":
    case "Nullable":
      return inside(type.of);
    case "Map":
      return inside(type.key) || inside(type.value);
    case "Function":
      return type.parameters.some(inside) || inside(type.result);
    case "Struct":
      if (seen.has(type)) return false;
      seen.add(type);
      return [...type.fields.values()].some(inside);
    case "Enum":
      return (type.arguments ?? []).some(inside);
  }
}

/** Stands in a hint for a type parameter of the call that no argument has solved yet. */
export const stillOpen: Type = { kind: "Primitive", name: "unknown" };

/** Whether the type is one that `[]` left open. */
export function holdsNever(type: Type): boolean {
  switch (type.kind) {
    case "List":
    case "Nullable":
      return holdsNever(type.of);
    case "Map":
      return holdsNever(type.key) || holdsNever(type.value);
    case "Struct":
      return type.name === undefined && [...type.fields.values()].some(holdsNever);
    case "Function":
    case "Enum":
    case "Variable":
      return false;
    case "Primitive":
      return isNever(type);
  }
}

/** Learns from a value of type `given` standing where `declared` is expected. Says nothing about whether it fits. */
export function solve(declared: Type, given: Type, open: ReadonlySet<number>, solution: Solution): void {
  learn(declared, given, open, solution, new Map());
}

function learn(
  declared: Type,
  given: Type,
  open: ReadonlySet<number>,
  solution: Solution,
  seen: Map<Type, Set<Type>>,
): void {
  if (given === stillOpen) return;
  if (isUnknown(given)) return leave(declared, open, solution);
  const inside = (d: Type, g: Type) => learn(d, g, open, solution, seen);
  switch (declared.kind) {
    case "Primitive":
      return;
    case "Variable":
      if (open.has(declared.id)) settle(declared, given, solution);
      return;
    case "Nullable":
      if (given.kind === "Nullable") inside(declared.of, given.of);
      else if (!(given.kind === "Primitive" && given.name === "none")) inside(declared.of, given);
      return;
    case "List":
      if (given.kind === "List") inside(declared.of, given.of);
      return;
    case "Map":
      if (given.kind !== "Map") return;
      inside(declared.key, given.key);
      inside(declared.value, given.value);
      return;
    case "Struct":
      if (given.kind !== "Struct" || !isFirst(seen, declared, given)) return;
      for (const [name, of] of declared.fields) {
        const field = given.fields.get(name);
        if (field !== undefined) inside(of, field);
      }
      return;
    case "Enum":
      if (given.kind !== "Enum") return;
      for (const [index, of] of (declared.arguments ?? []).entries()) {
        const argument = given.arguments?.[index];
        if (argument !== undefined) inside(of, argument);
      }
      return;
    case "Function":
      if (given.kind !== "Function") return;
      for (const [index, of] of declared.parameters.entries()) {
        const parameter = given.parameters[index];
        if (parameter !== undefined) inside(of, parameter);
      }
      inside(declared.result, given.result);
      return;
  }
}

/** Types may be recursive: a pair is learnt from once. */
function isFirst(seen: Map<Type, Set<Type>>, declared: Type, given: Type): boolean {
  const others = seen.get(declared);
  if (others?.has(given) === true) return false;
  if (others === undefined) seen.set(declared, new Set([given]));
  else others.add(given);
  return true;
}

/** What was reported solves nothing and leaves nothing to be said about what it should have solved. */
function leave(declared: Type, open: ReadonlySet<number>, solution: Solution): void {
  for (const id of open) {
    if (!solution.has(id) && holdsVariable(declared, new Set([id]))) solution.set(id, unknown);
  }
}

function settle(variable: TypeVariable, given: Type, solution: Solution): void {
  const known = solution.get(variable.id);
  if (known === undefined || (holdsNever(known) && fits(known, given))) solution.set(variable.id, widened(given));
  else if (holdsNever(known)) solution.set(variable.id, join(known, given) ?? known);
}
