// What Keel says of agents beside the program's own lines. Nothing here is in the journal.

import type { ScheduleNode } from "../../ir/kir.ts";
import type { Head } from "../journal/fold.ts";
import { nextDue, type Actor } from "./actor.ts";
import { zoneOf } from "./setup.ts";
import type { RunState } from "./state.ts";
import { localText } from "./time-of-day.ts";

/** The lines at an agent's start: who it is, what it runs on, when it wakes. */
export function announceAgent(state: RunState, actor: Actor): void {
  const { settings, node } = actor;
  if (settings === undefined || node === undefined) return;
  const { terminal } = state.world;
  terminal.note(`▸ Starting agent ${settings.name}`);
  terminal.note(`  role: ${settings.role}`);
  if (state.modelText !== undefined) terminal.note(`  model: ${state.modelText(settings.model ?? "claude-sonnet")}`);
  terminal.note("");
  node.schedules.forEach((schedule, index) => announceSchedule(state, actor, schedule, index));
}

function announceSchedule(state: RunState, actor: Actor, schedule: ScheduleNode, index: number): void {
  const { settings } = actor;
  if (settings === undefined) return;
  const { terminal } = state.world;
  const time = settings.times[index];
  const interval = durationWords(settings.intervals[index] ?? 0);
  if (time === undefined) {
    return terminal.note(schedule.kind === "After" ? `  ⏱ once, after ${interval}` : `  ⏱ polling every ${interval}`);
  }
  const zone = zoneOf(settings, state.zone);
  const due = nextDue(actor, schedule, index, Infinity);
  if (due === undefined) return terminal.warn(`  ✗ ${time} (${zone}) is past: this schedule never runs`);
  const often = schedule.kind === "Every" ? `every ${interval} at ${time}, first` : "once,";
  terminal.note(`  ⏱ ${often} ${localText(due, zone)} (${zone})`);
}

/** Said once, when the first ticks are over and the agent goes on. */
export function announceRunning(state: RunState, actor: Actor): void {
  if (actor.announced) return;
  actor.announced = true;
  state.world.terminal.note("");
  state.world.terminal.note("  ▸ Agent running. Press Ctrl+C to stop.");
}

/** A duration in words, in the largest unit that divides it: `5 seconds`, `1 hour`. */
export function durationWords(ms: number): string {
  for (const [unit, size] of units) {
    if (ms % size === 0 && ms >= size) return `${ms / size} ${unit}${ms === size ? "" : "s"}`;
  }
  return `${ms} ms`;
}

const units = [
  ["week", 604_800_000],
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
  ["second", 1000],
] as const;

/** What a resume finds, in a line. */
export function announceResumed(state: RunState, head: Head): void {
  const live =
    head.live.length === 0 ? "nothing in flight" : `in flight: ${head.live.map((each) => each.id).join(", ")}`;
  const events = `${head.seq} event${head.seq === 1 ? "" : "s"} recorded`;
  state.world.terminal.note(`▸ Resuming run ${state.run}: ${events}, ${live}`);
}
