// What holds for any reply and any shape: a value of the shape or a reason, never an exception, and never less than the
// reply said.

import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { beforeAll, describe, expect, it } from "vitest";
import { encode } from "../../src/interp/codec.ts";
import { fits } from "../../src/interp/fits.ts";
import { jsonOf, jsonText } from "../../src/interp/text.ts";
import type { Value } from "../../src/interp/value.ts";
import type { Json, Shape } from "../../src/ir/kir.ts";
import { jsonSchema } from "../../src/ir/schema.ts";
import { loadDecoder, requestSchema } from "../../src/runtime/models/structured.ts";
import type { Decoded, Decoder } from "../../src/runtime/models/structured.ts";
import { replyOf, shapes, valueOf } from "./generated-shapes.ts";

let decode: Decoder;

beforeAll(async () => {
  decode = await loadDecoder();
});

const ajv = new Ajv2020({ strict: false, validateFormats: false });

function isValid(value: Value, shape: Shape): boolean {
  return ajv.validate(JSON.parse(JSON.stringify(jsonSchema(shape))) as object, doubles(jsonOf(value), value));
}

/** Integers beyond 2^53 are texts in `jsonOf`; a validator wants numbers. */
function doubles(_: Json, value: Value): unknown {
  return JSON.parse(jsonText(value));
}

function expectUsableOrNamed(decoded: Decoded, shape: Shape): void {
  if (decoded.kind === "Unusable") expect(decoded.reason).not.toBe("");
  else expect(fits(decoded.value, shape) && isValid(decoded.value, shape)).toBe(true);
}

/** As texts: a field may be called `constructor`. */
function expectValue(decoded: Decoded, value: Value): void {
  expect(decoded.kind === "Value" ? JSON.stringify(encode(decoded.value)) : decoded).toBe(
    JSON.stringify(encode(value)),
  );
}

const written = shapes.chain((shape) =>
  valueOf(shape).map((value) => ({ shape, value, reply: replyOf(value, shape) })),
);
const structured = written.filter(({ shape }) => shape.kind !== "str");

const signs = [
  ..."{}[]\"',:`\\/…-.#*<>|;?! \n\t",
  "null",
  "true",
  "None",
  "NaN",
  "1",
  "12345678901234567890",
  "1e9",
  "value",
  '"value":',
  "...",
  "```",
  "```json\n",
  "a",
  "<think>",
  "</think>",
  "//",
  "/*",
  "*/",
  "é",
  "\u200b",
  "\ufeff",
  "\ud800",
  "not ",
  "high",
  "Wait, ",
  '\\"',
  '{"value": ',
];

const anyReply = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.json(),
  fc.array(fc.constantFrom(...signs), { maxLength: 40 }).map((parts) => parts.join("")),
);

type Change = (text: string) => string;

function changesWith(inserted: readonly string[]): fc.Arbitrary<Change> {
  const kinds = fc.constantFrom("insert", "delete", "replace", "double", "cut", "move");
  return fc
    .tuple(kinds, fc.nat(), fc.nat(12), fc.constantFrom(...inserted))
    .map(([kind, position, length, sign]) => (text) => {
      const at = position % (text.length + 1);
      const [before, piece, rest] = [text.slice(0, at), text.slice(at, at + length), text.slice(at + length)];
      if (kind === "insert") return before + sign + piece + rest;
      if (kind === "delete") return before + rest;
      if (kind === "replace") return before + sign + rest;
      if (kind === "double") return before + piece + piece + rest;
      if (kind === "move") return before + rest + piece;
      return before;
    });
}

const changes = changesWith(signs);

const changed = (reply: string, all: readonly Change[]): string => all.reduce((text, change) => change(text), reply);

describe("any reply", () => {
  it("gives a value of the shape or a reason, and never throws", () => {
    fc.assert(
      fc.property(anyReply, shapes, (reply, shape) => expectUsableOrNamed(decode(reply, shape), shape)),
      { numRuns: 1000 },
    );
  });

  it("does so where a good reply was spoiled", () => {
    fc.assert(
      fc.property(written, fc.array(changes, { minLength: 1, maxLength: 6 }), ({ shape, reply }, all) =>
        expectUsableOrNamed(decode(changed(reply, all), shape), shape),
      ),
      { numRuns: 1000 },
    );
  });

  it("is decoded the same way twice", () => {
    fc.assert(
      fc.property(anyReply, shapes, (reply, shape) => {
        expect(decode(reply, shape)).toStrictEqual(decode(reply, shape));
      }),
    );
  });

  it("may be deep and long", () => {
    const struct: Shape = { kind: "struct", fields: [{ name: "a", shape: { kind: "json" } }] };
    for (const reply of [
      `{"a": ${"[".repeat(100_000)}${"]".repeat(100_000)}}`,
      "[".repeat(200_000),
      "[1 ".repeat(200_000),
      "{a ".repeat(100_000),
      '"'.repeat(300_000),
      `{"a": "${"\\".repeat(300_001)}`,
      "/*".repeat(200_000),
      `{"a": /*${"/*".repeat(200_000)}`,
      `{"b": ${"a".repeat(500_000)}(`,
      `{"a": ${"9".repeat(500_000)}}`,
      `{${'"a": 1, '.repeat(50_000)}"a": 2}`,
      `{${Array.from({ length: 50_000 }, (_, index) => `"a": ${index}`).join(", ")}}`,
      "{} ".repeat(100_000),
      `${" ".repeat(500_000)}x${" ".repeat(500_000)}`,
      `\`\`\`\n${" \n".repeat(200_000)}x`,
      "<think>".repeat(100_000),
      "<think></think>".repeat(50_000),
    ])
      for (const shape of [struct, { kind: "int" }, urgency] as const) expectUsableOrNamed(decode(reply, shape), shape);
    expect(decode(`{"a": "${"x".repeat(900_000)}"}`, struct).kind).toBe("Value");
    const long = JSON.stringify({ value: Array.from({ length: 20_000 }, (_, index) => index) });
    const decoded = decode(long, { kind: "list", of: { kind: "int" } });
    expect(decoded).toMatchObject({ kind: "Value", value: { length: 20_000 } });
  });
});

