// Which forms go to the providers' strict modes: every one that these take, and no other.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, Shape } from "../../src/ir/kir.ts";
import { parameters as toAnthropic } from "../../src/runtime/models/anthropic.ts";
import { parameters as toOllama } from "../../src/runtime/models/ollama.ts";
import type { ModelRequest } from "../../src/runtime/models/provider.ts";
import { forGrammar, isStrict, unionsIn } from "../../src/runtime/models/strict.ts";
import { requestSchema } from "../../src/runtime/models/structured.ts";
import { shapes } from "./generated-shapes.ts";

const str: Shape = { kind: "str" };

function requestFor(shape: Shape): ModelRequest {
  const schema = requestSchema(shape);
  const form = schema === undefined ? {} : { schema: { name: "prompt", schema } };
  return { model: "m", system: "", messages: [{ role: "user", text: "x" }], sampling: {}, ...form };
}

/** A map or any JSON, anywhere. */
function isOpen(shape: Shape): boolean {
  switch (shape.kind) {
    case "json":
    case "map":
      return true;
    case "list":
    case "nullable":
      return isOpen(shape.of);
    case "struct":
      return shape.fields.some((field) => isOpen(field.shape));
    case "enum":
      return shape.variants.some(({ fields = [] }) => fields.some((field) => isOpen(field.shape)));
    default:
      return false;
  }
}

function nullables(count: number): Shape {
  const fields = Array.from({ length: count }, (_, index) => ({
    name: `f${index}`,
    shape: { kind: "nullable", of: str } as const,
  }));
  return { kind: "struct", fields };
}

describe("Anthropic's strict mode", () => {
  it("gets every form but those with a map or any JSON in them", () => {
    fc.assert(
      fc.property(
        shapes.filter((shape) => shape.kind !== "str"),
        (shape) => {
          const schema = requestSchema(shape) as Json;
          expect(isStrict(schema)).toBe(!isOpen(shape));
          const sent = toAnthropic(requestFor(shape));
          expect("output_config" in sent).toBe(!isOpen(shape) && unionsIn(schema) <= 16);
        },
      ),
    );
  });

  it("uses only what that mode knows", () => {
    const known = [
      "type",
      "properties",
      "required",
      "additionalProperties",
      "items",
      "anyOf",
      "enum",
      "description",
      "format",
    ];
    const keywords = (schema: Json): readonly string[] => {
      if (typeof schema !== "object" || schema === null) return [];
      if (Array.isArray(schema)) return (schema as readonly Json[]).flatMap(keywords);
      return Object.entries(schema as { readonly [key: string]: Json }).flatMap(([key, held]) => [
        key,
        ...(key === "properties"
          ? Object.values(held as object).flatMap((each) => keywords(each as Json))
          : keywords(held)),
      ]);
    };
    fc.assert(
      fc.property(
        shapes.filter((shape) => shape.kind !== "str" && !isOpen(shape)),
        (shape) => {
          for (const keyword of keywords(requestSchema(shape) as Json)) expect(known).toContain(keyword);
        },
      ),
    );
  });

  it("gets sixteen unions, and leaves a form with more to the prompt", () => {
    expect(toAnthropic(requestFor(nullables(16)))).toHaveProperty("output_config");
    expect(toAnthropic(requestFor(nullables(17)))).not.toHaveProperty("output_config");
  });
});

describe("Ollama's grammar", () => {
  it("gets every form, any JSON spelled out", () => {
    const shape: Shape = { kind: "struct", fields: [{ name: "a", shape: { kind: "json" }, doc: "Whatever." }] };
    expect(toOllama(requestFor(shape))).toMatchObject({
      format: {
        properties: {
          a: { type: ["object", "array", "string", "number", "boolean", "null"], description: "Whatever." },
        },
      },
    });
    fc.assert(
      fc.property(
        shapes.filter((each) => each.kind !== "str"),
        (each) => {
          expect(toOllama(requestFor(each))).toHaveProperty("format");
          const text = JSON.stringify(forGrammar(requestSchema(each) as Json));
          expect(text).not.toMatch(/(?:"items":|"additionalProperties":|anyOf":\[|,)\{\}/);
        },
      ),
    );
  });

  it("gets a field that is called as a keyword is", () => {
    const shape: Shape = {
      kind: "struct",
      fields: [
        { name: "items", shape: str },
        { name: "anyOf", shape: { kind: "list", of: str } },
      ],
    };
    expect(forGrammar(requestSchema(shape) as Json)).toStrictEqual(requestSchema(shape));
  });
});
