// What began an activation, derived once more from the event that caused it: a delegation, a message, a timer's block, a
// schedule, the start or stop of an agent.

import { decode, encode } from "../../interp/codec.ts";
import { FunctionValue } from "../../interp/value.ts";
import type { AgentNode, Json } from "../../ir/kir.ts";
import { unreachable } from "../../source/invariant.ts";
import type { ActivationStarted, Cause, Recorded } from "../journal/event.ts";
import { effectId } from "../journal/fold.ts";
import { started } from "./activation-events.ts";
import { fires, type Running } from "./actor.ts";
import type { Derived } from "./rehearse-derive.ts";
import type { History } from "./rehearse-journal.ts";
import { playerOf, type Stage } from "./rehearse-stage.ts";

type Began = Recorded<ActivationStarted>;

/** What is begun: with what, by which name. */
interface Callee {
  readonly id: string;
  readonly function: string;
  readonly captures?: readonly Json[];
  readonly arguments?: readonly Json[];
}

/** The event that should stand there, or why there is none. */
export function deriveStart(stage: Stage, recorded: Began): Derived {
  const { agent, cause } = recorded;
  const node = agent === undefined ? undefined : stage.program.agents[agent];
  if (agent !== undefined && node === undefined) return unfit(`the program has no agent ${agent}`);
  const found = calleeOf(stage, recorded, node);
  if (found === undefined) return stage.history.pruned ? recorded : unfit(missing(cause));
  if (typeof found === "string") return unfit(found);
  const { id, function: callee, captures = [], arguments: given = [] } = found;
  return started({ id, function: callee, captures, arguments: given, agent, cause });
}

const unfit = (why: string): Derived => ({ type: "unfit", why });

/** Absent where the event that caused it is not there; a text where the program has nothing to do then. */
function calleeOf(stage: Stage, recorded: Began, node: AgentNode | undefined): Callee | string | undefined {
  const { cause } = recorded;
  switch (cause.kind) {
    case "Main":
      return { id: "main", function: stage.program.main };
    case "Tick":
      return tick(stage, recorded, cause);
    case "Start":
    case "Stop":
      return handler(stage.history, recorded, cause.kind, node);
    case "Timer":
      return block(stage.history, cause);
    case "Message":
      return message(stage.history, recorded, cause, node);
    case "Task":
      return task(stage.history, recorded, cause, node);
    default:
      return unreachable(cause);
  }
}

function missing(cause: Cause): string {
  switch (cause.kind) {
    case "Main":
      return "there is nothing to begin";
    case "Tick":
      return `it is not the next tick of ${cause.schedule}, or its agent was not running`;
    case "Start":
    case "Stop":
      return "no such agent was running";
    case "Timer":
      return `no timer ${cause.timer} was set`;
    case "Message":
      return `event ${cause.message} is no message to it`;
    case "Task":
      return `nothing was delegated by ${cause.activation}:${cause.n}`;
    default:
      return unreachable(cause);
  }
}

type CauseOf<K extends Cause["kind"]> = Extract<Cause, { readonly kind: K }>;

function tick(
  stage: Stage,
  { agent = "", seq }: Began,
  { schedule, count, due }: CauseOf<"Tick">,
): Callee | string | undefined {
  const { ticks, journal } = stage.history;
  const { node, settings, calendars } = playerOf(stage, agent);
  const index = node?.schedules.findIndex(({ id }) => id === schedule) ?? -1;
  const known = node?.schedules[index];
  if (known === undefined) return `the program has no schedule ${schedule}`;
  const last = journal.event(ticks.get(seq) ?? 0);
  const cause = last?.type === "activation.started" ? last.cause : undefined;
  const newest = cause?.kind === "Tick" ? { count: cause.count, due: cause.due } : undefined;
  if (count !== (newest?.count ?? 0) + 1) return undefined;
  const running = runningAt(stage.history, agent, seq);
  if (running === undefined) return undefined;
  const timed = { running, settings, calendars, ticks: new Map(newest === undefined ? [] : [[schedule, newest]]) };
  if (!fires(timed, known, index, due)) return `${schedule} does not fire at ${new Date(due).toISOString()}`;
  return { id: `${schedule}[${count}]`, function: known.function };
}

/** How an agent was running when an event came. */
function runningAt({ running, journal }: History, agent: string, seq: number): Running | undefined {
  const span = running.get(agent)?.findLast(({ from, to = Infinity }) => from < seq && seq < to);
  const event = span === undefined ? undefined : journal.event(span.from);
  if (event?.type !== "agent.started") return undefined;
  const { at, activation, n, background } = event;
  return { since: at, activation, n, background };
}

function handler(
  { opened, running }: History,
  { activation, agent = "", seq }: Began,
  kind: "Start" | "Stop",
  node: AgentNode | undefined,
): Callee | string | undefined {
  const id = kind === "Start" ? node?.onStart : node?.onStop;
  const word = kind.toLowerCase();
  if (id === undefined) return `agent ${agent} has no \`on ${word}\``;
  const run = activation.slice(`${agent}/${word}[`.length, -1);
  const from = opened.get(run) ?? Infinity;
  const span = running.get(agent)?.find((each) => each.from === from);
  if (span === undefined || seq < from || seq > (span.to ?? Infinity)) return undefined;
  return { id: `${agent}/${word}[${run}]`, function: id };
}

function block({ opened, journal }: History, { timer }: CauseOf<"Timer">): Callee | undefined {
  const set = journal.event(opened.get(timer) ?? 0);
  const callee = set?.type === "timer.set" && set.block !== undefined ? decode(set.block) : undefined;
  if (set?.type !== "timer.set" || !(callee instanceof FunctionValue)) return undefined;
  return { id: `${set.activation}#${set.n}`, function: callee.id, captures: callee.captures.map(encode) };
}

function message(
  { journal }: History,
  { agent = "", seq }: Began,
  { message: sent }: CauseOf<"Message">,
  node: AgentNode | undefined,
): Callee | string | undefined {
  if (node?.onMessage === undefined) return `agent ${agent} takes no messages`;
  const event = journal.event(sent);
  if (event?.type !== "message.sent" || event.to !== agent || sent > seq) return undefined;
  return { id: `${agent}/message[${sent}]`, function: node.onMessage, arguments: [event.body] };
}

/** What was delegated stands in the intent. */
interface Delegation {
  readonly agent: string;
  readonly task: string;
  readonly given: { readonly arguments: readonly Json[] };
}

function task(
  { opened, journal }: History,
  { agent = "", seq }: Began,
  cause: CauseOf<"Task">,
  node: AgentNode | undefined,
): Callee | string | undefined {
  const intent = journal.event(opened.get(effectId(cause)) ?? 0);
  if (intent?.type !== "step.intended" || intent.seq > seq) return undefined;
  // The intent of a Delegate is one, as JSON; whether it is as it was is found where it is derived.
  const detail = intent.detail as unknown as Delegation;
  if (detail.agent !== agent) return undefined;
  const callee = node?.tasks[detail.task];
  if (callee === undefined) return `agent ${agent} has no task ${detail.task}`;
  return { id: `${cause.activation}#${cause.n}`, function: callee, arguments: detail.given.arguments };
}
