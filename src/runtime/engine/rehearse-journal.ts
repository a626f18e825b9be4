// A journal as a rehearsal reads it: its events, and a short index of what one activation's events say about another's.
// Nothing is written, and no lease is needed.

import type { Program } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type {
  ActivationStarted,
  AgentStarted,
  AgentStopped,
  Recorded,
  RunStarted,
  RunUpgraded,
} from "../journal/event.ts";
import { effectId, type Head } from "../journal/fold.ts";
import { isEventType } from "../journal/rows.ts";
import type { Sealed, Store } from "../journal/store.ts";

/** Where the events come from: a store, or a file that holds them. */
export interface Journal {
  /** Those that were not pruned, in order. */
  events(): Iterable<Recorded>;
  /** The same of one activation. */
  activation(id: string): readonly Sealed[];
  event(seq: number): Recorded | undefined;
  /** The newest state of the agents: asked for only where events were pruned. */
  states(): Head["states"];
  /** A program that the run has or had, by its hash. */
  program(hash: string): Program;
}

export function journalOf(store: Store, run: string): Journal {
  return {
    events: () => store.events(run),
    activation: (id) => store.activation(run, id),
    event: (seq) => store.event(run, seq),
    states: () => store.head(run).states,
    program: (hash) => store.programNamed(hash),
  };
}

/** `programs` are all that the run had, by hash; `states` is its newest state, where some of its events are missing. */
export function journalFrom(
  events: readonly Recorded[],
  programs: ReadonlyMap<string, Program>,
  states: Head["states"] = {},
): Journal {
  const bySeq = new Map(events.map((event) => [event.seq, event]));
  const byActivation = new Map<string, Sealed[]>();
  for (const event of events) {
    const id = "activation" in event && event.type !== "run.failed" ? event.activation : undefined;
    if (id === undefined) continue;
    const of = byActivation.get(id) ?? [];
    of.push({ type: event.type, n: "n" in event ? event.n : null, open: () => event });
    byActivation.set(id, of);
  }
  return {
    events: () => events,
    activation: (id) => byActivation.get(id) ?? [],
    event: (seq) => bySeq.get(seq),
    states: () => states,
    program(hash) {
      const program = programs.get(hash);
      invariant(program !== undefined, `the program ${hash} is there`);
      return program;
    },
  };
}

/** What the events of a run say about each other, by seq. */
export interface History {
  readonly journal: Journal;
  readonly started: Recorded<RunStarted>;
  /** The activations in the order of their start. */
  readonly begun: readonly number[];
  /** By activation: the event that ended it. */
  readonly ends: ReadonlyMap<string, number>;
  /** By effect: the intent of a delegation, the timer of a block, the start of an agent. */
  readonly opened: ReadonlyMap<string, number>;
  /** By agent, in order. */
  readonly running: ReadonlyMap<string, readonly Span[]>;
  /** By tick: the one of the same schedule before it. */
  readonly ticks: ReadonlyMap<number, number>;
  /** Where the run was given another program. */
  readonly upgrades: readonly Recorded<RunUpgraded>[];
  /** What no activation answers for: failures and the end of the run, and events that belong nowhere. */
  readonly others: readonly number[];
  /** Some events are missing: what they would say is taken on trust. */
  readonly pruned: boolean;
}

/** From the event that began an agent to the one that stopped it. */
export interface Span {
  readonly from: number;
  to?: number;
}

/** Reads every event once. */
export function readHistory(journal: Journal): History {
  const index = new Index();
  for (const event of journal.events()) index.add(event);
  const { started, ends, opened, running, ticks, begun, upgrades, others, count, last } = index;
  invariant(started !== undefined, "a journal begins with run.started");
  const pruned = count !== last;
  return { journal, started, begun, ends, opened, running, ticks, upgrades, others, pruned };
}

/** The start of an activation, by its seq. */
export function beganAt(journal: Journal, seq: number): Recorded<ActivationStarted> {
  const event = journal.event(seq);
  invariant(event?.type === "activation.started", `event ${seq} starts an activation`);
  return event;
}

class Index {
  started: Recorded<RunStarted> | undefined;
  readonly begun: number[] = [];
  readonly ends = new Map<string, number>();
  readonly opened = new Map<string, number>();
  readonly running = new Map<string, Span[]>();
  readonly ticks = new Map<number, number>();
  readonly upgrades: Recorded<RunUpgraded>[] = [];
  readonly others: number[] = [];
  count = 0;
  last = 0;
  readonly #known = new Set<string>();
  readonly #newestTicks = new Map<string, number>();
  /** Told to stop: an agent may have work without running. */
  readonly #stopping = new Set<string>();

  add(event: Recorded): void {
    const { seq, type } = event;
    this.count += 1;
    this.last = seq;
    if ("activation" in event && type !== "run.failed" && type !== "activation.started") this.#belong(event);
    if (type === "run.started") this.started = event;
    else if (type === "run.upgraded") this.upgrades.push(event);
    else if (type === "run.failed" || type === "run.completed" || !isEventType(type)) this.others.push(seq);
    else if (type === "activation.started") this.#begin(event);
    else if (type === "activation.completed" || type === "activation.failed") this.ends.set(event.activation, seq);
    else if (type === "step.intended" && event.effect === "Delegate") this.opened.set(effectId(event), seq);
    else if (type === "timer.set" && event.block !== undefined) this.opened.set(effectId(event), seq);
    else if (type === "agent.started") this.#run(event);
    else if (type === "agent.stopping") this.#stopping.add(event.agent);
    else if (type === "agent.stopped") this.#stop(event);
  }

  #begin({ seq, cause, activation }: Recorded<ActivationStarted>): void {
    this.begun.push(seq);
    this.#known.add(activation);
    if (cause.kind !== "Tick") return;
    const { schedule } = cause;
    const before = this.#newestTicks.get(schedule);
    if (before !== undefined) this.ticks.set(seq, before);
    this.#newestTicks.set(schedule, seq);
  }

  /** The first event of an activation that never began. */
  #belong({ activation, seq }: Recorded & { readonly activation: string }): void {
    if (this.#known.has(activation)) return;
    this.#known.add(activation);
    this.others.push(seq);
  }

  #run(event: Recorded<AgentStarted>): void {
    this.opened.set(effectId(event), event.seq);
    append(this.running, event.agent, { from: event.seq });
  }

  #stop({ seq, agent }: Recorded<AgentStopped>): void {
    const span = this.running.get(agent)?.at(-1);
    const told = this.#stopping.delete(agent);
    if (span !== undefined && span.to === undefined) span.to = seq;
    else if (!told) this.others.push(seq);
  }
}

function append<T>(map: Map<string, T[]>, key: string, item: T): void {
  const items = map.get(key);
  if (items === undefined) map.set(key, [item]);
  else items.push(item);
}
