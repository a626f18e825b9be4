// How requests go out, as a `fetch` over node's http that the SDKs take. The global one gives up where the other side is
// silent for five minutes; a model on a slow machine may read a long prompt for longer, and our own limit is the agent's
// `timeout`. It follows no redirects, which would turn a POST into a GET, and asks for no compression.

import { request as httpRequest } from "node:http";
import type { IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { Readable } from "node:stream";

export type Transport = (url: string | URL | Request, init?: RequestInit) => Promise<Response>;

export const transport: Transport = async (url, init = {}) => {
  const target = new URL(url instanceof Request ? url.url : url);
  const headers = Object.fromEntries(new Headers(init.headers));
  const body = init.body === undefined || init.body === null ? "" : await new Response(init.body).text();
  const options = {
    method: init.method ?? "GET",
    headers: { ...headers, "content-length": String(Buffer.byteLength(body)) },
    ...(init.signal ? { signal: init.signal } : {}),
  };
  const send = target.protocol === "https:" ? httpsRequest : httpRequest;
  return new Promise((resolve, reject) => {
    const request = send(target, options, (incoming) => resolve(responseOf(incoming)));
    request.on("error", reject);
    request.end(body);
  });
};

function responseOf(incoming: IncomingMessage): Response {
  const { statusCode: status = 500, statusMessage: statusText = "" } = incoming;
  const pairs = Object.entries(incoming.headersDistinct).flatMap(([name, values = []]) =>
    values.map((value): [string, string] => [name, value]),
  );
  const isEmpty = status === 204 || status === 205 || status === 304;
  if (isEmpty) incoming.resume();
  const body = isEmpty ? null : (Readable.toWeb(incoming) as ReadableStream<Uint8Array>);
  return new Response(body, { status: Math.max(status, 200), statusText, headers: pairs });
}
