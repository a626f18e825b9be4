// How the AI operations of a run are answered, and from there to the provider of one call: by Anthropic, Ollama or an
// OpenAI-compatible server as the environment says, by a script of canned replies, or by nobody.

import { unreachable } from "../../source/invariant.ts";
import type { Clock } from "../world.ts";
import { anthropicProvider } from "./anthropic.ts";
import { parseScript, scriptProvider } from "./mock.ts";
import type { Asked, Script } from "./mock.ts";
import { describe, modelId, resolveModel } from "./names.ts";
import type { Environment, MissingModel, ResolvedModel } from "./names.ts";
import { ollamaProvider } from "./ollama.ts";
import { openaiProvider } from "./openai.ts";
import type { Provider } from "./provider.ts";

export type ModelAccess =
  | { readonly kind: "live"; readonly env: Environment }
  | { readonly kind: "mock" }
  /** The text of a script, which `parseScript` has accepted. */
  | { readonly kind: "script"; readonly text: string };

/** Who answers one call. */
export interface Line {
  readonly kind: "Line";
  readonly model: ResolvedModel;
  /** As the journal records it: `anthropic:ID`, `ollama:NAME`, `openai:NAME`, `script:ID`. */
  readonly used: string;
  /** As a progress line shows it. */
  readonly shown: string;
  readonly provider: Provider;
  /** Whether a passing fault is worth another attempt. */
  readonly mayRetry: boolean;
}

/** Undefined: nobody is asked. */
export type Connect = (name: string, asked: Asked, clock: Clock) => Line | MissingModel | undefined;

/** Providers are made once for a run. */
export function connector(access: ModelAccess): Connect {
  switch (access.kind) {
    case "mock":
      return () => undefined;
    case "script": {
      const script = parseScript(access.text);
      return (name, asked, clock) => scriptLine(script, name, asked, clock);
    }
    case "live":
      return liveConnector(access.env);
    default:
      return unreachable(access);
  }
}

function scriptLine(script: Script, name: string, asked: Asked, clock: Clock): Line {
  const id = modelId(script.model ?? name);
  return {
    kind: "Line",
    model: { kind: "Mock", name, model: id },
    used: `script:${id}`,
    shown: `${id} (script)`,
    provider: scriptProvider(script, asked, clock),
    mayRetry: false,
  };
}

function liveConnector(env: Environment): Connect {
  const providers = new Map<string, Provider>();
  const once = (key: string, make: () => Provider): Provider => {
    const provider = providers.get(key) ?? make();
    providers.set(key, provider);
    return provider;
  };
  return (name) => {
    const model = resolveModel(name, env);
    switch (model.kind) {
      case "Missing":
        return model;
      case "Mock":
        return undefined;
      case "Anthropic": {
        const make = () =>
          anthropicProvider(env["ANTHROPIC_API_KEY"]?.trim() ?? "", env["ANTHROPIC_BASE_URL"]?.trim() || undefined);
        return line(model, `anthropic:${model.model}`, once("anthropic", make));
      }
      case "Ollama":
        return line(
          model,
          `ollama:${model.model}`,
          once("ollama", () => ollamaProvider(model.host)),
        );
      case "OpenAI": {
        const make = () => openaiProvider(model.host, env["OPENAI_API_KEY"]?.trim() || undefined);
        return line(model, `openai:${model.model}`, once("openai", make));
      }
      default:
        return unreachable(model);
    }
  };
}

function line(model: ResolvedModel, used: string, provider: Provider): Line {
  return { kind: "Line", model, used, shown: describe(model), provider, mayRetry: true };
}
