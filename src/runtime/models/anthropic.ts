// Anthropic's Messages API through its SDK, which is loaded with the first request. Replies are streamed, so that a long
// one meets no idle limit on the way and an abort takes effect at once. The SDK's own retries and logs are off.
//
// A schema is sent as `output_config` where that mode can promise it: it takes closed objects only, so a form with a map
// or with arbitrary JSON is left to the prompt and to our own validation.

import type { ClientOptions } from "@anthropic-ai/sdk";
import type {
  Message,
  MessageCreateParamsStreaming,
  RawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/messages";
import type { Json } from "../../ir/kir.ts";
import { statusFault, transportFault } from "./fault.ts";
import { fault, reply } from "./provider.ts";
import type { Fault, ModelRequest, Provider, Sampling, Sent, Stop, Usage } from "./provider.ts";

export const defaultAddress = "https://api.anthropic.com";
/** The API wants a limit; a program sets another one as `max_tokens`. */
const defaultMaxTokens = 4096;
/** A day: our own time limit ends a request, never the SDK's. */
const noTimeoutMs = 86_400_000;

export function anthropicProvider(apiKey: string, address: string = defaultAddress): Provider {
  const load = async () => {
    const sdk = await import("@anthropic-ai/sdk");
    const options: ClientOptions = { apiKey, baseURL: address, maxRetries: 0, logLevel: "off", timeout: noTimeoutMs };
    return { sdk, client: new sdk.Anthropic(options) };
  };
  let loaded: ReturnType<typeof load> | undefined;
  return {
    async send(request, signal) {
      const { sdk, client } = await (loaded ??= load());
      try {
        const stream = await client.messages.create(parameters(request), { signal });
        const sent = await collect(stream, request.model);
        return signal.aborted ? fault({ kind: "Cancelled" }) : sent;
      } catch (error) {
        if (signal.aborted || error instanceof sdk.APIUserAbortError) return fault({ kind: "Cancelled" });
        return fault(error instanceof sdk.APIError ? apiFault(error, address) : transportFault(error, address));
      }
    },
  };
}

/** The body of the request. */
export function parameters(request: ModelRequest): MessageCreateParamsStreaming {
  const { schema, system } = request;
  return {
    model: request.model,
    max_tokens: request.sampling.maxTokens ?? defaultMaxTokens,
    messages: request.messages.map(({ role, text }) => ({ role, content: text })),
    stream: true,
    ...(system === "" ? {} : { system }),
    ...sampling(request.sampling),
    ...(schema !== undefined && isObject(schema.schema) && isClosed(schema.schema)
      ? { output_config: { format: { type: "json_schema" as const, schema: { ...schema.schema } } } }
      : {}),
  };
}

/** The SDK's types no longer name these two, since the newest models refuse them; those of the short names take them. */
function sampling({ temperature, topP }: Sampling): { readonly [name: string]: number } {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
  };
}

async function collect(stream: AsyncIterable<RawMessageStreamEvent>, asked: string): Promise<Sent> {
  let text = "";
  let model = asked;
  let usage: Usage = { input: 0, output: 0 };
  let stop: string | null = null;
  let ended = false;
  for await (const event of stream) {
    if (event.type === "message_start") {
      model = event.message.model;
      usage = usageOf(event.message.usage);
    } else if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
      text += event.delta.text;
    } else if (event.type === "message_delta") {
      stop = event.delta.stop_reason;
      usage = { ...usage, output: event.usage.output_tokens };
    } else if (event.type === "message_stop") {
      ended = true;
    }
  }
  if (!ended) return fault({ kind: "Dropped", detail: "the reply broke off" });
  return reply({ text, model, usage, stop: stopOf(stop) });
}

/** Anthropic counts what went through its cache apart from the rest. */
function usageOf(said: Message["usage"]): Usage {
  const [cacheRead, cacheWrite] = [said.cache_read_input_tokens ?? 0, said.cache_creation_input_tokens ?? 0];
  return {
    input: said.input_tokens + cacheRead + cacheWrite,
    output: said.output_tokens,
    ...(cacheRead === 0 ? {} : { cacheRead }),
    ...(cacheWrite === 0 ? {} : { cacheWrite }),
  };
}

function stopOf(reason: string | null): Stop {
  if (reason === "refusal") return "refused";
  return reason === "max_tokens" || reason === "model_context_window_exceeded" ? "cut" : "end";
}

interface ApiError extends Error {
  readonly status: number | undefined;
  readonly headers: Headers | undefined;
  readonly type: string | null;
  readonly apiMessage: string | null;
}

function apiFault(error: ApiError, address: string): Fault {
  const detail = error.apiMessage ?? error.message;
  if (error.status !== undefined) {
    // A page that is no API answers 404 too, but names no model.
    if (error.status === 404 && error.type !== "not_found_error") {
      return { kind: "Unreachable", address, detail: "404, this is not the Messages API" };
    }
    return statusFault(error.status, detail, error.headers ?? new Headers(), Date.now());
  }
  // Told in the midst of a stream, after a status of 200.
  if (error.type === "overloaded_error" || error.type === "api_error") return { kind: "Overloaded", detail };
  if (error.type === "rate_limit_error") return { kind: "RateLimited", detail };
  return transportFault(error, address);
}

function isObject(json: Json): json is { readonly [key: string]: Json } {
  return typeof json === "object" && json !== null && !Array.isArray(json);
}

/** Whether every object in a schema says which keys it has, and every part of it what it is. */
function isClosed(schema: Json): boolean {
  if (!isObject(schema)) return false;
  if (schema["type"] === "object" && schema["additionalProperties"] !== false) return false;
  const known = ["type", "enum", "const", "anyOf", "oneOf", "$ref"].some((key) => Object.hasOwn(schema, key));
  return known && parts(schema).every(isClosed);
}

function parts(schema: { readonly [key: string]: Json }): readonly Json[] {
  const properties = schema["properties"] ?? {};
  const choices = ["anyOf", "oneOf"].flatMap((key) => {
    const list = schema[key];
    return Array.isArray(list) ? (list as readonly Json[]) : [];
  });
  const items = schema["items"] === undefined ? [] : [schema["items"]];
  return [...(isObject(properties) ? Object.values(properties) : []), ...choices, ...items];
}
