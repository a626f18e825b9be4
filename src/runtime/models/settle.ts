// Makes what a model wrote look like what its schema says, where that needs no guess: the case of a variant's name, a key
// in another spelling, a number in quotes, a nullable field left out, a key that nobody asked for. The rest is left as it
// is, for the validation to refuse.
//
// Invariant: nothing that may matter gets lost. A key that stands twice with two values, or two keys for one field, are a
// mismatch; and a field that is missing counts as none only where no unknown key could be meant for it.

import { datetimeText, parseInstant } from "../../interp/datetime.ts";
import type { Shape, ShapeField, ShapeVariant } from "../../ir/kir.ts";
import { unreachable } from "../../source/invariant.ts";
import { chooseWhole, chooseWithin } from "./choice.ts";
import { isList, isNumber, isObject, isSame, parseTree } from "./json-tree.ts";
import type { Tree, TreeObject } from "./json-tree.ts";
import type { Mend } from "./mend.ts";
import { Mismatch } from "./mismatch.ts";

/** Throws a Mismatch. `mends` gets what was done. */
export function settle(tree: Tree, shape: Shape, path: string, mends: Set<Mend>): Tree {
  switch (shape.kind) {
    case "nullable":
      return tree === null ? null : settle(tree, shape.of, path, mends);
    case "list": {
      const list = unquoted(tree, mends);
      return isList(list)
        ? list.map((item, index) => settle(whole(item, `${path}/${index}`), shape.of, `${path}/${index}`, mends))
        : tree;
    }
    case "map": {
      const map = unquoted(tree, mends);
      return isObject(map) ? settleMap(map, shape, path, mends) : tree;
    }
    case "struct": {
      const struct = unquoted(tree, mends);
      return isObject(struct) ? settleStruct(struct, shape.fields, path, mends) : tree;
    }
    case "enum":
      return settleEnum(tree, shape, path, mends);
    case "datetime":
      return typeof tree === "string" ? instant(tree) : tree;
    case "int":
      return typeof tree === "string" ? quotedNumber(tree, /^-?(?:0|[1-9]\d*)$/, mends) : tree;
    case "float":
      return typeof tree === "string" ? quotedNumber(tree, decimal, mends) : tree;
    case "bool":
      return typeof tree === "string" ? quotedTruth(tree, mends) : tree;
    case "json":
      return settleAny(tree, path);
    case "duration":
    case "str":
    case "none":
      return tree;
    default:
      return unreachable(shape);
  }
}

/** Not `1.234`, which is a thousand and more where it was copied from a German text. */
const decimal = /^-?(?:0|[1-9]\d*)(?:\.(?!\d{3}$)\d+)?$/;

function quotedNumber(text: string, form: RegExp, mends: Set<Mend>): Tree {
  if (!form.test(text.trim())) return text;
  mends.add("quoted value");
  return { kind: "Number", text: text.trim() };
}

function quotedTruth(text: string, mends: Set<Mend>): Tree {
  if (!/^(?:true|false)$/i.test(text.trim())) return text;
  mends.add("quoted value");
  return /^\s*t/i.test(text);
}

/** Any instant that names its offset, in the one form of a datetime. */
function instant(text: string): string {
  const form = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-](?:0\d|1[0-4]):?[0-5]\d)$/;
  const written = text.trim().toUpperCase();
  const ms = form.test(written) ? parseInstant(written) : null;
  return ms === null ? text : datetimeText(ms);
}

