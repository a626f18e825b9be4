// The types of generated programs, as data: what the checker knows about a program of chance is known here before.

export type Type = Plain | EnumType | StructType | ListType | MapType | NullableType;

export interface Plain {
  readonly kind: "Plain";
  readonly name: "int" | "float" | "str" | "bool" | "duration" | "datetime" | "json";
}

export interface EnumType {
  readonly kind: "Enum";
  /** With the arguments of a generic one: `Opt[int]`. */
  readonly name: string;
  readonly variants: readonly Variant[];
}

export interface Variant {
  readonly name: string;
  /** Empty for a bare one. */
  readonly fields: readonly Field[];
}

export interface Field {
  readonly name: string;
  readonly type: Type;
}

/** With a name where it is declared. */
export interface StructType {
  readonly kind: "Struct";
  readonly name?: string;
  readonly fields: readonly Field[];
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

export interface NullableType {
  readonly kind: "Nullable";
  readonly of: Exclude<Type, NullableType>;
}

/** A lambda bound to a name, or a parameter that is a function. */
export interface FunctionType {
  readonly parameters: readonly Type[];
  readonly result: Type;
}

const plain = (name: Plain["name"]): Plain => ({ kind: "Plain", name });

export const int = plain("int");
export const float = plain("float");
export const str = plain("str");
export const bool = plain("bool");
export const duration = plain("duration");
export const datetime = plain("datetime");
export const json = plain("json");

export const listOf = (of: Type): ListType => ({ kind: "List", of });
export const mapOf = (key: Type, value: Type): MapType => ({ kind: "Map", key, value });
export const structOf = (...fields: readonly Field[]): StructType => ({ kind: "Struct", fields });
export const nullable = (of: Type): NullableType => (of.kind === "Nullable" ? of : { kind: "Nullable", of });
export const present = (type: Type): Exclude<Type, NullableType> => (type.kind === "Nullable" ? type.of : type);

/** What stands before a variant's name. */
export const ownerOf = ({ name }: EnumType): string => name.replace(/\[.*/s, "");

/** The variants that say by themselves of which type they are: of a generic enum those that hold something. */
export function telling(type: EnumType, isExpected: boolean): readonly [Variant, ...Variant[]] {
  const all = type.variants.filter(({ fields }) => isExpected || ownerOf(type) === type.name || fields.length > 0);
  return all as [Variant, ...Variant[]];
}

/** The type as a program writes it. */
export function typeText(type: Type): string {
  switch (type.kind) {
    case "Plain":
      return type.name;
    case "Enum":
      return type.name;
    case "Struct":
      return type.name ?? `{${fieldsText(type.fields)}}`;
    case "List":
      return `list[${typeText(type.of)}]`;
    case "Map":
      return `map[${typeText(type.key)}, ${typeText(type.value)}]`;
    case "Nullable":
      return `${typeText(type.of)}?`;
  }
}

export function fieldsText(fields: readonly Field[]): string {
  return fields.map(({ name, type }) => `${name}: ${typeText(type)}`).join(", ");
}

export function functionText({ parameters, result }: FunctionType): string {
  return `(${parameters.map(typeText).join(", ")}) -> ${typeText(result)}`;
}

/** Whether a value of `source` can stand where `target` is expected. */
export function fits(source: Type, target: Type): boolean {
  if (target.kind === "Nullable") return fits(present(source), target.of);
  switch (source.kind) {
    case "Plain":
      return target.kind === "Plain" && (source.name === target.name || (source === datetime && target === str));
    case "Enum":
      return target.kind === "Enum" && source.name === target.name;
    case "List":
      return target.kind === "List" && fits(source.of, target.of);
    case "Map":
      return target.kind === "Map" && fits(source.key, target.key) && fits(source.value, target.value);
    case "Struct":
      return target.kind === "Struct" && target.fields.every((wanted) => hasField(source, wanted));
    case "Nullable":
      return false;
  }
}

function hasField(source: StructType, wanted: Field): boolean {
  const found = source.fields.find(({ name }) => name === wanted.name);
  return found !== undefined && fits(found.type, wanted.type);
}

export const same = (a: Type, b: Type): boolean => fits(a, b) && fits(b, a);

export const isOrdered = (type: Type): boolean => type.kind === "Plain" && type !== bool && type !== json;
export const isNumber = (type: Type): boolean => type === int || type === float;
export const isKey = (type: Type): boolean =>
  type === int || type === str || (type.kind === "Enum" && type.variants.every(({ fields }) => fields.length === 0));

/** Whether `to_json` and `as` bring a value of this type back as it was. */
export function isData(type: Type): boolean {
  switch (type.kind) {
    case "Plain":
      return type !== duration && type !== json;
    case "Enum":
      return type.variants.every(({ fields }) => fields.every((field) => isData(field.type)));
    case "Struct":
      return type.fields.every((field) => isData(field.type));
    case "List":
    case "Nullable":
      return isData(type.of);
    case "Map":
      return isKey(type.key) && isData(type.value);
  }
}
