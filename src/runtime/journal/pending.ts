// The runs that are not over, for whoever keeps them alive: read from heads, leases, inbox and open questions, never
// from events. One row that makes no sense hides no other.

import type { Holders } from "./lease.ts";
import type { Sql } from "./sql.ts";
import type { PendingRun } from "./store.ts";

export interface Pending {
  /** Oldest first. */
  all(holders: Holders): readonly PendingRun[];
}

interface PendingRow {
  readonly run: string;
  readonly status: PendingRun["status"];
  readonly seq: number;
  readonly holder: string | null;
  readonly beat: number;
  readonly posted: number | null;
  readonly expires: number | null;
}

const text = `
  select name as run, status, seq, holder, max(beat, at) as beat,
  (select max(id) from inbox where inbox.run = heads.run) as posted,
  (select min(iif(json_valid(body), body ->> '$.expires', null)) from cells
    where cells.run = heads.run and kind = 'gate') as expires
  from heads join leases on leases.run = heads.run join runs on runs.id = heads.run
  where status in ('running', 'suspended') order by heads.run`;

export function openPending(sql: Sql): Pending {
  const select = sql.prepare<PendingRow>(text);
  return {
    all: (holders) =>
      select.all().map(({ run, status, seq, holder, beat, posted, expires }) => ({
        run,
        status,
        seq,
        held: holder !== null && holders.mayLive(holder, beat),
        ...(posted === null ? {} : { posted }),
        ...(expires === null ? {} : { expires }),
      })),
  };
}
