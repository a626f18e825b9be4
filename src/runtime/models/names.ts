// Which provider answers, and which of its models a name in a program means. A pure function of the environment:
// ANTHROPIC_API_KEY set → Anthropic, else Ollama with names mapped by KEEL_MODEL_… and then KEEL_OLLAMA_MODEL;
// `ollama:NAME` is Ollama always, `openai:NAME` an OpenAI-compatible server; KEEL_LLM=mock asks nobody. There is no silent fallback: what resolves to nothing is
// Missing, with the text that says what to set.

import { unescape } from "node:querystring";
import { unreachable } from "../../source/invariant.ts";

export interface Environment {
  readonly [name: string]: string | undefined;
}

export type ResolvedModel =
  | { readonly kind: "Anthropic"; readonly name: string; readonly model: string }
  | { readonly kind: "Ollama"; readonly name: string; readonly model: string; readonly host: Host }
  | { readonly kind: "OpenAI"; readonly name: string; readonly model: string; readonly host: Host }
  | { readonly kind: "Mock"; readonly name: string; readonly model: string };

/** `message` is what ends a run that needs this model, beginning with ✗. */
export interface MissingModel {
  readonly kind: "Missing";
  readonly name: string;
  readonly message: string;
}

/** `address` is shown; `authorization` is a header made of a user and password in the variable, never shown. */
export interface Host {
  readonly address: string;
  readonly authorization?: string;
}

export type OllamaHost = Host;

/** Where `openai:` models are without OPENAI_BASE_URL. */
export const defaultOpenaiAddress = "https://api.openai.com/v1";

/** What an agent without `model` and an operation without `using` ask for. */
export const defaultModel = "claude-sonnet";

const aliases: { readonly [name: string]: string } = {
  "claude-haiku": "claude-haiku-4-5-20251001",
  "claude-sonnet": "claude-sonnet-4-6-20260415",
  "claude-opus": "claude-opus-4-6-20260415",
};

/** The model id behind one of the three short names; any other name is an id already. */
export function modelId(name: string): string {
  return Object.hasOwn(aliases, name) ? (aliases[name] ?? name) : name;
}

export function resolveModel(name: string, env: Environment): ResolvedModel | MissingModel {
  if (isMock(env)) return { kind: "Mock", name, model: modelId(name) };
  if (isOpenai(name)) return openai(name, name.slice("openai:".length).trim(), env);
  if (name.startsWith("ollama:")) return ollama(name, name.slice("ollama:".length), env);
  if (set(env, "ANTHROPIC_API_KEY") !== undefined) return anthropic(name);
  return ollama(name, set(env, variableOf(name)) ?? set(env, "KEEL_OLLAMA_MODEL") ?? "", env);
}

function anthropic(name: string): ResolvedModel | MissingModel {
  if (name.startsWith("claude-")) return { kind: "Anthropic", name, model: modelId(name) };
  return missing(name, elsewhereMessage(name));
}

function ollama(name: string, model: string, env: Environment): ResolvedModel | MissingModel {
  const bare = model.startsWith("ollama:") ? model.slice("ollama:".length) : model;
  if (bare.trim() === "") return missing(name, name === "ollama:" ? emptyMessage : missingModelMessage(name));
  const host = ollamaHost(env);
  if (host === undefined) return missing(name, hostMessage(env));
  return { kind: "Ollama", name, model: bare.trim(), host };
}

function openai(name: string, model: string, env: Environment): ResolvedModel | MissingModel {
  if (model === "") return missing(name, emptyOpenaiMessage);
  const given = set(env, "OPENAI_BASE_URL");
  if (given === undefined && set(env, "OPENAI_API_KEY") === undefined) return missing(name, openaiMessage(name));
  const host = openaiHost(env);
  return host === undefined ? missing(name, baseUrlMessage(given ?? "")) : { kind: "OpenAI", name, model, host };
}

function missing(name: string, message: string): MissingModel {
  return { kind: "Missing", name, message };
}

/** As a `model:` line and progress lines show it. */
export function describe(resolved: ResolvedModel): string {
  switch (resolved.kind) {
    case "Anthropic":
      return `${resolved.model} (anthropic)`;
    case "Ollama":
      return `${resolved.model} (ollama @ ${resolved.host.address})`;
    case "OpenAI":
      return `${resolved.model} (openai${at(resolved.host)})`;
    case "Mock":
      return `${resolved.name} (mock)`;
    default:
      return unreachable(resolved);
  }
}

function at({ address }: Host): string {
  return address === defaultOpenaiAddress ? "" : ` @ ${address}`;
}

/** What a run says first: who answers and, for a program that asks a model of Ollama, where its names lead. */
export function providerLines(env: Environment, models: readonly string[]): readonly string[] {
  if (isMock(env)) return ["⚡ LLM provider: mock (no network)"];
  const host = models.some(isOpenai) ? openaiHost(env) : undefined;
  const lines =
    host === undefined ? [] : [`⚡ LLM provider: OpenAI${at(host).replace(/^ @ (.*)$/, "-compatible ($1)")}`];
  const others = models.filter((name) => !isOpenai(name));
  return host !== undefined && others.length === 0 ? lines : [...defaultLines(env, others.length > 0), ...lines];
}

