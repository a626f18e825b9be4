// The disk breaks, or is full, at any call by which the store writes or reads: the command says so and ends with 74, and
// when the disk is well again the run goes on with nothing twice and nothing lost.

import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { expectComplaint, place, type Ended, type Place } from "../cli/command.ts";
import { checkReplay } from "../support/replay.ts";
import { breakable, broken, callsOf, type Fault } from "./broken-disk.ts";

const program = `connect email via maildir { path: "box" }

notify user "begin"
send "hello" to "bob@example.com"
wait 1.ms
remember {kept: "this"}
for n in range(2) {
  notify user "line {n} {"x".repeat(3000)}"
}
notify user "{(recall "this" ?? []).count} remembered"
`;
const said = ["begin", "line 0", "line 1", "1 remembered"];

function prepared(): Place {
  const here = place();
  here.write("a.keel", program);
  for (const box of ["cur", "new", "tmp"]) mkdirSync(path.join(here.folder, "box", box), { recursive: true });
  return here;
}

/** How many calls that write or read there are in a run that nothing happens to. */
async function callsOfRun(reads?: true): Promise<number> {
  const here = prepared();
  const none: Fault = { at: 0, error: "EIO", ...(reads === undefined ? {} : { reads }) };
  expect((await here.keel(["run", "a.keel"], { env: broken(here, none) })).code).toBe(0);
  return callsOf(here);
}

/** The run on a disk that breaks, and then on one that does not. Gives the exit code of the first. */
async function survived(fault: Fault): Promise<number> {
  const here = prepared();
  const torn = await here.keel(["run", "a.keel"], { env: broken(here, fault) });
  if (torn.code !== 0) expectBroken(torn, fault);
  const resumed = (await isBegun(here)) ? await here.keel(["resume"]) : await here.keel(["run", "a.keel"]);
  expect(resumed, JSON.stringify(fault)).toMatchObject({ code: 0, err: "" });
  expectWhole(here, [torn, resumed], JSON.stringify(fault));
  return torn.code;
}

function expectBroken(ended: Ended, { error }: Fault): void {
  const what = error === "EIO" ? /cannot be read or written|is damaged/ : /the disk is full|cannot be read or written/;
  expect(ended.err).toMatch(what);
  expectComplaint(ended, 74, "journal.db", "help: ");
}

/** A run that is not in the journal has done nothing. */
async function isBegun(here: Place): Promise<boolean> {
  return (await here.keel(["ls", "--json"])).out.includes('"run"');
}

function expectWhole(here: Place, processes: readonly Ended[], label: string): void {
  const store = openStore(here.data);
  try {
    const runs = store.runs();
    expect(
      runs.map(({ status }) => status),
      label,
    ).toEqual(["completed"]);
    const run = runs[0]?.run ?? "";
    checkReplay(store, run);
    const lines = [...store.events(run)].flatMap((event) => ("line" in event ? wordsOf(String(event.line)) : []));
    expect(lines, label).toEqual(said);
  } finally {
    store.close();
  }
  const seen = processes.flatMap(({ out }) => wordsOf(out));
  expect([...new Set(seen)], label).toEqual(said);
  expect(seen.length, label).toBeLessThanOrEqual(said.length + 1);
  expect(readdirSync(path.join(here.folder, "box/.Sent/cur")), label).toHaveLength(1);
}

const wordsOf = (text: string): readonly string[] => text.match(/begin|line \d|\d remembered/g) ?? [];

function numbers(upTo: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, index) => 1 + Math.floor((index * upTo) / count));
}

async function throughAll(faults: readonly Fault[]): Promise<readonly number[]> {
  const codes: number[] = [];
  const left = [...faults];
  const lane = async (): Promise<void> => {
    for (let fault = left.shift(); fault !== undefined; fault = left.shift()) codes.push(await survived(fault));
  };
  await Promise.all([lane(), lane(), lane()]);
  return codes;
}

test.runIf(breakable)("the disk breaks at one call: said, and the run goes on", { timeout: 120_000 }, async () => {
  const calls = await callsOfRun();
  const codes = await throughAll(numbers(calls, 28).map((at) => ({ at, error: "EIO" })));
  expect(codes.filter((code) => code === 74).length).toBeGreaterThan(20);
});

test.runIf(breakable)(
  "the disk is full from one call on: said, and the run goes on",
  { timeout: 120_000 },
  async () => {
    const calls = await callsOfRun();
    const faults = numbers(calls - 3, 16).map((at): Fault => ({ at: at + 3, error: "ENOSPC", lasts: true }));
    const codes = await throughAll(faults);
    expect(codes.filter((code) => code === 74).length).toBeGreaterThan(10);
  },
);

test.runIf(breakable)(
  "the disk cannot be read: said by every command, and nothing is changed",
  { timeout: 60_000 },
  async () => {
    const here = place();
    here.write("a.keel", `name = ask user "Name?"\nnotify user "hello {name}"\n`);
    expect((await here.keel(["run", "a.keel", "--no-input"])).code).toBe(75);
    const run = await here.run();
    const before = await here.timeline();
    for (const [at, args] of [
      [1, ["ls"]],
      [3, ["show"]],
      [5, ["inbox"]],
      [7, ["resume"]],
      [8, ["answer", run, "Zoe"]],
      [9, ["replay"]],
    ] as const) {
      const env = broken(here, { at, error: "EIO", reads: true, lasts: true });
      expectBroken(await here.keel(args, { env }), { at, error: "EIO" });
    }
    expect(await here.timeline()).toEqual(before);
    expect(await here.keel(["resume"], { input: "Zoe\n" })).toMatchObject({ code: 0, err: "" });
  },
);

test.runIf(breakable)(
  "the disk breaks under `keel serve`: said, and the next one goes on",
  { timeout: 60_000 },
  async () => {
    const here = prepared();
    const torn = here.start(["run", "a.keel"], { env: broken(here, { at: 120, error: "EIO" }) });
    expect((await torn.end).code).toBe(74);
    const served = await here.start(["serve"], { env: broken(here, { at: 30, error: "EIO", lasts: true }) }).end;
    expectBroken(served, { at: 30, error: "EIO" });
    const serve = here.start(["serve"]);
    await serve.until("▸ completed");
    serve.child.kill("SIGTERM");
    const last = await serve.end;
    expect(last.code).toBe(0);
    expectWhole(here, [await torn.end, served, last], "served");
  },
);
