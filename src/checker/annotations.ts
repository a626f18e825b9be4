// Types as they are written → types. A declaration with its arguments is made once, so a recursive type closes over
// itself: a struct or an enum is put into the table before its fields are looked at. They are looked at when they are
// asked for, so that a chain of types costs no more than what is used of it, and nests no deeper than one.

import type { NamedType, TypeDeclaration, TypeField, TypeNode, TypeParameter } from "../parser/ast.ts";
import type { More } from "../source/codes.ts";
import { suggest } from "../source/suggest.ts";
import type { Context, Env, TypeSpace } from "./context.ts";
import { foreignType } from "./foreign-names.ts";
import { freshVariable } from "./solve.ts";
import { functionOf, holdsType, listOf, mapOf, nullable, primitives, str, typeText, unknown } from "./type.ts";
import type { EnumType, StructShape, Type, TypeVariable } from "./type.ts";
import { holdsFunction, isKey } from "./relate.ts";

/** How a type name is looked up: type parameters first, then the space's declarations. */
export interface TypeScope {
  readonly cx: Context;
  readonly space: TypeSpace;
  readonly variables: ReadonlyMap<string, Type>;
}

/** Aliases of aliases that no sensible program has: each is looked up within the one before. */
const deepest = 300;

export const programTypes = (cx: Context, variables: ReadonlyMap<string, Type> = new Map()): TypeScope => ({
  cx,
  space: cx.types,
  variables,
});

/** For what `stdlib/` declares: a program's type of the same name is not meant there. */
export const preludeTypes = (cx: Context, variables: ReadonlyMap<string, Type> = new Map()): TypeScope => ({
  cx,
  space: cx.prelude.types,
  variables,
});

export const typeHere = (env: Env, node: TypeNode): Type => resolveType(programTypes(env.cx, env.body.variables), node);

export function resolveType(scope: TypeScope, node: TypeNode): Type {
  const type = makeType(scope, node);
  scope.cx.facts.typeNodes.set(node, type);
  return type;
}

function makeType(scope: TypeScope, node: TypeNode): Type {
  const { cx } = scope;
  switch (node.kind) {
    case "MissingType":
      return unknown;
    case "NullableType":
      return nullable(resolveType(scope, node.of));
    case "FunctionType":
      return functionOf(
        node.parameters.map((parameter) => resolveType(scope, parameter)),
        resolveType(scope, node.result),
      );
    case "StructType": {
      const fields = new Map<string, Type>();
      fillFields(scope, node.fields, fields, "Field");
      return { kind: "Struct", fields };
    }
    case "NamedType":
      return namedType(scope, node) ?? unknownType(cx, scope, node);
  }
}

function fillFields(scope: TypeScope, nodes: readonly TypeField[], fields: Map<string, Type>, what: string): void {
  const places = new Map<string, TypeField>();
  for (const field of nodes) {
    const type = resolveType(scope, field.type);
    const first = places.get(field.name.text);
    if (first !== undefined) {
      const related = [{ span: first.name.span, message: "first here" }];
      scope.cx.report("K1005", field.name.span, { what, name: field.name.text }, { related });
      continue;
    }
    if (holdsFunction(type)) scope.cx.report("K2018", field.type.span, { where: "a field" });
    places.set(field.name.text, field);
    fields.set(field.name.text, type);
  }
}

function namedType(scope: TypeScope, node: NamedType): Type | undefined {
  const name = node.name.text;
  const args = node.arguments.map((argument) => resolveType(scope, argument));
  const counted = (expected: number): boolean => {
    if (args.length === expected) return true;
    const takes = expected === 0 ? "no type arguments" : `${expected} type argument${expected === 1 ? "" : "s"}`;
    scope.cx.report("K2027", node.span, { type: name, expected: takes, got: args.length });
    return false;
  };
  const variable = scope.variables.get(name);
  if (variable !== undefined) return counted(0) ? variable : unknown;
  const declaration = scope.space.get(name) ?? scope.cx.prelude.types.get(name);
  if (declaration !== undefined) {
    return counted(declaration.parameters.length) ? instantiate(scope.cx, declaration, args) : unknown;
  }
  if (name === "list") return counted(1) ? listOf(args[0] ?? unknown) : unknown;
  if (name === "map") return counted(2) ? mapType(scope, node, args[0] ?? unknown, args[1] ?? unknown) : unknown;
  if (name === "secret") return str;
  const primitive = Object.hasOwn(primitives, name) ? primitives[name] : undefined;
  return primitive !== undefined && counted(0) ? primitive : primitive && unknown;
}

function mapType(scope: TypeScope, node: NamedType, key: Type, value: Type): Type {
  if (!isKey(key) && key.kind !== "Variable") {
    const span = node.arguments[0]?.span ?? node.span;
    scope.cx.report("K2029", span, { type: typeText(key), what: "the key of a map" });
  }
  return mapOf(key, value);
}

