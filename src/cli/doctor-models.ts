// Who would answer AI operations: the key, the Ollama, and which of its models the names of programs lead to. What a run
// would decide is asked of the same functions as a run asks.

import { defaultAddress as anthropicAddress } from "../runtime/models/anthropic.ts";
import { defaultModel, ollamaHost, resolveModel, type OllamaHost } from "../runtime/models/names.ts";
import { isKey, probeAnthropic, probeOllama, type Probed } from "../runtime/models/probe.ts";
import type { Fault } from "../runtime/models/provider.ts";
import { unreachable } from "../source/invariant.ts";
import { masked, note, ok, valueOf, wrong, type Finding, type Variables } from "./doctor-finding.ts";

/** Undefined: nobody is to be asked. */
type Limit = (() => AbortSignal) | undefined;

export async function checkModels(env: Variables, limit: Limit): Promise<readonly Finding[]> {
  const host = ollamaHost(env);
  const [key, ollama] = await Promise.all([checkKey(env, limit), askOllama(host, limit)]);
  return [
    ...checkSwitch(env),
    key,
    checkOllama(env, host, ollama),
    ...namesOf(env).map((name) => checkName(env, name, ollama)),
    ...checkDefault(env, ollama),
  ];
}

// ── KEEL_LLM ────────────────────────────────────────────────────────────────────────────────────────────────────

function checkSwitch(env: Variables): readonly Finding[] {
  const given = valueOf(env, "KEEL_LLM");
  if (given === undefined) return [];
  if (given === "mock") return [note("KEEL_LLM", "mock: no model is asked, whatever else is set", "unset KEEL_LLM")];
  return [wrong("KEEL_LLM", `${given} means nothing`, "unset it, or set it to mock")];
}

const isMock = (env: Variables): boolean => valueOf(env, "KEEL_LLM") === "mock";

// ── Anthropic ───────────────────────────────────────────────────────────────────────────────────────────────────

const keyName = "ANTHROPIC_API_KEY";

async function checkKey(env: Variables, limit: Limit): Promise<Finding> {
  const key = valueOf(env, keyName);
  if (key === undefined) {
    return note("Anthropic", `${keyName} is not set: claude-… names go to Ollama`, `export ${keyName}=…`);
  }
  const shown = `${keyName} ${masked(key)}`;
  if (!isKey(key)) {
    return wrong("Anthropic", `${shown} holds signs that no key has: blanks, quotes or others`, `set ${keyName} again`);
  }
  if (limit === undefined) return note("Anthropic", `${shown} is set, and was not tried (--offline)`);
  const address = valueOf(env, "ANTHROPIC_BASE_URL") ?? anthropicAddress;
  const probed = await probeAnthropic(key, address, limit());
  if (probed.kind === "Answers") return ok("Anthropic", `${shown} is accepted`);
  return keyFault(shown, address, probed.fault);
}

function keyFault(shown: string, address: string, fault: Fault): Finding {
  const at = shownAddress(address);
  if (fault.kind === "BadKey") {
    return wrong(
      "Anthropic",
      `${shown} is refused: ${fault.detail}`,
      `set another ${keyName}, or unset it to use Ollama`,
    );
  }
  // Who is answered so has come past the check of the key.
  if (fault.kind === "RateLimited") return ok("Anthropic", `${shown} is accepted; requests are being limited`);
  if (fault.kind === "Overloaded")
    return note("Anthropic", `${shown} was not tried: ${troubleOf(fault)}`, "try again later");
  const help = "check the network, or ANTHROPIC_BASE_URL where it is set; unset the key to use Ollama";
  return wrong("Anthropic", `${shown} was not tried: ${at} ${troubleOf(fault)}`, help);
}

// ── Ollama ──────────────────────────────────────────────────────────────────────────────────────────────────────

function askOllama(host: OllamaHost | undefined, limit: Limit): Promise<Probed | undefined> {
  return host === undefined || limit === undefined ? Promise.resolve(undefined) : probeOllama(host, limit());
}

function checkOllama(env: Variables, host: OllamaHost | undefined, probed: Probed | undefined): Finding {
  const given = valueOf(env, "OLLAMA_HOST");
  if (host === undefined) {
    const help = "export OLLAMA_HOST=http://localhost:11434";
    return wrong("Ollama", `OLLAMA_HOST is no address: ${shownAddress(given ?? "")}`, help);
  }
  const { address } = host;
  if (probed === undefined) return note("Ollama", `${address} was not tried (--offline)`);
  if (probed.kind === "Answers") return ollamaModels(address, probed.models);
  const help = "start it with `ollama serve`, or set OLLAMA_HOST";
  const text = `${address} ${troubleOf(probed.fault)}`;
  const isNeeded = given !== undefined || (valueOf(env, keyName) === undefined && !isMock(env));
  return isNeeded ? wrong("Ollama", text, help) : note("Ollama", `${text}; only ollama:NAME models need it`, help);
}

function ollamaModels(address: string, models: readonly string[]): Finding {
  if (models.length === 0) return note("Ollama", `${address} has no models yet`, "`ollama pull NAME` gets one");
  const count = `${models.length} model${models.length === 1 ? "" : "s"}`;
  return ok("Ollama", `${address} has ${count}: ${models.join(", ")}`);
}

// ── names ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** The variables that say which model of Ollama a name means. */
function namesOf(env: Variables): readonly string[] {
  const names = Object.keys(env).filter((name) => /^KEEL_MODEL_.|^KEEL_OLLAMA_MODEL$/.test(name));
  return names.filter((name) => valueOf(env, name) !== undefined).toSorted();
}

function checkName(env: Variables, name: string, probed: Probed | undefined): Finding {
  const model = (valueOf(env, name) ?? "").replace(/^ollama:/, "");
  if (valueOf(env, keyName) !== undefined) return note(name, `${model}: not used while ${keyName} is set`);
  if (probed?.kind !== "Answers") return note(name, `${model}: Ollama was not asked whether it has it`);
  if (hasModel(probed.models, model)) return ok(name, `${model}, which Ollama has`);
  return wrong(
    name,
    `${model}: Ollama has no such model`,
    `\`ollama pull ${model}\`, or set ${name} to one that it has`,
  );
}

/** A name without a tag means the tag `latest`. */
function hasModel(models: readonly string[], wanted: string): boolean {
  return models.includes(wanted) || (!wanted.includes(":") && models.includes(`${wanted}:latest`));
}

/** Whether an operation that names no model would find one. */
function checkDefault(env: Variables, probed: Probed | undefined): readonly Finding[] {
  if (ollamaHost(env) === undefined || resolveModel(defaultModel, env).kind !== "Missing") return [];
  const some = probed?.kind === "Answers" ? (probed.models[0] ?? "NAME") : "NAME";
  const help = `export ${keyName}=…, or, for a model of Ollama, export KEEL_OLLAMA_MODEL=${some}`;
  return [wrong("models", `nobody answers for ${defaultModel}, which is asked where a program names no model`, help)];
}

// ── words ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** An address may hold a user and a password. */
export function shownAddress(address: string): string {
  return address.replace(/^([a-z]+:\/\/)?[^/]*@/i, "$1…@");
}

function troubleOf(fault: Fault): string {
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
