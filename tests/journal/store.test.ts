// The store on real files: what goes in comes out, head and chain are kept, the inbox and the memory behave.

import Database from "better-sqlite3";
import fc from "fast-check";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Json } from "../../src/ir/kir.ts";
import type { Event } from "../../src/runtime/journal/event.ts";
import { fold } from "../../src/runtime/journal/fold.ts";
import { schemaVersion } from "../../src/runtime/journal/schema.ts";
import { checkLaws } from "../support/journal.ts";
import {
  begun,
  completed,
  eventful,
  mainStarted,
  of,
  open,
  places,
  program,
  start,
  started,
  temporary,
} from "./sample.ts";

test("every type of event comes back as it was recorded, also in another process's store", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const recorded = eventful.flatMap((event, index) => store.append(lease, [event], start + 2 + index));
  expect(recorded.map((event) => event.seq)).toEqual(eventful.map((_, index) => index + 3));
  const expected = [started, mainStarted, ...eventful].map((event, index) => ({
    ...event,
    seq: index + 1,
    at: start + index,
  }));
  const other = open(folder, { readonly: true });
  expect([...other.events("r1")]).toEqual(expected);
  expect(other.event("r1", 5)).toEqual(expected[4]);
  expect(other.event("r1", 999)).toBeUndefined();
  expect(other.activation("r1", "Mailer/every#1[1]").map((event) => event.open())).toEqual(expected.slice(17, 19));
  expect(other.activation("r1", "nobody")).toEqual([]);
  expect(other.program("r1")).toEqual({ hash: started.program, program, places });
  checkLaws(other, "r1");
});

test("head is the fold of the events after each of them", () => {
  const { store, lease } = begun(temporary());
  for (const event of eventful) {
    store.append(lease, [event], start + 2);
    expect(store.head("r1")).toEqual(fold(store.events("r1")));
  }
});

test("one call is one transaction with one time, and time never goes back", () => {
  const { store, lease } = begun(temporary());
  const times = [start + 50, start + 20, start + 60].map((at, index) =>
    store.append(lease, [completed(2 * index + 1, 1), completed(2 * index + 2, 2)], at).map((event) => event.at),
  );
  expect(times).toEqual([start + 50, start + 50, start + 60].map((at) => [at, at]));
  checkLaws(store, "r1");
});

test("nothing follows the end of a run", () => {
  const { store, lease } = begun(temporary());
  store.append(
    lease,
    [{ type: "activation.completed", activation: "main", value: null }, { type: "run.completed" }],
    start,
  );
  expect(() => store.append(lease, [completed(1, null)], start)).toThrow("nothing follows the end");
  checkLaws(store, "r1");
});

test("an append that fails leaves nothing, and the next one goes well", () => {
  const { store, lease } = begun(temporary());
  const unwritable: Event = { type: "timer.set", ...of("main", 2, "Wait", "main/new\nstep"), due: 1 };
  expect(() => store.append(lease, [completed(1, "y".repeat(2_000), "Search"), unwritable], start)).toThrow(
    "line feeds",
  );
  expect(store.head("r1").seq).toBe(2);
  store.append(lease, [completed(1, "y".repeat(2_000), "Search")], start);
  expect(store.event("r1", 3)).toMatchObject({ value: "y".repeat(2_000), effect: "Search" });
  checkLaws(store, "r1");
});

const texts = [
  "short",
  "x".repeat(1_024),
  "x".repeat(1_025),
  "ü".repeat(513),
  "long and repeated ".repeat(5_000),
  "blob:not one",
  `blob:${"a".repeat(43)}`,
  "blob:=",
  `blob:${"b".repeat(5_000)}`,
  `\ud800${"lone".repeat(400)}`,
  `\u0000"\\\n${"z".repeat(3_000)}`,
];

test.each(texts.map((text) => [text.slice(0, 30), text] as const))("a text of any length and form: %j", (_, text) => {
  const { store, lease } = begun(temporary());
  const value: Json = { text, list: [text, { deep: text }], [text.slice(0, 40)]: 1 };
  store.append(lease, [completed(1, value)], start);
  expect(store.event("r1", 3)).toMatchObject({ value });
  expect(store.activation("r1", "main").at(-1)?.open()).toEqual(store.event("r1", 3));
  checkLaws(store, "r1");
});

