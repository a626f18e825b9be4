// What stands around an answer that is JSON itself: an object with one telling key, a call of a tool, a list of one, a
// text that holds the JSON. One layer at a time; whether what is inside fits is for others to say.
//
// Only keys that mean nothing but `here it is` are taken for an envelope. `{"errors": […]}` and `{"example": {…}}` are not.

import type { Shape, ShapeField } from "../../ir/kir.ts";
import { labels } from "./choice.ts";
import { isList, isObject, parseTree } from "./json-tree.ts";
import type { Tree, TreeObject } from "./json-tree.ts";
import type { Mend } from "./mend.ts";
import { fieldFinder, foldedKey } from "./settle.ts";

export interface Opened {
  readonly inner: Tree;
  readonly mend: Mend | undefined;
}

const envelopes = new Set(
  "value result results answer output response reply data json object record items list values".split(" "),
);
const toolKeys = new Set("id type index tool function name toolname functionname callid recipientname".split(" "));
const argumentKeys = new Set("arguments args parameters input".split(" "));

/** Providers give objects only, so anything else is asked for in one, as `value`. */
export function isWrapped(shape: Shape): boolean {
  return shape.kind !== "struct" && shape.kind !== "map" && shape.kind !== "json";
}

/** Inside of the nullable. */
export function core(shape: Shape): Shape {
  return shape.kind === "nullable" ? core(shape.of) : shape;
}

/** The arguments of a tool's call, which is no answer itself even where it has fields of one, like `name`. */
export function openedCall(tree: Tree, shape: Shape): Opened | undefined {
  const { kind } = core(shape);
  if (!isObject(tree) || kind === "map" || kind === "json") return undefined;
  const fields = fieldsOf(shape);
  const call = tree.entries.filter(([key, held]) => isArguments(key, held));
  const others = tree.entries.filter((entry) => toolKeys.has(foldedKey(entry[0])) && !call.includes(entry));
  const [held] = call;
  const isCall = held !== undefined && call.length === 1 && others.length > 0;
  if (!isCall || call.length + others.length < tree.entries.length || hasKey(fields, held[0])) return undefined;
  return { inner: read(held[1]), mend: "envelope" };
}

function isArguments(key: string, held: Tree): boolean {
  return isFunction(key, held) || (argumentKeys.has(foldedKey(key)) && isObject(read(held)));
}

function isFunction(key: string, held: Tree): boolean {
  return foldedKey(key) === "function" && isObject(held);
}

/** What is asked for as `value`, where there is just that. */
export function openedValue(tree: Tree, shape: Shape): Opened | undefined {
  const [entry, ...others] = isObject(tree) && isWrapped(shape) ? tree.entries : [];
  return entry?.[0] === "value" && others.length === 0 ? { inner: entry[1], mend: undefined } : undefined;
}

/** One layer of anything else. */
export function opened(tree: Tree, shape: Shape): Opened | undefined {
  const wanted = core(shape);
  if (typeof tree === "string") {
    const inner = read(tree);
    return inner === tree ? undefined : { inner, mend: "quoted JSON" };
  }
  if (isList(tree)) {
    const [item, ...others] = tree;
    const isOne = item !== undefined && others.length === 0 && wanted.kind !== "list";
    return isOne ? { inner: item, mend: "list of one" } : undefined;
  }
  return isObject(tree) ? openedObject(tree, shape) : undefined;
}

function openedObject(tree: TreeObject, shape: Shape): Opened | undefined {
  const [entry, ...others] = tree.entries;
  if (entry === undefined) return undefined;
  const key = foldedKey(entry[0]);
  if (others.length === 0) {
    const isEnvelope =
      envelopes.has(key) || (key === "toolcalls" && isList(entry[1])) || isFunction(entry[0], entry[1]);
    if (isEnvelope) return { inner: entry[1], mend: "envelope" };
  }
  if (!isWrapped(shape)) return undefined;
  const value = tree.entries.filter(([each]) => foldedKey(each) === "value");
  const [one, another] = value.length > 0 ? value : labelled(tree, core(shape));
  if (one === undefined || another !== undefined) return undefined;
  const isPart = core(shape).kind === "list" && tree.entries.some((each) => each !== one && !isScalar(each[1]));
  if (isPart) return undefined;
  return { inner: one[1], mend: others.length > 0 ? "extra keys" : "envelope" };
}

/** Beside a list, another list or object may be the rest of it. */
function isScalar(tree: Tree): boolean {
  return !isList(tree) && !isObject(tree);
}

/** `{"category": "high", "reason": "…"}`, where a variant is wanted. */
function labelled(tree: TreeObject, shape: Shape): TreeObject["entries"] {
  if (shape.kind !== "enum" || shape.variants.some(({ fields }) => fields !== undefined)) return [];
  return tree.entries.filter(([key]) => [...labels, shape.name].some((label) => foldedKey(label) === foldedKey(key)));
}

/** Whether a value that does not fit was meant to, or is a piece of one: it has something of the shape. */
export function isAttempt(tree: Tree, shape: Shape): boolean {
  const wanted = core(shape);
  if (isList(tree)) return wanted.kind === "list";
  if (!isObject(tree) || wanted.kind === "map" || openedCall(tree, shape) !== undefined) return true;
  return isPiece(tree, wanted) || opened(tree, shape) !== undefined;
}

/** Whether an object has a key of the shape, or of what is listed in it. */
function isPiece(tree: TreeObject, shape: Shape): boolean {
  const wanted = core(shape);
  if (hasFieldOf(tree, wanted)) return true;
  if (wanted.kind === "struct") return wanted.fields.some((field) => isListed(tree, core(field.shape)));
  return isListed(tree, wanted);
}

export function hasFieldOf(tree: Tree, shape: Shape): boolean {
  const wanted = core(shape);
  const names = wanted.kind === "struct" ? wanted.fields : wanted.kind === "enum" ? wanted.variants : [];
  const keys = isObject(tree) ? tree.entries.map(([key]) => foldedKey(key)) : [];
  return names.some(({ name }) => keys.includes(foldedKey(name)));
}

function isListed(tree: TreeObject, shape: Shape): boolean {
  return shape.kind === "list" && (tree.entries.some(([, held]) => isList(held)) || isPiece(tree, shape.of));
}

function fieldsOf(shape: Shape): readonly ShapeField[] {
  const wanted = core(shape);
  return wanted.kind === "struct" ? wanted.fields : [];
}

function hasKey(fields: readonly ShapeField[], key: string): boolean {
  return fieldFinder(fields)(key) !== undefined;
}

/** A text that is a list's or an object's JSON. */
function read(tree: Tree): Tree {
  if (typeof tree !== "string" || !/^\s*[{["]/.test(tree)) return tree;
  const inner = parseTree(tree);
  return isList(inner ?? null) || isObject(inner ?? null) ? (inner ?? tree) : tree;
}
