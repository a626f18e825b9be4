// Runs that cannot go on, among others that can: each is said and left, now or after a few tries, and takes none of the
// others along. In this process, so that the time between two tries is no time.

import Database from "better-sqlite3";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ServedRuns } from "../../src/cli/serve-runs.ts";
import { startRun } from "../../src/runtime/engine/run.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import type { Store } from "../../src/runtime/journal/store.ts";
import { compiled } from "../support/session.ts";
import { checkLaws } from "../support/journal.ts";
import { testWorld, type TestWorld } from "../support/world.ts";

interface Served {
  readonly store: Store;
  readonly world: TestWorld;
  /** What was said, and when, in ms since the start. */
  readonly said: readonly (readonly [ms: number, text: string])[];
  /** Starts a run that asks for a word, and stops at that. */
  start(): Promise<string>;
  /** Changes the journal behind the store's back. */
  spoil(sql: string, run: string): void;
  /** Serves until all of this was said. */
  until(...texts: readonly string[]): Promise<void>;
}

const asking = `x = ask user "A word?"\nnotify user "heard {x}"\n`;

function served(): Served {
  const directory = mkdtempSync(path.join(tmpdir(), "keel-served-"));
  const said: [number, string][] = [];
  const plain = testWorld({ directory });
  const begun = plain.clock.now();
  const say = (text: string): void => void said.push([plain.clock.now() - begun, text]);
  const world = { ...plain, terminal: { ...plain.terminal, line: say, note: say, warn: say } };
  const store = openStore(path.join(directory, "data"), { now: world.clock.now });
  onTestFinished(() => {
    store.close();
    rmSync(directory, { recursive: true });
  });
  return {
    store,
    world,
    said,
    async start() {
      const request = { ...compiled(asking), file: "main.keel", connect: {}, inputs: {}, keel: "test" };
      const { run, end } = startRun({ ...request, models: { kind: "mock" } }, store, world);
      expect((await end).status).toBe("suspended");
      return run;
    },
    spoil(sql, run) {
      const db = new Database(path.join(directory, "data/journal.db"));
      const { id } = db.prepare("select id from runs where name = ?").get(run) as { id: number };
      expect(db.prepare(sql).run({ run: id, first: id * 2 ** 32 + 1, last: (id + 1) * 2 ** 32 }).changes).toBe(1);
      db.close();
    },
    async until(...texts) {
      const runs = new ServedRuns(store, world);
      let over = false;
      const watching = runs.watch().finally(() => (over = true));
      const unsaid = (): boolean => texts.some((text) => !said.some(([, each]) => each.includes(text)));
      while (unsaid() && !over) await new Promise((resolve) => setImmediate(resolve));
      runs.stop();
      await watching;
    },
  };
}

const answer = ({ store, world }: Served, run: string): void =>
  store.post(run, { kind: "Answer", gate: "main:1", answer: "hello" }, world.clock.now());

const spoils: readonly (readonly [string, string, string])[] = [
  ["its first event", "update events set body = '{' where id = @first and @run and @last", "damaged"],
  [
    "an open question",
    "update cells set body = '{' where run = @run and kind = 'gate' and @first and @last",
    "damaged",
  ],
  [
    "what an effect was",
    "update events set args = '00' where type = 'gate.opened' and id > @first and id < @last and @run",
    "the program came to",
  ],
];

test.each(spoils)("%s is spoilt: that run is left, the others go on", async (_, sql, words) => {
  const here = served();
  const spoilt = await here.start();
  const healthy = await here.start();
  here.spoil(sql, spoilt);
  for (const run of [spoilt, healthy]) answer(here, run);
  await here.until(`${healthy} │ ▸ completed`, `${spoilt} │ ✗ It is left alone until`);
  const ofSpoilt = here.said.filter(([, text]) => text.startsWith(spoilt)).map(([, text]) => text);
  expect(ofSpoilt.join("\n")).toContain(words);
  expect(here.store.head(healthy).status).toBe("completed");
  checkLaws(here.store, healthy);
});

test("a fault of Keel: three tries with time between them, and then no more", async () => {
  const here = served();
  const broken = await here.start();
  const healthy = await here.start();
  here.spoil("update events set type = 'run.resumed' where id = @first and @run and @last", broken);
  for (const run of [broken, healthy]) answer(here, run);
  await here.until(`${healthy} │ ▸ completed`, `${broken} │ ✗ taken up 3 times, and came no further`);
  const faults = here.said.filter(([, text]) => text.startsWith(`${broken} │ ✗ Keel itself failed`));
  const [first = 0, ...later] = faults.map(([ms]) => Math.round((ms - (faults[0]?.[0] ?? 0)) / 1_000));
  expect([first, ...later]).toEqual([0, 1, 6]);
});

test("an answer that helps nobody wakes a run once, and the right one still helps", async () => {
  const here = served();
  const run = await here.start();
  here.store.post(run, { kind: "Answer", gate: "main:7", answer: "hello" }, here.world.clock.now());
  await here.until("an answer to main:7 came, but nothing waits for it", `${run} │ ▸ waits for a person`);
  const woken = [...here.store.events(run)].filter(({ type }) => type === "run.resumed");
  expect(woken).toHaveLength(1);
  answer(here, run);
  await here.until(`${run} │   ▸ heard hello`);
  checkLaws(here.store, run);
});
