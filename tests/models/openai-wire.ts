// OpenAI's chat/completions, as the test server speaks it.

import type { ServerResponse } from "node:http";
import type { Body, Spoken, UsageSaid } from "./provider-server.ts";
import { json, page, pieces, retryHeaders } from "./wire-parts.ts";

function openaiError(response: ServerResponse, status: number, error: object, retryAfter?: string): void {
  json(response, status, { error: { param: null, ...error } }, retryHeaders(retryAfter));
}

export function openai(behaviour: Spoken, body: Body, response: ServerResponse): void {
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
