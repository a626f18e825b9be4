// Types that a program needs while it runs, as data. Doc comments of fields come with them: they enter the schema.

import { typeText, type EnumType, type StructShape, type Type } from "../checker/type.ts";
import type { TypeField, TypeNode } from "../parser/ast.ts";
import { unreachable } from "../source/invariant.ts";
import type { Json, RecursiveShape, Shape, ShapeField } from "./kir.ts";
import type { Unit } from "./unit.ts";

/** The shape of a type that is written down. */
export function shapeOf(unit: Unit, node: TypeNode): Shape {
  const type = unit.checked.typeNodes.get(node);
  if (type === undefined) return { kind: "json" };
  const written = node.kind === "StructType" ? node.fields : [];
  const shapes = new Shapes();
  const shape = shapes.of(type, written);
  if (shapes.trouble !== undefined) unit.refuse(node, `a type that ${shapes.trouble}, at run time,`);
  return shape;
}

/** The same where nothing is decoded by it: a type that no data can say is any JSON. */
export function looseShapeOf(unit: Unit, node: TypeNode): Shape {
  const type = unit.checked.typeNodes.get(node);
  if (type === undefined) return { kind: "json" };
  const shapes = new Shapes();
  const shape = shapes.of(type, node.kind === "StructType" ? node.fields : []);
  return shapes.trouble === undefined ? shape : { kind: "json" };
}

/** The same for `as`, which reads types that contain themselves, too. */
export function castShapeOf(unit: Unit, node: TypeNode): Shape | RecursiveShape {
  const type = unit.checked.typeNodes.get(node);
  if (type === undefined) return { kind: "json" };
  const shapes = new Shapes(true);
  const shape = shapes.of(type, node.kind === "StructType" ? node.fields : []);
  if (shapes.trouble !== undefined) unit.refuse(node, `a type that ${shapes.trouble}, at run time,`);
  return shapes.types.size === 0
    ? shape
    : { kind: "recursive", of: shape as unknown as Json, types: Object.fromEntries(shapes.types) };
}

export function enumShape(type: EnumType): Shape {
  return new Shapes().of(type, []);
}

const mostParts = 5_000;

/** One conversion. A type inside of itself would never end, and types within types double: either is cut. */
class Shapes {
  trouble: string | undefined;
  /** Of types that contain themselves, where references to them may stand. */
  readonly types = new Map<string, Json>();
  readonly #names = new Map<Type, string>();
  readonly #open: Type[] = [];
  #parts = 0;

  constructor(readonly mayRefer = false) {}

  of(type: Type, written: readonly TypeField[]): Shape {
    this.#parts += 1;
    const isInside = this.#open.includes(type);
    if (isInside && this.mayRefer) return this.#reference(type);
    if (isInside || this.#open.length > 64) this.trouble ??= "contains itself";
    if (this.#parts > mostParts) this.trouble ??= "has thousands of parts";
    if (this.trouble !== undefined) return { kind: "json" };
    this.#open.push(type);
    const shape = this.#shape(type, written);
    this.#open.pop();
    const name = this.#names.get(type);
    if (name !== undefined) this.types.set(name, shape as unknown as Json);
    return shape;
  }

  #reference(type: Type): Shape {
    const known = this.#names.get(type);
    const name = known ?? `${typeText(type)}#${this.#names.size + 1}`;
    this.#names.set(type, name);
    return { kind: "ref", name } as unknown as Shape;
  }

  #shape(type: Type, written: readonly TypeField[]): Shape {
    switch (type.kind) {
      case "Primitive":
        return { kind: type.name === "never" || type.name === "unknown" ? "json" : type.name };
      case "List":
        return { kind: "list", of: this.of(type.of, []) };
      case "Map":
        return { kind: "map", key: this.of(type.key, []), value: this.of(type.value, []) };
      case "Nullable":
        return { kind: "nullable", of: this.of(type.of, []) };
      case "Struct":
        return { kind: "struct", fields: this.#fields(type, written.length > 0 ? written : declared(type)) };
      case "Enum":
        return { kind: "enum", name: type.name, variants: this.#variants(type) };
      case "Function":
      case "Variable":
        return { kind: "json" };
      default:
        return unreachable(type);
    }
  }

  #variants(type: EnumType): (Shape & { kind: "enum" })["variants"] {
    const body = type.declaration?.body;
    const nodes = body?.kind === "EnumBody" ? body.variants : [];
    return [...type.variants].map(([name, fields]) => {
      const written = nodes.find((node) => node.name.text === name)?.fields ?? [];
      return fields === undefined ? { name } : { name, fields: this.#fields(fields, written) };
    });
  }

  #fields(type: StructShape, written: readonly TypeField[]): readonly ShapeField[] {
    return [...type.fields].map(([name, field]) => {
      const node = written.find((one) => one.name.text === name);
      const inner = node?.type.kind === "StructType" ? node.type.fields : [];
      const doc = node?.doc;
      return { name, shape: this.of(field, inner), ...(doc === undefined ? {} : { doc }) };
    });
  }
}

function declared({ declaration }: StructShape): readonly TypeField[] {
  return declaration?.body.kind === "StructType" ? declaration.body.fields : [];
}
