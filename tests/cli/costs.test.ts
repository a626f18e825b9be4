// `keel costs` with the built command, and what `keel show` and `keel ls` say of tokens and money.

import { afterAll, beforeAll, expect, test } from "vitest";
import { priceOf } from "../../src/runtime/models/prices.ts";
import { ProviderServer } from "../models/provider-server.ts";
import { expectComplaint, place, type Place } from "./command.ts";

interface Row {
  readonly [column: string]: unknown;
}

interface Costs {
  readonly by: string;
  readonly rows: readonly Row[];
  readonly total: Row;
  readonly pruned_calls: number;
}

const costsOf = async (here: Place, ...args: readonly string[]): Promise<Costs> =>
  JSON.parse((await here.keel(["costs", "--json", ...args])).out) as Costs;

const pick = (rows: readonly Row[], ...columns: readonly string[]) =>
  rows.map((row) => columns.map((name) => row[name]));

const priced = priceOf("claude-haiku-4-5-20251001")?.since ?? "";

/** Haiku: 1 a token in, 5 a token out. */
const replies = {
  model: "claude-haiku",
  replies: [
    { operation: "summarize", contains: "long", reply: "s", usage: { input: 1000, output: 100 } },
    { operation: "summarize", reply: "s", usage: { input: 10, output: 1 } },
    { operation: "draft", reply: "d", usage: { input: 200, output: 20 } },
  ],
};

const program = `agent Clerk {
  role "r"
  task work() {
    notify user summarize "a long text" fallback "-"
    notify user draft "x" {} ?? "-"
  }
  every 1.hour { work() }
  every 1.hour { work() }
}
notify user summarize "short" fallback "-"
run Clerk
`;

/** Its ticks are done while it waits. */
const asking = program.replace(/notify user summarize "short".*\nrun Clerk/, 'run Clerk in background\nask user "?"');

async function oneRun(): Promise<Place> {
  const here = place();
  here.write("clerk.keel", program);
  here.write("replies.json", JSON.stringify(replies));
  expect((await here.keel(["run", "clerk.keel", "--mock", "replies.json", "--ticks", "1"])).code).toBe(0);
  return here;
}

test("a step, an activation, an agent, a run and all together", async () => {
  const here = await oneRun();
  const run = await here.run();
  const numbers = ["calls", "input_tokens", "output_tokens", "cost_microdollars"] as const;

  const steps = await costsOf(here, run);
  expect(steps.by).toBe("step");
  expect(pick(steps.rows, "step", ...numbers)).toEqual([
    ["Clerk.work/summarize:a-long-text", 2, 2000, 200, 3000],
    ["Clerk.work/draft:x", 2, 400, 40, 600],
    ["main/summarize:short", 1, 10, 1, 15],
  ]);
  expect(steps.total).toEqual({
    calls: 5,
    input_tokens: 2410,
    cache_read_tokens: 0,
    cache_write_tokens: 0,
    output_tokens: 241,
    cost_microdollars: 3615,
    calls_without_price: 0,
    prices_of: [priced],
  });
  const activations = await costsOf(here, run, "--by", "activation");
  expect(pick(activations.rows, "activation", ...numbers)).toEqual([
    ["Clerk/every#1[1]", 2, 1200, 120, 1800],
    ["Clerk/every#2[1]", 2, 1200, 120, 1800],
    ["main", 1, 10, 1, 15],
  ]);
  const agents = await costsOf(here, run, "--by", "agent");
  expect(pick(agents.rows, "agent", ...numbers)).toEqual([
    ["Clerk", 4, 2400, 240, 3600],
    ["main", 1, 10, 1, 15],
  ]);
  expect(pick((await costsOf(here, run, "--by", "model")).rows, "model", ...numbers)).toEqual([
    ["script:claude-haiku-4-5-20251001", 5, 2410, 241, 3615],
  ]);
  const runs = await costsOf(here);
  expect(runs.by).toBe("run");
  expect(pick(runs.rows, "run", "file", ...numbers)).toEqual([[run, "clerk.keel", 5, 2410, 241, 3615]]);
});

