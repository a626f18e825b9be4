// A server on 127.0.0.1 that speaks the wire formats of Anthropic's Messages API, of Ollama and of OpenAI's
// chat/completions, so that the real providers can be run against every kind of trouble. What it does next is queued by the test; it keeps what it was sent.

import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { anthropic } from "./anthropic-wire.ts";
import { ollama } from "./ollama-wire.ts";
import { openai } from "./openai-wire.ts";
import { json, page } from "./wire-parts.ts";

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
export interface UsageSaid {
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
  /** What of a request this server does not take: the text of its 400. */
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
    const refusal = this.refuses(body);
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

export type Body = Asked["body"];
export type Spoken = Exclude<Behaviour, { readonly kind: "Held" | "Paused" }>;

/** The one key that is not accepted. */
export const badKey = "key-that-is-refused";

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
