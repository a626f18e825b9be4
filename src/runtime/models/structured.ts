// A reply's text and the shape that was asked for: the value, or why there is none. Find the JSON (`repair`), settle it
// (`fit`), validate it against the very schema that was sent (ajv, JSON Schema 2020-12), make the value of it (`fit`).
//
// Invariants: a Decoder is pure and total, so a replay decodes a recorded reply again and gets the same. Where a reply
// holds two different answers, there is none. ajv and jsonrepair load with the first decoder, and a schema compiles once.

import type { ErrorObject, ValidateFunction } from "ajv";
import type { Value } from "../../interp/value.ts";
import type { Json, Shape } from "../../ir/kir.ts";
import { jsonSchema } from "../../ir/schema.ts";
import { chooseWithin } from "./choice.ts";
import { isObject, settle, valueOf } from "./fit.ts";
import type { Fitted } from "./fit.ts";
import { bareText, jsonIn, longInteger } from "./repair.ts";

export type Decoded =
  { readonly kind: "Value"; readonly value: Value } | { readonly kind: "Unusable"; readonly reason: string };

export type Decoder = (reply: string, shape: Shape) => Decoded;

/** The schema to ask for a shape with; undefined where plain text is asked for. */
export function requestSchema(shape: Shape): Json | undefined {
  if (shape.kind === "str") return undefined;
  if (!isWrapped(shape)) return jsonSchema(shape);
  return {
    type: "object",
    properties: { value: jsonSchema(shape) },
    required: ["value"],
    additionalProperties: false,
  };
}

/** Providers give objects only, so anything else stands in one, as `value`. */
function isWrapped(shape: Shape): boolean {
  return shape.kind !== "struct" && shape.kind !== "map" && shape.kind !== "json";
}

let loading: Promise<Decoder> | undefined;

export function loadDecoder(): Promise<Decoder> {
  return (loading ??= load());
}

async function load(): Promise<Decoder> {
  const [{ default: ajv2020 }, { jsonrepair }] = await Promise.all([import("ajv/dist/2020.js"), import("jsonrepair")]);
  // A CommonJS module: in a bundle it has no named exports of its own.
  const ajv = new ajv2020.Ajv2020({ strict: false, validateFormats: false, allErrors: true, logger: false });
  const compiled = new Map<string, ValidateFunction>();
  const validator = (shape: Shape) => {
    const text = JSON.stringify(jsonSchema(shape));
    const known = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object);
    compiled.set(text, known);
    return known;
  };
  const admit = (json: Json, shape: Shape): Admitted => {
    const settled = settle(unwrapped(json, shape), shape);
    const validate = validator(shape);
    if (validate(plain(settled))) return { settled, fitted: valueOf(settled, shape) };
    return { settled, fitted: { kind: "Misfit", reason: complaint(validate.errors ?? []) } };
  };
  return (reply, shape) => decodeReply(reply, shape, jsonrepair, admit);
}

type Admit = (json: Json, shape: Shape) => Admitted;

interface Admitted {
  readonly settled: Json;
  readonly fitted: Fitted;
}

function decodeReply(reply: string, shape: Shape, repair: (text: string) => string, admit: Admit): Decoded {
  const text = bareText(reply);
  if (text === "") return { kind: "Unusable", reason: "the reply is empty" };
  if (shape.kind === "str") return { kind: "Value", value: text };
  const found = jsonIn(text, repair);
  const admitted = found.values.map((json) => admit(json, shape));
  const values = new Map<string, Value>();
  for (const { settled, fitted } of admitted) {
    if (fitted.kind === "Value") values.set(JSON.stringify(settled), fitted.value);
  }
  const [first, ...others] = values.values();
  if (others.length > 0) return { kind: "Unusable", reason: "the reply holds more than one answer" };
  if (first !== undefined) return { kind: "Value", value: first };
  const bare = bareAnswer(text, shape, found.values);
  if (bare !== undefined) return { kind: "Value", value: bare };
  for (const { fitted } of admitted) {
    if (fitted.kind === "Misfit") return { kind: "Unusable", reason: fitted.reason };
  }
  return { kind: "Unusable", reason: found.cut ? "the JSON in the reply does not end" : wanted(shape) };
}

function unwrapped(json: Json, shape: Shape): Json {
  if (!isWrapped(shape)) return doublyEncoded(json);
  if (isObject(json)) {
    const [key, ...others] = Object.keys(json);
    if (key === undefined || others.length > 0) return json;
    const held = json[key] ?? null;
    const isVariant = isObject(held) && shape.kind === "enum" && shape.variants.some(({ name }) => name === key);
    return !isVariant && (key === "value" || isPlainEnum(shape)) ? held : json;
  }
  if (isPlainEnum(shape) && Array.isArray(json) && json.length === 1) return (json as readonly Json[])[0] ?? null;
  return json;
}

/** A text that is an object's JSON, where an object was wanted. */
function doublyEncoded(json: Json): Json {
  if (typeof json !== "string" || !/^\s*\{/.test(json)) return json;
  const inner = jsonIn(json.trim(), (text) => text);
  return inner.values.length === 1 ? (inner.values[0] ?? json) : json;
}

/** An answer that is no JSON and needs none: a variant's name in a sentence, an instant, a truth value. */
function bareAnswer(text: string, shape: Shape, values: readonly Json[]): Value | undefined {
  if (values.some((json) => typeof json === "object" && json !== null)) return undefined;
  if (shape.kind === "enum" && isPlainEnum(shape)) {
    const choice = chooseWithin(
      text,
      shape.variants.map(({ name }) => name),
    );
    return choice.kind === "One" ? fittedValue(valueOf(choice.name, shape)) : undefined;
  }
  if (shape.kind === "datetime") return fittedValue(valueOf(settle(text, shape), shape));
  if (shape.kind === "bool" && /^(true|false)[.!]?$/i.test(text)) return /^t/i.test(text);
  return undefined;
}

function fittedValue(fitted: Fitted): Value | undefined {
  return fitted.kind === "Value" ? fitted.value : undefined;
}

function isPlainEnum(shape: Shape): boolean {
  return shape.kind === "enum" && shape.variants.every(({ fields }) => fields === undefined);
}

function wanted(shape: Shape): string {
  if (shape.kind !== "enum" || !isPlainEnum(shape)) return "there is no JSON in the reply";
  return `the reply is not clearly one of ${shape.variants.map(({ name }) => name).join(", ")}`;
}

/** Long integers as the doubles that a validator understands. */
function plain(json: Json): Json {
  const long = longInteger(json);
  if (long !== undefined) return Number(long);
  if (typeof json !== "object" || json === null) return json;
  if (Array.isArray(json)) return (json as readonly Json[]).map(plain);
  return Object.fromEntries(Object.entries(json).map(([key, item]) => [key, plain(item)]));
}

const mostComplaints = 5;

/** What is wrong, for the model that is asked again and for the person who reads the journal. */
function complaint(errors: readonly ErrorObject[]): string {
  const lines = errors.map(({ instancePath, message, keyword, params }) => {
    const allowed =
      keyword === "enum" && Array.isArray(params["allowedValues"]) ? `: ${params["allowedValues"].join(", ")}` : "";
    return `${instancePath === "" ? "the reply" : instancePath} ${message ?? keyword}${allowed}`;
  });
  return [...new Set(lines)].slice(0, mostComplaints).join("; ");
}
