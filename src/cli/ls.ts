// `keel ls`: the runs of the store, newest first.

import type { RunSummary } from "../runtime/journal/store.ts";
import { money, table, utc } from "./layout.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { openIfThere } from "./store-place.ts";

export function ls(options: { readonly json?: true }): ExitCode {
  const store = openIfThere();
  const runs = store?.runs() ?? [];
  store?.close();
  if (options.json) process.stdout.write(`${JSON.stringify(runs.map(asJson), null, 2)}\n`);
  else if (runs.length === 0) process.stdout.write("no runs yet: `keel run FILE` makes one\n");
  else process.stdout.write(table(["run", "status", "started", "calls", "cost", "file"], runs.map(row), [3, 4]));
  return exitCodes.ok;
}

/** What a person calls a run's status: one that nobody drives and that did not end has crashed. */
export function statusText({ status, held, waiting }: RunSummary): string {
  if (status === "running" && !held) return "crashed";
  return status === "suspended" && waiting > 0 ? `suspended (${waiting} to answer)` : status;
}

function row(each: RunSummary): readonly string[] {
  const cost = money(each.cost, each.unpriced);
  return [each.run, statusText(each), utc(each.startedAt), String(each.calls), cost, each.file];
}

/** The stable form of a run in `--json`; money in millionths of a dollar, times in RFC 3339. */
export function asJson(each: RunSummary): { readonly [key: string]: unknown } {
  return {
    run: each.run,
    file: each.file,
    status: each.status === "running" && !each.held ? "crashed" : each.status,
    started_at: utc(each.startedAt),
    last_at: utc(each.lastAt),
    events: each.events,
    events_pruned: each.pruned,
    calls: each.calls,
    cost_microdollars: each.cost,
    calls_without_price: each.unpriced,
    waiting: each.waiting,
  };
}
