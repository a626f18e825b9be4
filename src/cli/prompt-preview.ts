// What one AI operation would send on behalf of one asker, worked out with the functions of the run itself: the effect
// with its holes goes through the job, the template and the provider's own request.

import type { Checked } from "../checker/checked.ts";
import { Failure } from "../interp/failure.ts";
import type { Json, Program } from "../ir/kir.ts";
import type { AgentSettings } from "../runtime/effects/handler.ts";
import { modelOf, renderJob, requestOf, sentTexts } from "../runtime/effects/request.ts";
import { parameters as anthropicParameters } from "../runtime/models/anthropic.ts";
import { modelId, resolveModel, type MissingModel, type ResolvedModel } from "../runtime/models/names.ts";
import { parameters as ollamaParameters } from "../runtime/models/ollama.ts";
import { firstManner, parameters as openaiParameters } from "../runtime/models/openai.ts";
import { jobOf } from "../runtime/models/operation.ts";
import { cost, estimatedTokens, priceOf, type Price } from "../runtime/models/prices.ts";
import type { ModelRequest } from "../runtime/models/provider.ts";
import { invariant, unreachable } from "../source/invariant.ts";
import { foresee, foreseeAgent } from "./prompt-effects.ts";
import { hole, Operands } from "./prompt-operands.ts";
import type { Asker, PlacedOperation } from "./prompt-operations.ts";

export interface Preview {
  readonly at: PlacedOperation;
  readonly asker: Asker;
  /** The name in the program, and what it means here; undefined where only a run knows the name. */
  readonly name: string;
  readonly model: ResolvedModel | MissingModel | undefined;
  readonly holes: readonly string[];
  /** Why nothing would be sent. */
  readonly problem?: string;
  readonly messages: readonly (readonly [role: string, text: string])[];
  readonly schema?: Json;
  /** The request's body beside the texts; undefined where no provider would be asked. */
  readonly parameters: { readonly [name: string]: unknown } | undefined;
  readonly estimate: Estimate;
}

/** Of what is known; `cost` is that of the input alone, null where there is no price. */
export interface Estimate {
  readonly tokens: number;
  readonly cost: number | null;
  readonly price: Price | undefined;
}

export function preview(checked: Checked, program: Program, at: PlacedOperation, asker: Asker): Preview {
  const operands = new Operands(program, at.code);
  const { effect, speakers } = foresee(at.node, at.effect, operands, checked);
  const agent = asker.kind === "Agent" ? agentOf(checked, program, asker.name) : undefined;
  const holes = [...new Set([...operands.holes, ...(agent?.holes ?? [])])];
  const name = modelOf(effect, agent?.settings);
  const model = holes.some((each) => name.includes(each)) ? undefined : resolveModel(name, process.env);
  const base = { at, asker, name, model, holes };
  try {
    const job = jobOf(effect);
    const context = { program, agent: agent?.settings, mask: (said: string) => said };
    const rendered = renderJob(job, context, holes.length === 0 ? undefined : hole("code"));
    const request = requestOf(job, rendered, idOf(name, model), agent?.settings);
    const sent = sentTexts(request.system, request.messages);
    const offset = sent.length - request.messages.length;
    const messages = sent.map(([role, said], index) => [speakers[index - offset] ?? role, said] as const);
    return {
      ...base,
      messages,
      ...(request.messages.length === 0 ? { problem: "the prompt has no `user` text and no `messages`" } : {}),
      ...(request.schema === undefined ? {} : { schema: request.schema.schema }),
      parameters: parametersOf(request, model, agent?.settings),
      estimate: estimate(name, model, messages, request, holes),
    };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const problem = String(error.error.fields?.["message"] ?? error.error.name);
    return {
      ...base,
      problem,
      messages: [],
      parameters: undefined,
      estimate: { tokens: 0, cost: null, price: undefined },
    };
  }
}

function agentOf(checked: Checked, program: Program, name: string): ReturnType<typeof foreseeAgent> {
  const declared = checked.agents.find((each) => each.name === name);
  const node = program.agents[name];
  invariant(declared !== undefined && node !== undefined, `the agent ${name} is one of the program`);
  return foreseeAgent(program, node, declared.node);
}

function idOf(name: string, model: Preview["model"]): string {
  return model === undefined || model.kind === "Missing" ? modelId(name) : model.model;
}

/** What goes beside the texts, as the provider's own code makes it; a setting that only a run knows as its hole. */
function parametersOf(
  request: ModelRequest,
  model: Preview["model"],
  agent: AgentSettings | undefined,
): Preview["parameters"] {
  const body = bodyOf(request, model);
  if (body === undefined) return undefined;
  const rest = Object.entries(body).filter(([key]) => !shownApart.has(key));
  const open = Object.entries(agent?.config ?? {}).filter(([key, value]) => sent.has(key) && typeof value === "string");
  return Object.fromEntries([...rest, ...open]);
}

/** The texts, and what is about the way that the reply comes. */
const shownApart: ReadonlySet<string> = new Set(["model", "messages", "system", "stream", "stream_options"]);

const sent: ReadonlySet<string> = new Set(["temperature", "top_p", "max_tokens", "seed"]);

function bodyOf(request: ModelRequest, model: Preview["model"]): { readonly [name: string]: unknown } | undefined {
  if (model === undefined) return undefined;
  switch (model.kind) {
    case "Anthropic":
      return { ...anthropicParameters(request) };
    case "Ollama":
      return { ...ollamaParameters(request) };
    case "OpenAI":
      return openaiParameters(request, firstManner(model.host));
    case "Mock":
    case "Missing":
      return undefined;
    default:
      return unreachable(model);
  }
}

function estimate(
  name: string,
  model: Preview["model"],
  messages: Preview["messages"],
  { schema }: ModelRequest,
  holes: readonly string[],
): Estimate {
  const known = (said: string): string => holes.reduce((rest, each) => rest.replaceAll(each, ""), said);
  const texts = messages.map(([, said]) => known(said));
  const tokens = estimatedTokens([...texts, schema === undefined ? "" : JSON.stringify(schema.schema)].join(""));
  if (model === undefined) return { tokens, cost: null, price: undefined };
  const used = model.kind === "Ollama" ? `ollama:${model.model}` : model.kind === "OpenAI" ? name : idOf(name, model);
  return { tokens, cost: cost(used, { input: tokens, output: 0 }), price: priceOf(used) };
}