test("the table has a total, and the day of the prices", async () => {
  const here = await oneRun();
  const { out } = await here.keel(["costs", await here.run(), "--by", "agent"]);
  expect(out).toBe(`agent  calls     in  cached  out       cost
Clerk      4  2,400       0  240    $0.0036
main       1     10       0    1  $0.000015
total      5  2,410       0  241  $0.003615

prices of ${priced}
`);
});

test("several runs: each has its row, the newest first; agents and steps of two programs are told apart by their files", async () => {
  const here = await oneRun();
  here.write("other.keel", program);
  await here.keel(["run", "other.keel", "--mock", "replies.json", "--ticks", "1"]);
  const runs = await costsOf(here);
  expect(pick(runs.rows, "file", "cost_microdollars")).toEqual([
    ["other.keel", 3615],
    ["clerk.keel", 3615],
  ]);
  expect(runs.total["cost_microdollars"]).toBe(7230);
  expect(pick((await costsOf(here, "--by", "agent")).rows, "agent", "file", "cost_microdollars")).toEqual([
    ["Clerk", "other.keel", 3600],
    ["Clerk", "clerk.keel", 3600],
    ["main", "other.keel", 15],
    ["main", "clerk.keel", 15],
  ]);
});

test("a price that is not known is unknown, in every list, and never 0", async () => {
  const here = place();
  here.write("a.keel", `notify user summarize "a" using "claude-brand-new" fallback "-"\n`);
  here.write("replies.json", JSON.stringify({ replies: [{ operation: "summarize", reply: "s" }] }));
  await here.keel(["run", "a.keel", "--mock", "replies.json"]);
  const { out } = await here.keel(["costs"]);
  expect(out).toMatch(/^r\w{8} +a\.keel +1 .* unknown \(1 call\)$/m);
  expect(out).toContain("\n1 call without a known price: unknown cost, which is in no sum\n");
  expect(out).not.toContain("$0");
  expect((await here.keel(["ls"])).out).toMatch(/ unknown \(1 call\) {2}a\.keel$/m);
  const shown = (await here.keel(["show"])).out;
  expect(shown).toContain("\ncost     unknown (1 call)\n");
  expect(shown).toMatch(/summarize → s +\d+ → 1 +unknown$/m);
  expect((await costsOf(here)).total).toMatchObject({
    calls: 1,
    cost_microdollars: 0,
    calls_without_price: 1,
    prices_of: [],
  });
  const [event] = (await here.timeline()).filter(({ type }) => type === "model.replied");
  expect(event).toMatchObject({ cost: null });
  expect(event).not.toHaveProperty("priced");

  here.write("b.keel", `notify user summarize "b" using "claude-haiku" fallback "-"\n`);
  await here.keel(["run", "b.keel", "--mock", "replies.json"]);
  expect((await here.keel(["costs"])).out).toMatch(/^total .* \$0\.000\d+ \+ unknown \(1 call\)$/m);
});

test("each call is recorded with its price's day; `keel show` says the tokens of each and of all", async () => {
  const here = await oneRun();
  const calls = (await here.timeline()).filter(({ type }) => type === "model.replied");
  expect(calls.map(({ cost, priced: day }) => [cost, day])).toEqual([
    [15, priced],
    [1500, priced],
    [300, priced],
    [1500, priced],
    [300, priced],
  ]);
  const { out } = await here.keel(["show"]);
  expect(out).toContain("calls    5\ntokens   2,410 in, 241 out\ncost     $0.003615\n");
  expect(out).toMatch(/Clerk\.work\/summarize:a-long-text +summarize → s +1,000 → 100 +\$0\.0015$/m);
  // A run without calls has no column for them.
  here.write("plain.keel", `notify user "x"\n`);
  await here.keel(["run", "plain.keel"]);
  expect((await here.keel(["show"])).out).not.toContain("tokens");
});

test("a replay compares what was recorded, the price's day too", async () => {
  const here = await oneRun();
  const replayed = await here.keel(["replay"]);
  expect(replayed.code, replayed.out).toBe(0);
});

