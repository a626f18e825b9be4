// A server on 127.0.0.1 that speaks the wire formats of Anthropic's Messages API, of Ollama and of OpenAI's
// chat/completions, so that the real providers can be run against every kind of trouble. What it does next is queued by the test; it keeps what it was sent.

import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export type Behaviour =
  | ({ readonly kind: "Text"; readonly text: string } & UsageSaid)
  /** As `Text`, but nothing of it before the test calls `release`. */
  | ({ readonly kind: "Held"; readonly text: string } & UsageSaid)
  /** As `Text`, but of its end nothing before the test calls `release`. */
  | ({ readonly kind: "Paused"; readonly text: string } & UsageSaid)
  | { readonly kind: "Refusal" }
  /** Ended by a filter in the midst of a reply. OpenAI alone says so. */
  | { readonly kind: "Filtered" }
  /** As `Text`, in one piece though a stream was asked for. OpenAI-compatible servers alone do so. */
  | { readonly kind: "Whole"; readonly text: string }
  | { readonly kind: "MaxTokens"; readonly text: string }
  | { readonly kind: "Unauthorized" }
  | { readonly kind: "Forbidden" }
  /** No money is left. */
  | { readonly kind: "Unpaid" }
  | { readonly kind: "UnknownModel" }
  | { readonly kind: "BadRequest" }
  | { readonly kind: "TooLarge" }
  /** In seconds, or an HTTP date. */
  | { readonly kind: "RateLimited"; readonly retryAfter?: string }
  | { readonly kind: "Overloaded" }
  | { readonly kind: "ServerError" }
  /** Answers nothing until the connection closes. */
  | { readonly kind: "Slow" }
  | { readonly kind: "Reset" }
  /** Ends in the midst of a reply: the socket closes, or the body just ends. */
  | { readonly kind: "CutStream"; readonly text: string; readonly how: "socket" | "end" }
  | { readonly kind: "InvalidJson" }
  /** Status 200, then an error inside the stream. */
  | { readonly kind: "LateError" }
  /** A web page where an API was expected. */
  | { readonly kind: "Page" };

/** Ollama has no cache to tell of; `input` is without what went through it, as Anthropic counts. */
interface UsageSaid {
  readonly input?: number;
  readonly output?: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

export interface Asked {
  readonly path: string;
  readonly headers: IncomingMessage["headers"];
  readonly body: { readonly [key: string]: unknown };
}

export class ProviderServer {
  readonly asked: Asked[] = [];
  readonly #queue: Behaviour[] = [];
  readonly #server: Server;
  readonly #waiters: (() => void)[] = [];
  #release: () => void = () => undefined;
  #closings: (() => void)[] = [];
  /** What of a request to OpenAI's path this server does not take: the text of its 400. */
  refuses: (body: Asked["body"]) => string | object | undefined = () => undefined;

  private constructor(server: Server) {
    this.#server = server;
  }

  static async start(): Promise<ProviderServer> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const provider = new ProviderServer(server);
    server.on("request", (request, response) => void provider.#handle(request, response));
    return provider;
  }