test("any JSON comes back as it was", () => {
  const { store, lease } = begun(temporary());
  let n = 0;
  const json = fc.jsonValue({ depthSize: "small" });
  fc.assert(
    fc.property(json, fc.string({ unit: "binary", maxLength: 1_500 }), (value, text) => {
      n += 1;
      const whole = { ...completed(n, [JSON.parse(JSON.stringify(value)) as Json, text]) };
      const [event] = store.append(lease, [whole], start);
      expect(store.event("r1", event?.seq ?? 0)).toEqual({ ...whole, seq: n + 2, at: start + 1 });
    }),
    { numRuns: 100 },
  );
  checkLaws(store, "r1");
});

test("a long text is stored once, whoever says it", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const words = Array.from({ length: 4_000 }, (_, index) => (index * 7919).toString(36)).join(" ");
  const request = (n: number): Event => ({
    type: "model.replied",
    ...of("main", n, "Prompt"),
    model: "m",
    used: "m",
    request: [
      ["system", "You sort mail. ".repeat(20)],
      ["user", words],
    ],
    replies: [],
    value: null,
    cost: 0,
    ms: 1,
  });
  for (let n = 1; n <= 100; n += 1) store.append(lease, [request(n)], start);
  expect(store.activation("r1", "main").at(-1)?.open()).toEqual({ ...request(100), seq: 102, at: start + 1 });
  checkLaws(store, "r1");
  store.close();
  expect(statSync(path.join(folder, "journal.db")).size).toBeLessThan(100 * 400 + 100_000);
});

test("a list that grows costs its new part, long or short its elements", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const texts = Array.from({ length: 300 }, (_, index) =>
    Array.from({ length: 200 }, (_x, n) => (index * 7919 + n).toString(36)).join(" "),
  );
  const lists = texts.map((_, index) => texts.slice(0, index + 1).map((text, n) => ({ role: "user", text, n })));
  lists.forEach((list, index) => store.append(lease, [completed(index + 1, list)], start));
  const unique = JSON.stringify(lists.at(-1)).length;
  expect(store.activation("r1", "main").at(-1)?.open()).toMatchObject({ value: lists.at(-1) });
  expect(store.event("r1", 202)).toMatchObject({ value: lists[199] });
  checkLaws(store, "r1");
  store.close();
  expect(statSync(path.join(folder, "journal.db")).size).toBeLessThan(4 * unique);
});

test("lists of any length and depth come back, also of what looks like a part of one", () => {
  const { store, lease } = begun(temporary());
  let n = 0;
  const item = fc.oneof(
    fc.integer(),
    fc.string({ maxLength: 40 }),
    fc.constant(`blob:[${"x".repeat(43)}`),
    fc.constant([]),
  );
  const list = fc.oneof(
    fc.array(item, { minLength: 200, maxLength: 2_000 }),
    fc.array(fc.array(item, { maxLength: 300 }), { maxLength: 20 }),
  );
  fc.assert(
    fc.property(list, (value) => {
      n += 1;
      store.append(lease, [completed(n, value)], start);
      expect(store.event("r1", n + 2)).toMatchObject({ value });
    }),
    { numRuns: 60 },
  );
  checkLaws(store, "r1");
});

test("a step with a 200-byte result takes at most 500 bytes, everything counted", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const steps = Array.from({ length: 2_000 }, (_, index) => completed(index + 1, "r".repeat(198)));
  const empty = statSync(path.join(folder, "journal.db")).size;
  store.append(lease, steps, start);
  store.close();
  expect((statSync(path.join(folder, "journal.db")).size - empty) / steps.length).toBeLessThanOrEqual(500);
});

test("runs are listed newest first and found by the beginning of their id", () => {
  const store = open(temporary());
  expect(store.find()).toBeUndefined();
  const lease = store.create("ab1", program, places, started, start);
  store.create("ab2", program, places, { ...started, file: "b.keel" }, start + 5);
  store.append(lease, [mainStarted, { type: "gate.opened", ...of("main", 1, "Ask"), question: "?" }], start + 9);
  store.append(lease, [{ type: "step.intended", ...of("main", 2, "Send"), detail: null }], start + 10);
  store.append(lease, [{ type: "step.intended", ...of("main", 3, "Delegate"), detail: null }], start + 11);
  store.release(lease);
  expect(store.runs()).toEqual(
    [
      {
        run: "ab2",
        file: "b.keel",
        status: "running",
        startedAt: start + 5,
        lastAt: start + 5,
        events: 1,
        calls: 0,
        cost: 0,
        unpriced: 0,
        pruned: 0,
        waiting: 0,
        held: true,
      },
      {
        run: "ab1",
        file: "a.keel",
        status: "running",
        startedAt: start,
        lastAt: start + 11,
        events: 5,
        calls: 0,
        cost: 0,
        unpriced: 0,
        pruned: 0,
        waiting: 2,
        held: false,
      },
    ].map((run) => ({ ...run, held: run.held && Date.now() - run.lastAt < 10_000 })),
  );
  expect(store.find()).toBe("ab2");
  expect(store.find("ab1")).toBe("ab1");
  expect(store.find("x")).toBeUndefined();
  expect(store.find("%")).toBeUndefined();
  expect(() => store.find("ab")).toThrow("several runs begin with ab: ab1, ab2");
  expect(() => store.head("ab3")).toThrow("there is no run ab3");
});