const urgency: Shape = { kind: "enum", name: "Urgency", variants: ["low", "high"].map((name) => ({ name })) };

describe("a value of a shape", () => {
  it("is valid by its schema, and comes back as it was", () => {
    fc.assert(
      fc.property(structured, ({ shape, value, reply }) => {
        expect(isValid(value, shape)).toBe(true);
        expect(ajv.validate(requestSchema(shape) as object, JSON.parse(reply))).toBe(true);
        const decoded = decode(reply, shape);
        expect(decoded).not.toHaveProperty("mends");
        expectValue(decoded, value);
      }),
      { numRuns: 400 },
    );
  });

  it("comes back out of fences, prose, thoughts, comments and trailing commas", () => {
    const disguises: readonly Change[] = [
      (reply) => `\`\`\`json\n${reply}\n\`\`\``,
      (reply) => `Here you are:\n${reply}`,
      (reply) => `${reply}\n\nIs there anything else?`,
      (reply) => `<think>\n{"value": 1}\n</think>\n${reply}`,
      (reply) => `\ufeff${reply}\n`,
      (reply) => reply.replace(/^\{/, "{ // as asked\n"),
      (reply) => (/[{,]\s*\}$/.test(reply) ? reply : reply.replace(/\}$/, ",}")),
      (reply) => `${reply}\n${reply}`,
    ];
    const hidden = structured.filter(
      ({ value, shape }) => typeof value === "object" && value !== null && shape.kind !== "json",
    );
    fc.assert(
      fc.property(hidden, fc.constantFrom(...disguises), ({ shape, value, reply }, disguise) => {
        const decoded = decode(disguise(reply), shape);
        expectValue(decoded, value);
      }),
      { numRuns: 400 },
    );
  });

  it("is not what the beginning of its reply says", () => {
    const objects = structured.filter(({ reply }) => reply.startsWith("{"));
    fc.assert(
      fc.property(objects, fc.double({ min: 0, max: 1, noNaN: true, maxExcluded: true }), ({ shape, reply }, part) => {
        const beginning = reply.slice(0, Math.floor(part * reply.length));
        expect(decode(beginning, shape).kind).toBe("Unusable");
      }),
      { numRuns: 1000 },
    );
  });
});

describe("a list", () => {
  const str: Shape = { kind: "str" };
  const item: Shape = {
    kind: "struct",
    fields: [
      { name: "id", shape: str },
      { name: "note", shape: { kind: "nullable", of: str } },
    ],
  };
  const forms: readonly { readonly shape: Shape; reply(ids: readonly string[]): string }[] = [
    { shape: { kind: "list", of: str }, reply: (ids) => JSON.stringify({ value: ids }) },
    { shape: { kind: "list", of: str }, reply: (ids) => JSON.stringify(ids, null, 2) },
    {
      shape: { kind: "list", of: item },
      reply: (ids) => JSON.stringify({ value: ids.map((id) => ({ id, note: null })) }),
    },
    {
      shape: { kind: "struct", fields: [{ name: "items", shape: { kind: "list", of: item } }] },
      reply: (ids) => JSON.stringify({ items: ids.map((id) => ({ id, note: null })) }, null, 1),
    },
    {
      shape: { kind: "map", key: str, value: { kind: "int" } },
      reply: (ids) => JSON.stringify(Object.fromEntries(ids.map((id) => [id, 1]))),
    },
  ];

  it("keeps every item that the reply has, however it was spoiled", () => {
    const count = fc.integer({ min: 1, max: 6 });
    const slips = changesWith([..."{}[]\"':,\n \\"]);
    fc.assert(
      fc.property(
        fc.constantFrom(...forms),
        count,
        fc.array(slips, { minLength: 1, maxLength: 3 }),
        (form, length, all) => {
          const reply = changed(form.reply(Array.from({ length }, (_, index) => `q${index}q`)), all);
          const decoded = decode(reply, form.shape);
          if (decoded.kind === "Unusable" || decoded.mends?.includes("extra keys") === true) return;
          const kept = jsonText(decoded.value);
          for (const [id] of reply.matchAll(/q\dq(?=")|(?<=")q\dq/g)) expect(kept, JSON.stringify(reply)).toContain(id);
        },
      ),
      { numRuns: 800_000 },
    );
  });
});

describe("what is asked for", () => {
  it("is an object, whatever the shape, but for plain text and any JSON", () => {
    fc.assert(
      fc.property(shapes, (shape) => {
        const schema = requestSchema(shape);
        if (shape.kind === "str") expect(schema).toBeUndefined();
        else if (shape.kind !== "json") expect(schema).toMatchObject({ type: "object" });
      }),
    );
  });
});
