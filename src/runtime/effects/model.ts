// Performs the seven AI operations: finds who answers, renders the template, holds the conversation, and says what came
// of it. The SDKs and the validator load with the first call that needs them; under mock nothing loads at all.
//
// Outcomes: a value; none with a reason, where a reply cannot be used; AIError, where no reply can be had at all, and
// TimeoutError past the agent's `timeout`, each saying what to do. What was paid for is recorded in every case.

import { setMaxListeners } from "node:events";
import { errorValue } from "../../interp/failure.ts";
import { text } from "../../interp/text.ts";
import { Duration } from "../../interp/value.ts";
import type { Value } from "../../interp/value.ts";
import { connector } from "../models/access.ts";
import type { Connect, Line, ModelAccess } from "../models/access.ts";
import { converse } from "../models/converse.ts";
import type { Conversation } from "../models/converse.ts";
import { explain } from "../models/fault.ts";
import { jobOf, operationOf } from "../models/operation.ts";
import type { EffectOfModel, Job, ModelKind } from "../models/operation.ts";
import { cost, priceOf, usageOf } from "../models/prices.ts";
import type { Fault, ModelRequest, Sent } from "../models/provider.ts";
import type { Rendered } from "../models/render.ts";
import { retrier } from "../models/retry.ts";
import { loadDecoder } from "../models/structured.ts";
import type { ModelUse } from "../journal/event.ts";
import type { Draft } from "../world.ts";
import type { AgentSettings, Handler, Performed, StepContext } from "./handler.ts";
import { mockUse, modelOf, renderJob, requestOf, sentTexts } from "./request.ts";

type Send = (request: ModelRequest) => Promise<Sent>;

export type ModelHandlers = { readonly [K in ModelKind]: Handler<K> };

/** Where an agent sets no `timeout`. */
const defaultTimeoutMs = 600_000;

export function modelHandlers(access: ModelAccess): ModelHandlers {
  const connect = connector(access);
  const warned = new Set<string>();
  const handler = <K extends ModelKind>(): Handler<K> => ({
    perform: (effect, step) => perform(effect as EffectOfModel<K>, step, connect, warned),
  });
  return {
    Classify: handler<"Classify">(),
    Summarize: handler<"Summarize">(),
    Draft: handler<"Draft">(),
    Extract: handler<"Extract">(),
    Translate: handler<"Translate">(),
    Decide: handler<"Decide">(),
    Prompt: handler<"Prompt">(),
  };
}

async function perform<K extends ModelKind>(
  effect: EffectOfModel<K>,
  step: StepContext,
  connect: Connect,
  warned: Set<string>,
): Promise<Performed> {
  const name = modelOf(effect, step.agent);
  const line = connect(name, { operation: operationOf(effect.kind), step: step.place.step }, step.world.clock);
  if (line === undefined) return mocked(name);
  if (line.kind === "Missing") return failed(line.message.replace(/^✗ /, ""), "model not available", name);
  return ask(jobOf(effect), name, line, step, warned);
}

function mocked(model: string): Performed {
  return { outcome: { kind: "Value", value: null }, model: mockUse(model) };
}

async function ask(job: Job, name: string, line: Line, step: StepContext, warned: Set<string>): Promise<Performed> {
  const { clock } = step.world;
  const started = clock.now();
  const rendered = renderJob(job, step);
  const request = requestOf(job, rendered, line.model.model, step.agent);
  if (request.messages.length === 0)
    return failed("The prompt has no `user` text and no `messages`.", "bad request", name);
  step.progress(`  🤖 ${job.doing} using ${line.shown}`);
  warnOfUnsent(request, line, step, warned);
  const limit = new TimeLimit(step, timeoutOf(step.agent));
  // Text alone is shown while it is written; JSON is for the program.
  const draft = job.shape.kind === "str" ? step.world.terminal.draft?.() : undefined;
  // At once: whoever ends the run has something to say, and the request may take its time to notice.
  const stop = () => draft?.end();
  step.signal.addEventListener("abort", stop);
  try {
    const decode = await loadDecoder();
    const conversation = await converse(job, request, sender(line, step, limit, draft), decode);
    const record = recordOf(conversation, name, line, rendered, clock.now() - started);
    draft?.end();
    return concluded(conversation, record, line, step);
  } finally {
    draft?.end();
    step.signal.removeEventListener("abort", stop);
    limit.end();
  }
}

/**
 * Sends within the time limit, again where that may help. An attempt of `retry` that follows another does not try again
 * by itself, so that attempts add up and do not multiply.
 */
function sender(line: Line, step: StepContext, limit: TimeLimit, draft: Draft | undefined): Send {
  const onText = draft && ((said: string) => draft.show(step.mask(said)));
  const attempt = async (request: ModelRequest) =>
    limit.judged(await line.provider.send(request, limit.signal, onText));
  if (!line.mayRetry || step.isRetry === true) return attempt;
  const again = retrier({
    clock: step.world.clock,
    signal: limit.signal,
    deadline: limit.deadline,
    report: (fault, waitMs, nth, of) =>
      step.progress(`  ↻ ${retryText(fault)}: trying again in ${waitMs / 1000}s (${nth}/${of})`),
  });
  return async (request) => limit.judged(await again(() => attempt(request)));
}

