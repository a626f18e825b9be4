// An event as a row and back. What every event of a kind has stands in columns: run events have none of their own,
// events of an activation name it, events of a step name all of `OfStep` but the indices. The rest is the body.

import type { Json } from "../../ir/kir.ts";
import type { Blobs } from "./blobs.ts";
import type { Stored } from "./chain.ts";
import type { StepName } from "./names.ts";
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
  "run.upgraded": "run",
  "activation.started": "activation",
  "activation.completed": "activation",
  "activation.failed": "activation",
  checkpoint: "effect",
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
  "agent.stopping": "effect",
  "agent.stopped": "run",
} as const satisfies { readonly [T in EventType]: Scope };

export function isEventType(type: string): type is EventType {
  return Object.hasOwn(scopes, type);
}

const columns: { readonly [S in Scope]: ReadonlySet<string> } = {
  run: new Set(["type"]),
  activation: new Set(["type", "activation"]),
  effect: new Set(["type", "activation", "n"]),
  step: new Set(["type", "activation", "n", "step", "effect", "args"]),
};

/** An event as it is selected. `step` is the id of a step's name. */
export interface EventRow {
  readonly seq: number;
  readonly at: number;
  readonly type: EventType;
  readonly n: number | null;
  readonly step: number | null;
  readonly args: string | null;
  readonly body: string;
}

export interface Named {
  /** The activation's id. */
  readonly activation: string | null;
}

/** With what a check of the chain needs besides. */
export interface ChainedRow extends EventRow, Named {
  readonly hash: Uint8Array;
}

type StepOf = (id: number) => StepName;

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

/** What an event says, as one text: two events say the same where these are equal. Its seq and its time are not in it. */
export function eventText(event: Event): string {
  const named = columns[isEventType(event.type) ? scopes[event.type] : "run"];
  const fields = event as unknown as Fields & { readonly seq?: Json; readonly at?: Json };
  const entries = Object.entries(fields).filter(([name, value]) => value !== undefined && !apart.has(name));
  const body = Object.fromEntries(entries.filter(([name]) => !named.has(name)));
  return JSON.stringify([[...named].map((name) => fields[name] ?? null), body]);
}

const apart: ReadonlySet<string> = new Set(["seq", "at"]);

const apartChars = 128;

/** The system prompts of a request: the same ones with every call, so they are stored once, long or not. */
function systemTexts(request: readonly (readonly [role: string, text: string])[]): ReadonlySet<string> | undefined {
  const texts = request.flatMap(([role, text]) => (role === "system" && text.length > apartChars ? [text] : []));
  return texts.length === 0 ? undefined : new Set(texts);
}

/** What a row says, in the form that is hashed. */
export function storedOf(run: string, row: ChainedRow, stepOf: StepOf): Stored {
  const { seq, at, type, activation, n, args, body } = row;
  const { step, effect } = row.step === null ? noStep : stepOf(row.step);
  return { run, seq, at, type, activation, n, step, effect, args, body };
}

const noStep = { step: null, effect: null } as const;

export function toEvent(
  row: EventRow,
  activation: string | null,
  stepOf: StepOf,
  unpack: (packed: string) => Json,
): Recorded {
  const { type, n, args, seq, at } = row;
  const body = unpack(row.body);
  if (body === null || typeof body !== "object" || Array.isArray(body)) throw damaged(`event ${seq} is no object`);
  // Just made from text, so nobody else has it.
  const event = body as { [name: string]: Json };
  event["type"] = type;
  if (activation !== null) event["activation"] = activation;
  if (n !== null) event["n"] = n;
  if (row.step !== null) {
    const { step, effect } = stepOf(row.step);
    event["step"] = step;
    event["effect"] = effect;
  }
  if (args !== null) event["args"] = args;
  event["seq"] = seq;
  event["at"] = at;
  // The store wrote it from an event of this type; who doubts it asks `verify`.
  return event as unknown as Recorded;
}

/** Eight bytes, or a text that is not 16 hex digits. */
export function argsColumn(args: string | null): Uint8Array | string | null {
  return args !== null && /^[0-9a-f]{16}$/.test(args) ? Buffer.from(args, "hex") : args;
}
