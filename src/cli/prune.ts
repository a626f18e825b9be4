// `keel prune`: forgets runs that ended long ago, and in the others what finished long ago; of the latter the digests
// stay, so `keel audit verify` still follows the chain. Nothing is forgotten without `--yes`.

import type { Lease, RunSummary, Store } from "../runtime/journal/store.ts";
import { StoreError } from "../runtime/journal/store.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { findRun, openExisting, openIfThere } from "./store-place.ts";

export interface PruneOptions {
  /** In ms. */
  readonly olderThan: number;
  readonly yes?: true;
  readonly json?: true;
}

/** What is to be forgotten of a run; `held`: another process drives it, so it is left alone. */
interface Plan {
  readonly run: string;
  readonly file: string;
  readonly what: "drop" | "prune" | "held";
  readonly activations: number;
  readonly events: number;
}

export function prune(prefixes: readonly string[], options: PruneOptions): ExitCode {
  const store = prefixes.length === 0 ? openIfThere() : openExisting();
  if (store === undefined) return tell([], options);
  const only = new Set(prefixes.map((prefix) => findRun(store, prefix)));
  store.close();
  return forget(only, options);
}

function forget(only: ReadonlySet<string>, options: PruneOptions): ExitCode {
  const store = openExisting();
  try {
    const before = Date.now() - options.olderThan;
    const runs = store.runs().filter(({ run }) => only.size === 0 || only.has(run));
    const planned = runs.map((run) => plan(store, run, before)).filter(({ events }) => events > 0);
    const done = options.yes ? planned.map((each) => carryOut(store, each, before)) : planned;
    if (options.yes && done.some(({ what }) => what !== "held")) store.sweep();
    return tell(done, options);
  } finally {
    store.close();
  }
}

function plan(store: Store, { run, file, status, lastAt, events, held }: RunSummary, before: number): Plan {
  const over = status === "completed" || status === "cancelled" || status === "failed";
  if (over && lastAt < before && !held) return { run, file, what: "drop", activations: 0, events };
  return { run, file, what: held ? "held" : "prune", ...store.prunable(run, before) };
}

function carryOut(store: Store, each: Plan, before: number): Plan {
  if (each.what === "held") return each;
  let lease: Lease;
  try {
    lease = store.acquire(each.run, Date.now());
  } catch (error) {
    if (error instanceof StoreError && error.problem === "held") return { ...each, what: "held" };
    throw error;
  }
  if (each.what === "drop") {
    store.drop(lease);
    return each;
  }
  try {
    return { ...each, events: store.prune(lease, before) };
  } finally {
    store.release(lease);
  }
}

function tell(plans: readonly Plan[], options: PruneOptions): ExitCode {
  if (options.json)
    process.stdout.write(
      `${JSON.stringify(
        plans.map((each) => asJson(each, options)),
        null,
        2,
      )}\n`,
    );
  else process.stdout.write(text(plans, options));
  return exitCodes.ok;
}

function asJson(
  { run, file, what, activations, events }: Plan,
  { yes }: PruneOptions,
): { readonly [key: string]: unknown } {
  return { run, file, action: what, activations, events, done: yes === true && what !== "held" };
}

function text(plans: readonly Plan[], { yes }: PruneOptions): string {
  if (plans.length === 0) return "nothing is old enough to be pruned\n";
  const lines = plans.map((each) => `  ${line(each)}\n`).join("");
  return `${yes ? "pruned" : "would be pruned"}:\n${lines}${yes ? "" : "nothing was changed: `--yes` does it, for good\n"}`;
}

function line({ run, file, what, activations, events }: Plan): string {
  const of = `${run}  ${file}`;
  if (what === "drop") return `${of}  the whole run, ${events} events`;
  const finished = `${events} events of ${activations} activation${activations === 1 ? "" : "s"}`;
  return what === "prune" ? `${of}  ${finished}` : `${of}  ${finished}: left alone, another process drives the run`;
}
