// One AI operation as a conversation: the request, and up to two more where the reply does not fit the form that was
// asked for, each with what was wrong. Every reply is kept, since each was paid for.
//
// What makes a reply unusable for good: it was refused, cut off, or is no text at all. Then there is no value, and a
// reason; a fault is another matter, and ends the conversation where it stands.

import type { Value } from "../../interp/value.ts";
import type { ModelReply } from "../journal/event.ts";
import type { Mend } from "./mend.ts";
import type { Job } from "./operation.ts";
import type { Fault, Message, ModelRequest, Reply, Sent } from "./provider.ts";
import type { Decoded, Decoder } from "./structured.ts";

const mostReplies = 3;

export interface Conversation {
  readonly end:
    | { readonly kind: "Value"; readonly value: Value; readonly mends?: readonly Mend[] }
    | { readonly kind: "Unusable"; readonly reason: string }
    | { readonly kind: "Fault"; readonly fault: Fault };
  readonly replies: readonly ModelReply[];
  /** All that was sent, the system text aside. */
  readonly messages: readonly Message[];
}

export async function converse(
  job: Job,
  request: ModelRequest,
  send: (request: ModelRequest) => Promise<Sent>,
  decode: Decoder,
): Promise<Conversation> {
  const messages = [...request.messages];
  const replies: ModelReply[] = [];
  for (;;) {
    const sent = await send({ ...request, messages: [...messages] });
    if (sent.kind === "Fault") return { end: sent, replies, messages };
    const { reply } = sent;
    replies.push({ text: reply.text, ...reply.usage, stop: reply.stop });
    const reviewed = review(job, reply, replies.length, decode);
    if (reviewed.kind !== "Again") return { end: reviewed, replies, messages };
    messages.push(...reviewed.messages);
  }
}

/** What the `count`-th reply comes to: the conversation's end, or what is sent to ask again. Pure. */
export function review(
  job: Job,
  reply: Pick<Reply, "text" | "stop">,
  count: number,
  decode: Decoder,
): Decoded | { readonly kind: "Again"; readonly messages: readonly Message[] } {
  const decoded = decodeReply(reply, job, decode);
  const isFinal = reply.stop !== "end" || job.shape.kind === "str" || count === mostReplies;
  if (decoded.kind === "Value" || isFinal) return decoded;
  const said: Message = { role: "assistant", text: reply.text.trim() || "(nothing)" };
  return { kind: "Again", messages: [said, { role: "user", text: again(decoded.reason) }] };
}

function decodeReply(reply: Pick<Reply, "text" | "stop">, job: Job, decode: Decoder): Decoded {
  if (reply.stop === "refused") return { kind: "Unusable", reason: "the model refused to answer" };
  if (reply.stop === "cut") return { kind: "Unusable", reason: "the reply was cut off at its token limit" };
  const decoded = decode(reply.text, job.shape);
  return decoded.kind === "Value" ? { ...decoded, value: job.finish(decoded.value) } : decoded;
}

function again(reason: string): string {
  return `That reply cannot be used: ${reason}. Reply again, with the JSON that was asked for and nothing else.`;
}
