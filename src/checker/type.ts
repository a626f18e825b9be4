// What a Keel type is, as data. Types are compared by `relate`, printed by `typeText`; nothing here looks at syntax
// but for the place of an enum's declaration.

import type { TypeDeclaration } from "../parser/ast.ts";

export type Type =
  Primitive | ListType | MapType | StructShape | EnumType | NullableShape | FunctionShape | TypeVariable;

export type PrimitiveName =
  | "int"
  | "float"
  | "str"
  | "bool"
  | "none"
  | "duration"
  | "datetime"
  | "json"
  /** No value: the type of `return`, and of the elements of `[]`. Fits every type. */
  | "never"
  /** What a reported error left behind. Fits every type in both directions, and silences what follows from it. */
  | "unknown";

export interface Primitive {
  readonly kind: "Primitive";
  readonly name: PrimitiveName;
}

export interface ListType {
  readonly kind: "List";
  readonly of: Type;
}

export interface MapType {
  readonly kind: "Map";
  readonly key: Type;
  readonly value: Type;
}

/** Structural: two shapes of different names are the same type if their fields are. `name` is for people only. */
export interface StructShape {
  readonly kind: "Struct";
  readonly fields: ReadonlyMap<string, Type>;
  readonly name?: string;
  /** The arguments of a generic struct. */
  readonly arguments?: readonly Type[];
  /** Where `name` is declared: its fields' doc comments stand there. */
  readonly declaration?: TypeDeclaration;
  /** Set where the elements of a `fetch` come from a connection's items, so that a `for` over them settles each one. */
  readonly item?: string;
}

/**
 * Nominal: the declaration is the identity. `variants` can be some of the declared ones only, where more is known of a
 * value: in an arm of `when`, in a `catch`.
 */
export interface EnumType {
  readonly kind: "Enum";
  readonly name: string;
  readonly declaration: TypeDeclaration | undefined;
  readonly variants: ReadonlyMap<string, StructShape | undefined>;
  /** The arguments of a generic enum. */
  readonly arguments?: readonly Type[];
  /** Set where `variants` are only some: the enum with all of them. */
  readonly whole?: EnumType;
}

export interface NullableShape {
  readonly kind: "Nullable";
  readonly of: Type;
}

export interface FunctionShape {
  readonly kind: "Function";
  readonly parameters: readonly Type[];
  readonly result: Type;
}

/** A type parameter inside the declaration that has it, or an open one while a call is solved. */
export interface TypeVariable {
  readonly kind: "Variable";
  readonly name: string;
  readonly id: number;
  readonly constraint?: "ordered" | "number" | "key";
}

const primitive = (name: PrimitiveName): Primitive => ({ kind: "Primitive", name });

export const int = primitive("int");
export const float = primitive("float");
export const str = primitive("str");
export const bool = primitive("bool");
export const none = primitive("none");
export const duration = primitive("duration");
export const datetime = primitive("datetime");
export const json = primitive("json");
export const never = primitive("never");
export const unknown = primitive("unknown");

/** The primitive types that a program can write. */
export const primitives: { readonly [name: string]: Primitive } = {
  int,
  float,
  str,
  bool,
  none,
  duration,
  datetime,
  json,
};

export const listOf = (of: Type): ListType => ({ kind: "List", of });
export const mapOf = (key: Type, value: Type): MapType => ({ kind: "Map", key, value });

export function structOf(fields: Iterable<readonly [string, Type]>, name?: string): StructShape {
  return { kind: "Struct", fields: new Map(fields), ...(name === undefined ? {} : { name }) };
}

export const functionOf = (parameters: readonly Type[], result: Type): FunctionShape => ({
  kind: "Function",
  parameters,
  result,
});

export function isPrimitive(type: Type, name: PrimitiveName): boolean {
  return type.kind === "Primitive" && type.name === name;
}

export const isUnknown = (type: Type): boolean => isPrimitive(type, "unknown");
export const isNever = (type: Type): boolean => isPrimitive(type, "never");
export const isNone = (type: Type): boolean => isPrimitive(type, "none");

