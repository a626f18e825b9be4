// `keel costs [RUN]`: tokens and money by run, agent, activation, step or model, and in all. Added up from the journals,
// each call at the price that was recorded with it.

import type { Recorded } from "../runtime/journal/event.ts";
import type { RunSummary, Store } from "../runtime/journal/store.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { money, table, utc } from "./layout.ts";
import { findRun, openExisting, openIfThere } from "./store-place.ts";
import { callOf, nothingUsed, together, tokensText, usedBy, usedJson, type Used } from "./usage.ts";

export const groupings = ["run", "agent", "activation", "step", "model"] as const;
export type Grouping = (typeof groupings)[number];

export interface CostsOptions {
  readonly by?: Grouping;
  /** An age in ms: only calls that are younger. */
  readonly since?: number;
  readonly json?: true;
}

export function costs(prefix: string | undefined, options: CostsOptions): ExitCode {
  const store = prefix === undefined ? openIfThere() : openExisting();
  try {
    const one = store === undefined || prefix === undefined ? undefined : findRun(store, prefix);
    const by = options.by ?? (one === undefined ? "run" : "step");
    const since = options.since === undefined ? undefined : Date.now() - options.since;
    const sums = new Sums(by, one);
    for (const summary of store?.runs() ?? []) {
      if (store !== undefined && (one === undefined || summary.run === one)) addRun(store, summary, since, sums);
    }
    process.stdout.write(options.json ? asJson(sums, since) : asText(sums, since));
    return exitCodes.ok;
  } finally {
    store?.close();
  }
}

// ── adding up ───────────────────────────────────────────────────────────────────────────────────────────────────

interface Row {
  readonly names: readonly string[];
  readonly used: Used;
}

/** What a row is named by: of several programs also by the file, so that steps of one name are told apart. */
const columns: { readonly [G in Grouping]: readonly [own: string, apart?: string] } = {
  run: ["run"],
  agent: ["agent", "file"],
  activation: ["activation", "run"],
  step: ["step", "file"],
  model: ["model"],
};

class Sums {
  readonly head: readonly string[];
  readonly #rows = new Map<string, Row>();
  total = nothingUsed;
  /** Calls of which only the sum is left. */
  pruned = nothingUsed;

  constructor(
    readonly by: Grouping,
    readonly run: string | undefined,
  ) {
    const [own, apart] = columns[by];
    this.head = by === "run" ? ["run", "file"] : run !== undefined || apart === undefined ? [own] : [own, apart];
  }

  add(named: { readonly [column: string]: string }, used: Used): void {
    const names = this.head.map((column) => named[column] ?? "");
    const key = JSON.stringify(names);
    this.#rows.set(key, { names, used: together(this.#rows.get(key)?.used ?? nothingUsed, used) });
    this.total = together(this.total, used);
  }

  /** Runs newest first, all else the dearest first. */
  get rows(): readonly Row[] {
    const rows = [...this.#rows.values()];
    return this.by === "run" ? rows : rows.toSorted((a, b) => b.used.cost - a.used.cost || b.used.calls - a.used.calls);
  }
}

function addRun(store: Store, summary: RunSummary, since: number | undefined, sums: Sums): void {
  const { run, file } = summary;
  const agents = new Map<string, string>();
  let seen = nothingUsed;
  let isBranch = false;
  for (const event of store.events(run)) {
    if (event.type === "run.started") isBranch = event.branch !== undefined;
    if (event.type === "activation.started") agents.set(event.activation, event.agent ?? "main");
    const call = callOf(event);
    if (call === undefined || !("activation" in event)) continue;
    const used = usedBy(call);
    seen = together(seen, used);
    // A run that goes on from another one begins with copies: those calls were made, and paid for, there.
    if (isBranch && event.at < summary.startedAt) continue;
    if (since !== undefined && event.at < since) continue;
    sums.add({ run, file, ...namesOf(event, agents), model: call.used }, used);
  }
  const rest = { ...nothingUsed, calls: summary.calls - seen.calls, cost: summary.cost - seen.cost };
  if (rest.calls <= 0) return;
  const pruned = { ...rest, unpriced: summary.unpriced - seen.unpriced };
  sums.pruned = together(sums.pruned, pruned);
  // When a pruned call was made nobody knows any more.
  if (since === undefined) sums.add({ run, file, [columns[sums.by][0]]: sums.by === "run" ? run : "(pruned)" }, pruned);
}

function namesOf(event: Recorded & { readonly activation?: string }, agents: ReadonlyMap<string, string>) {
  const activation = event.activation ?? "";
  return { activation, step: "step" in event ? (event.step ?? "") : "", agent: agents.get(activation) ?? "main" };
}

// ── showing ─────────────────────────────────────────────────────────────────────────────────────────────────────

function asText(sums: Sums, since: number | undefined): string {
  const { head, rows, total, pruned } = sums;
  if (total.calls === 0 && pruned.calls === 0) {
    return `no AI operation was performed${since === undefined ? "" : ` since ${utc(since)}`}\n`;
  }
  const all = [...rows, { names: head.map((_, at) => (at === 0 ? "total" : "")), used: total }];
  const cells = all.map(({ names, used }) => [...names, ...numbers(used)]);
  const right = [1, 2, 3, 4, 5].map((at) => head.length + at - 1);
  return `${table([...head, "calls", "in", "cached", "out", "cost"], cells, right)}${notes(sums, since)}`;
}

function numbers({ calls, input, cacheRead, output, cost, unpriced }: Used): readonly string[] {
  return [String(calls), tokensText(input), tokensText(cacheRead), tokensText(output), money(cost, unpriced)];
}

function notes({ total, pruned }: Sums, since: number | undefined): string {
  const lines: string[] = [];
  if (total.prices.length > 0) lines.push(`prices of ${total.prices.join(", ")}`);
  if (total.unpriced > 0) {
    lines.push(`${counted(total.unpriced)} without a known price: unknown cost, which is in no sum`);
  }
  if (pruned.calls > 0) {
    const what =
      since === undefined ? "their cost is counted, their tokens are not known" : "they are not counted here";
    lines.push(`${counted(pruned.calls)} pruned: ${what}`);
  }
  return lines.length === 0 ? "" : `\n${lines.map((line) => `${line}\n`).join("")}`;
}

function counted(calls: number): string {
  return `${calls} call${calls === 1 ? "" : "s"}`;
}

function asJson({ by, head, rows, total, pruned }: Sums, since: number | undefined): string {
  const document = {
    version: 1,
    by,
    since: since === undefined ? null : utc(since),
    rows: rows.map(({ names, used }) => ({
      ...Object.fromEntries(head.map((column, at) => [column, names[at]])),
      ...usedJson(used),
    })),
    total: usedJson(total),
    pruned_calls: pruned.calls,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
