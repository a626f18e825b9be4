// `fetch "https://…"`: one HTTP request and its whole answer. Any status is an answer; what is none (no such host, a
// cut connection, too slow, too large) is a NetworkError. A request that may change something carries an
// Idempotency-Key (draft-ietf-httpapi-idempotency-key-header) made of the effect's key, the same on every attempt.

import { errorValue, Failure } from "../../interp/failure.ts";
import { jsonText, text } from "../../interp/text.ts";
import { Duration, KeelMap, type Struct, type Value } from "../../interp/value.ts";
import { answer } from "./answer.ts";
import type { Handler, StepContext } from "./handler.ts";

const TIMEOUT_MS = 30_000;
const LIMIT_BYTES = 10 * 1024 * 1024;

export const fetchUrlHandler: Handler<"FetchUrl"> = {
  perform: ({ given }, step) => answer(() => request(text(given.url), given.options, step)),
};

async function request(address: string, options: Value | undefined, step: StepContext): Promise<Value> {
  const url = parseUrl(address);
  const timeout = step.agent?.config["timeout"];
  const late = AbortSignal.timeout(timeout instanceof Duration ? timeout.ms : TIMEOUT_MS);
  try {
    const init = { ...initOf(options, step), signal: AbortSignal.any([late, step.signal]) };
    const response = await fetch(url, init);
    const body = await bodyOf(response, address);
    const headers = new KeelMap([...response.headers].map(([name, value]) => [name, value] as const));
    return { status: response.status, body, headers, is_ok: response.ok };
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw networkError(late.aborted ? `${address} did not answer in time` : reason(address, error), address);
  }
}

function parseUrl(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url?.protocol === "http:" || url?.protocol === "https:") return url;
  throw networkError(`"${address}" is no http or https address`, address);
}

function initOf(options: Value | undefined, step: StepContext): RequestInit {
  const given = structOf(options);
  const method = typeof given["method"] === "string" ? given["method"].toUpperCase() : "GET";
  const headers = new Headers();
  if (method !== "GET" && method !== "HEAD") headers.set("Idempotency-Key", step.key);
  const { body } = given;
  if (body !== undefined && body !== null && typeof body !== "string") headers.set("Content-Type", "application/json");
  for (const [name, value] of pairsOf(given["headers"])) headers.set(name, value);
  return {
    method,
    headers,
    ...(body === undefined || body === null ? {} : { body: typeof body === "string" ? body : jsonText(body) }),
  };
}

function structOf(value: Value | undefined): Struct {
  return value === undefined || value === null ? {} : (value as Struct);
}

function pairsOf(value: Value | undefined): readonly (readonly [string, string])[] {
  if (value === undefined || value === null) return [];
  if (value instanceof KeelMap) return [...value.entries()].map(([name, each]) => [text(name), text(each)] as const);
  return Object.entries(structOf(value)).map(([name, each]) => [name, text(each)] as const);
}

async function bodyOf(response: Response, address: string): Promise<string> {
  const decoder = new TextDecoder();
  let body = "";
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    if (size > LIMIT_BYTES) throw networkError(`${address} answers with more than 10 MB`, address, response.status);
    body += decoder.decode(chunk, { stream: true });
  }
  return body + decoder.decode();
}

function reason(address: string, error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return `cannot fetch ${address}: ${cause instanceof Error ? cause.message : String(cause)}`;
}

function networkError(message: string, url: string, status?: number): Failure {
  return new Failure(errorValue("NetworkError", message, { status: status ?? null, url }));
}
