// The list of runs: what each is at a glance, and how one is found by the beginning of its id.

import type { Sql } from "./sql.ts";
import { StoreError, type RunStatus, type RunSummary } from "./store.ts";

export interface Summaries {
  create(run: NewRun): number;
  /** The run has another program from now on. */
  upgrade(run: number, program: number, places: Uint8Array): void;
  id(name: string): number | undefined;
  /** Newest first. */
  all(isHeld: (run: number) => boolean): readonly RunSummary[];
  newest(): string | undefined;
  /** Throws StoreError where several runs begin so. */
  find(prefix: string): string | undefined;
}

export interface NewRun {
  readonly name: string;
  readonly file: string;
  readonly program: number;
  readonly places: Uint8Array;
  readonly started: number;
}

interface SummaryRow {
  readonly id: number;
  readonly run: string;
  readonly file: string;
  readonly status: RunStatus;
  readonly startedAt: number;
  readonly lastAt: number;
  readonly events: number;
  readonly pruned: number;
  readonly calls: number;
  readonly cost: number;
  readonly unpriced: number;
  readonly waiting: number;
}

interface NameRow {
  readonly name: string;
}

// A delegated task that is under way has an intent and no outcome, and waits for nobody.
const waiting = `
  select count(*) from cells where cells.run = runs.id
  and (kind = 'gate' or (kind = 'doubt' and body ->> '$.effect' <> 'Delegate'))`;

export function openSummaries(sql: Sql): Summaries {
  const insert = sql.prepare("insert into runs (name, file, program, places, started) values (?, ?, ?, ?, ?)");
  const update = sql.prepare("update runs set program = ?, places = ? where id = ?");
  const byName = sql.prepare<{ readonly id: number }>("select id from runs where name = ?");
  const all = sql.prepare<SummaryRow>(
    `select id, name as run, file, status, started as startedAt, at as lastAt, seq as events, pruned, calls, cost, unpriced,
     (${waiting}) as waiting from runs join heads on heads.run = runs.id order by started desc, id desc`,
  );
  const newest = sql.prepare<NameRow>("select name from runs order by started desc, id desc limit 1");
  const begin = sql.prepare<NameRow>(
    "select name from runs where substr(name, 1, length(?)) = ? order by name limit 3",
  );
  return {
    create: (run) => Number(insert.run(run.name, run.file, run.program, run.places, run.started).lastInsertRowid),
    upgrade: (run, program, places) => void update.run(program, places, run),
    id: (name) => byName.get(name)?.id,
    all: (isHeld) => all.all().map(({ id, ...summary }) => ({ ...summary, held: isHeld(id) })),
    newest: () => newest.get()?.name,
    find(prefix) {
      if (byName.get(prefix) !== undefined) return prefix;
      const found = begin.all(prefix, prefix).map(({ name }) => name);
      if (found.length > 1) throw ambiguous(prefix, found);
      return found[0];
    },
  };
}

function ambiguous(prefix: string, found: readonly string[]): StoreError {
  const some = `${found.slice(0, 2).join(", ")}${found.length > 2 ? " …" : ""}`;
  return new StoreError("missing", `several runs begin with ${prefix}: ${some}`, "write more of the id");
}
