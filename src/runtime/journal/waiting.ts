// What waits for a person, in all runs at once: one statement over the cells of open questions and of steps in doubt,
// found by their own index, so its cost grows with what is open and not with the store.

import type { Blobs } from "./blobs.ts";
import type { Doubt, LiveActivation, OpenGate } from "./fold.ts";
import type { Holders } from "./lease.ts";
import type { Sql } from "./sql.ts";
import type { RunStatus, Waiting } from "./store.ts";

export interface WaitingList {
  /** That of the run with the newest activity first; within a run the oldest first. */
  all(holders: Holders): readonly Waiting[];
}

interface WaitingRow {
  readonly id: number;
  readonly run: string;
  readonly file: string;
  readonly status: RunStatus;
  readonly lastAt: number;
  readonly kind: "gate" | "doubt";
  readonly body: string;
  readonly openedAt: number;
  /** Of its activation. */
  readonly live: string | null;
  readonly answeredAt: number | null;
  readonly holder: string | null;
  readonly beat: number;
}

// A run that is over or has failed goes on with no answer.
const text = `
  select runs.id, runs.name as run, runs.file, heads.status, heads.at as lastAt, open.kind, open.body,
  coalesce(events.at, heads.at) as openedAt, live.body as live, inbox.at as answeredAt,
  leases.holder, max(leases.beat, heads.at) as beat
  from cells as open
  join runs on runs.id = open.run join heads on heads.run = open.run join leases on leases.run = open.run
  left join events on events.id = open.run * 4294967296 + open.seq
  left join activations on activations.id = events.activation
  left join cells as live on live.run = open.run and live.kind = 'live' and live.key = activations.name
  left join inbox on inbox.run = open.run and inbox.key = iif(open.kind = 'gate', 'gate ', 'step ') || open.key
  where open.kind in ('gate', 'doubt') and heads.status in ('running', 'suspended', 'interrupted')
  order by heads.at desc, runs.id desc, open.seq`;

export function openWaiting(sql: Sql, blobs: Blobs): WaitingList {
  const select = sql.prepare<WaitingRow>(text);
  const resumed = sql.prepare<{ readonly seq: number }>(
    "select id & 4294967295 as seq from events where id between ? and ? and type = 'run.resumed' order by id desc limit 1",
  );
  /**
   * A live process knows nothing yet of what became of a step that it began itself: that step is under way. So is a
   * delegated task, whoever lives.
   */
  const isUnderWay = (run: number, held: boolean, { seq, effect }: Doubt): boolean =>
    effect === "Delegate" || (held && seq > (resumed.get(run * 2 ** 32, (run + 1) * 2 ** 32 - 1)?.seq ?? 0));
  return {
    all: (holders) =>
      select.all().flatMap((row): readonly Waiting[] => {
        const { id, run, file, status, lastAt, openedAt, answeredAt, holder, beat } = row;
        const held = holder !== null && holders.mayLive(holder, beat);
        const of = { run, file, status, held, lastAt, openedAt, answered: answeredAt !== null };
        // The store wrote each cell as of its kind.
        const cell = (body: string): unknown => blobs.unpack(body);
        const agent = row.live === null ? undefined : (cell(row.live) as LiveActivation).agent;
        const who = agent === undefined ? {} : { agent };
        if (row.kind === "gate") return [{ kind: "Gate", ...of, ...who, gate: cell(row.body) as OpenGate }];
        const doubt = cell(row.body) as Doubt;
        return isUnderWay(id, held, doubt) ? [] : [{ kind: "Doubt", ...of, ...who, doubt }];
      }),
  };
}
