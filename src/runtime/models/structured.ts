// A reply's text and the shape that was asked for: the value, or why there is none. Find the JSON (`repair`), take it out
// of its envelope, settle it (`settle`), validate it against the very schema that was sent (ajv, JSON Schema 2020-12), make
// the value of it (`fit`).
//
// Invariants: a Decoder is pure and total, so a replay decodes a recorded reply again and gets the same. Where a reply
// holds two different answers, there is none. ajv and jsonrepair load with the first decoder, and a schema compiles once.

import type { ErrorObject, ValidateFunction } from "ajv";
import { equal } from "../../interp/equal.ts";
import { Variant } from "../../interp/value.ts";
import type { Value } from "../../interp/value.ts";
import type { Json, Shape } from "../../ir/kir.ts";
import { jsonSchema } from "../../ir/schema.ts";
import { chooseWhole, chooseWithin, labels } from "./choice.ts";
import { core, isAttempt, isWrapped, opened, openedCall, openedValue } from "./envelope.ts";
import type { Opened } from "./envelope.ts";
import { fit } from "./fit.ts";
import type { Fitted, Validate } from "./fit.ts";
import { plainJson } from "./json-tree.ts";
import type { Tree } from "./json-tree.ts";
import type { Mend } from "./mend.ts";
import { jsonIn } from "./repair.ts";
import type { Candidate, Found } from "./repair.ts";
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
  const { text, mends, isThought } = bareReply(reply);
  if (isThought) return unusable("the reply is nothing but thoughts");
  if (text === "") return unusable("the reply is empty");
  if (shape.kind === "str") return usable(text, mends);
  const found = jsonIn(text, repair);
  if (found.isTooMuch) return unusable("the reply is too long");
  if (found.isCut) return unusable("the JSON in the reply does not end, or a quote in a text has no backslash");
  const read = found.candidates.map((candidate) => readCandidate(candidate, shape, validate));
  const misfit = read.find((each) => each.kind === "Misfit" && each.isAttempt);
  if (misfit?.kind === "Misfit") return unusable(misfit.reason);
  const [first, ...others] = read.filter((each) => each.kind === "Value");
  if (first === undefined)
    return read[0]?.kind === "Misfit" ? unusable(read[0].reason) : bareAnswer(text, shape, mends);
  const isOne = others.every(({ value }) => equal(value, first.value)) && !contradicts(found, first.value, shape);
  if (!isOne) return unusable("the reply holds more than one answer");
  if (retraction.test(found.after)) return unusable("the reply takes its answer back");
  if (hasItems(shape) && leavesOut(found, core(shape))) {
    return unusable("the reply has items beside the JSON, or says that it leaves some out");
  }
  return usable(first.value, [...mends, ...first.mends]);
}

function usable(value: Value, mends: readonly Mend[]): Decoded {
  return { kind: "Value", value, ...(mends.length === 0 ? {} : { mends: [...new Set(mends)] }) };
}

function unusable(reason: string): Decoded {
  return { kind: "Unusable", reason };
}

/** Words behind an answer that take it back. */
const retraction =
  /\b(?:correction|on second thought|scratch that|my mistake|made a mistake|i was wrong|disregard (?:that|the|my)|ignore (?:that|the above))\b|(?:^|[.!?\n])[ \t]*(?:wait|hold on)\b/i;
