// What a Keel type is, as data. Types are compared by `relate`, printed by `typeText`; nothing here looks at syntax
// but for the place of an enum's declaration.

import type { TypeDeclaration } from "../parser/ast.ts";

export type Type =
  | Primitive
  | ListType
  | MapType
  | StructShape
  | EnumType
  | NullableShape
  | FunctionShape
  | TypeVariable;

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
  /** Set where the elements of a `fetch` come from a connection's items, so that a `for` over them settles each one. */
  readonly item?: string;
}

/** Nominal: the declaration is the identity (the built-in enum `Error` has none). */
export interface EnumType {
  readonly kind: "Enum";
  readonly name: string;
  readonly declaration: TypeDeclaration | undefined;
  readonly variants: ReadonlyMap<string, StructShape | undefined>;
  /** The arguments of a generic enum. */
  readonly arguments?: readonly Type[];
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
