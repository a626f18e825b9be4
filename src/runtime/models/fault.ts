// From what HTTP and the network say to a Fault, and from a Fault to what a person should do about it.
// All providers go through here, so the same trouble reads the same everywhere.

import { unreachable } from "../../source/invariant.ts";
import { defaultOpenaiAddress } from "./names.ts";
import type { ResolvedModel } from "./names.ts";
import type { Fault } from "./provider.ts";

export interface HeaderLookup {
  get(name: string): string | null;
}

/** For an answer whose status says that it is none. */
export function statusFault(status: number, detail: string, headers: HeaderLookup, nowMs: number): Fault {
  const wait = retryAfterMs(headers, nowMs);
  const after = wait === undefined ? {} : { retryAfterMs: wait };
  // 402: the key is known, and has nothing left to pay with.
  if (status === 401 || status === 402 || status === 403) return { kind: "BadKey", detail };
  if (status === 404) return { kind: "UnknownModel", detail };
  if (status === 429) return { kind: "RateLimited", detail, ...after };
  if (status === 408 || status >= 500) return { kind: "Overloaded", detail, ...after };
  if (status === 413) return { kind: "BadRequest", detail: `${detail} (too much is sent at once)` };
  return { kind: "BadRequest", detail };
}

/** `retry-after-ms`, or `retry-after` in seconds or as an HTTP date (RFC 9110 §10.2.3). */
export function retryAfterMs(headers: HeaderLookup, nowMs: number): number | undefined {
  const ms = Number(headers.get("retry-after-ms") ?? Number.NaN);
  if (Number.isFinite(ms) && ms >= 0) return ms;
  const text = headers.get("retry-after");
  if (text === null || text.trim() === "") return undefined;
  const seconds = Number(text);
  if (Number.isFinite(seconds)) return seconds >= 0 ? seconds * 1000 : undefined;
  const date = Date.parse(text);
  return Number.isNaN(date) ? undefined : Math.max(0, date - nowMs);
}

/** Nobody there, or nobody that can be talked to: the same a second later. */
const unreachableCode =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|EPROTO|ERR_INVALID_URL|ERR_INVALID_PROTOCOL|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|.*_CERT|.*_SIGNATURE|.*_IN_CHAIN|.*_CERT_LOCALLY)$/;

/** For an error that the transport threw: nobody there, or the connection broke. */
export function transportFault(error: unknown, address: string): Fault {
  const chain = causes(error);
  const code = chain.map(codeOf).find((found) => found !== undefined);
  const detail = code ?? chain.at(-1)?.message ?? String(error);
  if (unreachableCode.test(detail)) return { kind: "Unreachable", address, detail };
  return { kind: "Dropped", detail };
}

function causes(error: unknown): Error[] {
  const chain: Error[] = [];
  for (let at = error; at instanceof Error && chain.length < 10; at = at.cause) {
    chain.push(at);
    if (at instanceof AggregateError) chain.push(...at.errors.filter((each) => each instanceof Error));
  }
  return chain;
}

function codeOf(error: Error): string | undefined {
  return "code" in error && typeof error.code === "string" ? error.code : undefined;
}

/** `message` says what to do, `reason` names the kind of trouble in a word or three. */
export function explain(fault: Fault, model: ResolvedModel): { readonly message: string; readonly reason: string } {
  const { service, unreached, refused, unknown } = words(model);
  switch (fault.kind) {
    case "Unreachable":
      return {
        reason: "unreachable",
        message: `${service} cannot be reached at ${fault.address} (${fault.detail}). ${unreached}`,
      };
    case "BadKey":
      return { reason: "bad key", message: `${refused.what}: ${fault.detail}. ${refused.help}` };
    case "UnknownModel":
      return { reason: "unknown model", message: unknown(fault.detail) };
    case "RateLimited":
      return {
        reason: "rate limited",
        message: `${service} is limiting requests: ${fault.detail}. Try again later, or use another model.`,
      };
    case "Overloaded":
      return {
        reason: "overloaded",
        message: `${service} could not answer: ${fault.detail}. Try again later, or use another model.`,
      };
    case "Dropped":
      return { reason: "connection lost", message: `The connection to ${service} broke: ${fault.detail}. Try again.` };
    case "Timeout":
      return {
        reason: "timeout",
        message: `${service} did not answer within ${fault.limitMs / 1000} s. Set a longer \`timeout\` in the agent's config.`,
      };
    case "Cancelled":
      return { reason: "cancelled", message: "The request was cancelled." };
    case "BadRequest":
      return {
        reason: "bad request",
        message: `${service} did not accept the request: ${fault.detail}. Check the agent's config.`,
      };
    case "Unscripted":
      return { reason: "no scripted reply", message: "The script has no reply for this request." };
    default:
      return unreachable(fault);
  }
}

interface Words {
  readonly service: string;
  /** What to do where it cannot be reached. */
  readonly unreached: string;
  readonly refused: { readonly what: string; readonly help: string };
  unknown(detail: string): string;
}

function words(model: ResolvedModel): Words {
  const unknownTo = (service: string) => (detail: string) =>
    `${service} has no model '${model.model}': ${detail}. Check the name after \`using\` or \`model\`.`;
  switch (model.kind) {
    case "Anthropic":
      return {
        service: "Anthropic",
        unreached: "Check the network, or unset ANTHROPIC_API_KEY to use Ollama.",
        refused: { what: "Anthropic refused the key", help: "Check ANTHROPIC_API_KEY." },
        unknown: unknownTo("Anthropic"),
      };
    case "Ollama":
      return {
        service: "Ollama",
        unreached: "Start it with `ollama serve`, or set OLLAMA_HOST.",
        refused: { what: "Ollama refused access", help: "Check OLLAMA_HOST." },
        unknown: () => `Ollama has no model '${model.model}'. Get it with \`ollama pull ${model.model}\`.`,
      };
    case "OpenAI": {
      const service = model.host.address === defaultOpenaiAddress ? "OpenAI" : "The OpenAI-compatible server";
      return {
        service,
        unreached: "Check the network and OPENAI_BASE_URL, which mostly ends in `/v1`.",
        refused: { what: `${service} refused the key`, help: "Check OPENAI_API_KEY." },
        unknown: unknownTo(service),
      };
    }
    case "Mock":
      return {
        service: "The script",
        unreached: "Check the script.",
        refused: { what: "The script refused the key", help: "Check the script." },
        unknown: unknownTo("The script"),
      };
    default:
      return unreachable(model);
  }
}
