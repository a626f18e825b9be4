// Who would answer AI operations: services with a key, the Ollama, and which of its models the names of programs lead to.
// What a run would decide is asked of the same functions as a run asks.

import { defaultModel, ollamaHost, resolveModel } from "../runtime/models/names.ts";
import { note, valueOf, wrong, type Finding, type Variables } from "./doctor-finding.ts";
import { askOllama, checkMeaning, checkOllama, meaningsIn, type Ollama } from "./doctor-ollama.ts";
import { anthropicKey, checkAnthropic, checkOpenai, type Limit } from "./doctor-services.ts";

export async function checkModels(env: Variables, limit: Limit): Promise<readonly Finding[]> {
  const [anthropic, openai, ollama] = await Promise.all([
    checkAnthropic(env, limit),
    checkOpenai(env, limit),
    askOllama(env, limit),
  ]);
  const others = anthropic.status === "ok" || openai.status === "ok" || isMock(env);
  return [
    ...checkSwitch(env),
    anthropic,
    checkOllama(env, ollama, others || valueOf(env, anthropicKey) !== undefined),
    ...meaningsIn(env).map((name) => checkMeaning(env, name, ollama)),
    openai,
    ...checkDefault(env, ollama, openai.status === "ok"),
  ];
}

function isMock(env: Variables): boolean {
  return valueOf(env, "KEEL_LLM") === "mock";
}

function checkSwitch(env: Variables): readonly Finding[] {
  const given = valueOf(env, "KEEL_LLM");
  if (given === undefined) return [];
  if (given === "mock") return [note("KEEL_LLM", "mock: no model is asked, whatever else is set", "unset KEEL_LLM")];
  return [wrong("KEEL_LLM", `${given} means nothing`, "unset it, or set it to mock")];
}

/** Whether an operation that names no model would find one. Programs that name others all the same need none. */
function checkDefault(env: Variables, ollama: Ollama, isOthers: boolean): readonly Finding[] {
  if (ollamaHost(env) === undefined || resolveModel(defaultModel, env).kind !== "Missing") return [];
  const some = ollama?.kind === "Answers" ? (ollama.models[0] ?? "NAME") : "NAME";
  const help = `export ${anthropicKey}=…, or, for a model of Ollama, export KEEL_OLLAMA_MODEL=${some}`;
  const text = `nobody answers for ${defaultModel}, which is asked where a program names no model`;
  return [isOthers ? note("models", text, help) : wrong("models", text, help)];
}
