// The services that take a key: Anthropic, and OpenAI or who speaks as it does. A key is shown by its end only.

import { defaultAddress as anthropicAddress } from "../runtime/models/anthropic.ts";
import { openaiHost } from "../runtime/models/names.ts";
import { isKey, probeAnthropic, probeOpenai } from "../runtime/models/probe.ts";
import type { Fault } from "../runtime/models/provider.ts";
import { unreachable } from "../source/invariant.ts";
import {
  listed,
  masked,
  note,
  ok,
  shownAddress,
  valueOf,
  wrong,
  type Finding,
  type Variables,
} from "./doctor-finding.ts";

/** A signal that aborts when the time is over; undefined: nobody is to be asked. */
export type Limit = (() => AbortSignal) | undefined;

export const anthropicKey = "ANTHROPIC_API_KEY";
const openaiKey = "OPENAI_API_KEY";
const openaiAddress = "OPENAI_BASE_URL";

export async function checkAnthropic(env: Variables, limit: Limit): Promise<Finding> {
  const key = valueOf(env, anthropicKey);
  if (key === undefined) {
    return note("Anthropic", `${anthropicKey} is not set: claude-… names go to Ollama`, `export ${anthropicKey}=…`);
  }
  const service: Service = {
    name: "Anthropic",
    shown: `${anthropicKey} ${masked(key)}`,
    address: valueOf(env, "ANTHROPIC_BASE_URL") ?? anthropicAddress,
    keyHelp: `set another ${anthropicKey}, or unset it to use Ollama`,
    addressHelp: "check the network, or ANTHROPIC_BASE_URL where it is set; unset the key to use Ollama",
  };
  if (!isKey(key)) return noKey(service);
  if (limit === undefined) return note("Anthropic", `${service.shown} is set, and was not tried (--offline)`);
  const probed = await probeAnthropic(key, service.address, limit());
  return probed.kind === "Answers"
    ? ok("Anthropic", `${service.shown} is accepted`)
    : troubleWith(service, probed.fault);
}

export async function checkOpenai(env: Variables, limit: Limit): Promise<Finding> {
  const [key, given] = [valueOf(env, openaiKey), valueOf(env, openaiAddress)];
  if (key === undefined && given === undefined) {
    return note("OpenAI", `neither ${openaiKey} nor ${openaiAddress} is set: only openai:NAME models need them`);
  }
  const host = openaiHost(env);
  if (host === undefined) {
    const text = `${openaiAddress} is no address: ${shownAddress(given ?? "")}`;
    return wrong("OpenAI", text, `export ${openaiAddress}=http://localhost:8080/v1`);
  }
  const service: Service = {
    name: "OpenAI",
    shown: key === undefined ? host.address : `${openaiKey} ${masked(key)}`,
    address: host.address,
    keyHelp: `set another ${openaiKey}`,
    addressHelp: `check the network, or ${openaiAddress}`,
  };
  if (key !== undefined && !isKey(key)) return noKey(service);
  if (limit === undefined) return note("OpenAI", `${service.shown} is set, and was not tried (--offline)`);
  const probed = await probeOpenai(host, key, limit());
  if (probed.kind === "Fault") return troubleWith(service, probed.fault);
  const accepted = key === undefined ? "" : ` accepts ${service.shown}, and`;
  return ok("OpenAI", `${host.address}${accepted} has ${listed(probed.models)}`);
}

// ── what is wrong ───────────────────────────────────────────────────────────────────────────────────────────────

interface Service {
  readonly name: string;
  /** The key as it may be shown; where there is none, the address. */
  readonly shown: string;
  readonly address: string;
  readonly keyHelp: string;
  readonly addressHelp: string;
}

function noKey({ name, shown, keyHelp }: Service): Finding {
  return wrong(name, `${shown} holds signs that no key has: blanks, quotes or others`, keyHelp);
}

function troubleWith({ name, shown, address, keyHelp, addressHelp }: Service, fault: Fault): Finding {
  if (fault.kind === "BadKey") return wrong(name, `${shown} is refused: ${fault.detail}`, keyHelp);
  // Who is answered so has come past the check of the key.
  if (fault.kind === "RateLimited") return ok(name, `${shown} is accepted; requests are being limited`);
  const there = shownAddress(address);
  const text = `${shown === there ? "" : `${shown} was not tried: `}${there} ${troubleText(fault)}`;
  return fault.kind === "Overloaded" ? note(name, text, "try again later") : wrong(name, text, addressHelp);
}

/** What is the matter with whoever was asked. */
export function troubleText(fault: Fault): string {
  switch (fault.kind) {
    case "Unreachable":
      return `cannot be reached (${fault.detail})`;
    case "Cancelled":
      return "does not answer in time";
    case "Dropped":
      return `broke the connection (${fault.detail})`;
    case "BadKey":
      return `refuses access (${fault.detail})`;
    case "RateLimited":
    case "Overloaded":
    case "UnknownModel":
    case "BadRequest":
      return `does not answer as it should (${fault.detail})`;
    case "Timeout":
    case "Unscripted":
      return "does not answer";
    default:
      return unreachable(fault);
  }
}
