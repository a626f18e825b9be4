// Anthropic's Messages API through its SDK, which is loaded with the first request. Replies are streamed, so that a long
// one meets no idle limit on the way and an abort takes effect at once. The SDK's own retries and logs are off.
//
// A schema is sent as `output_config` where that mode can promise it (`strict`); any other is left to the prompt and to
// our own validation. What is likely to be sent again is marked to be kept: a system text, and a conversation.

import type { ClientOptions } from "@anthropic-ai/sdk";
import type {
  Message,
  MessageCreateParamsStreaming,
  RawMessageStreamEvent,
} from "@anthropic-ai/sdk/resources/messages";
import { statusFault, transportFault } from "./fault.ts";
import { isObject } from "./json-object.ts";
import { estimatedTokens } from "./prices.ts";
import { isKey } from "./probe.ts";
import { fault, reply } from "./provider.ts";
import type { Fault, ModelRequest, OnText, Provider, Sampling, Sent, Stop, Usage } from "./provider.ts";
import { RefusedForms } from "./refused-forms.ts";
import { isStrict, unionsIn } from "./strict.ts";
import { transport } from "./transport.ts";

export const defaultAddress = "https://api.anthropic.com";
/** The API wants a limit; a program sets another one as `max_tokens`. */
const defaultMaxTokens = 4096;
/** More are refused; a `T?` is one. */
const mostUnions = 16;
/** A day: our own time limit ends a request, never the SDK's. */
const noTimeoutMs = 86_400_000;

export function anthropicProvider(apiKey: string, address: string = defaultAddress): Provider {
  const load = async () => {
    const sdk = await import("@anthropic-ai/sdk");
    const quiet: ClientOptions = { maxRetries: 0, logLevel: "off", timeout: noTimeoutMs, fetch: transport };
    return { sdk, client: new sdk.Anthropic({ apiKey, baseURL: address, ...quiet }) };
  };
  let loaded: ReturnType<typeof load> | undefined;
  const refused = new RefusedForms();
  return {
    async send(request, signal, onText) {
      if (!isKey(apiKey)) return fault({ kind: "BadKey", detail: "it holds signs of no key" });
      const { sdk, client } = await (loaded ??= load());
      for (;;) {
        try {
          const stream = await client.messages.create(parameters(refused.allowed(request)), { signal });
          const sent = await collect(stream, request.model, onText);
          return signal.aborted ? fault({ kind: "Cancelled" }) : sent;
        } catch (error) {
          if (signal.aborted || error instanceof sdk.APIUserAbortError) return fault({ kind: "Cancelled" });
          if (!(error instanceof sdk.APIError)) return fault(transportFault(error, address));
          if (error.status !== 400 || !refused.note(request, error.message)) return fault(apiFault(error, address));
        }
      }
    },
  };
}

/** The body of the request. */
export function parameters(request: ModelRequest): MessageCreateParamsStreaming {
  const { schema } = request;
  return {
    model: request.model,
    max_tokens: request.sampling.maxTokens ?? defaultMaxTokens,
    messages: conversation(request),
    stream: true,
    ...system(request),
    ...sampling(request.sampling),
    ...(schema !== undefined &&
    isObject(schema.schema) &&
    isStrict(schema.schema) &&
    unionsIn(schema.schema) <= mostUnions
      ? { output_config: { format: { type: "json_schema" as const, schema: { ...schema.schema } } } }
      : {}),
  };
}

/** In tokens, of the model that keeps the shortest prompts. Others pass over a mark that comes too early for them. */
const leastKept = 1024;
const kept = { type: "ephemeral" } as const;

function system({ system: text }: ModelRequest): Pick<MessageCreateParamsStreaming, "system"> {
  if (text === "") return {};
  return { system: estimatedTokens(text) < leastKept ? text : [{ type: "text", text, cache_control: kept }] };
}

/** A conversation is sent again with every turn. A single message is not: to keep it costs a quarter of its price. */
function conversation({ system: before, messages }: ModelRequest): MessageCreateParamsStreaming["messages"] {
  const length = messages.reduce((sum, { text }) => sum + estimatedTokens(text), estimatedTokens(before));
  const marked = messages.length > 1 && length >= leastKept ? messages.length - 1 : undefined;
  return messages.map(({ role, text }, index) =>
    index === marked ? { role, content: [{ type: "text", text, cache_control: kept }] } : { role, content: text },
  );
}

/** The SDK's types no longer name these two, since the newest models refuse them; those of the short names take them. */
function sampling({ temperature, topP }: Sampling): { readonly [name: string]: number } {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
  };
}

async function collect(stream: AsyncIterable<RawMessageStreamEvent>, asked: string, onText?: OnText): Promise<Sent> {
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
      onText?.(text);
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
