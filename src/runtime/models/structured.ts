// A reply's text and the shape that was asked for: the value, or why there is none. Leave out thoughts and fences
// (`reply-text`), find the JSON (`repair`), take it out of its envelope (`candidate`), settle it, validate it against the
// very schema that was sent (ajv, JSON Schema 2020-12) and make the value of it (`fit`), and hear what is said `beside`.
//
// Invariants: a Decoder is pure and total, so a replay decodes a recorded reply again and gets the same. Where a reply
// holds two different answers, there is none. ajv and jsonrepair load with the first decoder, and a schema compiles once.

import type { ValidateFunction } from "ajv";
import { equal } from "../../interp/equal.ts";
import type { Value } from "../../interp/value.ts";
import type { Json, Shape } from "../../ir/kir.ts";
import { jsonSchema } from "../../ir/schema.ts";
import { bareAnswer } from "./bare-answer.ts";
import { objection } from "./beside.ts";
import { readCandidate } from "./candidate.ts";
import { complaint } from "./complaint.ts";
import { isWrapped } from "./envelope.ts";
import type { Validate } from "./fit.ts";
import { plainJson } from "./json-tree.ts";
import type { Mend } from "./mend.ts";
import { jsonIn } from "./repair.ts";
import { bareReply } from "./reply-text.ts";

export type Decoded =
  | { readonly kind: "Value"; readonly value: Value; readonly mends?: readonly Mend[] }
  | { readonly kind: "Unusable"; readonly reason: string };

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

let loading: Promise<Decoder> | undefined;

export function loadDecoder(): Promise<Decoder> {
  return (loading ??= load());
}

async function load(): Promise<Decoder> {
  const [{ default: ajv2020 }, { jsonrepair }] = await Promise.all([import("ajv/dist/2020.js"), import("jsonrepair")]);
  // A CommonJS module: in a bundle it has no named exports of its own.
  const ajv = new ajv2020.Ajv2020({ strict: false, validateFormats: false, allErrors: true, logger: false });
  const compiled = new Map<string, ValidateFunction>();
  const validate: Validate = (tree, shape) => {
    const text = JSON.stringify(jsonSchema(shape));
    const known = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object);
    compiled.set(text, known);
    return known(plainJson(tree)) ? undefined : complaint(known.errors ?? []);
  };
  return (reply, shape) => decodeReply(reply, shape, jsonrepair, validate);
}

function decodeReply(reply: string, shape: Shape, repair: (text: string) => string, validate: Validate): Decoded {
  const { text, mends, isThought } = bareReply(reply, shape.kind === "str");
  if (isThought) return unusable("the reply is nothing but thoughts");
  if (text === "") return unusable("the reply is empty");
  if (shape.kind === "str") return usable(text, mends);
  const found = jsonIn(text, repair);
  if (found.isTooMuch) return unusable("the reply is too long");
  if (found.isCut) return unusable("the JSON in the reply does not end, or a quote in a text has no backslash");
  const read = found.candidates.map((each) => readCandidate(each, shape, validate));
  const attempt = read.find((each) => each.kind === "Misfit" && each.isAttempt);
  const [first, ...others] = read.filter((each) => each.kind === "Value");
  const answer = attempt ?? first ?? read[0] ?? bareAnswer(text, shape);
  if (answer.kind === "Misfit") return unusable(answer.reason);
  if (!others.every(({ value }) => equal(value, answer.value))) return unusable("the reply holds more than one answer");
  const reason = objection(found, answer.value, shape);
  return reason === undefined ? usable(answer.value, [...mends, ...answer.mends]) : unusable(reason);
}

function usable(value: Value, mends: readonly Mend[]): Decoded {
  return { kind: "Value", value, ...(mends.length === 0 ? {} : { mends: [...new Set(mends)] }) };
}

function unusable(reason: string): Decoded {
  return { kind: "Unusable", reason };
}