test("a run that goes on from another one pays for its own calls only", async () => {
  const here = await oneRun();
  here.write("patch.json", `"patched"`);
  const args = ["replay", "--from", "Clerk/every#1[1]:1", "--patch", "patch.json", "--mock", "replies.json"];
  const gone = await here.keel(args);
  expect(gone.code, gone.err).toBe(0);
  const { rows } = await costsOf(here);
  // Two of its five calls are copies, the patched one among them.
  expect(pick(rows, "calls", "cost_microdollars")).toEqual([
    [3, 2100],
    [5, 3615],
  ]);
});

test("--since takes younger calls only, and a pruned call is counted where its time does not matter", async () => {
  const here = await oneRun();
  expect((await costsOf(here, "--since", "1h")).total["calls"]).toBe(5);
  expect((await costsOf(here, "--since", "0s")).total["calls"]).toBe(0);
  expect((await here.keel(["costs", "--since", "0s"])).out).toMatch(/^no AI operation was performed since 20/);
  expectComplaint(await here.keel(["costs", "--since", "yesterday"]), 2, "90m, 12h");

  here.write("ask.keel", asking);
  await here.keel(["run", "ask.keel", "--mock", "replies.json", "--no-input", "--ticks", "1"]);
  const run = await here.run();
  const before = await costsOf(here, run);
  expect(before.total["calls"]).toBe(4);
  await here.keel(["prune", run, "--older-than", "0d", "--yes"]);
  const after = await costsOf(here, run);
  expect(after.pruned_calls).toBeGreaterThan(0);
  expect(after.rows).toContainEqual(expect.objectContaining({ step: "(pruned)", calls: after.pruned_calls }));
  expect(after.total).toMatchObject({ calls: 4, cost_microdollars: before.total["cost_microdollars"] });
  expect((await here.keel(["costs", run])).out).toMatch(/pruned: their cost is counted, their tokens are not known\n$/);
  expect((await costsOf(here, run, "--since", "1h")).total["calls"]).toBe(4 - after.pruned_calls);
});

test("nothing, and what is wrong, is said", async () => {
  const here = place();
  expect(await here.keel(["costs"])).toMatchObject({ code: 0, out: "no AI operation was performed\n" });
  expect((await costsOf(here)).rows).toEqual([]);
  expectComplaint(await here.keel(["costs", "r123"]), 2, "no runs here yet");
  expectComplaint(await here.keel(["costs", "--by", "colour"]), 2, "run, agent, activation, step, model");
});

// ── from a provider ─────────────────────────────────────────────────────────────────────────────────────────────

let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.stop());

test("input that came from the provider's cache is counted, at its price", async () => {
  const here = place();
  here.write("a.keel", `notify user summarize "a" using "claude-haiku" fallback "-"\n`);
  const env = { KEEL_LLM: "", ANTHROPIC_API_KEY: "key", ANTHROPIC_BASE_URL: server.address };
  server.will({ kind: "Text", text: "s", input: 100, cacheRead: 10_000, cacheWrite: 2_000, output: 10 });
  expect((await here.keel(["run", "a.keel"], { env })).code).toBe(0);
  const { total } = await costsOf(here);
  expect(total).toMatchObject({
    input_tokens: 12_100,
    cache_read_tokens: 10_000,
    cache_write_tokens: 2_000,
    output_tokens: 10,
  });
  // 100 × 1 + 10,000 × 0.1 + 2,000 × 1.25 + 10 × 5
  expect(total["cost_microdollars"]).toBe(100 + 1_000 + 2_500 + 50);
  expect((await here.keel(["show"])).out).toContain("tokens   12,100 in (10,000 of them from the cache), 10 out\n");
  expect((await here.keel(["replay"])).code).toBe(0);
});

test("a call that failed after it was paid for costs what it cost", async () => {
  const here = place();
  here.write("a.keel", `type N = | one\nx = prompt { user: "q" } as int using "claude-haiku"\nnotify user "{x}"\n`);
  const env = { KEEL_LLM: "", ANTHROPIC_API_KEY: "key", ANTHROPIC_BASE_URL: server.address };
  server.will({ kind: "Text", text: "no number", input: 100, output: 10 }, { kind: "BadRequest" });
  expect((await here.keel(["run", "a.keel"], { env })).code).toBe(1);
  expect((await costsOf(here)).total).toMatchObject({ calls: 1, input_tokens: 100, cost_microdollars: 150 });
});
