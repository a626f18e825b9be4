// The state of agents between their activations, as a journal tells it: what the end of an activation wrote, over what
// the declaration begins with. Where events were pruned, a field can have a value that nobody knows any more.

import { decode } from "../../interp/codec.ts";
import type { Struct, Value } from "../../interp/value.ts";
import type { Json } from "../../ir/kir.ts";
import type { Recorded } from "../journal/event.ts";
import type { History } from "./rehearse-journal.ts";

export class States {
  readonly #history: History;
  readonly #written = new Map<string, Map<string, Written>>();
  /** Fields whose value of this moment was pruned. */
  readonly #hidden = new Map<string, Set<string>>();

  constructor(history: History) {
    this.#history = history;
    if (history.pruned) this.#restore();
  }

  /** An agent's state as a program of the journal from `upgraded` on sees it; main has none. */
  of(agent: string | undefined, declared: Struct, upgraded: number): Struct {
    const state: { [field: string]: Value } = { ...declared };
    for (const [field, { value, seq }] of this.#written.get(agent ?? "") ?? []) {
      if (!this.#isDropped(agent ?? "", field, seq, upgraded)) state[field] = value;
    }
    return state;
  }

  isKnown(agent: string | undefined): boolean {
    return (this.#hidden.get(agent ?? "")?.size ?? 0) === 0;
  }

  /** What the end of an activation of the agent wrote. */
  keep(agent: string | undefined, end: Recorded | undefined): void {
    if (end?.type === "activation.completed" || end?.type === "activation.failed") {
      this.write(agent, end.state ?? {}, end.seq);
    }
  }

  write(agent: string | undefined, fields: { readonly [field: string]: Json }, seq: number): void {
    const name = agent ?? "";
    const written = this.#written.get(name) ?? new Map<string, Written>();
    this.#written.set(name, written);
    for (const [field, value] of Object.entries(fields)) {
      written.set(field, { value: decode(value), seq });
      this.#hidden.get(name)?.delete(field);
    }
  }

  #isDropped(agent: string, field: string, seq: number, upgraded: number): boolean {
    return this.#history.upgrades.some(
      ({ seq: at, dropped }) => seq < at && at <= upgraded && dropped[agent]?.includes(field) === true,
    );
  }

  /** What no activation that is left changed is as it is now, and the rest is not known yet. */
  #restore(): void {
    const changed = this.#changed();
    for (const [agent, fields] of Object.entries(this.#history.journal.states())) {
      const own = changed.get(agent) ?? new Set();
      const known = Object.entries(fields).filter(([field]) => !own.has(field));
      this.write(agent, Object.fromEntries(known), 0);
      this.#hidden.set(agent, new Set(Object.keys(fields).filter((field) => own.has(field))));
    }
  }

  #changed(): ReadonlyMap<string, ReadonlySet<string>> {
    const { begun, ends, journal } = this.#history;
    const changed = new Map<string, Set<string>>();
    for (const seq of begun) {
      const began = journal.event(seq);
      if (began?.type !== "activation.started" || began.agent === undefined) continue;
      const end = journal.event(ends.get(began.activation) ?? 0);
      if (end?.type !== "activation.completed" && end?.type !== "activation.failed") continue;
      const fields = changed.get(began.agent) ?? new Set();
      for (const field of Object.keys(end.state ?? {})) fields.add(field);
      changed.set(began.agent, fields);
    }
    return changed;
  }
}

interface Written {
  readonly value: Value;
  readonly seq: number;
}
