// An OpenAI-compatible server by its chat/completions: OpenAI itself, or what most local servers speak. Replies are
// streamed; a server that answers in one piece all the same is understood.
//
// These servers differ in what they take. What one refuses by name is asked for the next best way, and what it took is
// kept for later requests of the same model and schema: a reply's form is asked for as `json_schema`, then as
// `json_object`, then by the prompt alone; its limit goes by either of two names; and usage is asked for, or estimated.

import type { Json } from "../../ir/kir.ts";
import { statusFault, transportFault } from "./fault.ts";
import { isObject } from "./json-object.ts";
import type { JsonObject } from "./json-object.ts";
import type { Host } from "./names.ts";
import { defaultOpenaiAddress } from "./names.ts";
import { estimatedTokens } from "./prices.ts";
import { isKey } from "./probe.ts";
import { fault, reply } from "./provider.ts";
import type { Fault, ModelRequest, OnText, Provider, Sent, Stop, Usage } from "./provider.ts";
import { eventData } from "./server-events.ts";
import { isStrict } from "./strict.ts";
import { transport } from "./transport.ts";

export function openaiProvider(host: Host, apiKey: string | undefined): Provider {
  const taken = new Map<string, Manner>();
  return {
    async send(request, signal, onText) {
      if (apiKey !== undefined && !isKey(apiKey)) return fault({ kind: "BadKey", detail: "it holds signs of no key" });
      const key = `${request.model} ${JSON.stringify(request.schema?.schema ?? null)}`;
      try {
        for (;;) {
          const manner = taken.get(key) ?? firstManner(host);
          const response = await post(host, apiKey, parameters(request, manner), signal);
          if (response.ok) return await received(response, request, onText);
          const refusal = refusalOf(await response.text());
          const next = refusesForm(response) ? nextManner(manner, refusal, request) : undefined;
          if (next === undefined) return fault(refusalFault(response, refusal, host));
          taken.set(key, next);
        }
      } catch (error) {
        return fault(signal.aborted ? { kind: "Cancelled" } : transportFault(error, host.address));
      }
    },
  };
}

function post(host: Host, apiKey: string | undefined, body: object, signal: AbortSignal): Promise<Response> {
  const authorization = apiKey === undefined ? host.authorization : `Bearer ${apiKey}`;
  const headers = { "content-type": "application/json", ...(authorization === undefined ? {} : { authorization }) };
  return transport(`${host.address}/chat/completions`, { method: "POST", headers, body: JSON.stringify(body), signal });
}

// ── what is sent ────────────────────────────────────────────────────────────────────────────────────────────────

/** How a server is asked. The first of `limits` is the name that the limit goes by. */
interface Manner {
  readonly form: "json_schema" | "json_object" | "prompt";
  readonly limits: readonly string[];
  readonly saysUsage: boolean;
}

/** The newer name of the limit is OpenAI's own; most others know the older one alone. */
export function firstManner({ address }: Host): Manner {
  const limits = ["max_tokens", "max_completion_tokens"];
  return {
    form: "json_schema",
    limits: address === defaultOpenaiAddress ? limits.toReversed() : limits,
    saysUsage: true,
  };
}

/** The body of the request. */
export function parameters(request: ModelRequest, manner: Manner): { readonly [name: string]: unknown } {
  const { temperature, topP, maxTokens, seed } = request.sampling;
  const system = request.system === "" ? [] : [{ role: "system", content: request.system }];
  return {
    model: request.model,
    messages: [...system, ...request.messages.map(({ role, text }) => ({ role, content: text }))],
    stream: true,
    ...(manner.saysUsage ? { stream_options: { include_usage: true } } : {}),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(maxTokens === undefined ? {} : { [manner.limits[0] ?? ""]: maxTokens }),
    ...(seed === undefined ? {} : { seed }),
    ...responseFormat(request, manner),
  };
}

function responseFormat({ schema }: ModelRequest, { form }: Manner): { readonly response_format?: object } {
  if (schema === undefined || form === "prompt") return {};
  if (form === "json_object") return { response_format: { type: form } };
  const named = { name: schema.name, strict: isStrict(schema.schema), schema: schema.schema };
  return { response_format: { type: form, json_schema: named } };
}

// ── what is refused ─────────────────────────────────────────────────────────────────────────────────────────────

/** What an error says of itself; `detail` is missing where it says nothing that is understood. */
interface Refusal {
  readonly detail?: string;
  readonly code: string;
}

function refusesForm({ status }: Response): boolean {
  return status === 400 || status === 422 || status === 501;
}

const formWords = /response_format|json_schema|json_object|schema|grammar|structured|guided/i;
const unknownWords = /support|unknown|unrecogni|unexpected|extra|not permitted/i;

/** The next best way to ask; undefined where what was refused is something else. Each step leads down, so it ends. */
function nextManner(manner: Manner, { detail, code }: Refusal, request: ModelRequest): Manner | undefined {
  const said = `${detail ?? ""} ${code}`;
  if (manner.saysUsage && /stream_options|include_usage/.test(said)) return { ...manner, saysUsage: false };
  const isLimit = /max_(?:completion_)?tokens/.test(said) && unknownWords.test(said);
  if (isLimit) return manner.limits.length > 1 ? { ...manner, limits: manner.limits.slice(1) } : undefined;
  const isForm = request.schema !== undefined && (detail === undefined || formWords.test(said));
  if (!isForm || manner.form === "prompt") return undefined;
  return { ...manner, form: manner.form === "json_schema" ? "json_object" : "prompt" };
}

