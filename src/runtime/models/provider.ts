// What a model provider is to Keel: one conversation goes out, one reply or one fault comes back. Nothing here retries,
// decodes or prices.
//
// Invariants: `send` never rejects for what the world does (that is a Fault) and gives up as soon as `signal` aborts.
// A reply that was refused or cut off is still a Reply: it was paid for, so its usage counts.

import type { Json } from "../../ir/kir.ts";

export interface Provider {
  send(request: ModelRequest, signal: AbortSignal, onText?: OnText): Promise<Sent>;
}

/** Is told the text of the reply so far, whenever more of it has come. */
export type OnText = (text: string) => void;

export interface ModelRequest {
  /** The provider's own id of the model. */
  readonly model: string;
  readonly system: string;
  readonly messages: readonly Message[];
  readonly sampling: Sampling;
  /** Asks for JSON of this form; a provider that cannot promise it leaves it to the prompt. */
  readonly schema?: { readonly name: string; readonly schema: Json };
}

export interface Message {
  readonly role: "user" | "assistant";
  readonly text: string;
}

/** From the agent's `config`. A provider leaves out what it does not know (`seed` at Anthropic). */
export interface Sampling {
  readonly temperature?: number;
  readonly topP?: number;
  readonly maxTokens?: number;
  readonly seed?: number;
}

export type Sent =
  { readonly kind: "Reply"; readonly reply: Reply } | { readonly kind: "Fault"; readonly fault: Fault };

export interface Reply {
  readonly text: string;
  readonly usage: Usage;
  readonly stop: Stop;
  /** The model that the provider says it was. */
  readonly model: string;
}

/** In tokens. `cacheRead` and `cacheWrite` are parts of `input`, where the provider keeps prompts and says so. */
export interface Usage {
  readonly input: number;
  readonly output: number;
  readonly cacheRead?: number;
  readonly cacheWrite?: number;
}

/** `cut`: the reply met its token limit. `refused`: the model declined to answer. */
export type Stop = "end" | "cut" | "refused";

/** Everything that can keep a reply from coming. `detail` is what the other side said. */
export type Fault =
  | { readonly kind: "Unreachable"; readonly address: string; readonly detail: string }
  | { readonly kind: "BadKey"; readonly detail: string }
  | { readonly kind: "UnknownModel"; readonly detail: string }
  | { readonly kind: "RateLimited"; readonly detail: string; readonly retryAfterMs?: number }
  | { readonly kind: "Overloaded"; readonly detail: string; readonly retryAfterMs?: number }
  /** The connection broke, or what came over it made no sense. */
  | { readonly kind: "Dropped"; readonly detail: string }
  | { readonly kind: "Timeout"; readonly limitMs: number }
  | { readonly kind: "Cancelled" }
  | { readonly kind: "BadRequest"; readonly detail: string }
  /** A script of canned replies has none for this request. */
  | { readonly kind: "Unscripted" };

export function reply(reply: Reply): Sent {
  return { kind: "Reply", reply };
}

export function fault(fault: Fault): Sent {
  return { kind: "Fault", fault };
}