function isOpenai(name: string): boolean {
  return name.startsWith("openai:");
}

function defaultLines(env: Environment, usesModels: boolean): readonly string[] {
  if (set(env, "ANTHROPIC_API_KEY") !== undefined) return ["⚡ LLM provider: Anthropic"];
  const first = `⚡ LLM provider: Ollama (${ollamaHost(env)?.address ?? set(env, "OLLAMA_HOST") ?? ""})`;
  return usesModels ? [first, ...mappingLines(env)] : [first];
}

function mappingLines(env: Environment): readonly string[] {
  const names = Object.keys(env)
    .filter((variable) => variable.startsWith("KEEL_MODEL_") && set(env, variable) !== undefined)
    .sort();
  const lines = names.map((variable) => {
    const name = variable.slice("KEEL_MODEL_".length).toLowerCase().replaceAll("_", "-");
    return `   ${name} → ${set(env, variable) ?? ""}`;
  });
  const all = set(env, "KEEL_OLLAMA_MODEL");
  return all === undefined ? lines : [...lines, `   * → ${all}`];
}

export function missingModelMessage(name: string): string {
  return [
    `✗ Model '${name}' is not available locally.`,
    "Set one of:",
    `  export ${variableOf(name)}=<ollama_model>`,
    "  export KEEL_OLLAMA_MODEL=<ollama_model>",
  ].join("\n");
}

const emptyMessage = "✗ Model 'ollama:' names no model.\nWrite the name of one after it, as in \"ollama:gemma4\".";

const emptyOpenaiMessage = "✗ Model 'openai:' names no model.\nWrite the name of one after it, as in \"openai:gpt-5\".";

function openaiMessage(name: string): string {
  return [
    `✗ Model '${name}' needs an OpenAI-compatible server.`,
    "Set one of:",
    "  export OPENAI_API_KEY=<key>",
    "  export OPENAI_BASE_URL=<address, as http://localhost:8080/v1>",
  ].join("\n");
}

function baseUrlMessage(given: string): string {
  const shown = given.replace(/^([a-z]+:\/\/)?[^/]*@/i, "$1…@");
  return `✗ OPENAI_BASE_URL is not an address: '${shown}'.\nSet it like this:\n  export OPENAI_BASE_URL=http://localhost:8080/v1`;
}

function elsewhereMessage(name: string): string {
  return [
    `✗ Model '${name}' is not available from Anthropic.`,
    "Use one of:",
    "  claude-haiku, claude-sonnet, claude-opus, or any other claude-… model",
    `  "ollama:${name}" for a model of your Ollama`,
  ].join("\n");
}

function hostMessage(env: Environment): string {
  return `✗ OLLAMA_HOST is not an address: '${set(env, "OLLAMA_HOST") ?? ""}'.\nSet it like this:\n  export OLLAMA_HOST=http://localhost:11434`;
}

function variableOf(name: string): string {
  return `KEEL_MODEL_${name.toUpperCase().replace(/[^A-Z0-9]/g, "_")}`;
}

/** Where Ollama is: an URL, or a host with or without its port as Ollama itself takes it. */
export function ollamaHost(env: Environment): OllamaHost | undefined {
  const text = set(env, "OLLAMA_HOST");
  if (text === undefined) return { address: "http://localhost:11434" };
  const explicit = text.includes("://");
  const url = parseUrl(explicit ? text : `http://${text.startsWith(":") ? `localhost${text}` : text}`);
  if (url === undefined) return undefined;
  const port = url.port !== "" || explicit ? url.port : "11434";
  // A server listens on 0.0.0.0; nobody can connect to it there.
  const name = url.hostname === "0.0.0.0" ? "localhost" : url.hostname;
  return hostOf(url, name, port);
}

/** Where `openai:` models are: an URL, which mostly ends in `/v1`. */
export function openaiHost(env: Environment): Host | undefined {
  const url = parseUrl(set(env, "OPENAI_BASE_URL") ?? defaultOpenaiAddress);
  return url && hostOf(url, url.hostname, url.port);
}

function hostOf(url: URL, name: string, port: string): Host {
  const path = url.pathname.replace(/\/+$/, "");
  const address = `${url.protocol}//${name}${port === "" ? "" : `:${port}`}${path}`;
  if (url.username === "" && url.password === "") return { address };
  const secret = `${unescape(url.username)}:${unescape(url.password)}`;
  return { address, authorization: `Basic ${Buffer.from(secret).toString("base64")}` };
}

function parseUrl(text: string): URL | undefined {
  if (!URL.canParse(text)) return undefined;
  const url = new URL(text);
  return (url.protocol === "http:" || url.protocol === "https:") && url.hostname !== "" ? url : undefined;
}

function isMock(env: Environment): boolean {
  return set(env, "KEEL_LLM") === "mock";
}

/** A variable set to nothing counts as not set. */
function set(env: Environment, name: string): string | undefined {
  const value = Object.hasOwn(env, name) ? env[name]?.trim() : undefined;
  return value === "" ? undefined : value;
}
