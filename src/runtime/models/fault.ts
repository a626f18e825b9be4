// From what HTTP and the network say to a Fault, and from a Fault to what a person should do about it.
// Both providers go through here, so the same trouble reads the same everywhere.

import { unreachable } from "../../source/invariant.ts";
import type { ResolvedModel } from "./names.ts";
import type { Fault } from "./provider.ts";

export interface HeaderLookup {
  get(name: string): string | null;
}

/** For an answer whose status says that it is none. */
export function statusFault(status: number, detail: string, headers: HeaderLookup, nowMs: number): Fault {
  const wait = retryAfterMs(headers, nowMs);
  const after = wait === undefined ? {} : { retryAfterMs: wait };
  if (status === 401 || status === 403) return { kind: "BadKey", detail };
  if (status === 404) return { kind: "UnknownModel", detail };
  if (status === 429) return { kind: "RateLimited", detail, ...after };
  if (status === 408 || status >= 500) return { kind: "Overloaded", detail, ...after };
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
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|EADDRNOTAVAIL|ERR_INVALID_URL|ERR_TLS_.*|ERR_SSL_.*|CERT_.*|.*_CERT|.*_SIGNATURE|.*_IN_CHAIN|.*_CERT_LOCALLY)$/;

/** For an error that the transport threw: nobody there, or the connection broke. */
export function transportFault(error: unknown, address: string): Fault {
  const chain = causes(error);
  const code = chain.map(codeOf).find((found) => found !== undefined);
  const detail = code ?? chain.at(-1)?.message ?? String(error);
  if (unreachableCode.test(detail) || detail === "bad port") return { kind: "Unreachable", address, detail };
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
  const service = model.kind === "Anthropic" ? "Anthropic" : model.kind === "Ollama" ? "Ollama" : "The script";
  switch (fault.kind) {
    case "Unreachable":
      return {
        reason: "unreachable",
        message:
          model.kind === "Ollama"
            ? `Ollama cannot be reached at ${fault.address} (${fault.detail}). Start it with \`ollama serve\`, or set OLLAMA_HOST.`
            : `${service} cannot be reached at ${fault.address} (${fault.detail}). Check the network, or unset ANTHROPIC_API_KEY to use Ollama.`,
      };
    case "BadKey":
      return {
        reason: "bad key",
        message:
          model.kind === "Ollama"
            ? `Ollama refused access: ${fault.detail}. Check OLLAMA_HOST.`
            : `${service} refused the key: ${fault.detail}. Check ANTHROPIC_API_KEY.`,
      };
    case "UnknownModel":
      return {
        reason: "unknown model",
        message:
          model.kind === "Ollama"
            ? `Ollama has no model '${model.model}'. Get it with \`ollama pull ${model.model}\`.`
            : `${service} has no model '${model.model}': ${fault.detail}. Check the name after \`using\` or \`model\`.`,
      };
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
