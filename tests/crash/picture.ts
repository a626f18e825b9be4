// What a run left behind, in its journal and in the world, and what of it must be the same whether it was killed or not:
// the same effects with the same outcomes, the same mailbox, the same requests, every line on the terminal, no model
// called again whose reply was recorded.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "vitest";
import type { Recorded } from "../../src/runtime/journal/event.ts";
import type { Head } from "../../src/runtime/journal/fold.ts";
import type { Store } from "../../src/runtime/journal/store.ts";
import { checkLaws } from "../support/journal.ts";
import { checkReplay } from "../support/replay.ts";
import type { Course } from "./course.ts";
import type { Request } from "./shop.ts";

export type Effects = { readonly [activation: string]: readonly { readonly n: number }[] };

export interface Picture {
  readonly lines: readonly string[];
  /** Model calls that were begun, and those that are in the journal. */
  readonly calls: number;
  readonly recordedCalls: number;
  /** What came of every effect, by activation. */
  readonly effects: Effects;
  /** What the agents keep. */
  readonly states: Head["states"];
  readonly mailbox: { readonly [file: string]: string };
  /** The requests that changed something, in their order. */
  readonly changes: readonly Request[];
  readonly kinds: ReadonlySet<string>;
}

/** The laws of the journal are checked on the way, its chain, and that a replay does the same again. */
export function picture(course: Course, requests: readonly Request[]): Picture {
  const { events, states } = course.withStore((store) => contentOf(store));
  const lived = course.lives;
  return {
    lines: lived.flatMap(({ lines }) => lines),
    calls: lived.reduce((sum, { calls }) => sum + calls, 0),
    recordedCalls: events.filter(({ type }) => type === "model.replied").length,
    effects: effectsOf(events),
    states,
    mailbox: mailbox(path.join(course.folder, "mail")),
    changes: requests.filter(({ method }) => method !== "GET"),
    kinds: new Set(
      events.flatMap((event) => ("effect" in event && typeof event.effect === "string" ? [event.effect] : [])),
    ),
  };
}

function contentOf(store: Store): { readonly events: readonly Recorded[]; readonly states: Head["states"] } {
  const name = store.find();
  expect(name, "a run").toBeDefined();
  const run = name ?? "";
  checkLaws(store, run);
  const isWhole = (store.runs()[0]?.pruned ?? 0) === 0;
  if (isWhole) checkReplay(store, run);
  expect(store.inbox(run)).toEqual([]);
  expect(store.runs()[0]?.status).toBe("completed");
  return { events: [...store.events(run)], states: store.head(run).states };
}

function effectsOf(events: readonly Recorded[]): Effects {
  const effects: { [activation: string]: { readonly n: number }[] } = {};
  const ordinal = messageOrdinals();
  for (const event of events) {
    if (!("n" in event) || !("effect" in event) || !outcomes.has(event.type)) continue;
    (effects[ordinal(event.activation)] ??= []).push({ n: event.n, ...outcome(event) });
  }
  return effects;
}

/** A message's activation is called by its event's number, which a resume moves: here by which message it is. */
function messageOrdinals(): (activation: string) => string {
  const known = new Map<string, string>();
  return (activation) => {
    if (!activation.includes("/message[")) return activation;
    const name = known.get(activation) ?? activation.replace(/\[\d+\]/, `[#${known.size + 1}]`);
    known.set(activation, name);
    return name;
  };
}

const outcomes: ReadonlySet<string> = new Set([
  "step.completed",
  "step.failed",
  "model.replied",
  "gate.answered",
  "gate.expired",
  "timer.set",
  "timer.fired",
  "message.sent",
]);

/**
 * An address differs from run to run, and a request that a person saw to has no response; a fact may hold the time at
 * which it was remembered.
 */
function outcome(event: object): object {
  const { type, step, indices, effect, value, line, answer, error, body, args } = event as {
    readonly [key: string]: unknown;
  };
  const same = { type, step, indices, effect };
  if (effect === "FetchUrl") return same;
  return { ...same, value, line, answer, error, body, ...(effect === "Remember" ? {} : { args }) };
}

/** Every mail by its folder and content; the time it was sent at is not the mail's own. */
function mailbox(folder: string): Picture["mailbox"] {
  if (!existsSync(folder)) return {};
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return Object.fromEntries(
    names.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const place = path.relative(folder, file).replace(/\d{6,}[^/]*\.keel/g, "sent");
      return [place, readFileSync(file, "latin1").replace(/^Date: .*$/m, "Date")] as const;
    }),
  );
}

/** `torn`: how many processes were killed. */
export function expectSame(label: string, torn: Picture, clean: Picture, kills = 1): void {
  expect(torn.effects, label).toEqual(clean.effects);
  expect(torn.states, label).toEqual(clean.states);
  expect(torn.mailbox, label).toEqual(clean.mailbox);
  expect(withoutKeys(torn.changes), label).toEqual(withoutKeys(clean.changes));
  expect(torn.recordedCalls, label).toBe(clean.recordedCalls);
  expect(torn.calls, label).toBeLessThanOrEqual(clean.calls + kills);
  const { missing, twice } = difference(clean.lines, torn.lines);
  expect(missing, `${label}: nobody saw`).toEqual([]);
  expect(twice.length, `${label}: seen again: ${twice.join()}`).toBeLessThanOrEqual(kills);
}

const withoutKeys = (changes: readonly Request[]): readonly unknown[] =>
  changes.map(({ method, path: at, body }) => [method, at, body]);

/** Which lines a person did not see, and which were seen once too often. */
function difference(
  wanted: readonly string[],
  seen: readonly string[],
): { readonly missing: readonly string[]; readonly twice: readonly string[] } {
  const left = [...seen];
  const missing = wanted.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return { missing, twice: left };
}
