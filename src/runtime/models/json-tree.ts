// JSON as it was written: numbers with all of their digits, the keys of an object in their order and as often as they
// stand there. The host's own JSON keeps neither, and a reply that says two things must not pass for one that says one.

import type { Json } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { Token } from "./json-tokens.ts";
import { tokensOfValue } from "./json-tokens.ts";

export type Tree = null | boolean | string | TreeNumber | TreeObject | readonly Tree[];

export interface TreeNumber {
  readonly kind: "Number";
  readonly text: string;
}

export interface TreeObject {
  readonly kind: "Object";
  readonly entries: readonly (readonly [key: string, value: Tree])[];
}

/** So that nothing after this runs out of stack. */
const deepestValue = 200;

/** Undefined for a text that is no JSON, or is nested too deep. An entry that is repeated word for word is one. */
export function parseTree(text: string): Tree | undefined {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
  if (typeof json === "number") return { kind: "Number", text: text.trim() };
  if (typeof json !== "object" || json === null) return json;
  return treeOf(tokensOfValue(text, text.search(/[{[]/)) ?? []);
}

/** Of the tokens of valid JSON. */
function treeOf(tokens: readonly Token[]): Tree | undefined {
  let at = 0;
  const isNext = (mark: string): boolean => {
    const token = tokens[at];
    if (token?.kind !== "Mark" || token.text !== mark) return false;
    at++;
    return true;
  };
  const value = (depth: number): Tree | undefined => {
    if (depth > deepestValue) return undefined;
    if (isNext("[")) return list(depth);
    if (isNext("{")) return object(depth);
    const token = tokens[at++];
    invariant(token !== undefined, "valid JSON has a value where one belongs");
    if (token.kind === "Number") return { kind: "Number", text: token.text };
    if (token.kind === "Text") return token.text;
    return token.text === "null" ? null : token.text === "true";
  };
  const list = (depth: number): Tree | undefined => {
    const items: Tree[] = [];
    while (!isNext("]")) {
      const item = value(depth + 1);
      if (item === undefined) return undefined;
      items.push(item);
      isNext(",");
    }
    return items;
  };
  const object = (depth: number): Tree | undefined => {
    const entries: (readonly [string, Tree])[] = [];
    const written = new Map<string, string>();
    while (!isNext("}")) {
      const key = tokens[at++]?.text ?? "";
      isNext(":");
      const held = value(depth + 1);
      if (held === undefined) return undefined;
      const text = JSON.stringify(held);
      if (written.get(key) !== text) entries.push([key, held]);
      if (!written.has(key)) written.set(key, text);
      isNext(",");
    }
    return { kind: "Object", entries };
  };
  return value(0);
}

export function isList(tree: Tree): tree is readonly Tree[] {
  return Array.isArray(tree);
}

export function isObject(tree: Tree): tree is TreeObject {
  return typeof tree === "object" && tree !== null && "kind" in tree && tree.kind === "Object";
}

export function isNumber(tree: Tree): tree is TreeNumber {
  return typeof tree === "object" && tree !== null && "kind" in tree && tree.kind === "Number";
}

/** The whole number that the digits say, however they say it: `3.0`, `1e3`; undefined for any other. */
export function wholeNumber(text: string): bigint | undefined {
  const [, sign = "", whole = "", rest = "", power = "0"] =
    /^(-?)(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/.exec(text) ?? [];
  const fraction = rest.replace(/0+$/, "");
  const shift = Number(power) - fraction.length;
  if (whole === "" || whole.length + shift > 400) return undefined;
  const digits = whole + fraction;
  if (shift >= 0) return BigInt(`${sign}${digits}${"0".repeat(shift)}`);
  return /^0*$/.test(digits.slice(shift)) ? BigInt(`${sign}${digits.slice(0, shift) || "0"}`) : undefined;
}

/** For a validator, which knows doubles only. */
export function plainJson(tree: Tree): Json {
  if (isNumber(tree)) return Number(tree.text);
  if (isList(tree)) return tree.map(plainJson);
  if (!isObject(tree)) return tree;
  return Object.fromEntries(tree.entries.map(([key, held]) => [key, plainJson(held)]));
}

/** Whether two trees are written alike, but for blanks. */
export function isSame(a: Tree, b: Tree): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
