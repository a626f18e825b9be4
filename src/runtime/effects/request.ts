// What an AI operation sends. Pure, so that a replay renders the same request again, and `keel prompt` shows it.

import { text } from "../../interp/text.ts";
import { Float } from "../../interp/value.ts";
import type { Value } from "../../interp/value.ts";
import { invariant } from "../../source/invariant.ts";
import type { ModelUse } from "../journal/event.ts";
import { defaultModel } from "../models/names.ts";
import type { EffectOfModel, Job, ModelKind } from "../models/operation.ts";
import type { Message, ModelRequest, Sampling } from "../models/provider.ts";
import { render, type Rendered } from "../models/render.ts";
import { requestSchema } from "../models/structured.ts";
import type { AgentSettings, StepContext } from "./handler.ts";

/** The name of the model that is asked: that of `using`, of the agent, or the one of all. */
export function modelOf({ given }: EffectOfModel<ModelKind>, agent: AgentSettings | undefined): string {
  const model: Value = given.model;
  return model === null ? (agent?.model ?? defaultModel) : text(model);
}

export type Context = Pick<StepContext, "program" | "agent" | "mask">;

/** `code` is that of the fences around data, where the data is not known yet. */
export function renderJob(job: Job, { program, agent, mask }: Context, code?: string): Rendered {
  const template = program.prompts[job.operation];
  invariant(template !== undefined, `the program has no template for ${job.operation}`);
  const rules = (agent?.rules ?? []).map((rule) => `- ${rule}`).join("\n");
  const texts = { ...job.filling.texts, role: agent?.role ?? "", rules };
  return render(template, { texts, data: job.filling.data }, mask, code);
}

/** The request that a conversation begins with; `model` is the provider's own id of it. */
export function requestOf(
  job: Job,
  rendered: Rendered,
  model: string,
  agent: Pick<AgentSettings, "config"> | undefined,
): ModelRequest {
  const schema = requestSchema(job.shape);
  return {
    model,
    system: rendered.system,
    messages: messagesOf(job, rendered),
    sampling: samplingOf(agent),
    ...(schema === undefined ? {} : { schema: { name: job.operation, schema } }),
  };
}

/** The conversation as it begins. */
export function messagesOf(job: Job, { user }: Rendered): readonly Message[] {
  return user === "" ? job.history : [...job.history, { role: "user", text: user }];
}

/** As the journal has it: the system text first, where there is one. */
export function sentTexts(system: string, messages: readonly Message[]): ModelUse["request"] {
  const sent = messages.map(({ role, text: said }) => [role, said] as const);
  return system === "" ? sent : [["system", system], ...sent];
}

/** What is recorded where no model is called. */
export function mockUse(model: string): ModelUse {
  return { model, used: "mock", request: [], replies: [], reason: "mock", cost: 0, ms: 0 };
}

// ── an agent's config ───────────────────────────────────────────────────────────────────────────────────────────

function samplingOf(agent: Pick<AgentSettings, "config"> | undefined): Sampling {
  const number = (key: string) => numberOf(agent?.config[key] ?? null);
  const [temperature, topP, maxTokens, seed] = [
    number("temperature"),
    number("top_p"),
    number("max_tokens"),
    number("seed"),
  ];
  return {
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(seed === undefined ? {} : { seed }),
  };
}

function numberOf(value: Value): number | undefined {
  if (value instanceof Float) return value.value;
  return typeof value === "number" || typeof value === "bigint" ? Number(value) : undefined;
}