/** `T?`: of `T?` it is `T?` again, and `none` stays `none`. */
export function nullable(type: Type): Type {
  if (type.kind === "Nullable") return type;
  if (isNone(type) || isUnknown(type)) return type;
  if (isNever(type)) return none;
  return { kind: "Nullable", of: type };
}

/** The type without its `none`. */
export function present(type: Type): Type {
  if (type.kind === "Nullable") return type.of;
  return isNone(type) ? never : type;
}

export const canBeNone = (type: Type): boolean => type.kind === "Nullable" || isNone(type);

/** A variant with fields, where the enum has one: then its variants are no values by themselves. */
export function variantWithFields({ variants }: EnumType): string | undefined {
  return [...variants].find(([, fields]) => fields !== undefined)?.[0];
}

/** The enum with these variants only. */
export function partOf(type: EnumType, variants: readonly string[]): EnumType {
  const kept = [...type.variants].filter(([name]) => variants.includes(name));
  return { ...type, variants: new Map(kept), whole: type.whole ?? type };
}

/** The type without what is known of the variants of its values. In a named struct nothing of the kind is known. */
export function widened(type: Type): Type {
  switch (type.kind) {
    case "Enum":
      return type.whole ?? type;
    case "List":
    case "Nullable": {
      const of = widened(type.of);
      return of === type.of ? type : { ...type, of };
    }
    case "Map": {
      const value = widened(type.value);
      const key = widened(type.key);
      return key === type.key && value === type.value ? type : mapOf(key, value);
    }
    case "Struct": {
      if (type.name !== undefined) return type;
      const fields = Array.from(type.fields, ([name, of]) => [name, widened(of)] as const);
      return fields.every(([name, of]) => type.fields.get(name) === of) ? type : { ...type, fields: new Map(fields) };
    }
    case "Primitive":
    case "Function":
    case "Variable":
      return type;
  }
}

/** Whether a text that a program was given can be in a value of the type. */
export function canHoldText(type: Type): boolean {
  switch (type.kind) {
    case "Primitive":
      return ["str", "json", "unknown"].includes(type.name);
    case "List":
    case "Nullable":
      return canHoldText(type.of);
    case "Map":
      return canHoldText(type.key) || canHoldText(type.value);
    case "Struct":
      return type.name !== undefined || [...type.fields.values()].some(canHoldText);
    case "Enum":
      return variantWithFields(type) !== undefined;
    case "Function":
    case "Variable":
      return true;
  }
}

/** The type as a person writes it. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case "Primitive":
      return type.name;
    case "List":
      return `list[${typeText(type.of)}]`;
    case "Map":
      return `map[${typeText(type.key)}, ${typeText(type.value)}]`;
    case "Struct":
      return type.name === undefined
        ? `{${[...type.fields].map(([name, of]) => `${name}: ${typeText(of)}`).join(", ")}}`
        : type.name + argumentsText(type.arguments);
    case "Enum":
      return type.name + argumentsText(type.arguments);
    case "Nullable":
      return type.of.kind === "Function" ? `(${typeText(type.of)})?` : `${typeText(type.of)}?`;
    case "Function":
      return `(${type.parameters.map(typeText).join(", ")}) -> ${typeText(type.result)}`;
    case "Variable":
      return type.name;
  }
}

const argumentsText = (types: readonly Type[] = []): string =>
  types.length === 0 ? "" : `[${types.map(typeText).join(", ")}]`;

/** Whether `sought` itself stands in the type outside of named ones. */
export function holdsType(type: Type, sought: Type): boolean {
  switch (type.kind) {
    case "Primitive":
      return type === sought;
    case "List":
    case "Nullable":
      return holdsType(type.of, sought);
    case "Map":
      return holdsType(type.key, sought) || holdsType(type.value, sought);
    case "Function":
      return type.parameters.some((of) => holdsType(of, sought)) || holdsType(type.result, sought);
    case "Struct":
      return type.name === undefined && [...type.fields.values()].some((of) => holdsType(of, sought));
    case "Enum":
    case "Variable":
      return false;
  }
}