/** Servers differ here as well: an object with a message, a text, or a `message` or `detail` of its own. */
function refusalOf(body: string): Refusal {
  const json = parsed(body);
  if (!isObject(json)) return { code: "" };
  const error = json["error"] ?? json;
  if (typeof error === "string") return { detail: error, code: "" };
  if (!isObject(error)) return { code: "" };
  const code = [error["code"], error["type"], error["param"]].filter((each) => typeof each === "string").join(" ");
  const said = error["message"] ?? error["detail"];
  if (said === undefined || said === null || said === "") return { code };
  return { detail: typeof said === "string" ? said : JSON.stringify(said), code };
}

function refusalFault({ status, headers }: Response, { detail, code }: Refusal, { address }: Host): Fault {
  const said = detail ?? `status ${status}`;
  // A path that nobody serves answers 404 too, but names no model.
  if (status === 404 && !/model/i.test(`${said} ${code}`)) {
    return { kind: "Unreachable", address, detail: "404, this is no address of an OpenAI-compatible API" };
  }
  // Told as a rate limit, but no wait helps.
  if (code.includes("insufficient_quota")) return { kind: "BadKey", detail: said };
  return statusFault(status, said, headers, Date.now());
}

// ── what is received ────────────────────────────────────────────────────────────────────────────────────────────

/** A reply as far as it has come. */
interface Draft {
  text: string;
  refusal: string;
  finish: string | undefined;
  usage: Usage | undefined;
  model: string;
}

async function received(response: Response, request: ModelRequest, onText?: OnText): Promise<Sent> {
  const draft: Draft = { text: "", refusal: "", finish: undefined, usage: undefined, model: request.model };
  if (response.headers.get("content-type")?.includes("application/json") === true) {
    const trouble = take(draft, JSON.parse(await response.text()) as Json, "message");
    return trouble ?? concluded(draft, request);
  }
  if (response.body === null) return fault({ kind: "Dropped", detail: "the reply has no body" });
  for await (const data of eventData(response.body)) {
    if (data === "[DONE]") break;
    const before = draft.text.length;
    const trouble = take(draft, JSON.parse(data) as Json, "delta");
    if (trouble !== undefined) return trouble;
    if (draft.text.length > before) onText?.(draft.text);
  }
  return concluded(draft, request);
}

/** Adds what one piece says; what is returned is the error that it tells. */
function take(draft: Draft, piece: Json, part: "delta" | "message"): Sent | undefined {
  if (!isObject(piece)) return fault({ kind: "Dropped", detail: "the reply makes no sense" });
  if (isObject(piece["error"]) || typeof piece["error"] === "string") return fault(lateFault(piece));
  const choices = piece["choices"];
  const choice = Array.isArray(choices) ? (choices as readonly Json[])[0] : undefined;
  if (isObject(choice)) {
    const said = choice[part];
    draft.text += textIn(said, "content");
    draft.refusal += textIn(said, "refusal");
    if (typeof choice["finish_reason"] === "string") draft.finish = choice["finish_reason"];
  }
  if (isObject(piece["usage"])) draft.usage = usageOf(piece["usage"]);
  if (typeof piece["model"] === "string") draft.model = piece["model"];
  return undefined;
}

function textIn(json: Json | undefined, key: string): string {
  const text = isObject(json) ? json[key] : undefined;
  return typeof text === "string" ? text : "";
}

/** An error after a status of 200. */
function lateFault(piece: JsonObject): Fault {
  const { detail = "an error without words", code } = refusalOf(JSON.stringify(piece));
  if (/rate_limit|429/.test(code)) return { kind: "RateLimited", detail };
  if (/server_error|overloaded|unavailable|api_error/i.test(code)) return { kind: "Overloaded", detail };
  return { kind: "Dropped", detail };
}

function concluded(draft: Draft, request: ModelRequest): Sent {
  const { text, refusal, finish, model, usage = estimated(draft, request) } = draft;
  if (finish === undefined) return fault({ kind: "Dropped", detail: "the reply broke off" });
  return reply({ text, model, usage, stop: refusal === "" ? stopOf(finish) : "refused" });
}

function stopOf(finish: string): Stop {
  if (finish === "content_filter") return "refused";
  return finish === "length" ? "cut" : "end";
}

/** What was read from the cache is a part of the prompt's tokens here. */
function usageOf(said: JsonObject): Usage {
  const details = said["prompt_tokens_details"];
  const cacheRead = isObject(details) ? tokens(details["cached_tokens"]) : 0;
  const usage = { input: tokens(said["prompt_tokens"]), output: tokens(said["completion_tokens"]) };
  return cacheRead === 0 ? usage : { ...usage, cacheRead: Math.min(cacheRead, usage.input) };
}

function tokens(json: Json | undefined): number {
  return typeof json === "number" && Number.isSafeInteger(json) && json > 0 ? json : 0;
}

/** For a server that tells nothing: an agent's limits hold there too. */
function estimated({ text }: Draft, { system, messages }: ModelRequest): Usage {
  const sent = messages.reduce((sum, message) => sum + estimatedTokens(message.text), estimatedTokens(system));
  return { input: sent, output: estimatedTokens(text) };
}

function parsed(text: string): Json | undefined {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return undefined;
  }
}
