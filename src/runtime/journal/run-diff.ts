// Where two runs part. Activations are laid side by side by what they are (a message's by which message of its agent it
// is, since the number in its name is only where it stands in the journal), their steps by place: the step's id, the
// indices of the loops around it, and which time it is taken there. Times, costs and ids of runs are no differences.

import type { Json } from "../../ir/kir.ts";
import { unreachable } from "../../source/invariant.ts";
import { align } from "./alignment.ts";
import type { Event, OfStep, Recorded } from "./event.ts";
import { effectId } from "./fold.ts";

export interface RunDiff {
  /** Steps that are the same on both sides. */
  readonly alike: number;
  /** In the order of the journals. */
  readonly differences: readonly RunDifference[];
}

export interface RunDifference {
  readonly activation: string;
  /**
   * `activation`: only one run has it; `step`: only one run takes it; `arguments`: taken with others; `outcome`: something
   * else came of it; `end`: the activation ended differently.
   */
  readonly kind: "activation" | "step" | "arguments" | "outcome" | "end";
  readonly a?: DiffSide;
  readonly b?: DiffSide;
}

/** One run's side of a difference. */
export interface DiffSide {
  readonly seq: number;
  /** Of a step: its place, and its effect. */
  readonly step?: string;
  readonly effect?: string;
  readonly args?: string;
  /** What came of it; absent where nothing has yet. */
  readonly outcome?: Json;
}

export function diffRuns(a: Iterable<Recorded>, b: Iterable<Recorded>): RunDiff {
  const differences: RunDifference[] = [];
  let alike = 0;
  for (const pair of align(partsOf(a), partsOf(b), ({ name }) => name)) {
    if (pair.a === undefined || pair.b === undefined) {
      const only = pair.a ?? pair.b;
      if (only !== undefined) differences.push(onOneSide("activation", only.name, pair.a, pair.b));
      continue;
    }
    const { name } = pair.a;
    for (const steps of align(pair.a.steps, pair.b.steps, ({ key }) => key)) {
      const found = stepDifference(name, steps.a, steps.b);
      if (found === undefined) alike += 1;
      else differences.push(found);
    }
    const [end, other] = [pair.a.end, pair.b.end];
    if (end !== undefined && other !== undefined && !same(end.outcome, other.outcome)) {
      differences.push({ activation: name, kind: "end", a: end, b: other });
    }
  }
  return { alike, differences };
}

// ── one run ─────────────────────────────────────────────────────────────────────────────────────────────────────

interface Part {
  readonly name: string;
  readonly seq: number;
  readonly steps: readonly Step[];
  readonly end?: DiffSide;
}

interface Step extends DiffSide {
  readonly key: string;
}

type StepEvent = Recorded<Extract<Event, OfStep>>;

interface OpenPart {
  readonly name: string;
  readonly seq: number;
  readonly steps: Map<string, Step>;
  readonly times: Map<string, number>;
  end?: DiffSide;
}

function partsOf(events: Iterable<Recorded>): readonly Part[] {
  const parts = new Map<string, OpenPart>();
  const messages = new Map<string, Map<string, number>>();
  for (const event of events) {
    if (event.type === "activation.started") {
      const { activation, seq } = event;
      const name = stableName(activation, messages);
      parts.set(activation, { name, seq, steps: new Map(), times: new Map() });
    }
    const part = "activation" in event ? parts.get(event.activation ?? "") : undefined;
    if (part === undefined) continue;
    if (event.type === "activation.completed" || event.type === "activation.failed") part.end = endOf(event);
    else if ("args" in event) addStep(part, event);
  }
  return [...parts.values()].map(({ name, seq, steps, end }) => ({
    name,
    seq,
    steps: [...steps.values()],
    ...(end === undefined ? {} : { end }),
  }));
}

/** `Diary/message[42]` as the agent's third message: `Diary/message#3`; what it delegates begins with that too. */
function stableName(activation: string, messages: Map<string, Map<string, number>>): string {
  return activation.replace(/^(.*\/message)\[(\d+)\]/, (_, agent: string, seq: string) => {
    const known = messages.get(agent) ?? new Map<string, number>();
    messages.set(agent, known);
    const count = known.get(seq) ?? known.size + 1;
    known.set(seq, count);
    return `${agent}#${count}`;
  });
}

function addStep({ steps, times }: OpenPart, event: StepEvent): void {
  const { seq, step, indices = [], effect, args } = event;
  const id = effectId(event);
  const place = `${step}${indices.map((each) => `[${each}]`).join("")}`;
  const known = steps.get(id);
  const time = known === undefined ? (times.get(place) ?? 0) + 1 : 0;
  if (known === undefined) times.set(place, time);
  const outcome = outcomeOf(event);
  steps.set(id, {
    key: known?.key ?? `${effect} ${place} ${time}`,
    seq: known?.seq ?? seq,
    step: place,
    effect,
    args,
    ...(outcome === undefined ? {} : { outcome }),
  });
}

/** What came of a step, without what is another in each run; absent for an event that only begins it. */
function outcomeOf(event: StepEvent): Json | undefined {
  switch (event.type) {
    case "step.completed":
      return event.line ?? event.value;
    case "model.replied":
      return event.value;
    case "step.failed":
      return { error: { ...event.error } };
    case "gate.answered":
      return event.answer;
    case "gate.expired":
      return { expired: true };
    case "message.sent":
      return event.body;
    case "timer.fired":
      return null;
    case "timer.set":
      return event.block === undefined ? undefined : null;
    case "step.intended":
    case "step.retried":
    case "gate.opened":
      return undefined;
    default:
      return unreachable(event);
  }
}

function endOf(event: Extract<Event, { type: "activation.completed" | "activation.failed" }> & Recorded): DiffSide {
  const { seq, state = {} } = event;
  const came = event.type === "activation.completed" ? { value: event.value } : { error: { ...event.error } };
  return { seq, outcome: { ...came, state } };
}

// ── both ────────────────────────────────────────────────────────────────────────────────────────────────────────

function stepDifference(activation: string, a: Step | undefined, b: Step | undefined): RunDifference | undefined {
  if (a === undefined || b === undefined) return onOneSide("step", activation, a, b);
  const kind = a.args !== b.args ? "arguments" : same(a.outcome, b.outcome) ? undefined : "outcome";
  return kind === undefined ? undefined : { activation, kind, a: side(a), b: side(b) };
}

function onOneSide(
  kind: "activation" | "step",
  activation: string,
  a: Part | Step | undefined,
  b: Part | Step | undefined,
): RunDifference {
  return { activation, kind, ...(a === undefined ? {} : { a: side(a) }), ...(b === undefined ? {} : { b: side(b) }) };
}

function side(of: Part | Step): DiffSide {
  if (!("key" in of)) return { seq: of.seq };
  const { key: _, ...rest } = of;
  return rest;
}

function same(a: Json | undefined, b: Json | undefined): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