  get address(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** What the next requests are met with, in turn; the last one holds for all that follow. */
  will(...behaviours: readonly Behaviour[]): void {
    this.#queue.splice(0, Infinity, ...behaviours);
    this.asked.length = 0;
    this.refuses = () => undefined;
  }

  /** Lets a `Held` or `Paused` reply go. */
  release(): void {
    this.#release();
  }

  /** Resolves when the other side has closed a connection before its reply was over. */
  closing(): Promise<void> {
    return new Promise((resolve) => this.#closings.push(resolve));
  }

  says(...texts: readonly string[]): void {
    this.will(...texts.map((text) => ({ kind: "Text", text }) as const));
  }

  /** Resolves when the next request has arrived. */
  arrival(): Promise<void> {
    return new Promise((resolve) => this.#waiters.push(resolve));
  }

  stop(): Promise<void> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => void this.#server.close(() => resolve()));
  }

  /** The models, for whoever only looks what there is: not kept, and not a turn of the queue. */
  #list(path: string, request: IncomingMessage, response: ServerResponse): void {
    const [next] = this.#queue;
    if (next?.kind === "Slow") {
      for (const resolve of this.#waiters.splice(0)) resolve();
      return;
    }
    if (next?.kind === "RateLimited" || next?.kind === "Overloaded") return anthropic(next, {}, response);
    if (path === "/api/tags") return json(response, 200, { models: [{ name: "gemma4:latest", model: "gemma4" }] });
    if (path !== "/v1/models" || next?.kind === "Page") return page(response);
    const { "x-api-key": key, authorization } = request.headers;
    return key === badKey || authorization === `Bearer ${badKey}`
      ? anthropic({ kind: "Unauthorized" }, {}, response)
      : json(response, 200, { data: [{ type: "model", id: "claude-haiku-4-5-20251001" }], has_more: false });
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = new URL(request.url ?? "/", "http://server").pathname;
    if (request.method === "GET") return this.#list(path, request, response);
    const body = JSON.parse(await textOf(request)) as Asked["body"];
    this.asked.push({ path, headers: request.headers, body });
    response.on("close", () => {
      if (!response.writableEnded) for (const resolve of this.#closings.splice(0)) resolve();
    });
    for (const resolve of this.#waiters.splice(0)) resolve();
    const refusal = path === "/v1/chat/completions" ? this.refuses(body) : undefined;
    if (refusal !== undefined) return json(response, 400, refusal);
    const behaviour = (this.#queue.length > 1 ? this.#queue.shift() : this.#queue[0]) ?? { kind: "Page" };
    if (behaviour.kind === "Held") {
      await new Promise<void>((resolve) => (this.#release = resolve));
      return speak(path, { ...behaviour, kind: "Text" }, body, response);
    }
    if (behaviour.kind === "Paused") {
      const end = response.end.bind(response);
      response.end = (text: unknown) => {
        const whole = String(text);
        const middle = whole.indexOf("\n\n", whole.length / 2) + 2;
        response.write(whole.slice(0, middle));
        this.#release = () => void end(whole.slice(middle));
        return response;
      };
      return speak(path, { ...behaviour, kind: "Text" }, body, response);
    }
    return speak(path, behaviour, body, response);
  }
}

function speak(path: string, behaviour: Spoken, body: Body, response: ServerResponse): void {
  if (path === "/v1/messages") return anthropic(behaviour, body, response);
  if (path === "/api/chat") return ollama(behaviour, body, response);
  if (path === "/v1/chat/completions") return openai(behaviour, body, response);
  return page(response);
}

type Spoken = Exclude<Behaviour, { readonly kind: "Held" | "Paused" }>;

/** The one key that is not accepted. */
export const badKey = "key-that-is-refused";

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}

function json(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: { readonly [name: string]: string } = {},
): void {
  response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
}

function page(response: ServerResponse): void {
  response.writeHead(404, { "content-type": "text/html" }).end("<html><body>nothing here</body></html>");
}

/** In pieces, so that a reply arrives as more than one event. */
function pieces(text: string): readonly string[] {
  return text.match(/[\s\S]{1,7}/gu) ?? [""];
}

function retryHeaders(retryAfter: string | undefined): { readonly [name: string]: string } {
  return retryAfter === undefined ? {} : { "retry-after": retryAfter };
}

// ── Anthropic ───────────────────────────────────────────────────────────────────────────────────────────────────

type Body = Asked["body"];

function anthropicError(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  retryAfter?: string,
): void {
  json(response, status, { type: "error", error: { type, message } }, retryHeaders(retryAfter));
}

function anthropic(behaviour: Spoken, body: Body, response: ServerResponse): void {
  switch (behaviour.kind) {
    case "Text":
      return anthropicReply(body, response, behaviour.text, "end_turn", behaviour);
    case "Whole":
      return anthropicReply({ ...body, stream: false }, response, behaviour.text, "end_turn", {});
    case "Refusal":
    case "Filtered":
      return anthropicReply(body, response, "", "refusal", { output: 1 });
    case "MaxTokens":
      return anthropicReply(body, response, behaviour.text, "max_tokens", { output: 4096 });
    case "Unauthorized":
      return anthropicError(response, 401, "authentication_error", "invalid x-api-key");
    case "Forbidden":
      return anthropicError(response, 403, "permission_error", "Your API key may not use this");
    case "Unpaid":
      return anthropicError(response, 402, "billing_error", "Your credit balance is too low");
    case "UnknownModel":
      return anthropicError(response, 404, "not_found_error", `model: ${String(body["model"])}`);
    case "BadRequest":
      return anthropicError(response, 400, "invalid_request_error", "temperature: must be at most 1");
    case "TooLarge":
      return anthropicError(response, 413, "request_too_large", "Request exceeds the maximum size");
    case "RateLimited":
      return anthropicError(response, 429, "rate_limit_error", "too many requests", behaviour.retryAfter);
    case "Overloaded":
      return anthropicError(response, 529, "overloaded_error", "Overloaded");
    case "ServerError":
      return anthropicError(response, 500, "api_error", "Internal server error");
    case "Slow":
      return;
    case "Reset":
      response.socket?.resetAndDestroy();
      return;
    case "CutStream": {
      const events = anthropicEvents(body, behaviour.text, "end_turn", {});
      response.writeHead(200, { "content-type": "text/event-stream" });
      for (const event of events.slice(0, 3)) response.write(sse(event));
      return behaviour.how === "end"
        ? void response.end()
        : void response.write("\n", () => response.socket?.destroy());
    }
    case "InvalidJson":
      response.writeHead(200, { "content-type": "text/event-stream" });
      return void response.end('event: message_start\ndata: {"type": "message_st\n\n');
    case "LateError":
      response.writeHead(200, { "content-type": "text/event-stream" });
      return void response.end(
        sse({ type: "error", error: { type: "overloaded_error", message: "Overloaded" } } as ServerEvent),
      );
    case "Page":
      return page(response);
  }
}

function anthropicReply(body: Body, response: ServerResponse, text: string, stop: string, said: UsageSaid): void {
  if (body["stream"] !== true) {
    return json(response, 200, {
      ...anthropicMessage(body, said),
      content: [{ type: "text", text }],
      stop_reason: stop,
    });
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(anthropicEvents(body, text, stop, said).map(sse).join(""));
}

function anthropicMessage(body: Body, { input = 20, output = 5, cacheRead, cacheWrite }: UsageSaid) {
  const usage = {
    input_tokens: input,
    output_tokens: output,
    cache_creation_input_tokens: cacheWrite ?? null,
    cache_read_input_tokens: cacheRead ?? null,
  };
  return {
    id: "msg_1",
    type: "message",
    role: "assistant",
    model: body["model"],
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
}

interface ServerEvent {
  readonly type: string;
}

function anthropicEvents(body: Body, text: string, stop: string, said: UsageSaid): readonly ServerEvent[] {
  const deltas = pieces(text).map((piece) => ({
    type: "content_block_delta",
    index: 0,
    delta: { type: "text_delta", text: piece },
  }));
  return [
    { type: "message_start", message: anthropicMessage(body, { ...said, output: 1 }) } as ServerEvent,
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } } as ServerEvent,
    ...deltas,
    { type: "ping" },
    { type: "content_block_stop", index: 0 } as ServerEvent,
    {
      type: "message_delta",
      delta: { stop_reason: stop, stop_sequence: null },
      usage: { output_tokens: said.output ?? 5 },
    } as ServerEvent,
    { type: "message_stop" },
  ];
}

function sse(event: ServerEvent): string {
  return `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`;
}

// ── Ollama ──────────────────────────────────────────────────────────────────────────────────────────────────────

function ollama(behaviour: Spoken, body: Body, response: ServerResponse): void {
  switch (behaviour.kind) {
    case "Text":
      return ollamaReply(body, response, behaviour.text, "stop", behaviour.input ?? 20, behaviour.output ?? 5);
    case "Whole":
      return ollamaReply({ ...body, stream: false }, response, behaviour.text, "stop", 20, 5);
    case "Refusal":
    case "Filtered":
      return ollamaReply(body, response, "", "stop", 20, 1);
    case "MaxTokens":
      return ollamaReply(body, response, behaviour.text, "length", 20, 4096);
    case "Unauthorized":
      return json(response, 401, { error: "unauthorized" });
    case "Forbidden":
      return json(response, 403, { error: "this model requires a subscription, upgrade for access" });
    case "Unpaid":
      return json(response, 402, { error: "payment required" });
    case "UnknownModel":
      return json(response, 404, { error: `model '${String(body["model"])}' not found` });
    case "BadRequest":
      return json(response, 400, { error: "invalid options: temperature" });
    case "TooLarge":
      return json(response, 413, { error: "request body too large" });
    case "RateLimited":
      return json(response, 429, { error: "too many requests" }, retryHeaders(behaviour.retryAfter));
    case "Overloaded":
      return json(response, 503, { error: "server busy, please try again. maximum pending requests exceeded" });
    case "ServerError":
      return json(response, 500, { error: "model runner has unexpectedly stopped" });
    case "Slow":
      return;
    case "Reset":
      response.socket?.resetAndDestroy();
      return;
    case "CutStream": {
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      response.write(line(chunk(body, behaviour.text, false)));
      return behaviour.how === "end"
        ? void response.end()
        : void response.write("\n", () => response.socket?.destroy());
    }
    case "InvalidJson":
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      return void response.end('{"model": "gem\n');
    case "LateError":
      response.writeHead(200, { "content-type": "application/x-ndjson" });
      return void response.end(line({ error: "llama runner process has terminated" }));
    case "Page":
      return page(response);
  }
}

function ollamaReply(
  body: Body,
  response: ServerResponse,
  text: string,
  reason: string,
  input: number,
  output: number,
): void {
  const last = { ...chunk(body, "", true), done_reason: reason, prompt_eval_count: input, eval_count: output };
  if (body["stream"] !== true) return json(response, 200, { ...last, message: { role: "assistant", content: text } });
  response.writeHead(200, { "content-type": "application/x-ndjson" });
  response.end([...pieces(text).map((piece) => line(chunk(body, piece, false))), line(last)].join("\n"));
}

function chunk(body: Body, content: string, done: boolean) {
  return { model: body["model"], created_at: "2026-11-01T00:00:00Z", message: { role: "assistant", content }, done };
}

function line(json: unknown): string {
  return `${JSON.stringify(json)}\n`;
}

// ── OpenAI ──────────────────────────────────────────────────────────────────────────────────────────────────────

function openaiError(response: ServerResponse, status: number, error: object, retryAfter?: string): void {
  json(response, status, { error: { param: null, ...error } }, retryHeaders(retryAfter));
}

function openai(behaviour: Spoken, body: Body, response: ServerResponse): void {
  switch (behaviour.kind) {
    case "Text":
      return openaiReply(body, response, { content: behaviour.text }, "stop", behaviour);
    case "Whole":
      return json(response, 200, {
        ...completion(body, "chat.completion"),
        choices: [{ index: 0, message: { role: "assistant", content: behaviour.text }, finish_reason: "stop" }],
        usage: { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 },
      });
    case "Refusal":
      return openaiReply(body, response, { refusal: "I cannot help with that." }, "stop", { output: 1 });
    case "Filtered":
      return openaiReply(body, response, { content: "Some" }, "content_filter", { output: 1 });
    case "MaxTokens":
      return openaiReply(body, response, { content: behaviour.text }, "length", { output: 4096 });
    case "Unauthorized":
      return openaiError(response, 401, { message: "Incorrect API key provided", code: "invalid_api_key" });
    case "Forbidden":
      return openaiError(response, 403, { message: "Your organization may not use this", code: "unsupported_country" });
    case "Unpaid":
      return openaiError(response, 429, { message: "You exceeded your current quota", code: "insufficient_quota" });
    case "UnknownModel": {
      const message = `The model \`${String(body["model"])}\` does not exist`;
      return openaiError(response, 404, { message, code: "model_not_found" });
    }
    case "BadRequest":
      return openaiError(response, 400, { message: "Invalid temperature: at most 2", param: "temperature" });
    case "TooLarge":
      return openaiError(response, 413, { message: "Request too large", code: "request_too_large" });
    case "RateLimited": {
      const error = { message: "Rate limit reached", code: "rate_limit_exceeded" };
      return openaiError(response, 429, error, behaviour.retryAfter);
    }
    case "Overloaded":
      return openaiError(response, 503, { message: "The engine is currently overloaded", type: "server_error" });
    case "ServerError":
      return openaiError(response, 500, { message: "The server had an error", type: "server_error" });
    case "Slow":
      return;
    case "Reset":
      response.socket?.resetAndDestroy();
      return;
    case "CutStream":
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write(data(delta(body, { content: behaviour.text }, null)));
      return behaviour.how === "end"
        ? void response.end()
        : void response.write("\n", () => response.socket?.destroy());
    case "InvalidJson":
      response.writeHead(200, { "content-type": "text/event-stream" });
      return void response.end('data: {"id": "chatcm\n\n');
    case "LateError":
      response.writeHead(200, { "content-type": "text/event-stream" });
      return void response.end(data({ error: { message: "Overloaded", type: "server_error" } }));
    case "Page":
      return page(response);
  }
}

interface Delta {
  readonly content?: string;
  readonly refusal?: string;
}

function openaiReply(body: Body, response: ServerResponse, said: Delta, finish: string, usage: UsageSaid): void {
  const { input = 20, output = 5, cacheRead = 0 } = usage;
  const isAsked = (body["stream_options"] as { include_usage?: unknown } | undefined)?.include_usage === true;
  const [key = "content", text = ""] = Object.entries(said)[0] ?? [];
  const counted = {
    prompt_tokens: input + cacheRead,
    completion_tokens: output,
    total_tokens: input + cacheRead + output,
    prompt_tokens_details: { cached_tokens: cacheRead },
  };
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.end(
    [
      ": keep-alive\n\n",
      data(delta(body, { content: "" }, null)),
      ...pieces(text).map((piece) => data(delta(body, { [key]: piece }, null))),
      data(delta(body, {}, finish)),
      ...(isAsked ? [data({ ...completion(body, "chat.completion.chunk"), choices: [], usage: counted })] : []),
      "data: [DONE]\n\n",
    ].join(""),
  );
}

function completion(body: Body, object: string) {
  return { id: "chatcmpl-1", object, created: 1793491200, model: body["model"] };
}

function delta(body: Body, said: Delta, finish: string | null) {
  return {
    ...completion(body, "chat.completion.chunk"),
    choices: [{ index: 0, delta: said, finish_reason: finish }],
    usage: null,
  };
}

function data(json: unknown): string {
  return `data: ${JSON.stringify(json)}\n\n`;
}