/** Words behind a list that say it is not all of it. */
const elision =
  /^[\s,;]*(?:\.{3}|…|\(?(?:and|plus) (?:(?:\d+|many|several|some|a few) )?(?:more|others)\b|and so on\b|\(?(?:the )?(?:list )?(?:is )?(?:truncated|shortened|omitted|abbreviated|continued)\b)/i;

/** Quotes beside a list may be of items, had it been closed too early; beside an object with one, only those of keys. */
function leavesOut({ around, after }: Found, { kind }: Shape): boolean {
  if (elision.test(after)) return true;
  if (kind === "list" || kind === "map") return /["“”]/.test(around.replace(/^\s*["“]value["”]\s*:\s*\n/, ""));
  return /["”]\s{0,9}:/.test(after);
}

function hasItems(shape: Shape): boolean {
  return /"kind":"(?:list|map|json)"/.test(JSON.stringify(shape));
}

// ── one candidate ───────────────────────────────────────────────────────────────────────────────────────────────

type Read =
  | Exclude<Fitted, { kind: "Misfit" }>
  | { readonly kind: "Misfit"; readonly reason: string; readonly isAttempt: boolean };

const mostLayers = 4;

function readCandidate({ tree, mends, hasWords }: Candidate, shape: Shape, validate: Validate): Read {
  if (tree === undefined || (hasWords && core(shape).kind !== "enum")) {
    return { kind: "Misfit", reason: "the JSON in the reply can be read in more than one way", isAttempt: true };
  }
  const fitted = fitLayers(tree, shape, validate, mostLayers);
  return fitted.kind === "Value"
    ? { ...fitted, mends: [...mends, ...fitted.mends] }
    : { ...fitted, isAttempt: isAttempt(tree, shape) };
}

/** The tree itself, else what stands in it; for what can be nothing but an envelope, the other way round. */
function fitLayers(tree: Tree, shape: Shape, validate: Validate, layers: number, isValue = false): Fitted {
  const inside = ({ inner, mend }: Opened): Fitted => {
    const fitted = fitLayers(inner, shape, validate, layers - 1, mend === undefined);
    return fitted.kind === "Value" && mend !== undefined ? { ...fitted, mends: [mend, ...fitted.mends] } : fitted;
  };
  const value = isValue ? undefined : openedValue(tree, shape);
  const envelope = layers === 0 ? undefined : (openedCall(tree, shape) ?? value);
  const first = envelope === undefined ? fit(tree, shape, validate) : inside(envelope);
  if (first.kind === "Value" || layers === 0) return first;
  if (envelope !== undefined) return hasValueKey(core(shape)) ? fit(tree, shape, validate) : first;
  const other = opened(tree, shape);
  return other === undefined ? first : inside(other);
}

/** Whether `{"value": …}` may be the answer and no envelope. */
function hasValueKey(shape: Shape): boolean {
  const names = shape.kind === "struct" ? shape.fields : shape.kind === "enum" ? shape.variants : [];
  return names.some(({ name }) => name === "value");
}

/** A variant that stands alone in a line beside the JSON and is another one. */
function contradicts({ around }: Found, value: Value, shape: Shape): boolean {
  const wanted = core(shape);
  if (wanted.kind !== "enum") return false;
  const names = wanted.variants.map(({ name }) => name);
  const chosen = value instanceof Variant ? value.name : undefined;
  return around.split("\n").some((line) => {
    const choice = chooseWhole(line, names);
    return choice.kind !== "Nothing" && !(choice.kind === "One" && choice.name === chosen);
  });
}

// ── no JSON at all ──────────────────────────────────────────────────────────────────────────────────────────────

/** An answer that needs no JSON: a variant's name in a sentence, an instant, a truth value. */
function bareAnswer(text: string, shape: Shape, mends: readonly Mend[]): Decoded {
  const wanted = core(shape);
  if (wanted.kind === "enum") return bareVariant(text, wanted, mends);
  const isBare = wanted.kind === "datetime" || (wanted.kind === "bool" && /^(?:true|false)[.!]?$/i.test(text));
  const bare = isBare ? fit(text.replace(/[.!]$/, ""), wanted, () => undefined) : undefined;
  return bare?.kind === "Value"
    ? usable(bare.value, [...mends, ...bare.mends])
    : unusable("there is no JSON in the reply");
}

function bareVariant(text: string, shape: Extract<Shape, { kind: "enum" }>, mends: readonly Mend[]): Decoded {
  const names = shape.variants.map(({ name }) => name);
  const [, tag = "", tagged = text] = /^<(\w+)>([^<]*)<\/\1>$/.exec(text) ?? [];
  const said = labels.includes(tag.toLowerCase()) ? tagged : text;
  const choice = chooseWithin(said, names, shape.name);
  const found = choice.kind === "One" ? shape.variants.find(({ name }) => name === choice.name) : undefined;
  if (found === undefined || found.fields !== undefined) {
    return unusable(`the reply is not clearly one of ${names.join(", ")}`);
  }
  const mend: readonly Mend[] =
    found.name === text ? [] : [chooseWhole(said, names).kind === "One" ? "spelling" : "sentence"];
  return usable(new Variant(shape.name, found.name), [...mends, ...mend]);
}

// ── what is wrong ───────────────────────────────────────────────────────────────────────────────────────────────

const mostComplaints = 5;

/** For the model that is asked again and for the person who reads the journal. */
function complaint(errors: readonly ErrorObject[]): string {
  const lines = errors.map(({ instancePath, message, keyword, params }) => {
    const where = instancePath === "" ? "the reply" : instancePath;
    if (keyword === "additionalProperties")
      return `${where} has ${JSON.stringify(params["additionalProperty"])}, which nobody asked for`;
    const allowed =
      keyword === "enum" && Array.isArray(params["allowedValues"]) ? `: ${params["allowedValues"].join(", ")}` : "";
    return `${where} ${message ?? keyword}${allowed}`;
  });
  return [...new Set(lines)].slice(0, mostComplaints).join("; ");
}
