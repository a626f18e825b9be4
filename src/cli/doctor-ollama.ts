// The Ollama of this user: whether it is there, which models it has, and whether the variables that say what a name means
// name one of them.

import { ollamaHost } from "../runtime/models/names.ts";
import { probeOllama, type Probed } from "../runtime/models/probe.ts";
import { listed, note, ok, shownAddress, valueOf, wrong, type Finding, type Variables } from "./doctor-finding.ts";
import { anthropicKey, troubleText, type Limit } from "./doctor-services.ts";

/** What it said; undefined where nobody asked it. */
export type Ollama = Probed | undefined;

export function askOllama(env: Variables, limit: Limit): Promise<Ollama> {
  const host = ollamaHost(env);
  return host === undefined || limit === undefined ? Promise.resolve(undefined) : probeOllama(host, limit());
}

export function checkOllama(env: Variables, ollama: Ollama, areOthers: boolean): Finding {
  const given = valueOf(env, "OLLAMA_HOST");
  const host = ollamaHost(env);
  if (host === undefined) {
    const help = "export OLLAMA_HOST=http://localhost:11434";
    return wrong("Ollama", `OLLAMA_HOST is no address: ${shownAddress(given ?? "")}`, help);
  }
  const { address } = host;
  if (ollama === undefined) return note("Ollama", `${address} was not tried (--offline)`);
  if (ollama.kind === "Answers") {
    return ollama.models.length === 0
      ? note("Ollama", `${address} has no models yet`, "`ollama pull NAME` gets one")
      : ok("Ollama", `${address} has ${listed(ollama.models)}`);
  }
  const help = "start it with `ollama serve`, or set OLLAMA_HOST";
  const text = `${address} ${troubleText(ollama.fault)}`;
  return given === undefined && areOthers
    ? note("Ollama", `${text}; only ollama:NAME models need it`, help)
    : wrong("Ollama", text, help);
}

/** The variables that say which model of Ollama a name means. */
export function meaningsIn(env: Variables): readonly string[] {
  const names = Object.keys(env).filter((name) => /^KEEL_MODEL_.|^KEEL_OLLAMA_MODEL$/.test(name));
  return names.filter((name) => valueOf(env, name) !== undefined).toSorted();
}

export function checkMeaning(env: Variables, name: string, ollama: Ollama): Finding {
  const model = (valueOf(env, name) ?? "").replace(/^ollama:/, "");
  if (valueOf(env, anthropicKey) !== undefined) return note(name, `${model}: not used while ${anthropicKey} is set`);
  if (ollama?.kind !== "Answers") return note(name, `${model}: Ollama was not asked whether it has it`);
  if (hasModel(ollama.models, model)) return ok(name, `${model}, which Ollama has`);
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
