// Forgetting on purpose. An event that is pruned leaves its digest: hash = SHA-256(previous hash ‖ digest) can still be
// followed from the first event to the newest, and nobody can say any more what the event said. Invariants: what a
// resume reads stays (whatever a cell of the head refers to, and all of a live activation from its newest checkpoint
// on); events and digests change in one transaction; a text goes only when no event and no cell names it.

import { blobsIn, plainName, type Blobs } from "./blobs.ts";
import { digestOf } from "./chain.ts";
import { storedOf, type ChainedRow } from "./rows.ts";
import type { StepName } from "./names.ts";
import type { Sql } from "./sql.ts";

export interface Prunes {
  /** How many events `prune` would take, of how many activations. */
  count(run: number, before: number): Prunable;
  /** Replaces up to `limit` events by their digests; gives how many. */
  prune(run: number, name: string, before: number, limit: number): number;
  /** Removes a run with everything that is its own. */
  drop(run: number): void;
  /** Removes the texts and programs that nothing names any more. */
  sweep(): void;
}

export interface Prunable {
  readonly activations: number;
  readonly events: number;
}

const seqBits = 2 ** 32;

/** Events older than `:before` of activations that ended before it, or that lie before a live one's newest checkpoint. */
const prunable = `
  from events where events.id > :first and events.id < :last and events.at < :before
  and (
    events.activation in (
      select activation from events where id > :first and id < :last
      and type in ('activation.completed', 'activation.failed') and at < :before
    )
    or exists (
      select 1 from cells join activations on activations.run = cells.run and activations.name = cells.key
      where cells.run = :run and cells.kind = 'live' and activations.id = events.activation
      and (events.id & 4294967295) < cells.body ->> '$.checkpoint'
    )
  )
  and (events.id & 4294967295) not in (select seq from cells where run = :run)`;

interface CountRow {
  readonly events: number;
  readonly activations: number;
}

interface TextRow {
  readonly body: string;
}

export function openPrunes(sql: Sql, blobs: Blobs, stepOf: (id: number) => StepName): Prunes {
  const named = (run: number, before: number) => ({
    run,
    before,
    first: run * seqBits,
    last: (run + 1) * seqBits,
  });
  const count = sql.prepare<CountRow>(
    `select count(*) as events, count(distinct events.activation) as activations ${prunable}`,
  );
  const select = sql.prepare<ChainedRow>(
    `select events.id & 4294967295 as seq, at, type, n, step,
     case typeof(args) when 'blob' then lower(hex(args)) else args end as args, body,
     (select name from activations where activations.id = events.activation) as activation, hash
     ${prunable} order by events.id limit :limit`,
  );
  const insert = sql.prepare("insert into pruned (id, digest) values (?, ?)");
  const remove = sql.prepare("delete from events where id = ?");
  const counted = sql.prepare("update heads set pruned = pruned + ? where run = ?");
  const dropped = [
    ...["events", "pruned"].map((table) => sql.prepare(`delete from ${table} where id > :first and id < :last`)),
    ...["cells", "heads", "leases", "inbox", "activations"].map((table) =>
      sql.prepare(`delete from ${table} where run = :run`),
    ),
    sql.prepare("delete from runs where id = :run"),
  ];
  const naming = sql.prepare<TextRow>(
    `select body from events where instr(body, '"blob:') union all select body from cells where instr(body, '"blob:')`,
  );
  const stored = sql.prepare<{ readonly digest: Uint8Array }>("select digest from blobs");
  const dropBlob = sql.prepare("delete from blobs where digest = ?");
  const dropPrograms = sql.prepare(
    `delete from programs where id not in (select program from runs) and hash not in
     (select body ->> '$.program' from events where type in ('run.started', 'run.upgraded'))`,
  );

  return {
    count: (run, before) => count.get(named(run, before)) ?? { events: 0, activations: 0 },
    prune(run, name, before, limit) {
      const rows = select.all({ ...named(run, before), limit });
      for (const row of rows) {
        const id = run * seqBits + row.seq;
        insert.run(id, digestOf(storedOf(name, row, stepOf)));
        remove.run(id);
      }
      counted.run(rows.length, run);
      return rows.length;
    },
    drop(run) {
      for (const statement of dropped) statement.run(named(run, 0));
    },
    sweep() {
      const kept = new Set<string>();
      const keep = (name: string): void => {
        if (kept.has(name)) return;
        kept.add(name).add(plainName(name));
        if (plainName(name) !== name) blobsIn(Buffer.from(blobs.read(plainName(name))).toString()).forEach(keep);
      };
      for (const { body } of naming.all()) blobsIn(body).forEach(keep);
      for (const { digest } of stored.all()) {
        if (!kept.has(Buffer.from(digest).toString("base64url"))) dropBlob.run(digest);
      }
      dropPrograms.run();
    },
  };
}
