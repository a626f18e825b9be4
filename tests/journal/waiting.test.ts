// What waits for a person in all runs: what is listed, in which order, and that its cost grows with what is open only.

import Database from "better-sqlite3";
import path from "node:path";
import { expect, test } from "vitest";
import { openBlobs } from "../../src/runtime/journal/blobs.ts";
import type { Event } from "../../src/runtime/journal/event.ts";
import { journalFile } from "../../src/runtime/journal/database.ts";
import type { Given, Sql, Statement } from "../../src/runtime/journal/sql.ts";
import type { Lease, Store } from "../../src/runtime/journal/store.ts";
import { openWaiting } from "../../src/runtime/journal/waiting.ts";
import { mainStarted, of, open, places, program, start, started, temporary } from "./sample.ts";

const gate = (n: number, question = "?", expires?: number): Event => ({
  type: "gate.opened",
  ...of("main", n, "Ask"),
  question,
  ...(expires === undefined ? {} : { expires }),
});
const doubt = (n: number, effect = "Send"): Event => ({
  type: "step.intended",
  ...of("main", n, effect),
  detail: { kind: effect },
});
const suspended: Event = { type: "run.suspended", waiting: [] };
const resumed: Event = { type: "run.resumed", pid: 1, changed: [] };

function begin(store: Store, run: string, events: readonly Event[], at = start): Lease {
  const lease = store.create(run, program, places, started, at);
  store.append(lease, [mainStarted, ...events], at);
  return lease;
}

const ids = (store: Store): readonly string[] =>
  store.waiting().map((each) => `${each.run} ${each.kind} ${each.kind === "Gate" ? each.gate.id : each.doubt.step}`);

test("the newest activity first, within a run the oldest; what is closed, over or under way is left out", () => {
  const store = open(temporary());
  begin(store, "a", [gate(1), gate(2), suspended], start);
  begin(store, "b", [gate(1), doubt(2), doubt(3, "Delegate"), suspended], start + 1);
  begin(store, "c", [gate(1), { type: "gate.expired", ...of("main", 1, "Ask") }, suspended], start + 2);
  begin(store, "d", [gate(1), { type: "run.failed", error: { name: "Failure", message: "", fields: {} } }], start + 3);
  begin(store, "e", [gate(1), { type: "run.cancelled", by: "inbox" }], start + 4);
  expect(ids(store)).toEqual(["b Gate main:1", "b Doubt main/Send", "a Gate main:1", "a Gate main:2"]);
});

test("who asks, since when, what was said, and who holds it", () => {
  const store = open(temporary(), { now: () => start + 500 });
  const tick: Event = {
    type: "activation.started",
    activation: "Mailer/every#1[1]",
    function: "f",
    captures: [],
    arguments: [],
    agent: "Mailer",
    cause: { kind: "Tick", schedule: "Mailer/every#1", count: 1, due: start },
  };
  const asked: Event = {
    type: "gate.opened",
    ...of("Mailer/every#1[1]", 1, "Confirm"),
    question: "Go?".repeat(1000),
    expires: start + 900,
  };
  const lease = begin(store, "a", [tick, asked]);
  store.append(lease, [suspended], start + 200);
  const expected = {
    kind: "Gate",
    run: "a",
    file: "a.keel",
    status: "suspended",
    held: true,
    openedAt: start,
    lastAt: start + 200,
    agent: "Mailer",
    answered: false,
    gate: { question: "Go?".repeat(1000), expires: start + 900, effect: "Confirm" },
  };
  expect(store.waiting()).toMatchObject([expected]);
  store.release(lease);
  store.post("a", { kind: "Answer", gate: "Mailer/every#1[1]:1", answer: true }, start + 300);
  expect(store.waiting()).toMatchObject([{ ...expected, held: false, answered: true }]);
});

test("a step that a live process began is under way; one of an earlier process is in doubt", () => {
  const store = open(temporary(), { now: () => start + 500 });
  const lease = begin(store, "a", [doubt(1)]);
  expect(ids(store)).toEqual([]);
  store.release(lease);
  expect(ids(store)).toEqual(["a Doubt main/Send"]);
  const next = store.acquire("a", start + 1);
  store.append(next, [resumed, doubt(2)], start + 2);
  expect(ids(store)).toEqual(["a Doubt main/Send"]);
  expect(store.waiting()[0]).toMatchObject({ doubt: { n: 1 } });
});

/** The statements that are run on a store's file, each with how it finds its rows. */
function watched(folder: string): { readonly sql: Sql; readonly plans: string[][] } {
  const db = new Database(path.join(folder, journalFile), { readonly: true });
  const plans: string[][] = [];
  const sql: Sql = {
    prepare<Row>(text: string): Statement<Row> {
      const statement = db.prepare(text) as unknown as Statement<Row>;
      const noted = (values: Given): Given => {
        const steps = db.prepare(`explain query plan ${text}`).all(...values);
        plans.push((steps as { readonly detail: string }[]).map(({ detail }) => detail));
        return values;
      };
      return {
        run: (...values) => statement.run(...noted(values)),
        get: (...values) => statement.get(...noted(values)),
        all: (...values) => statement.all(...noted(values)),
      };
    },
  };
  return { sql, plans };
}

test("a thousand runs of which three wait: one statement, which looks at what is open only", () => {
  const folder = temporary();
  const store = open(folder);
  for (let n = 0; n < 1000; n += 1) {
    if (n % 400 === 0) begin(store, `r${n}`, [gate(1), suspended], start + n);
    else store.create(`r${n}`, program, places, started, start + n);
  }
  const { sql, plans } = watched(folder);
  const waiting = openWaiting(sql, openBlobs(sql)).all({ mayLive: () => false });
  expect(waiting.map(({ run }) => run)).toEqual(["r800", "r400", "r0"]);
  expect(plans).toHaveLength(1);
  const scans = plans.flat().filter((step) => !step.startsWith("SEARCH") && step !== "USE TEMP B-TREE FOR ORDER BY");
  expect(scans).toEqual(["SCAN open USING INDEX cells_for_people"]);
});
