// The corpus of replies as data: one file a family under `replies/`, each with what it is about and its cases. Numbers in
// it are exact and maps keep their order, so the files are read as Keel reads JSON.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { cast } from "../../src/interp/cast.ts";
import { parseJson } from "../../src/interp/json.ts";
import { KeelMap } from "../../src/interp/value.ts";
import type { Value } from "../../src/interp/value.ts";
import type { Shape } from "../../src/ir/kir.ts";
import { shapes } from "./reply-shapes.ts";

export interface ReplyCase {
  readonly family: string;
  readonly title: string;
  readonly shape: Shape;
  readonly reply: string;
  readonly expected:
    { readonly kind: "Value"; readonly value: Value } | { readonly kind: "Failure"; readonly why: string };
}

const folder = path.join(import.meta.dirname, "replies");

export const families: readonly string[] = readdirSync(folder)
  .filter((file) => file.endsWith(".json"))
  .map((file) => path.basename(file, ".json"))
  .sort();

export const cases: readonly ReplyCase[] = families.flatMap(read);

function read(family: string): readonly ReplyCase[] {
  const page = parseJson(readFileSync(path.join(folder, `${family}.json`), "utf8"));
  const items = page instanceof KeelMap ? page.get("cases") : undefined;
  if (!Array.isArray(items)) throw new Error(`${family}.json has no cases`);
  return (items as readonly Value[]).map((item, index) => caseOf(item, family, index));
}

function caseOf(item: Value, family: string, index: number): ReplyCase {
  const where = `${family} ${index + 1}`;
  if (!(item instanceof KeelMap)) throw new Error(`${where} is no object`);
  const [name, reply, why] = [item.get("shape"), item.get("reply"), item.get("failure")];
  const shape = typeof name === "string" ? shapes[name] : undefined;
  if (shape === undefined || typeof reply !== "string") throw new Error(`${where} has no shape or no reply`);
  const title = `${where}, ${String(name)}: ${JSON.stringify(reply.slice(0, 100))}`;
  if (typeof why === "string") return { family, title, shape, reply, expected: { kind: "Failure", why } };
  const value = cast(item.get("value") ?? null, shape);
  if (value === undefined || !Array.from(item.entries()).some(([key]) => key === "value")) {
    throw new Error(`${where} expects nothing that its shape has`);
  }
  return { family, title, shape, reply, expected: { kind: "Value", value } };
}
