// Anthropic's Messages API, as the test server speaks it.

import type { ServerResponse } from "node:http";
import type { Body, Spoken, UsageSaid } from "./provider-server.ts";
import { json, page, pieces, retryHeaders } from "./wire-parts.ts";

function anthropicError(
  response: ServerResponse,
  status: number,
  type: string,
  message: string,
  retryAfter?: string,
): void {
  json(response, status, { type: "error", error: { type, message } }, retryHeaders(retryAfter));
}

export function anthropic(behaviour: Spoken, body: Body, response: ServerResponse): void {
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