/** Says once a run and agent what of its config the provider has nothing for. */
function warnOfUnsent({ sampling }: ModelRequest, line: Line, step: StepContext, warned: Set<string>): void {
  if (line.model.kind !== "Anthropic" || sampling.seed === undefined) return;
  const name = step.agent?.name ?? "";
  if (warned.has(name)) return;
  warned.add(name);
  step.progress(`  ⚠ Anthropic has no \`seed\`: that of ${name}'s config is not sent`);
}

function retryText(fault: Fault): string {
  return fault.kind === "RateLimited" ? "Rate limited" : fault.kind === "Overloaded" ? "Overloaded" : "Connection lost";
}

/** A signal that aborts with the step's, or when the time is up; it knows which it was. */
class TimeLimit {
  readonly deadline: number;
  readonly signal: AbortSignal;
  readonly #abort = new AbortController();
  readonly #ended = new AbortController();
  readonly #cancel = () => this.#abort.abort();
  readonly #limitMs: number;
  readonly #outer: AbortSignal;
  #isOver = false;

  constructor({ world, signal }: StepContext, limitMs: number) {
    this.#limitMs = limitMs;
    this.#outer = signal;
    this.signal = this.#abort.signal;
    this.deadline = world.clock.now() + limitMs;
    if (signal.aborted) this.#abort.abort();
    // As many listeners as there are requests in flight is no leak.
    setMaxListeners(0, signal);
    signal.addEventListener("abort", this.#cancel);
    void this.#watch(world.clock.until(this.deadline, this.#ended.signal));
  }

  async #watch(over: Promise<void>): Promise<void> {
    await over;
    if (this.#ended.signal.aborted) return;
    this.#isOver = true;
    this.#abort.abort();
  }

  /** A cancellation that was ours is a timeout. */
  judged(sent: Awaited<ReturnType<Line["provider"]["send"]>>): typeof sent {
    const isOurs = sent.kind === "Fault" && sent.fault.kind === "Cancelled" && this.#isOver;
    return isOurs ? { kind: "Fault", fault: { kind: "Timeout", limitMs: this.#limitMs } } : sent;
  }

  end(): void {
    this.#ended.abort();
    this.#outer.removeEventListener("abort", this.#cancel);
  }
}

function recordOf(conversation: Conversation, model: string, line: Line, { system }: Rendered, ms: number): ModelUse {
  const { replies, messages, end } = conversation;
  const usage = usageOf(replies);
  const priced = priceOf(line.used)?.since;
  return {
    model,
    used: line.used,
    request: sentTexts(system, messages),
    replies,
    ...(end.kind === "Unusable" ? { reason: end.reason } : {}),
    ...(end.kind === "Value" && end.mends !== undefined ? { repaired: end.mends } : {}),
    cost: cost(line.used, usage),
    ...(priced === undefined ? {} : { priced }),
    ms,
  };
}

function concluded({ end }: Conversation, model: ModelUse, line: Line, step: StepContext): Performed {
  switch (end.kind) {
    case "Value":
      step.progress(`  ✓ Result: ${resultText(end.value, step)}`);
      return { outcome: { kind: "Value", value: end.value }, model };
    case "Unusable":
      step.progress(`  ✗ No result: ${end.reason}`);
      return { outcome: { kind: "Value", value: null }, model };
    case "Fault":
      return faulted(end.fault, model, line, step);
  }
}

function faulted(fault: Fault, model: ModelUse, line: Line, step: StepContext): Performed {
  const { message, reason } = explain(fault, line.model);
  if (fault.kind === "Unscripted") {
    step.progress(`  ✗ No result: ${reason}`);
    return { outcome: { kind: "Value", value: null }, model: { ...model, reason } };
  }
  if (fault.kind === "Timeout") {
    return {
      outcome: { kind: "Failure", error: errorValue("TimeoutError", message, { source: source(line) }) },
      model,
    };
  }
  return { ...failed(message, reason, model.model, source(line)), model };
}

function failed(message: string, reason: string, model: string, source: string | null = null): Performed {
  return { outcome: { kind: "Failure", error: errorValue("AIError", message, { source, model, reason }) } };
}

function source(line: Line): string {
  return line.used.slice(0, line.used.indexOf(":"));
}

const longestResult = 60;

/** In one short line. */
function resultText(value: Value, step: StepContext): string {
  const line = step.mask(text(value)).replace(/\s+/gu, " ").trim();
  const signs = [...line];
  return signs.length <= longestResult ? line : `${signs.slice(0, longestResult - 1).join("")}…`;
}

function timeoutOf(agent: AgentSettings | undefined): number {
  const timeout = agent?.config["timeout"];
  return timeout instanceof Duration && timeout.ms > 0 ? timeout.ms : defaultTimeoutMs;
}
