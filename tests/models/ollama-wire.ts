// Ollama's chat, as the test server speaks it.

import type { ServerResponse } from "node:http";
import type { Body, Spoken } from "./provider-server.ts";
import { json, page, pieces, retryHeaders } from "./wire-parts.ts";

export function ollama(behaviour: Spoken, body: Body, response: ServerResponse): void {
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
