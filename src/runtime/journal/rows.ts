// An event as a row and back. What every event of a kind has stands in columns: run events have none of their own,
// events of an activation name it, events of a step name all of `OfStep` but the indices. The rest is the body.

import type { Json } from "../../ir/kir.ts";
import type { Blobs } from "./blobs.ts";
import type { Stored } from "./chain.ts";
import { damaged } from "./problems.ts";
import type { Event, EventType, OfStep, Recorded } from "./event.ts";

type Scope = "run" | "activation" | "effect" | "step";

const scopes = {
  "run.started": "run",
  "run.resumed": "run",
  "run.suspended": "run",
  "run.interrupted": "run",
  "run.completed": "run",
  "run.failed": "run",
  "run.cancelled": "run",
  "activation.started": "activation",
  "activation.completed": "activation",
  "activation.failed": "activation",
  "step.intended": "step",
  "step.completed": "step",
  "step.failed": "step",
  "step.retried": "step",
  "model.replied": "step",
  "gate.opened": "step",
  "gate.answered": "step",
  "gate.expired": "step",
  "timer.set": "step",
  "timer.fired": "step",
  "message.sent": "step",
  "agent.started": "effect",
  "agent.stopped": "run",
} as const satisfies { readonly [T in EventType]: Scope };

const columns: { readonly [S in Scope]: ReadonlySet<string> } = {
  run: new Set(["type"]),
  activation: new Set(["type", "activation"]),
  effect: new Set(["type", "activation", "n"]),
  step: new Set(["type", "activation", "n", "step", "effect", "args"]),
};

/** An event as it is selected: ids resolved to their texts. */
export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly type: string;
  readonly activation: string | null;
  readonly n: number | null;
  readonly step: string | null;
  readonly effect: string | null;
  /** Eight bytes, or a text that is not 16 hex digits. */
  readonly args: Uint8Array | string | null;
  readonly body: string;
  readonly hash: Uint8Array;
}

type Fields = Partial<OfStep> & { readonly [name: string]: Json | undefined };

/** An event as it is stored. Long texts of its body go into blobs. */
export function toStored(run: string, event: Event, seq: number, at: number, blobs: Blobs): Stored {
  const scope: Scope = scopes[event.type];
  const named = columns[scope];
  // Every event is JSON by construction.
  const fields = event as unknown as Fields;
  const rest: { [name: string]: Json } = {};
  for (const [name, value] of Object.entries(fields)) {
    if (value !== undefined && !named.has(name)) rest[name] = value;
  }
  return {
    run,
    seq,
    at,
    type: event.type,
    activation: scope === "run" ? null : (fields.activation ?? null),
    n: scope === "effect" || scope === "step" ? (fields.n ?? null) : null,
    step: scope === "step" ? (fields.step ?? null) : null,
    effect: scope === "step" ? (fields.effect ?? null) : null,
    args: scope === "step" ? (fields.args ?? null) : null,
    body: blobs.pack(rest, event.type === "model.replied" ? systemTexts(event.request) : undefined),
  };
}

const apartChars = 128;

/** The system prompts of a request: the same ones with every call, so they are stored once, long or not. */
function systemTexts(request: readonly (readonly [role: string, text: string])[]): ReadonlySet<string> | undefined {
  const texts = request.flatMap(([role, text]) => (role === "system" && text.length > apartChars ? [text] : []));
  return texts.length === 0 ? undefined : new Set(texts);
}

/** What a row says, in the form that is hashed. */
export function storedOf(run: string, row: EventRow): Stored {
  const { seq, at, type, activation, n, step, effect, body } = row;
  return { run, seq, at, type, activation, n, step, effect, args: argsText(row.args), body };
}

export function toEvent(row: EventRow, unpack: (packed: string) => Json): Recorded {
  const { type, activation, n, step, effect, seq, at } = row;
  const named: { [name: string]: Json } = { type };
  if (activation !== null) named["activation"] = activation;
  if (n !== null) named["n"] = n;
  if (step !== null) named["step"] = step;
  if (effect !== null) named["effect"] = effect;
  const args = argsText(row.args);
  if (args !== null) named["args"] = args;
  const rest = unpack(row.body);
  if (rest === null || typeof rest !== "object" || Array.isArray(rest)) throw damaged(`event ${seq} is no object`);
  // Members of the body may be read lazily: they are copied as they are defined.
  for (const [name, member] of Object.entries(Object.getOwnPropertyDescriptors(rest))) {
    Object.defineProperty(named, name, member);
  }
  named["seq"] = seq;
  named["at"] = at;
  // The store wrote it from an event of this type; who doubts it asks `verify`.
  return named as unknown as Recorded;
}

export function argsColumn(args: string | null): Uint8Array | string | null {
  return args !== null && /^[0-9a-f]{16}$/.test(args) ? Buffer.from(args, "hex") : args;
}

function argsText(args: EventRow["args"]): string | null {
  return args === null || typeof args === "string" ? args : Buffer.from(args).toString("hex");
}
