// Shapes as JSON Schema: accepted and refused by the validator that the runtime uses.

import { Ajv2020 } from "ajv/dist/2020.js";
import { expect, test } from "vitest";
import type { Shape } from "../../src/ir/kir.ts";
import { jsonSchema } from "../../src/ir/schema.ts";
import { build } from "./drive.ts";

const str: Shape = { kind: "str" };

const action: Shape = {
  kind: "enum",
  name: "Action",
  variants: [{ name: "archive" }, { name: "reply", fields: [{ name: "to", shape: str }] }],
};

const contact: Shape = {
  kind: "struct",
  fields: [
    { name: "name", shape: str, doc: "As signed." },
    { name: "age", shape: { kind: "nullable", of: { kind: "int" } } },
    { name: "next", shape: { kind: "list", of: action } },
  ],
};

function fits(shape: Shape, value: unknown): boolean {
  return new Ajv2020({ strict: true, validateFormats: false }).validate(jsonSchema(shape), value);
}

test("a struct is closed, and all of it is asked for", () => {
  expect(fits(contact, { name: "Ann", age: null, next: [] })).toBe(true);
  expect(fits(contact, { name: "Ann", next: [] })).toBe(false);
  expect(fits(contact, { name: "Ann", age: 1, next: [], more: 1 })).toBe(false);
  expect(fits(contact, { name: "Ann", age: 1.5, next: [] })).toBe(false);
});

test("a variant is its name, or an object of it", () => {
  expect(fits(action, "archive")).toBe(true);
  expect(fits(action, { reply: { to: "a@b.c" } })).toBe(true);
  expect(fits(action, "reply")).toBe(false);
  expect(fits(action, { reply: {} })).toBe(false);
});

test("maps, and enums of one text", () => {
  const map: Shape = { kind: "map", key: { kind: "int" }, value: { kind: "float" } };
  expect(fits(map, { 1: 2.5 })).toBe(true);
  expect(fits(map, { one: 2.5 })).toBe(false);
  expect(jsonSchema({ kind: "enum", name: "U", variants: [{ name: "low" }, { name: "high" }] })).toEqual({
    type: "string",
    enum: ["low", "high"],
  });
});

test("doc comments describe", () => {
  expect(jsonSchema(contact)).toMatchObject({ properties: { name: { description: "As signed." } } });
});

test("a doc comment does not hide what has to be known of a type", () => {
  const wait: Shape = {
    kind: "struct",
    fields: [{ name: "wait", shape: { kind: "duration" }, doc: "Between tries." }],
  };
  expect(jsonSchema(wait)).toMatchObject({ properties: { wait: { description: "Between tries. (milliseconds)" } } });
});

test("a generic type of a program is asked for with its arguments, and with the words of its author", () => {
  const { program } = build(`
    type Kind = invoice | letter
    type Page[T] {
      ## In the order of the text.
      items: list[T]
      ## Where it goes on.
      next: str?
    }
    type Entry { kind: Kind, pause: duration? }
    found = extract Page[Entry] from "…"
    notify user "{found}"
  `);
  const [shape] = Object.values(program.functions)
    .flatMap((node) => (node.kind === "Steps" ? node.steps : []))
    .flatMap((step) => (step.kind === "Perform" && step.effect.kind === "Extract" ? [step.effect.shape] : []));
  expect(shape && jsonSchema(shape)).toEqual({
    type: "object",
    properties: {
      items: {
        type: "array",
        description: "In the order of the text.",
        items: {
          type: "object",
          properties: {
            kind: { type: "string", enum: ["invoice", "letter"] },
            pause: { anyOf: [{ type: "integer", description: "milliseconds" }, { type: "null" }] },
          },
          required: ["kind", "pause"],
          additionalProperties: false,
        },
      },
      next: { anyOf: [{ type: "string" }, { type: "null" }], description: "Where it goes on." },
    },
    required: ["items", "next"],
    additionalProperties: false,
  });
});
