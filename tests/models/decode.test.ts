// What becomes of a reply: a table of replies as models write them, and the laws that hold for any text at all.

import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { jsonOf } from "../../src/interp/text.ts";
import type { Json, Shape, ShapeField } from "../../src/ir/kir.ts";
import { loadDecoder, requestSchema } from "../../src/runtime/models/structured.ts";
import type { Decoder } from "../../src/runtime/models/structured.ts";
import { none, replies, urgency } from "./replies.ts";

let decode: Decoder;

beforeAll(async () => {
  decode = await loadDecoder();
});

describe("replies", () => {
  it.each(
    replies.map(([shape, reply, expected]) => ({
      shape,
      reply,
      expected,
      title: `${shape.kind}: ${reply.slice(0, 90)}`,
    })),
  )("$title", ({ shape, reply, expected }) => {
    const decoded = decode(reply, shape);
    const value = decoded.kind === "Value" ? jsonOf(decoded.value) : none;
    expect(value).toStrictEqual(expected);
  });

  it("says why a reply cannot be used", () => {
    const reason = (reply: string, shape: Shape) => {
      const decoded = decode(reply, shape);
      return decoded.kind === "Unusable" ? decoded.reason : "";
    };
    expect(reason("", urgency)).toBe("the reply is empty");
    expect(reason("maybe", urgency)).toBe("the reply is not clearly one of low, medium, high, critical");
    expect(reason('{"value": "maybe"}', urgency)).toContain("low, medium, high, critical");
    expect(reason('{"value": "lo', urgency)).toBe("the JSON in the reply does not end");
    expect(reason('{"value": "low"}{"value": "high"}', urgency)).toBe("the reply holds more than one answer");
    const list: Shape = { kind: "struct", fields: [{ name: "items", shape: { kind: "list", of: { kind: "int" } } }] };
    expect(reason('{"items": [1, "2"]}', list)).toBe("/items/1 must be integer");
    expect(reason('{"items": [1, 9223372036854775808]}', list)).toBe("/items/1: is no 64-bit integer");
  });
});

const word = fc.stringMatching(/^[a-z]{1,4}$/);

const shapes = fc.letrec<{ shape: Shape }>((tie) => ({
  shape: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    fc.constantFrom<Shape>(
      { kind: "int" },
      { kind: "float" },
      { kind: "str" },
      { kind: "bool" },
      { kind: "none" },
      { kind: "json" },
      { kind: "duration" },
      { kind: "datetime" },
    ),
    fc.uniqueArray(word, { minLength: 1, maxLength: 4 }).map((names): Shape => ({
      kind: "enum",
      name: "E",
      variants: names.map((name) => ({ name })),
    })),
    tie("shape").map((of): Shape => ({ kind: "list", of })),
    tie("shape").map((of): Shape => ({ kind: "nullable", of })),
    tie("shape").map((value): Shape => ({ kind: "map", key: { kind: "str" }, value })),
    fc
      .uniqueArray(fc.record({ name: word, shape: tie("shape") }), { maxLength: 3, selector: ({ name }) => name })
      .map((fields): Shape => ({ kind: "struct", fields: fields as readonly ShapeField[] })),
  ),
})).shape;

const jsonLike = fc.array(
  fc.constantFrom(
    "{",
    "}",
    "[",
    "]",
    '"',
    "'",
    ",",
    ":",
    "null",
    "true",
    "1",
    "-",
    "12345678901234567890",
    "value",
    "\\",
    "…",
    "...",
    " ",
    "\n",
    "```",
    "a",
    "<think>",
    "</think>",
    "//",
    "é",
    "\ud800",
  ),
  { maxLength: 40 },
);

const anyReply = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  jsonLike.map((tokens) => tokens.join("")),
);

describe("laws", () => {
  it("decode never throws, whatever the text and the shape", () => {
    fc.assert(
      fc.property(anyReply, shapes, (reply, shape) => {
        const decoded = decode(reply, shape);
        if (decoded.kind === "Unusable") expect(decoded.reason).not.toBe("");
      }),
      { numRuns: 2000 },
    );
  });

  it("decoding twice gives the same", () => {
    fc.assert(
      fc.property(anyReply, shapes, (reply, shape) => {
        expect(decode(reply, shape)).toStrictEqual(decode(reply, shape));
      }),
    );
  });

  it("a value of the shape, written as it was asked for, comes back", () => {
    const pairs = shapes
      .filter((shape) => shape.kind !== "str")
      .chain((shape) => jsonFor(shape).map((json) => ({ shape, json })));
    fc.assert(
      fc.property(pairs, fc.constantFrom("", "Here you are: ", "```json\n"), ({ shape, json }, before) => {
        const isWrapped = !["struct", "map", "json"].includes(shape.kind);
        const written = JSON.stringify(isWrapped ? { value: json } : json);
        // Prose before a bare scalar makes it no JSON any more.
        const prefix = typeof json === "object" && json !== null ? before : isWrapped ? before : "";
        const decoded = decode(prefix + written + (prefix === "```json\n" ? "\n```" : ""), shape);
        expect(decoded.kind === "Value" ? jsonOf(decoded.value) : decoded).toStrictEqual(json);
      }),
      { numRuns: 500 },
    );
  });

  it("survives depth and length", () => {
    const struct: Shape = { kind: "struct", fields: [{ name: "a", shape: { kind: "json" } }] };
    expect(decode(`{"a": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`, struct).kind).toBe("Unusable");
    expect(decode("[".repeat(200_000), struct).kind).toBe("Unusable");
    expect(decode("{a ".repeat(100_000), struct).kind).toBe("Unusable");
    expect(decode(`{"a": "${"x".repeat(900_000)}"}`, struct).kind).toBe("Value");
    expect(decode('"'.repeat(300_000), urgency).kind).toBe("Unusable");
  });

  it("asks for an object, whatever the shape, but for plain text", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const schema = requestSchema(shape);
        if (shape.kind === "str") expect(schema).toBeUndefined();
        else if (shape.kind !== "json") expect(schema).toMatchObject({ type: "object" });
      }),
    );
  });
});

function jsonFor(shape: Shape): fc.Arbitrary<Json> {
  switch (shape.kind) {
    case "int":
      return fc.integer();
    case "duration":
      return fc.nat();
    case "float":
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number || 0);
    case "str":
      return fc.string();
    case "bool":
      return fc.boolean();
    case "none":
      return fc.constant(null);
    case "json":
      return fc.dictionary(word, fc.oneof(fc.string(), fc.boolean(), fc.integer()), { noNullPrototype: true });
    case "datetime":
      return fc
        .date({ min: new Date(0), max: new Date("2100-01-01"), noInvalidDate: true })
        .map((date) => date.toISOString());
    case "list":
      return fc.array(jsonFor(shape.of), { maxLength: 3 });
    case "nullable":
      return fc.option(jsonFor(shape.of));
    case "map":
      return fc.dictionary(word, jsonFor(shape.value), { maxKeys: 3, noNullPrototype: true });
    case "enum":
      return fc.constantFrom(...shape.variants.map(({ name }) => name));
    case "struct":
      return fc
        .tuple(...shape.fields.map((field) => jsonFor(field.shape)))
        .map((items) => Object.fromEntries(shape.fields.map(({ name }, index) => [name, items[index] ?? null])));
  }
}
