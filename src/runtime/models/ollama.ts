// Ollama's chat API through its SDK, which is loaded with the first request. Replies are streamed. The transport given to
// the SDK is ours, for three reasons: an abort must reach a request that has no answer yet, a status must arrive as more
// than its text, and a garbled line must be a fault instead of a warning on the terminal.

import type { ChatRequest, Options } from "ollama";
import { statusFault, transportFault } from "./fault.ts";
import type { HeaderLookup } from "./fault.ts";
import type { OllamaHost } from "./names.ts";
import { fault, reply } from "./provider.ts";
import type { Fault, ModelRequest, OnText, Provider, Sampling, Sent } from "./provider.ts";
import { RefusedForms } from "./refused-forms.ts";
import { forGrammar } from "./strict.ts";
import { transport } from "./transport.ts";

export function ollamaProvider(host: OllamaHost): Provider {
  const headers = host.authorization === undefined ? {} : { authorization: host.authorization };
  const refused = new RefusedForms();
  return {
    async send(request, signal, onText) {
      const { Ollama } = await import("ollama");
      for (;;) {
        try {
          const client = new Ollama({ host: host.address, headers, fetch: checkedTransport(signal) });
          const stream = await client.chat({ ...parameters(refused.allowed(request)), stream: true });
          return await collect(stream, request.model, onText);
        } catch (error) {
          if (signal.aborted) return fault({ kind: "Cancelled" });
          // Some refuse a form with a status of 500, or in the stream.
          if (error instanceof Error && refused.note(request, error.message)) continue;
          if (error instanceof BadStatus) return fault(badStatus(error, host.address));
          return fault(transportFault(error, host.address));
        }
      }
    },
  };
}

/** The body of the request. */
export function parameters(request: ModelRequest): ChatRequest {
  const system = request.system === "" ? [] : [{ role: "system", content: request.system }];
  return {
    model: request.model,
    messages: [...system, ...request.messages.map(({ role, text }) => ({ role, content: text }))],
    options: { ...sampling(request.sampling), ...contextSize(request) },
    ...(request.schema === undefined ? {} : { format: { ...Object(forGrammar(request.schema.schema)) } as object }),
  };
}

function sampling({ temperature, topP, maxTokens, seed }: Sampling): Partial<Options> {
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { top_p: topP }),
    ...(maxTokens === undefined ? {} : { num_predict: maxTokens }),
    ...(seed === undefined ? {} : { seed }),
  };
}

/** Ollama cuts the front off a prompt that is longer than its context, silently; so what is long asks for a larger one. */
function contextSize(request: ModelRequest): Partial<Options> {
  const characters = request.messages.reduce((sum, { text }) => sum + text.length, request.system.length);
  const tokens = Math.ceil(characters / 3) + (request.sampling.maxTokens ?? 1024);
  return tokens <= 4096 ? {} : { num_ctx: 2 ** Math.ceil(Math.log2(tokens)) };
}

interface Chunk {
  readonly model: string;
  readonly message: { readonly content: string };
  readonly done: boolean;
  readonly done_reason: string;
  readonly prompt_eval_count: number;
  readonly eval_count: number;
}

async function collect(stream: AsyncIterable<Chunk>, asked: string, onText?: OnText): Promise<Sent> {
  let text = "";
  for await (const chunk of stream) {
    const more = chunk.message?.content ?? "";
    text += more;
    if (more !== "") onText?.(text);
    if (!chunk.done) continue;
    const usage = { input: chunk.prompt_eval_count ?? 0, output: chunk.eval_count ?? 0 };
    const stop = chunk.done_reason === "length" ? "cut" : "end";
    return reply({ text, usage, stop, model: chunk.model ?? asked });
  }
  return fault({ kind: "Dropped", detail: "the reply broke off" });
}

/** `said` is the server's own error text, where the answer had Ollama's form. */
class BadStatus extends Error {
  constructor(
    readonly status: number,
    readonly headers: HeaderLookup,
    readonly said: string | undefined,
  ) {
    super(said ?? `status ${status}`);
  }
}

function badStatus({ status, headers, said, message }: BadStatus, address: string): Fault {
  if (status === 404 && said === undefined) return { kind: "Unreachable", address, detail: "404, this is not Ollama" };
  return statusFault(status, message, headers, Date.now());
}

function checkedTransport(signal: AbortSignal): typeof fetch {
  return async (url, init) => {
    const response = await transport(url, { ...init, signal });
    if (!response.ok) throw new BadStatus(response.status, response.headers, errorText(await response.text()));
    return new Response(response.body?.pipeThrough(checkedLines()), response);
  };
}

function errorText(body: string): string | undefined {
  try {
    const json: unknown = JSON.parse(body);
    const isError = typeof json === "object" && json !== null && "error" in json && typeof json.error === "string";
    return isError ? String(json.error) : undefined;
  } catch {
    return undefined;
  }
}

/** Lets lines of JSON through, leaves out empty ones, and breaks the stream at one that is garbled. */
function checkedLines(): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder();
  const encoder = new TextEncoder();
  let rest = "";
  const pass = (line: string, controller: TransformStreamDefaultController<Uint8Array>) => {
    if (line.trim() === "") return;
    JSON.parse(line);
    controller.enqueue(encoder.encode(`${line}\n`));
  };
  return new TransformStream({
    transform(bytes, controller) {
      const lines = (rest + decoder.decode(bytes, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      for (const line of lines) pass(line, controller);
    },
    flush(controller) {
      pass(rest + decoder.decode(), controller);
    },
  });
}
