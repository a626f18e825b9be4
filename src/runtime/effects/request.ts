// What an AI operation sends, as texts. Pure, so that a replay renders the same request again.

import { text } from "../../interp/text.ts";
import type { Value } from "../../interp/value.ts";
import { invariant } from "../../source/invariant.ts";
import type { ModelUse } from "../journal/event.ts";
import { defaultModel } from "../models/names.ts";
import type { EffectOfModel, Job, ModelKind } from "../models/operation.ts";
import type { Message } from "../models/provider.ts";
import { render, type Rendered } from "../models/render.ts";
import type { AgentSettings, StepContext } from "./handler.ts";

/** The name of the model that is asked: that of `using`, of the agent, or the one of all. */
export function modelOf({ given }: EffectOfModel<ModelKind>, agent: AgentSettings | undefined): string {
  const model: Value = given.model;
  return model === null ? (agent?.model ?? defaultModel) : text(model);
}

export type Context = Pick<StepContext, "program" | "agent" | "mask">;

export function renderJob(job: Job, { program, agent, mask }: Context): Rendered {
  const template = program.prompts[job.operation];
  invariant(template !== undefined, `the program has no template for ${job.operation}`);
  const rules = (agent?.rules ?? []).map((rule) => `- ${rule}`).join("\n");
  const texts = { ...job.filling.texts, role: agent?.role ?? "", rules };
  return render(template, { texts, data: job.filling.data }, mask);
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
