// How `keel prompt` shows a request: a head of a few lines, then each text as it is sent, unindented, and the schema.
// The form of `--json` stands beside it.

import { dirname, join } from "node:path";
import { describe } from "../runtime/models/names.ts";
import { unreachable } from "../source/invariant.ts";
import { money } from "./layout.ts";
import type { Asker } from "./prompt-operations.ts";
import type { Estimate, Preview } from "./prompt-preview.ts";

export function previewText(each: Preview, file: string): string {
  const { at, messages, schema, problem } = each;
  const head = [
    `${placeText(each, file)}  ${operationText(each)}  ${at.step}`,
    `  for       ${askerText(each.asker)}`,
    `  model     ${modelText(each)}`,
    ...settingLines(each),
    `  reply     ${replyText(each)}`,
    problem === undefined ? `  estimate  ${estimateText(each)}` : `  problem   ${problem}: nothing would be sent`,
  ];
  const parts = messages.map(([role, text]) => `── ${role} ──\n${text}\n`);
  const form = schema === undefined ? [] : [`── schema ──\n${JSON.stringify(schema, null, 2)}\n`];
  return `${head.join("\n")}\n\n${[...parts, ...form].join("\n")}`;
}

function placeText({ at }: Preview, file: string): string {
  return `${fileText(at.file, file)}:${at.line}:${at.column}`;
}

/** A file that the program uses is named as seen from the program's own. */
function fileText(used: string | undefined, file: string): string {
  return used === undefined ? file : join(dirname(file), used);
}

function operationText({ at }: Preview): string {
  return at.node.kind.toLowerCase();
}

function askerText(asker: Asker): string {
  switch (asker.kind) {
    case "Agent":
      return `agent ${asker.name}`;
    case "Main":
      return "the program itself: no agent, so no role";
    case "Nobody":
      return "nobody here: nothing in this program calls its task; an agent that does adds its role, rules and model";
    default:
      return unreachable(asker);
  }
}

function modelText({ name, model }: Preview): string {
  if (model === undefined) return `${name}, which only a run knows`;
  if (model.kind === "Missing") return `${name}, which nobody here provides: \`keel doctor\` says what to set`;
  const shown = describe(model);
  return shown.startsWith(`${name} `) ? shown : `${name} → ${shown}`;
}

/** Where the provider promises the form of the reply, by the parameter that asks for it. */
const promises = ["output_config", "format", "response_format"];

function settingLines({ parameters = {} }: Preview): readonly string[] {
  const settings = Object.entries(parameters)
    .filter(([name]) => !promises.includes(name))
    .flatMap(([name, value]) => (isObject(value) ? Object.entries(value) : [[name, value] as const]))
    .map(([name, value]) => `${name} ${typeof value === "string" ? value : JSON.stringify(value)}`);
  return settings.length === 0 ? [] : [`  settings  ${settings.join(", ")}`];
}

function replyText({ schema, parameters }: Preview): string {
  if (schema === undefined) return "text";
  if (parameters === undefined) return "JSON that fits the schema";
  const promise = promises.find((name) => name in parameters);
  return promise === undefined
    ? "JSON that fits the schema: asked for in the text, since the provider has no mode for this schema"
    : `JSON that fits the schema, by the provider's own mode (${promise})`;
}

function estimateText({ estimate, holes, model, name }: Preview): string {
  const { tokens, cost, price } = estimate;
  const without = holes.length === 0 ? "" : " and what the holes stand for";
  const input = `about ${tokens} tokens${without}`;
  if (price !== undefined && cost !== null) {
    const reply = `the reply $${(price.output / 1e6).toFixed(2)} a million tokens`;
    return `${input}: ${money(cost)}${holes.length === 0 ? "" : " for what is known"}, ${reply} (prices of ${price.since})`;
  }
  if (model?.kind === "Ollama") return `${input}; a model of Ollama has no price`;
  return `${input}; price unknown: ${model === undefined ? "so is the model" : `${name} is not in the price table`}`;
}

function isObject(value: unknown): value is { readonly [name: string]: unknown } {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

// ── --json ──────────────────────────────────────────────────────────────────────────────────────────────────────

export function previewJson(each: Preview, file: string): object {
  const { at, asker, name, model, holes, messages, schema, parameters, problem, estimate } = each;
  return {
    file: fileText(at.file, file),
    line: at.line,
    column: at.column,
    operation: operationText(each),
    step: at.step,
    asker: asker.kind.toLowerCase(),
    agent: asker.kind === "Agent" ? asker.name : null,
    model: {
      name,
      provider: model === undefined ? null : model.kind.toLowerCase(),
      id: model === undefined || model.kind === "Missing" ? null : model.model,
    },
    parameters: parameters ?? null,
    messages: messages.map(([role, text]) => ({ role, text })),
    schema: schema ?? null,
    holes,
    problem: problem ?? null,
    estimate: estimateJson(estimate),
  };
}

function estimateJson({ tokens, cost, price }: Estimate): object {
  return {
    input_tokens: tokens,
    input_cost_microdollars: cost,
    output_microdollars_per_million: price?.output ?? null,
    prices_of: price?.since ?? null,
  };
}
