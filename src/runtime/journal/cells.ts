// The head of a run as rows: its cells, and one row of totals with the hash of its newest event.

import { apply, assemble, count, type CellKind, type CellKinds, type Cells, type Head, type Totals } from "./fold.ts";
import type { Blobs } from "./blobs.ts";
import type { Recorded } from "./event.ts";
import type { Sql } from "./sql.ts";

export interface Tip extends Totals {
  /** The hash of the newest event. */
  readonly tip: Uint8Array;
}

export interface Heads {
  create(run: number, tip: Tip): void;
  /** The totals and the newest hash. */
  tip(run: number): Tip | undefined;
  /** Brings the rows of a run forward by events whose newest has the hash `tip`. */
  advance(run: number, from: Totals, events: readonly Recorded[], tip: Uint8Array): void;
  read(run: number, totals: Totals): Head;
}

interface CellRow {
  readonly key: string;
  readonly body: string;
}

export function openHeads(sql: Sql, blobs: Blobs): Heads {
  const insert = sql.prepare(
    "insert into heads (status, seq, at, calls, cost, unpriced, tip, run) values (?, ?, ?, ?, ?, ?, ?, ?)",
  );
  const update = sql.prepare(
    "update heads set status = ?, seq = ?, at = ?, calls = ?, cost = ?, unpriced = ?, tip = ? where run = ?",
  );
  const select = sql.prepare<Tip>("select status, seq, at, calls, cost, unpriced, tip from heads where run = ?");
  const put = sql.prepare(
    "insert into cells (run, kind, key, seq, body) values (?, ?, ?, ?, ?) on conflict do update set seq = excluded.seq, body = excluded.body",
  );
  const drop = sql.prepare("delete from cells where run = ? and kind = ? and key = ?");
  const get = sql.prepare<CellRow>("select key, body from cells where run = ? and kind = ? and key = ?");
  const all = sql.prepare<CellRow>("select key, body from cells where run = ? and kind = ? order by seq");

  // The store wrote the cell as this kind, and the chain's verifier is not asked here.
  const cell = <K extends CellKind>(row: CellRow): CellKinds[K] => blobs.unpack(row.body) as unknown as CellKinds[K];
  const cellsOf = (run: number): Cells => ({
    get: <K extends CellKind>(kind: K, key: string) => {
      const row = get.get(run, kind, key);
      return row === undefined ? undefined : cell<K>(row);
    },
    put: (kind, key, seq, body) => void put.run(run, kind, key, seq, blobs.pack(body as never)),
    drop: (kind, key) => void drop.run(run, kind, key),
    of: <K extends CellKind>(kind: K) => all.all(run, kind).map((row) => [row.key, cell<K>(row)] as const),
  });
  const values = (t: Totals, tip: Uint8Array, run: number) =>
    [t.status, t.seq, t.at, t.calls, t.cost, t.unpriced, tip, run] as const;

  return {
    create: (run, tip) => void insert.run(...values(tip, tip.tip, run)),
    tip: (run) => select.get(run),
    advance(run, from, events, tip) {
      const cells = cellsOf(run);
      for (const event of events) apply(event, cells);
      update.run(...values(events.reduce(count, from), tip, run));
    },
    read: (run, { status, seq, at, calls, cost, unpriced }) =>
      assemble({ status, seq, at, calls, cost, unpriced }, cellsOf(run)),
  };
}
