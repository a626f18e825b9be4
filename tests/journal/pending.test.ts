// What `keel serve` looks at: the runs that are not over, and whether there is anything new to look at.

import { expect, test } from "vitest";
import type { Event } from "../../src/runtime/journal/event.ts";
import { begun, completed, mainStarted, of, open, places, program, start, started, temporary } from "./sample.ts";

const asked = (n: number, expires?: number): Event => ({
  type: "gate.opened",
  ...of("main", n, "Ask"),
  question: "How?",
  ...(expires === undefined ? {} : { expires }),
});
const suspended: Event = { type: "run.suspended", waiting: ["main:1"] };

test("runs are pending while they run or wait for a person", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const watch = open(folder, { now: () => start + 5 });
  expect(watch.pending()).toEqual([{ run: "r1", status: "running", seq: 2, held: true }]);
  store.append(lease, [asked(1, start + 900), asked(2, start + 100), asked(3), suspended], start + 2);
  store.release(lease);
  const waiting = { run: "r1", status: "suspended", seq: 6, held: false, expires: start + 100 };
  expect(watch.pending()).toEqual([waiting]);
  watch.post("r1", { kind: "Answer", gate: "main:2", answer: "so" }, start + 3);
  expect(watch.pending()).toEqual([{ ...waiting, posted: 1 }]);

  const ends: readonly Event["type"][] = ["run.interrupted", "run.cancelled", "run.completed"];
  ends.forEach((type, index) => {
    const other = store.create(`other${index}`, program, places, started, start);
    const end = { type, by: "inbox" } as unknown as Event;
    store.append(other, [mainStarted, completed(1, null), end], start);
  });
  expect(watch.pending().map(({ run }) => run)).toEqual(["r1"]);
});

test("a holder that is silent for ten seconds holds nothing", () => {
  const folder = temporary();
  begun(folder);
  const held = (now: number): boolean | undefined => open(folder, { now: () => now }).pending()[0]?.held;
  expect([held(start + 10_000), held(start + 10_001)]).toEqual([true, false]);
});

test("a sign of life for one run is one for all that the store holds, and for no other", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  store.create("r2", program, places, started, start);
  store.release(store.create("r3", program, places, started, start));
  const elsewhere = begun(folder, "r4");
  store.heartbeat(lease, start + 9_000);
  const pending = open(folder, { now: () => start + 18_000 }).pending();
  expect(pending.map(({ run, held }) => [run, held])).toEqual([
    ["r1", true],
    ["r2", true],
    ["r3", false],
    ["r4", false],
  ]);
  elsewhere.store.close();
});

test("the version is another one when somebody else has written, and only then", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const watch = open(folder);
  const first = watch.version();
  watch.post("r1", { kind: "Cancel" }, start);
  expect(watch.version()).toBe(first);
  store.append(lease, [completed(1, null)], start + 1);
  const second = watch.version();
  expect(second).not.toBe(first);
  watch.pending();
  expect(watch.version()).toBe(second);
});
