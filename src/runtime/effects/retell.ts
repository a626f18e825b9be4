// A recorded call of a model once more, without the model: the request is rendered again and the recorded replies are
// decoded again. Pure. What only the world knows (the replies, who gave them, what they cost) is taken from the record.

import { encode } from "../../interp/codec.ts";
import type { Json } from "../../ir/kir.ts";
import type { ModelReply, ModelUse } from "../journal/event.ts";
import { review } from "../models/converse.ts";
import { jobOf, type EffectOfModel, type Job, type ModelKind } from "../models/operation.ts";
import type { Message, Stop } from "../models/provider.ts";
import type { Decoder } from "../models/structured.ts";
import { messagesOf, mockUse, modelOf, renderJob, sentTexts, type Context } from "./request.ts";

export interface Retold {
  readonly use: ModelUse;
  /** What the replies come to; absent where they come to nothing: a fault ended the conversation, and is all there is. */
  readonly value?: Json;
}

export function retell(
  effect: EffectOfModel<ModelKind>,
  recorded: ModelUse,
  context: Context,
  decode: Decoder,
): Retold {
  const model = modelOf(effect, context.agent);
  if (recorded.used === "mock") return { use: mockUse(model), value: null };
  const job = jobOf(effect);
  const rendered = renderJob(job, context);
  const { used, replies, cost, priced, ms } = recorded;
  const told = reread(job, messagesOf(job, rendered), replies, decode);
  const { end } = told;
  const request = sentTexts(rendered.system, told.messages);
  const reason = end === undefined ? recorded.reason : end.reason;
  const repaired = end === undefined ? recorded.repaired : end.repaired;
  const said = { ...(reason === undefined ? {} : { reason }), ...(repaired === undefined ? {} : { repaired }) };
  const use = { model, used, request, replies, ...said, cost, ...(priced === undefined ? {} : { priced }), ms };
  return { use, ...(end === undefined ? {} : { value: end.value }) };
}

interface Reread {
  readonly messages: readonly Message[];
  readonly end?: { readonly value: Json; readonly reason?: string; readonly repaired?: readonly string[] };
}

/** The conversation that these replies make. One that ends before the last of them leaves the rest unread. */
function reread(job: Job, begun: readonly Message[], replies: readonly ModelReply[], decode: Decoder): Reread {
  const messages = [...begun];
  for (const [index, { text, stop }] of replies.entries()) {
    const reviewed = review(job, { text, stop: stop as Stop }, index + 1, decode);
    if (reviewed.kind === "Value") {
      const repaired = reviewed.mends === undefined ? {} : { repaired: reviewed.mends };
      return { messages, end: { value: encode(reviewed.value), ...repaired } };
    }
    if (reviewed.kind === "Unusable") return { messages, end: { value: null, reason: reviewed.reason } };
    messages.push(...reviewed.messages);
  }
  return { messages };
}