test("the inbox takes one item a gate or step until it is drained with what it led to", () => {
  const { store, lease } = begun(temporary());
  store.post("r1", { kind: "Answer", gate: "main:1", answer: "yes" }, start);
  store.post("r1", { kind: "Resolve", step: "main/Send", verdict: "done" }, start);
  store.post("r1", { kind: "Cancel" }, start);
  for (const item of store.inbox("r1")) {
    expect(() => store.post("r1", item.item, start)).toThrow(expect.objectContaining({ problem: "duplicate" }));
  }
  const [answer, ...rest] = store.inbox("r1");
  expect(answer?.item).toEqual({ kind: "Answer", gate: "main:1", answer: "yes" });
  const opened: Event = { type: "gate.opened", ...of("main", 1, "Ask"), question: "?" };
  const answered: Event = { type: "gate.answered", ...of("main", 1, "Ask"), answer: "yes", by: "inbox" };
  store.drain(lease, [answer?.id ?? 0], [opened, answered], start);
  expect(store.inbox("r1")).toEqual(rest);
  expect(() => store.drain({ run: "r1", epoch: 0 }, [rest[0]?.id ?? 0], [], start)).toThrow(
    expect.objectContaining({ problem: "lost" }),
  );
  expect(store.inbox("r1")).toEqual(rest);
  checkLaws(store, "r1");
});

test("what is remembered is written once for a key", () => {
  const folder = temporary();
  const store = open(folder);
  const owner = { program: "p", agent: "A" };
  store.remember(owner, { key: "r1/main:1", value: { name: "Ada" }, at: start });
  store.remember(owner, { key: "r1/main:1", value: { name: "Bob" }, at: start + 1 });
  store.remember(owner, { key: "r1/main:2", value: { name: "Eve" }, at: start + 2 });
  expect(store.memories(owner).map((memory) => memory.value)).toEqual([{ name: "Eve" }, { name: "Ada" }]);
  expect(store.memories({ ...owner, agent: "B" })).toEqual([]);
  const db = new Database(path.join(folder, "journal.db"), { readonly: true });
  expect(db.prepare("select value from memory order by id").pluck().all()).toEqual([
    '{"name":"Ada"}',
    '{"name":"Eve"}',
  ]);
  db.close();
  store.forget(["r1/main:1"]);
  expect(store.memories(owner).map((memory) => memory.key)).toEqual(["r1/main:2"]);
});

test("the file says what it is, and every commit is synced", () => {
  const folder = temporary();
  open(folder);
  const db = new Database(path.join(folder, "journal.db"));
  expect(db.pragma("user_version", { simple: true })).toBe(schemaVersion);
  expect(db.pragma("application_id", { simple: true })).toBe(0x4b65656c);
  expect(db.pragma("journal_mode", { simple: true })).toBe("wal");
  db.close();
});

test.skipIf(process.platform === "win32")("the files are their owner's alone, whatever the umask", () => {
  const folder = path.join(temporary(), "new");
  const before = process.umask(0);
  onTestFinished(() => void process.umask(before));
  begun(folder);
  const modes = readdirSync(folder).map((name) => [name, statSync(path.join(folder, name)).mode & 0o777] as const);
  expect(Object.fromEntries(modes)).toEqual({ "journal.db": 0o600, "journal.db-shm": 0o600, "journal.db-wal": 0o600 });
  expect(statSync(folder).mode & 0o777).toBe(0o700);
});

test("the journal may be written to while it is read", () => {
  const { store, lease } = begun(temporary());
  store.append(
    lease,
    Array.from({ length: 1_200 }, (_, index) => completed(index + 1, index)),
    start,
  );
  let seen = 0;
  for (const event of store.events("r1")) {
    seen += 1;
    if (event.seq === 1_000) store.append(lease, [completed(1_201, "late")], start);
  }
  expect(seen).toBe(1_203);
});
