// From JSON to the value of a shape: settled, validated, converted. What a schema cannot say is refused in the last step:
// integers beyond 64 bits, instants that do not exist, keys that are no number.
//
// Invariant: total over all JSON, and a value fits its shape exactly.

import { parseInstant } from "../../interp/datetime.ts";
import { setField } from "../../interp/fields.ts";
import { MAX_INT, MIN_INT } from "../../interp/limits.ts";
import { normal } from "../../interp/numbers.ts";
import { Duration, Float, KeelMap, Variant } from "../../interp/value.ts";
import type { Struct, Value } from "../../interp/value.ts";
import type { Json, Shape, ShapeField } from "../../ir/kir.ts";
import { unreachable } from "../../source/invariant.ts";
import { isList, isNumber, isObject, parseTree, wholeNumber } from "./json-tree.ts";
import type { Tree, TreeObject } from "./json-tree.ts";
import type { Mend } from "./mend.ts";
import { Mismatch } from "./mismatch.ts";
import { wellFormed } from "./reply-text.ts";
import { settle } from "./settle.ts";

export type Fitted =
  | { readonly kind: "Value"; readonly value: Value; readonly mends: readonly Mend[] }
  | { readonly kind: "Misfit"; readonly reason: string };

/** What is wrong with JSON that was settled, if anything is. */
export type Validate = (tree: Tree, shape: Shape) => string | undefined;

export function fit(tree: Tree, shape: Shape, validate: Validate): Fitted {
  try {
    const mends = new Set<Mend>();
    const settled = settle(tree, shape, "", mends);
    const reason = validate(settled, shape);
    if (reason !== undefined) return { kind: "Misfit", reason };
    return { kind: "Value", value: valueOf(settled, shape, ""), mends: [...mends] };
  } catch (thrown) {
    if (thrown instanceof Mismatch) return { kind: "Misfit", reason: thrown.message };
    throw thrown;
  }
}

/** The same for JSON that a person wrote, where no validator is at hand. */
export function fitJson(json: Json, shape: Shape): Fitted {
  const tree = parseTree(JSON.stringify(json));
  return tree === undefined ? { kind: "Misfit", reason: "it is nested too deep" } : fit(tree, shape, () => undefined);
}

/** Throws a Mismatch. */
function valueOf(tree: Tree, shape: Shape, path: string): Value {
  switch (shape.kind) {
    case "int":
      return integer(tree, path);
    case "float":
      return float(tree, path);
    case "duration": {
      const ms = integer(tree, path);
      if (typeof ms === "number") return new Duration(ms);
      throw new Mismatch(path, "must be milliseconds");
    }
    case "str":
      if (typeof tree === "string") return wellFormed(tree);
      throw new Mismatch(path, "must be a text");
    case "datetime":
      if (
        typeof tree === "string" &&
        /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(tree) &&
        parseInstant(tree) !== null
      )
        return tree;
      throw new Mismatch(path, "must be an instant with its offset, like 2026-05-01T09:00:00Z");
    case "bool":
      if (typeof tree === "boolean") return tree;
      throw new Mismatch(path, "must be true or false");
    case "none":
      if (tree === null) return null;
      throw new Mismatch(path, "must be null");
    case "json":
      return anyValue(tree);
    case "nullable":
      return tree === null ? null : valueOf(tree, shape.of, path);
    case "list":
      if (isList(tree)) return tree.map((item, index) => valueOf(item, shape.of, `${path}/${index}`));
      throw new Mismatch(path, "must be a list");
    case "map":
      if (!isObject(tree)) throw new Mismatch(path, "must be an object");
      return map(
        tree.entries.map(([key, item]) => [mapKey(key, shape.key, path), valueOf(item, shape.value, `${path}/${key}`)]),
        path,
      );
    case "struct":
      return struct(tree, shape.fields, path);
    case "enum":
      return variant(tree, shape, path);
    default:
      return unreachable(shape);
  }
}

function integer(tree: Tree, path: string): number | bigint {
  const whole = isNumber(tree) ? wholeNumber(tree.text) : undefined;
  if (whole === undefined) throw new Mismatch(path, "must be a whole number");
  if (whole < MIN_INT || whole > MAX_INT) throw new Mismatch(path, "is no 64-bit integer");
  return normal(whole);
}

function float(tree: Tree, path: string): Float {
  const number = isNumber(tree) ? Number(tree.text) : Number.NaN;
  if (Number.isFinite(number)) return new Float(number);
  throw new Mismatch(path, "must be a number");
}

function struct(tree: Tree, fields: readonly ShapeField[], path: string): Struct {
  if (!isObject(tree)) throw new Mismatch(path, "must be an object");
  const result: { [field: string]: Value } = {};
  for (const { name, shape } of fields) {
    const [, item] = tree.entries.find(([key]) => key === name) ?? [];
    if (item === undefined) throw new Mismatch(`${path}/${name}`, "is missing");
    setField(result, name, valueOf(item, shape, `${path}/${name}`));
  }
  return result;
}

function variant(tree: Tree, shape: Extract<Shape, { kind: "enum" }>, path: string): Variant {
  const [entry] = isObject(tree) ? tree.entries : [];
  const name = typeof tree === "string" ? tree : entry?.[0];
  const found = shape.variants.find((each) => each.name === name);
  if (found === undefined || (typeof tree === "string") !== (found.fields === undefined)) {
    throw new Mismatch(path, `must be one of ${shape.variants.map((each) => each.name).join(", ")}`);
  }
  if (found.fields === undefined) return new Variant(shape.name, found.name);
  return new Variant(shape.name, found.name, struct(entry?.[1] ?? null, found.fields, `${path}/${found.name}`));
}

function mapKey(key: string, shape: Shape, path: string): Value {
  if (shape.kind === "enum") return variant(key, shape, path);
  if (shape.kind !== "int") return wellFormed(key);
  const whole = /^(?:0|-?[1-9]\d{0,18})$/.test(key) ? BigInt(key) : undefined;
  if (whole !== undefined && whole >= MIN_INT && whole <= MAX_INT) return normal(whole);
  throw new Mismatch(path, `has the key ${JSON.stringify(key)}, which is no 64-bit integer`);
}

/** As the program's own reader of JSON has it: an int is what is written as one and fits 64 bits. */
function anyValue(tree: Tree): Value {
  if (isList(tree)) return tree.map(anyValue);
  if (isObject(tree)) return anyMap(tree);
  if (!isNumber(tree)) return typeof tree === "string" ? wellFormed(tree) : tree;
  const whole = /^-?\d{1,19}$/.test(tree.text) && tree.text !== "-0" ? BigInt(tree.text) : undefined;
  if (whole !== undefined && whole >= MIN_INT && whole <= MAX_INT) return normal(whole);
  return float(tree, "");
}

function anyMap({ entries }: TreeObject): KeelMap {
  return map(
    entries.map(([key, item]) => [wellFormed(key), anyValue(item)]),
    "",
  );
}

/** Two keys that become one when they are made well-formed would be one entry less. */
function map(entries: readonly (readonly [Value, Value])[], path: string): KeelMap {
  const made = new KeelMap(entries);
  if (made.size < entries.length) throw new Mismatch(path, "has keys that cannot be told apart");
  return made;
}
