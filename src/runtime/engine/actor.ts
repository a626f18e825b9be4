// An actor: what runs its work one after the other. Each agent is one, and `main` is one, for the blocks it set timers
// for. What it does next is decided when it is free, in order of arrival, so ticks it missed collapse into one.

import type { FunctionValue, Value } from "../../interp/value.ts";
import type { AgentNode, ScheduleNode } from "../../ir/kir.ts";
import type { AgentSettings } from "../effects/handler.ts";
import type { Cause } from "../journal/event.ts";
import type { Activation } from "./activation.ts";
import type { Calendar } from "./time-of-day.ts";

export interface Actor {
  /** The agent's name, `undefined` for main. */
  readonly name: string | undefined;
  readonly node: AgentNode | undefined;
  readonly settings: AgentSettings | undefined;
  /** One for each schedule that fires at a time of day, `undefined` for the others. */
  readonly calendars: readonly (Calendar | undefined)[];
  /** The agent's state: the same record for all its activations. */
  readonly state: { [field: string]: Value };
  readonly mailbox: Work[];
  readonly ticks: Map<string, Ticks>;
  current: Activation | undefined;
  /** Set while its schedules run. */
  running: Running | undefined;
  /** Nothing new is begun; when its current work is over, it has stopped. */
  stopping: boolean;
  /** Its `on stop` has begun. */
  farewell: boolean;
  announced: boolean;
}

/** What of an actor tells when its schedules fire. */
export type Timed = Pick<Actor, "running" | "settings" | "calendars" | "ticks">;

/** The newest tick of a schedule. */
export interface Ticks {
  readonly count: number;
  readonly due: number;
}

export interface Running {
  /** When its schedules began, ms since the epoch. */
  readonly since: number;
  /** The Run that began them. */
  readonly activation: string;
  readonly n: number;
  readonly background: boolean;
}

/** One thing for an actor to do: the activation it will be. */
export interface Work {
  readonly id: string;
  readonly cause: Cause;
  /** In ms since the epoch. */
  readonly arrived: number;
  readonly callee: FunctionValue;
  readonly arguments: readonly Value[];
}

/** When a schedule fires next, or `undefined` if it never does again. `limit` is the number of ticks allowed. */
export function nextDue(actor: Timed, schedule: ScheduleNode, index: number, limit: number): number | undefined {
  const { running, settings } = actor;
  if (running === undefined || settings === undefined) return undefined;
  const { since } = running;
  const interval = settings.intervals[index] ?? 0;
  const last = actor.ticks.get(schedule.id);
  if ((last?.count ?? 0) >= limit) return undefined;
  const ticked = last !== undefined && last.due >= since;
  const calendar = actor.calendars[index];
  if (calendar !== undefined) return calendar.next(since, ticked ? last.due : since);
  if (schedule.kind === "After") return ticked ? undefined : since + interval;
  return ticked ? last.due + interval : since;
}

/** Whether a schedule, by its newest tick, can fire next for this very instant. */
export function fires(timed: Timed, schedule: ScheduleNode, index: number, instant: number): boolean {
  const first = nextDue(timed, schedule, index, Infinity);
  return first !== undefined && instant >= first && collapse(timed, schedule, index, first, instant) === instant;
}

/** Of the instants of a schedule from `due` on, the last one that is not after `now`: what missed ticks collapse into. */
function collapse(actor: Timed, { kind }: ScheduleNode, index: number, due: number, now: number): number {
  const { running, settings } = actor;
  const calendar = actor.calendars[index];
  if (running !== undefined && calendar !== undefined) return calendar.latest(running.since, now);
  const interval = settings?.intervals[index] ?? 0;
  return kind === "Every" ? due + Math.floor((now - due) / interval) * interval : due;
}

/**
 * Takes the next thing to do, in order of arrival: the head of the mailbox, or a schedule that is due. A schedule that
 * missed instants while the actor was busy or the process away fires once, for the last of them.
 */
export function takeWork(
  actor: Actor,
  now: number,
  limit: number,
  tickOf: (schedule: ScheduleNode) => FunctionValue,
): Work | undefined {
  const tick = actor.stopping ? undefined : dueTick(actor, now, limit);
  const posted = actor.mailbox[0];
  if (posted !== undefined && (tick === undefined || posted.arrived <= tick.arrived)) return actor.mailbox.shift();
  if (tick === undefined) return undefined;
  const { schedule, arrived, due } = tick;
  const count = (actor.ticks.get(schedule.id)?.count ?? 0) + 1;
  actor.ticks.set(schedule.id, { count, due });
  const cause: Cause = { kind: "Tick", schedule: schedule.id, count, due };
  return { id: `${schedule.id}[${count}]`, cause, arrived, callee: tickOf(schedule), arguments: [] };
}

function dueTick(actor: Actor, now: number, limit: number): DueTick | undefined {
  let first: DueTick | undefined;
  (actor.node?.schedules ?? []).forEach((schedule, index) => {
    const arrived = nextDue(actor, schedule, index, limit);
    if (arrived === undefined || arrived > now || (first !== undefined && first.arrived <= arrived)) return;
    first = { schedule, arrived, due: collapse(actor, schedule, index, arrived, now) };
  });
  return first;
}

interface DueTick {
  readonly schedule: ScheduleNode;
  readonly arrived: number;
  readonly due: number;
}

/** The earliest instant at which one of the actor's schedules fires, if any does. */
export function earliestTick(actor: Actor, limit: number): number | undefined {
  if (actor.stopping) return undefined;
  const dues = (actor.node?.schedules ?? []).flatMap((schedule, index) => nextDue(actor, schedule, index, limit) ?? []);
  return dues.length === 0 ? undefined : Math.min(...dues);
}
