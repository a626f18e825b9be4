// A reply's text and the shape that was asked for: the value, or why there is none. Find the JSON (`repair`), take it out
// of its envelope, settle it (`settle`), validate it against the very schema that was sent (ajv, JSON Schema 2020-12), make
// the value of it (`fit`).
//
// Invariants: a Decoder is pure and total, so a replay decodes a recorded reply again and gets the same. Where a reply
// holds two different answers, there is none. ajv and jsonrepair load with the first decoder, and a schema compiles once.

import type { ErrorObject, ValidateFunction } from "ajv";
import { equal } from "../../interp/equal.ts";
import type { Value } from "../../interp/value.ts";
import type { Json, Shape } from "../../ir/kir.ts";
import { jsonSchema } from "../../ir/schema.ts";
import { chooseWhole, chooseWithin, labels } from "./choice.ts";
import { core, isAttempt, isWrapped, opened, openedCall, openedValue } from "./envelope.ts";
import { valueOf } from "./fit.ts";
import { plainJson } from "./json-tree.ts";
import type { Tree } from "./json-tree.ts";
import type { Mend } from "./mend.ts";
import { Mismatch } from "./mismatch.ts";
import { jsonIn } from "./repair.ts";
import type { Candidate, Found } from "./repair.ts";
import { bareReply } from "./reply-text.ts";
import { settle } from "./settle.ts";

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

/** Throws a Mismatch. */
type Validate = (tree: Tree, shape: Shape) => void;

async function load(): Promise<Decoder> {
  const [{ default: ajv2020 }, { jsonrepair }] = await Promise.all([import("ajv/dist/2020.js"), import("jsonrepair")]);
  // A CommonJS module: in a bundle it has no named exports of its own.
  const ajv = new ajv2020.Ajv2020({ strict: false, validateFormats: false, allErrors: true, logger: false });
  const compiled = new Map<string, ValidateFunction>();
  const validate: Validate = (tree, shape) => {
    const text = JSON.stringify(jsonSchema(shape));
    const known = compiled.get(text) ?? ajv.compile(JSON.parse(text) as object);
    compiled.set(text, known);
    if (!known(plainJson(tree))) throw new Mismatch("", complaint(known.errors ?? []));
  };
  return (reply, shape) => decodeReply(reply, shape, jsonrepair, validate);
}

function decodeReply(reply: string, shape: Shape, repair: (text: string) => string, validate: Validate): Decoded {
  const { text, mends, isThought } = bareReply(reply);
  if (isThought) return unusable("the reply is nothing but thoughts");
  if (text === "") return unusable("the reply is empty");
  if (shape.kind === "str") return usable(text, mends);
  const found = jsonIn(text, repair);
  if (found.isTooMuch) return unusable("the reply is too long");
  if (found.isCut) return unusable("the JSON in the reply does not end, or a quote in a text has no backslash");
  const fitted = found.candidates.map((candidate) => fit(candidate, shape, validate));
  const misfit = fitted.find((each) => each.kind === "Misfit" && each.isAttempt);
  if (misfit?.kind === "Misfit") return unusable(misfit.reason);
  const [first, ...others] = fitted.filter((each) => each.kind === "Value");
  if (first === undefined) return found.candidates.length === 0 ? bareAnswer(text, shape, mends) : unusable(absent(shape));
  const isOne = others.every(({ value }) => equal(value, first.value)) && !contradicts(found, first.value, shape);
  if (!isOne) return unusable("the reply holds more than one answer");
  if (retraction.test(found.after)) return unusable("the reply takes its answer back");
  return usable(first.value, [...mends, ...first.mends]);
}

function usable(value: Value, mends: readonly Mend[]): Decoded {
  return { kind: "Value", value, ...(mends.length === 0 ? {} : { mends: [...new Set(mends)] }) };
}

function unusable(reason: string): Decoded {
  return { kind: "Unusable", reason };
}

const retraction =
  /\b(?:correction|on second thought|wait|scratch that|my mistake|made a mistake|i was wrong|disregard (?:that|the|my)|ignore (?:that|the above))\b/i;

// ── one candidate ───────────────────────────────────────────────────────────────────────────────────────────────

type Fitted =
  | { readonly kind: "Value"; readonly value: Value; readonly mends: readonly Mend[] }
  | { readonly kind: "Misfit"; readonly reason: string; readonly isAttempt: boolean };

const mostLayers = 4;

function fit({ tree, mends, hasWords }: Candidate, shape: Shape, validate: Validate): Fitted {
  if (tree === undefined || (hasWords && core(shape).kind !== "enum")) {
    return { kind: "Misfit", reason: "the JSON in the reply is malformed: it can be read in more than one way", isAttempt: true };
  }
  let outer = tree;
  const done: Mend[] = [...mends];
  for (let layers = 0; ; layers++) {
    const certain = layers === mostLayers ? undefined : (openedCall(outer, shape) ?? openedValue(outer, shape));
    …
  }
}
