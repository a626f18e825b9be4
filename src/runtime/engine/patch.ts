// A value that is put in a recorded outcome's place. It is written as JSON: where the step says what it gives (an AI
// operation, a question), it is read by that; else as the journal writes values, of which plain JSON is a part.

import { decode, encode } from "../../interp/codec.ts";
import { Variant } from "../../interp/value.ts";
import type { EffectNode, Json, ModelEffect, Program, Shape, Term } from "../../ir/kir.ts";
import type { OfStep } from "../journal/event.ts";
import { fitJson } from "../models/fit.ts";

export type Patched = { readonly value: Json } | { readonly why: string; readonly help?: string };

/** The value as the codec writes it, or why the step cannot have it. */
export function patchValue(program: Program, { step, effect }: OfStep, json: Json): Patched {
  if (valueless.has(effect)) return { why: `${effect.toLowerCase()} gives no value` };
  if (effect === "Ask" && typeof json !== "string") return { why: "an answer is a text", help: 'for example "yes"' };
  if (effect === "Confirm" && typeof json !== "boolean") return { why: "an answer is true or false" };
  const written = asWritten(json);
  if (written === undefined) return { why: "it is no value" };
  const operation = operationAt(program, step);
  if (operation === undefined || json === null) return { value: written };
  const shape = shapeOf(operation);
  const fitted = fitJson(json, shape);
  if (fitted.kind === "Value") return { value: encode(fitted.value) };
  if (isVariantOf(shape, written)) return { value: written };
  return isTagged(json) && shape.kind !== "enum" ? { value: written } : { why: fitted.reason };
}

/** These are done, or printed, and give nothing. */
const valueless: ReadonlySet<string> = new Set([
  "Notify",
  "Show",
  "RetryFailed",
  "RetryDelay",
  "Wait",
  "WaitUntil",
  "After",
  "Send",
  "Archive",
  "Settle",
  "Remember",
  "Forget",
  "Run",
  "Stop",
  "Post",
]);

function asWritten(json: Json): Json | undefined {
  try {
    return encode(decode(json));
  } catch {
    return undefined;
  }
}

type ModelNode = ModelEffect<Term>;

/** The AI operation that a step is, if it is one. */
function operationAt({ functions }: Program, id: string): ModelNode | undefined {
  for (const node of Object.values(functions)) {
    const step =
      node.kind === "Steps" ? node.steps.find((each) => each.kind === "Perform" && each.id === id) : undefined;
    if (step?.kind === "Perform") return isModel(step.effect) ? step.effect : undefined;
  }
  return undefined;
}

function isModel(effect: EffectNode<Term>): effect is ModelNode {
  return "model" in effect.given;
}

const text: Shape = { kind: "str" };

const shapes: { readonly [K in ModelNode["kind"]]: (effect: Extract<ModelNode, { kind: K }>) => Shape } = {
  Classify: (effect) => choice(effect.enum, effect.variants),
  Summarize: () => text,
  Draft: () => text,
  Translate: ({ many }) => (many ? { kind: "map", key: text, value: text } : text),
  Extract: ({ shape }) => shape,
  Prompt: ({ shape }) => shape,
  Decide: (effect) => ({
    kind: "struct",
    fields: [
      { name: "choice", shape: effect.enum === undefined ? text : choice(effect.enum, effect.options) },
      { name: "reason", shape: text },
    ],
  }),
};

/** What the program says that an AI operation gives. */
function shapeOf(effect: ModelNode): Shape {
  return (shapes[effect.kind] as (effect: ModelNode) => Shape)(effect);
}

function choice(name: string, variants: readonly string[]): Shape {
  return { kind: "enum", name, variants: variants.map((each) => ({ name: each })) };
}

function isVariantOf(shape: Shape, written: Json): boolean {
  const value = decode(written);
  if (shape.kind !== "enum" || !(value instanceof Variant) || value.type !== shape.name) return false;
  return shape.variants.some(({ name }) => name === value.name);
}

/** Written as the journal does it. */
function isTagged(json: Json): boolean {
  return JSON.stringify(json).includes('{"$');
}
