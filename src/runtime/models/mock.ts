// A script of canned replies: a Provider without a network. What it answers depends on the request alone, never on what
// was asked before, so a run that crashed and is resumed is answered as the one that did not.
//
// { "replies": [ { "operation": "classify", "step": "triage/classify", "contains": "invoice", "reply": "high",
//                  "delay_ms": 40, "usage": { "input": 120, "output": 4 }, "error": "rate_limit" } ], "model": "claude-haiku" }
//
// The first entry that matches in all it names answers. `reply` is a text, or JSON that is sent as its text.

import type { Json } from "../../ir/kir.ts";
import type { Clock } from "../world.ts";
import { isObject } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";
import { estimatedTokens } from "./prices.ts";
import { fault, reply } from "./provider.ts";
import type { Fault, ModelRequest, Provider, Sent, Stop, Usage } from "./provider.ts";

export interface Script {
  readonly replies: readonly ScriptEntry[];
  /** Whose price the calls have, instead of that of the model that the program names. */
  readonly model?: string;
}

export interface ScriptEntry {
  readonly operation: string;
  readonly step?: string;
  readonly contains?: string;
  readonly reply: string;
  readonly delayMs: number;
  readonly usage?: Usage;
  readonly error?: ScriptError;
}

const operations = ["classify", "summarize", "draft", "extract", "translate", "decide", "prompt"];

const errors = {
  unreachable: { kind: "Unreachable", address: "the script", detail: "scripted" },
  bad_key: { kind: "BadKey", detail: "scripted" },
  unknown_model: { kind: "UnknownModel", detail: "scripted" },
  rate_limit: { kind: "RateLimited", detail: "scripted" },
  overloaded: { kind: "Overloaded", detail: "scripted" },
  dropped: { kind: "Dropped", detail: "scripted" },
  bad_request: { kind: "BadRequest", detail: "scripted" },
  refused: "refused",
  cut_off: "cut",
} as const satisfies { readonly [name: string]: Fault | Stop };

type ScriptError = keyof typeof errors;

/** What is asked beside the request itself. */
export interface Asked {
  readonly operation: string;
  readonly step: string;
}

export function scriptProvider(script: Script, asked: Asked, clock: Clock): Provider {
  return {
    async send(request, signal) {
      const entry = script.replies.find((each) => matches(each, asked, request));
      if (entry === undefined) return fault({ kind: "Unscripted" });
      if (entry.delayMs > 0) await clock.until(clock.now() + entry.delayMs, signal);
      return signal.aborted ? fault({ kind: "Cancelled" }) : answer(entry, request);
    },
  };
}

function answer(entry: ScriptEntry, request: ModelRequest): Sent {
  const failure = entry.error === undefined ? "end" : errors[entry.error];
  if (typeof failure === "object") return fault(failure);
  const usage = entry.usage ?? { input: estimatedTokens(sentText(request)), output: estimatedTokens(entry.reply) };
  return reply({ text: entry.reply, usage, stop: failure, model: request.model });
}

function matches(entry: ScriptEntry, asked: Asked, request: ModelRequest): boolean {
  if (entry.operation !== asked.operation) return false;
  if (entry.step !== undefined && !isStep(entry.step, asked.step)) return false;
  return entry.contains === undefined || sentText(request).includes(entry.contains);
}

/** The step's id, or its beginning before `:` or `#`. */
function isStep(wanted: string, id: string): boolean {
  return id === wanted || id.startsWith(`${wanted}:`) || id.startsWith(`${wanted}#`);
}

function sentText(request: ModelRequest): string {
  return [request.system, ...request.messages.map(({ text }) => text)].join("\n");
}

// ── reading a script ────────────────────────────────────────────────────────────────────────────────────────────

/** Throws an Error that says which entry and which key is wrong. */
export function parseScript(text: string): Script {
  let json: Json;
  try {
    json = JSON.parse(text) as Json;
  } catch (error) {
    throw new Error(`it is not JSON: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  if (!isObject(json)) throw new Error('it has to be an object like {"replies": […]}');
  onlyKeys(json, ["replies", "model"], "the script");
  const replies = json["replies"];
  if (!Array.isArray(replies)) throw new Error("`replies` has to be a list");
  const model = optionalText(json, "model", "the script");
  return {
    replies: (replies as readonly Json[]).map((entry, index) => parseEntry(entry, `replies[${index}]`)),
    ...(model === undefined ? {} : { model }),
  };
}

function parseEntry(entry: Json, where: string): ScriptEntry {
  if (!isObject(entry)) throw new Error(`${where} has to be an object`);
  onlyKeys(entry, ["operation", "step", "contains", "reply", "delay_ms", "usage", "error"], where);
  const operation = optionalText(entry, "operation", where);
  if (operation === undefined || !operations.includes(operation)) {
    throw new Error(`${where}: \`operation\` has to be one of ${operations.join(", ")}`);
  }
  const step = optionalText(entry, "step", where);
  const contains = optionalText(entry, "contains", where);
  const usage = entry["usage"] === undefined ? undefined : parseUsage(entry["usage"], where);
  const error = parseError(entry, where);
  if (entry["reply"] === undefined && error === undefined) throw new Error(`${where}: \`reply\` is missing`);
  const answered = entry["reply"] ?? (Object.hasOwn(entry, "reply") ? null : "");
  return {
    operation,
    reply: typeof answered === "string" ? answered : JSON.stringify(answered),
    delayMs: entry["delay_ms"] === undefined ? 0 : count(entry["delay_ms"], `${where}: \`delay_ms\``),
    ...(step === undefined ? {} : { step }),
    ...(contains === undefined ? {} : { contains }),
    ...(usage === undefined ? {} : { usage }),
    ...(error === undefined ? {} : { error }),
  };
}

function parseUsage(json: Json, where: string): Usage {
  if (!isObject(json)) throw new Error(`${where}: \`usage\` has to be an object like {"input": 120, "output": 4}`);
  onlyKeys(json, ["input", "output"], `${where}: \`usage\``);
  return {
    input: count(json["input"] ?? null, `${where}: \`usage.input\``),
    output: count(json["output"] ?? null, `${where}: \`usage.output\``),
  };
}

function parseError(entry: JsonObject, where: string): ScriptError | undefined {
  const error = optionalText(entry, "error", where);
  if (error === undefined) return undefined;
  const known = (Object.keys(errors) as ScriptError[]).find((name) => name === error);
  if (known === undefined) throw new Error(`${where}: \`error\` has to be one of ${Object.keys(errors).join(", ")}`);
  return known;
}

function optionalText(json: JsonObject, key: string, where: string): string | undefined {
  const value = json[key];
  if (value === undefined || typeof value === "string") return value;
  throw new Error(`${where}: \`${key}\` has to be a text`);
}

function count(json: Json, what: string): number {
  if (typeof json === "number" && Number.isSafeInteger(json) && json >= 0) return json;
  throw new Error(`${what} has to be a whole number, 0 or more`);
}

function onlyKeys(json: JsonObject, keys: readonly string[], where: string): void {
  const unknown = Object.keys(json).find((key) => !keys.includes(key));
  if (unknown !== undefined)
    throw new Error(`${where} has the unknown key \`${unknown}\`; it takes ${keys.join(", ")}`);
}