/** A list or an object whose JSON stands in a text. */
function unquoted(tree: Tree, mends: Set<Mend>): Tree {
  const inner = typeof tree === "string" && /^\s*[{[]/.test(tree) ? parseTree(tree) : undefined;
  if (inner === undefined) return tree;
  mends.add("quoted JSON");
  return inner;
}

/** An item that only says that there were others. */
function whole(item: Tree, path: string): Tree {
  if (typeof item === "string" && /^(?:\.{3,}|…)$/.test(item.trim()))
    throw new Mismatch(path, "stands for items left out");
  return item;
}

// ── objects ─────────────────────────────────────────────────────────────────────────────────────────────────────

type Entry = TreeObject["entries"][number];

/** The entries, each key once. */
function entriesOf({ entries }: TreeObject, path: string): readonly Entry[] {
  const keys = new Set<string>();
  for (const [key] of entries) {
    if (keys.has(key)) throw twice(path, key);
    keys.add(key);
  }
  return entries;
}

function twice(path: string, key: string): Mismatch {
  return new Mismatch(path, `says ${JSON.stringify(key)} twice`);
}

function settleAny(tree: Tree, path: string): Tree {
  if (isList(tree)) return tree.map((item, index) => settleAny(item, `${path}/${index}`));
  if (!isObject(tree)) return tree;
  return {
    kind: "Object",
    entries: entriesOf(tree, path).map(([key, item]) => [key, settleAny(item, `${path}/${key}`)]),
  };
}

function settleMap(tree: TreeObject, shape: Extract<Shape, { kind: "map" }>, path: string, mends: Set<Mend>): Tree {
  const entries = entriesOf(tree, path).map(([key, item]): Entry => {
    const settled = shape.key.kind === "enum" ? settleKey(key, shape.key.variants, mends) : key;
    return [settled, settle(item, shape.value, `${path}/${key}`, mends)];
  });
  return { kind: "Object", entries: entriesOf({ kind: "Object", entries }, path) };
}

function settleKey(key: string, variants: readonly ShapeVariant[], mends: Set<Mend>): string {
  const choice = chooseWhole(
    key,
    variants.map(({ name }) => name),
  );
  if (choice.kind !== "One") return key;
  if (choice.name !== key) mends.add("spelling");
  return choice.name;
}

function settleStruct(tree: TreeObject, fields: readonly ShapeField[], path: string, mends: Set<Mend>): Tree {
  const fieldOf = fieldFinder(fields);
  const found = new Map<string, Entry>();
  const extra: Entry[] = [];
  for (const entry of entriesOf(tree, path)) {
    const name = fieldOf(entry[0]);
    const known = name === undefined ? undefined : found.get(name);
    if (name === undefined) extra.push(entry);
    else if (known === undefined) found.set(name, entry);
    else if (!isSame(known[1], entry[1])) throw twice(path, name);
  }
  const settled = fields.flatMap(({ name, shape }): readonly Entry[] => {
    const entry = found.get(name);
    if (entry !== undefined && entry[0] !== name) mends.add("key names");
    if (entry !== undefined) return [[name, settle(entry[1], shape, `${path}/${name}`, mends)]];
    if (shape.kind !== "nullable" || extra.length > 0) return [];
    mends.add("missing keys");
    return [[name, null]];
  });
  const isWhole = settled.length === fields.length;
  if (isWhole && extra.length > 0) mends.add("extra keys");
  return { kind: "Object", entries: isWhole ? settled : [...settled, ...extra] };
}

/** The field that a key is: of its own name, or of one that differs in case and separators only and is no other's. */
export function fieldFinder(fields: readonly ShapeField[]): (key: string) => string | undefined {
  const names = new Set(fields.map(({ name }) => name));
  const folded = new Map<string, string | undefined>();
  for (const name of names) folded.set(foldedKey(name), folded.has(foldedKey(name)) ? undefined : name);
  return (key) => (names.has(key) ? key : folded.get(foldedKey(key)));
}

export function foldedKey(key: string): string {
  return key.toLowerCase().replace(/[\s\p{Cf}_-]/gu, "");
}

// ── enums ───────────────────────────────────────────────────────────────────────────────────────────────────────

type EnumShape = Extract<Shape, { kind: "enum" }>;

function settleEnum(tree: Tree, { name: type, variants }: EnumShape, path: string, mends: Set<Mend>): Tree {
  const bare = variants.filter(({ fields }) => fields === undefined).map(({ name }) => name);
  if (typeof tree === "string") return settleName(tree, bare, type, mends);
  if (isNumber(tree))
    return settleName(
      tree.text,
      bare.filter((name) => name === tree.text),
      type,
      mends,
      tree,
    );
  const [entry, ...others] = isObject(tree) ? entriesOf(tree, path) : [];
  if (entry === undefined || others.length > 0) return tree;
  const [key, held] = entry;
  const name = settleKey(key, variants, mends);
  const variant = variants.find((each) => each.name === name);
  if (variant === undefined) return tree;
  if (variant.fields === undefined) {
    const isEmpty = held === null || (isObject(held) && held.entries.length === 0);
    return isEmpty ? name : tree;
  }
  const inner = isObject(held) ? settleStruct(held, variant.fields, `${path}/${name}`, mends) : held;
  return { kind: "Object", entries: [[name, inner]] };
}

function settleName(
  text: string,
  names: readonly string[],
  type: string,
  mends: Set<Mend>,
  otherwise: Tree = text,
): Tree {
  const choice = chooseWithin(text, names, type);
  if (choice.kind !== "One") return otherwise;
  if (choice.name !== text) mends.add(chooseWhole(text, names).kind === "One" ? "spelling" : "sentence");
  return choice.name;
}
