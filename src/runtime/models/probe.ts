// Whether a provider is there, and takes the key: the list of its models is asked for, which costs nothing. For people
// who look what is wrong; a run asks nobody before it has something to say.
//
// Invariant: no text that comes from here holds a key.

import { statusFault, transportFault } from "./fault.ts";
import type { Host } from "./names.ts";
import type { Fault } from "./provider.ts";
import { transport } from "./transport.ts";

export type Probed =
  { readonly kind: "Answers"; readonly models: readonly string[] } | { readonly kind: "Fault"; readonly fault: Fault };

/** As a key is: without blanks, quotes and signs that no header can carry. */
export function isKey(key: string): boolean {
  return /^[\x21\x23-\x26\x28-\x7e]+$/.test(key);
}

export function probeAnthropic(key: string, address: string, signal: AbortSignal): Promise<Probed> {
  const headers = { "x-api-key": key, "anthropic-version": "2023-06-01" };
  return ask(address, "/v1/models?limit=1000", headers, signal, (body) => namesIn(body, "data", "id"));
}

export function probeOllama({ address, authorization }: Host, signal: AbortSignal): Promise<Probed> {
  const headers = authorization === undefined ? {} : { authorization };
  return ask(address, "/api/tags", headers, signal, (body) => namesIn(body, "models", "name"));
}

/** Local servers mostly want no key. */
export function probeOpenai(host: Host, key: string | undefined, signal: AbortSignal): Promise<Probed> {
  const authorization = key === undefined ? host.authorization : `Bearer ${key}`;
  const headers = authorization === undefined ? {} : { authorization };
  return ask(host.address, "/models", headers, signal, (body) => namesIn(body, "data", "id"));
}

async function ask(
  address: string,
  path: string,
  headers: { readonly [name: string]: string },
  signal: AbortSignal,
  read: (body: unknown) => readonly string[] | undefined,
): Promise<Probed> {
  const fault = (found: Fault): Probed => ({ kind: "Fault", fault: found });
  try {
    const response = await transport(`${address.replace(/\/+$/, "")}${path}`, { headers, signal });
    const body = parsed(await response.text());
    if (response.status === 404) return fault({ kind: "Unreachable", address, detail: "404, another service" });
    if (!response.ok) return fault(statusFault(response.status, said(body, response), response.headers, Date.now()));
    const models = read(body);
    if (models === undefined) return fault({ kind: "Unreachable", address, detail: "another service answers" });
    return { kind: "Answers", models };
  } catch (error) {
    return fault(signal.aborted ? { kind: "Cancelled" } : transportFault(error, address));
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** What an error says of itself: Anthropic's has a message, Ollama's is one. */
function said(body: unknown, { status }: Response): string {
  const error = isRecord(body) ? body["error"] : undefined;
  const message = isRecord(error) ? error["message"] : error;
  return typeof message === "string" ? message : `status ${status}`;
}

function namesIn(body: unknown, list: string, name: string): readonly string[] | undefined {
  const entries = isRecord(body) ? body[list] : undefined;
  if (!Array.isArray(entries)) return undefined;
  return entries.flatMap((entry: unknown) => (isRecord(entry) && typeof entry[name] === "string" ? [entry[name]] : []));
}

function isRecord(value: unknown): value is { readonly [key: string]: unknown } {
  return typeof value === "object" && value !== null;
}