function unknownType(cx: Context, scope: TypeScope, node: NamedType): Type {
  const name = node.name.text;
  if (cx.silenced.has(name)) return unknown;
  if (cx.agents.has(name)) {
    cx.report("K1016", node.name.span, { name, what: "an agent" }, { help: "an agent is no type" });
    return unknown;
  }
  const known = [...scope.variables.keys(), ...scope.space.keys(), ...cx.prelude.types.keys()];
  const near = foreignType(name) ?? suggest(name, [...known, ...Object.keys(primitives), "list", "map"]);
  const more: More =
    near === undefined
      ? loneVariant(cx, node)
      : { help: `did you mean '${near}'?`, edits: [{ title: `Write '${near}'`, span: node.name.span, text: near }] };
  cx.report("K1002", node.name.span, { name }, more);
  return unknown;
}

/** `type Mood = happy` names a type; with a bar it would be an enum. */
function loneVariant(cx: Context, node: NamedType): More {
  const isBody = cx.program.items.some((item) => item.kind === "TypeDeclaration" && item.body === node);
  return isBody ? { help: `for an enum of one variant write \`| ${node.name.text}\`` } : {};
}

/** The type of a declaration with arguments for its parameters. */
export function instantiate(here: Context, declaration: TypeDeclaration, args: readonly Type[]): Type {
  const cx = here.homeOf(declaration);
  let instances = cx.shared.instances.get(declaration);
  if (instances === undefined) cx.shared.instances.set(declaration, (instances = new Map()));
  const key = args.map((argument) => typeKey(cx, argument)).join(",");
  const known = instances.get(key);
  if (known !== undefined) return known;
  if (cx.shared.endless.has(declaration)) return unknown;
  const variables = new Map(declaration.parameters.map((parameter, index) => [parameter.text, args[index] ?? unknown]));
  const inPrelude = cx.prelude.types.get(declaration.name.text) === declaration;
  const scope: TypeScope = { cx, space: inPrelude ? cx.prelude.types : cx.types, variables };
  return cx.shared.aloud(() => makeInstance(scope, declaration, args, (type) => instances.set(key, type)));
}

function makeInstance(
  scope: TypeScope,
  declaration: TypeDeclaration,
  args: readonly Type[],
  remember: (type: Type) => void,
): Type {
  const name = declaration.name.text;
  const { body } = declaration;
  if (body.kind === "EnumBody") {
    const variants = new Map<string, StructShape | undefined>();
    const type: EnumType = {
      kind: "Enum",
      name,
      declaration,
      variants,
      ...(args.length > 0 ? { arguments: args } : {}),
    };
    remember(type);
    for (const variant of body.variants) {
      if (variants.has(variant.name.text)) continue;
      variants.set(variant.name.text, variant.fields.length === 0 ? undefined : declaredStruct(scope, variant.fields));
    }
    return type;
  }
  if (body.kind === "StructType") {
    const made = args.length > 0 ? { arguments: args } : {};
    const type = declaredStruct(scope, body.fields, { name, ...made, declaration });
    remember(type);
    scope.cx.facts.typeNodes.set(body, type);
    return type;
  }
  remember(endless);
  if (scope.cx.shared.aliases > deepest) {
    scope.cx.report("K0010", declaration.name.span, {});
    return unknown;
  }
  scope.cx.shared.aliases += 1;
  const type = resolveType(scope, body);
  scope.cx.shared.aliases -= 1;
  if (holdsType(type, endless)) {
    scope.cx.report("K2028", declaration.name.span, { name });
    remember(unknown);
    return unknown;
  }
  remember(type);
  return type;
}

/** A struct whose fields are resolved when somebody asks for them. */
function declaredStruct(
  scope: TypeScope,
  nodes: readonly TypeField[],
  named: Pick<StructShape, "name" | "arguments" | "declaration"> = {},
): StructShape {
  const fields = new Map<string, Type>();
  let isFilled = false;
  return {
    kind: "Struct",
    ...named,
    get fields() {
      if (!isFilled) {
        isFilled = true;
        scope.cx.shared.aloud(() => fillFields(scope, nodes, fields, "Field"));
      }
      return fields;
    },
  };
}

/** Stands for an alias that is being resolved: finding it inside means the alias has no end. */
const endless: Type = { kind: "Primitive", name: "unknown" };

/** Tells types apart where their texts do not: named ones by number. */
function typeKey(cx: Context, type: Type): string {
  const key = (of: Type): string => typeKey(cx, of);
  switch (type.kind) {
    case "Variable":
      return `${type.name}#${type.id}`;
    case "List":
      return `list[${key(type.of)}]`;
    case "Nullable":
      return `${key(type.of)}?`;
    case "Map":
      return `map[${key(type.key)},${key(type.value)}]`;
    case "Function":
      return `(${type.parameters.map(key).join(",")})->${key(type.result)}`;
    case "Struct":
      return type.name === undefined
        ? `{${[...type.fields].map(([name, of]) => `${name}:${key(of)}`).join(",")}}`
        : `${type.name}#${cx.numbers.key(type)}`;
    case "Enum":
      return `${type.name}#${cx.numbers.key(type.declaration ?? type)}[${(type.arguments ?? []).map(key).join(",")}]`;
    case "Primitive":
      return type.name;
  }
}

/** The type parameters of a declaration as types. */
export function typeVariables(parameters: readonly TypeParameter[]): readonly TypeVariable[] {
  return parameters.map(({ name, constraint }) => freshVariable(name.text, constraintOf(constraint?.text)));
}

export function constraintOf(word: string | undefined): TypeVariable["constraint"] {
  return word === "ordered" || word === "number" || word === "key" ? word : undefined;
}
