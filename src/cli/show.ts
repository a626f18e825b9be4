// `keel show RUN`: the run as a timeline. A fold over its events; nothing is looked up anywhere else.

import type { Json } from "../ir/kir.ts";
import type { Event, ModelUse, OfStep, Recorded, RunStarted } from "../runtime/journal/event.ts";
import type { RunSummary, Store } from "../runtime/journal/store.ts";
import { brief, money, table, utc } from "./layout.ts";
import { asJson, statusText } from "./ls.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { findRun, openExisting } from "./store-place.ts";
import { callOf, nothingUsed, together, tokensText, usedBy, type Used } from "./usage.ts";
import { suspendedText } from "./waiting-text.ts";

export function show(prefix: string | undefined, options: { readonly json?: true }): ExitCode {
  const store = openExisting();
  try {
    const run = findRun(store, prefix);
    const summary = store.runs().find((each) => each.run === run);
    if (summary !== undefined && options.json) showJson(store, summary);
    else if (summary !== undefined) showText(store, summary);
    return exitCodes.ok;
  } finally {
    store.close();
  }
}

function showJson(store: Store, summary: RunSummary): void {
  const { hash } = store.program(summary.run);
  const document = { ...asJson(summary), program: hash, timeline: [...store.events(summary.run)] };
  process.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

function showText(store: Store, summary: RunSummary): void {
  const out = process.stdout;
  out.write(`run      ${summary.run}\nprogram  ${summary.file}\nstatus   ${statusText(summary)}\n`);
  const { rows, used } = timeline(store, summary);
  const asked = used.input + used.output > 0;
  out.write(`calls    ${summary.calls}\n${asked ? tokenLine(used) : ""}`);
  out.write(`cost     ${money(summary.cost, summary.unpriced)}\nstarted  ${utc(summary.startedAt)}\n\n`);
  const head = ["#", "time", "activation", "step", "outcome", ...(asked ? ["tokens"] : []), "cost"];
  const shown = asked ? rows : rows.map((each) => each.toSpliced(5, 1));
  out.write(table(head, shown, [0, 1, 5, 6]));
  if (summary.status === "suspended") out.write(suspendedText(summary.run, store));
}

function tokenLine({ input, cacheRead, output }: Used): string {
  const cached = cacheRead === 0 ? "" : ` (${tokensText(cacheRead)} of them from the cache)`;
  return `tokens   ${tokensText(input)} in${cached}, ${tokensText(output)} out\n`;
}

interface Timeline {
  readonly rows: readonly (readonly string[])[];
  /** By the calls that were not pruned. */
  readonly used: Used;
}

/** The events; where some were pruned, how many. */
function timeline(store: Store, summary: RunSummary): Timeline {
  const rows: (readonly string[])[] = [];
  let used = nothingUsed;
  let next = 1;
  let start: number | undefined;
  const gap = (before: number): void => {
    if (before > next) rows.push([`${next}–${before - 1}`, "", "", "", `pruned: ${before - next} events`, "", ""]);
  };
  for (const event of store.events(summary.run)) {
    gap(event.seq);
    const call = callOf(event);
    if (call !== undefined) used = together(used, usedBy(call));
    rows.push(row(event, (start ??= event.at)));
    next = event.seq + 1;
  }
  gap(summary.events + 1);
  return { rows, used };
}

function row(event: Recorded, start: number): readonly string[] {
  const call = callOf(event);
  const cost = call === undefined ? "" : call.cost === null ? "unknown" : money(call.cost);
  const time = elapsed(event.at - start);
  return [String(event.seq), time, activationOf(event), stepOf(event), outcome(event), tokensOf(call), cost];
}

/** `1,234 → 56`: what went in, and what came out of it; nothing where no model was asked. */
function tokensOf(call: ModelUse | undefined): string {
  if (call === undefined || call.replies.length === 0) return "";
  const { input, output } = usedBy(call);
  return `${tokensText(input)} → ${tokensText(output)}`;
}

function elapsed(ms: number): string {
  return `+${(ms / 1000).toFixed(3)}s`;
}

function activationOf(event: Event): string {
  return "activation" in event ? (event.activation ?? "") : "";
}

function stepOf(event: Event): string {
  if (!("step" in event)) return "";
  const indices = "indices" in event ? (event.indices ?? []) : [];
  return `${event.step ?? ""}${indices.map((each) => `[${each}]`).join("")}`;
}

const WIDTH = 60;

/** What an event says, in a few words. */
function outcome(event: Event): string {
  switch (event.type) {
    case "run.started":
      return `run started, program ${event.program.slice(0, 12)}${branchText(event)}`;
    case "run.resumed":
      return `run resumed${event.changed.length === 0 ? "" : `, changed: ${event.changed.join(", ")}`}`;
    case "run.suspended":
      return "run suspended: waits for a person";
    case "run.interrupted":
      return "run interrupted";
    case "run.completed":
      return "run completed";
    case "run.failed":
      return brief(`run failed: ${event.error.name}: ${event.error.message}`, WIDTH);
    case "run.cancelled":
      return "run cancelled";
    case "run.upgraded":
      return `run upgraded, program ${event.program.slice(0, 12)}`;
    case "activation.started":
      return "started";
    case "activation.completed":
      return `done${event.state === undefined ? "" : `, state ${brief(JSON.stringify(event.state), WIDTH - 12)}`}`;
    case "activation.failed":
      return brief(`✗ ${event.error.name}: ${event.error.message}`, WIDTH);
    case "checkpoint":
      return `checkpoint after ${event.n} effects`;
    case "step.intended":
      return `${verb(event)} begins`;
    case "step.completed":
      return brief(
        (event.line === undefined ? undefined : inOneLine(event.line)) ??
          `${verb(event)} ✓ ${valueText(event.value)}${event.settled === undefined ? "" : ` (${event.settled})`}`,
        WIDTH,
      );
    case "step.failed":
      return brief(`${verb(event)} ✗ ${event.error.name}: ${event.error.message}`, WIDTH);
    case "step.retried":
      return brief(event.line.trim(), WIDTH);
    case "model.replied":
      return brief(`${verb(event)} → ${valueText(event.value)}${remarks(event)}`, WIDTH);
    case "gate.opened":
      return brief(`? ${event.question}`, WIDTH);
    case "gate.answered":
      return brief(
        `answered: ${typeof event.answer === "string" ? event.answer : event.answer ? "yes" : "no"} (${event.by})`,
        WIDTH,
      );
    case "gate.expired":
      return "nobody answered in time";
    case "timer.set":
      return `timer set for ${utc(event.due)}`;
    case "timer.fired":
      return "timer fired";
    case "message.sent":
      return `message to ${event.to}`;
    case "agent.started":
      return `agent ${event.agent} runs`;
    case "agent.stopping":
      return `agent ${event.agent} is told to stop`;
    case "agent.stopped":
      return `agent ${event.agent} stopped`;
  }
}

function branchText({ branch }: RunStarted): string {
  return branch === undefined ? "" : `, branched from ${branch.run} at ${branch.step}`;
}

/** A line as the program printed it, without the frame of a box and its breaks. */
function inOneLine(line: string): string {
  return line
    .replace(/[┌└│─]/gu, " ")
    .replace(/\s+/gu, " ")
    .trim();
}

function verb(event: OfStep): string {
  return event.effect.toLowerCase();
}

/** How often a model was asked for a reply that fits, why it gave nothing, and what was done to its reply. */
function remarks({ reason, repaired = [], replies }: ModelUse): string {
  const mended = repaired.length === 0 ? [] : [`repaired: ${repaired.join(", ")}`];
  const asked = replies.length < 2 ? [] : [`asked ${replies.length} times`];
  const said = [...asked, ...(reason === undefined ? [] : [reason]), ...mended];
  return said.length === 0 ? "" : ` (${said.join("; ")})`;
}

function valueText(value: Json): string {
  if (value === null) return "none";
  if (typeof value === "string") return value;
  if (Array.isArray(value)) return `${value.length} item${value.length === 1 ? "" : "s"}`;
  if (typeof value === "object" && "$e" in value)
    return String((value as { readonly $e: unknown }).$e).replace(/^.*\./, "");
  return JSON.stringify(value);
}
