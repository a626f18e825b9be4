// What someone other than the holder of a run wants written to it waits here, one item for a gate or a step, until the
// holder writes it into the journal and takes it out in the same transaction.

import { unreachable } from "../../source/invariant.ts";
import type { Sql } from "./sql.ts";
import { StoreError, type InboxItem, type Posted } from "./store.ts";

export interface Inbox {
  /** Throws StoreError `duplicate`. */
  put(run: number, item: InboxItem, at: number): void;
  list(run: number): readonly Posted[];
  take(run: number, ids: readonly number[]): void;
}

export function openInbox(sql: Sql): Inbox {
  const insert = sql.prepare("insert into inbox (run, key, item, at) values (?, ?, ?, ?) on conflict do nothing");
  const select = sql.prepare<Omit<Posted, "item"> & { readonly item: string }>(
    "select id, item, at from inbox where run = ? order by id",
  );
  const drop = sql.prepare("delete from inbox where run = ? and id = ?");
  return {
    put(run, item, at) {
      if (insert.run(run, keyOf(item), JSON.stringify(item), at).changes === 0) throw duplicate(item);
    },
    list: (run) => select.all(run).map((row) => ({ ...row, item: JSON.parse(row.item) as InboxItem })),
    take(run, ids) {
      for (const id of ids) drop.run(run, id);
    },
  };
}

function keyOf(item: InboxItem): string {
  switch (item.kind) {
    case "Answer":
      return `gate ${item.gate}`;
    case "Resolve":
      return `step ${item.step}`;
    case "Cancel":
      return "cancel";
    default:
      return unreachable(item);
  }
}

function duplicate(item: InboxItem): StoreError {
  const help = "it is taken up by the run's process, or by the next `keel resume`";
  switch (item.kind) {
    case "Answer":
      return new StoreError("duplicate", `the question ${item.gate} already has an answer waiting`, help);
    case "Resolve":
      return new StoreError("duplicate", `the step ${item.step} already has a verdict waiting`, help);
    case "Cancel":
      return new StoreError("duplicate", "the run is already told to stop", help);
    default:
      return unreachable(item);
  }
}
