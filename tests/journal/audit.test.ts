// An audit of a store: each way in which a run can be other than it was written is found, where it is and as what it is.

import Database from "better-sqlite3";
import fc from "fast-check";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import type { Json } from "../../src/ir/kir.ts";
import { partsOf, type Finding } from "../../src/runtime/journal/audit.ts";
import { auditRun, openAuditor } from "../../src/runtime/journal/audit-store.ts";
import { blobsIn, openBlobs, plainName } from "../../src/runtime/journal/blobs.ts";
import { linkDigest, sha256 } from "../../src/runtime/journal/chain.ts";
import { programHash } from "../../src/runtime/journal/programs.ts";
import type { Sql, Statement } from "../../src/runtime/journal/sql.ts";
import { begun, completed, eventful, mainStarted, of, places, program, start, started, temporary } from "./sample.ts";

const long = "long ".repeat(1_000);
/** The events of `written`. */
const events = 6;

/** A run of six events. */
function written(): string {
  const folder = temporary();
  const { store, lease } = begun(folder);
  store.append(lease, [completed(1, "value ".repeat(2)), completed(2, long)], start + 2);
  store.append(lease, [completed(3, 3, "Search"), { type: "timer.set", ...of("main", 4, "Wait"), due: 9 }], start + 3);
  store.close();
  return folder;
}

function edit(folder: string, work: (db: Database.Database) => void): void {
  const db = new Database(path.join(folder, "journal.db"));
  db.pragma("foreign_keys = off");
  work(db);
  db.close();
}

function tamper(folder: string, ...statements: readonly string[]): void {
  edit(folder, (db) => {
    for (const statement of statements) expect(db.prepare(statement).run().changes).toBeGreaterThan(0);
  });
}

function findingIn(folder: string, run = "r1", through?: Uint8Array): Finding | undefined {
  const auditor = openAuditor(folder);
  onTestFinished(() => auditor.close());
  return auditor.unsound() ?? auditor.read(run, (evidence) => auditRun(evidence, through)).finding;
}

test("a run with every type of event is intact, read-only and beside its writer", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  eventful.forEach((event, index) => store.append(lease, [event], start + 2 + index));
  const auditor = openAuditor(folder);
  onTestFinished(() => auditor.close());
  const walk = auditor.read("r1", (evidence) => auditRun(evidence));
  expect(walk).toMatchObject({ events: eventful.length + 2, pruned: 0, met: true });
  expect(walk.finding).toBeUndefined();
  expect(auditor.unsound()).toBeUndefined();
  const second = store.create("r2", program, places, started, start);
  store.append(second, [mainStarted], start);
  expect(auditor.runs()).toEqual(["r2", "r1"]);
  expect(auditor.read("r2", (evidence) => auditRun(evidence))).toMatchObject({ events: 2 });
});

test("a run that was given another program has both", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const next = { ...program, prompts: { Classify: "Sort that: {value}" } };
  store.append(lease, [{ type: "run.interrupted" }], start + 2);
  const upgraded = { type: "run.upgraded", program: programHash(next), env: {}, inputs: {}, dropped: {} } as const;
  store.upgrade(lease, next, places, upgraded, start + 3);
  store.append(lease, [{ type: "run.resumed", pid: 1, changed: [] }], start + 4);
  expect(findingIn(folder)).toBeUndefined();
  store.close();
  tamper(folder, `update runs set program = (select id from programs where hash = '${started.program}')`);
  expect(findingIn(folder)).toEqual(head("its program"));
  tamper(folder, `delete from programs where hash = '${upgraded.program}'`);
  expect(findingIn(folder)).toEqual({ kind: "Program", seq: 4 });
});

test("what is written while a run is read is not of that moment", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const auditor = openAuditor(folder);
  onTestFinished(() => auditor.close());
  const walk = auditor.read("r1", (evidence) => {
    const [first] = evidence.links();
    expect(first?.seq).toBe(1);
    store.append(lease, [completed(1, "x")], start + 2);
    return auditRun(evidence);
  });
  expect(walk).toMatchObject({ events: 2 });
  expect(walk.finding).toBeUndefined();
  expect(auditor.read("r1", (evidence) => auditRun(evidence)).events).toBe(3);
});

const seq = (n: number): string => `where id & 4294967295 = ${n}`;
const changed = (n: number): Finding => ({ kind: "Changed", seq: n });
const head = (part: string): Finding => ({ kind: "Head", part });
const name = sha256(long).toString("base64url");
const blob: Finding = { kind: "Blob", seq: 4, name };
const programFinding: Finding = { kind: "Program", seq: 1 };

test.each<[string, string | readonly string[], Finding]>([
  ["the time", `update events set at = at + 1 ${seq(3)}`, changed(3)],
  ["the type", `update events set type = 'step.failed' ${seq(3)}`, changed(3)],
  ["the activation", `update events set activation = 2 ${seq(3)}`, changed(3)],
  ["the activation's name", "update activations set name = 'other'", changed(2)],
  ["the number", `update events set n = 7 ${seq(3)}`, changed(3)],
  ["the step", `update events set step = 99 ${seq(3)}`, changed(3)],
  ["the step's name", "update steps set step = 'x' where effect = 'Search'", changed(5)],
  [
    "a line feed in the step's name",
    "update steps set step = 'x' || char(10) || 'y' where effect = 'Search'",
    changed(5),
  ],
  ["the effect", "update steps set effect = 'x' where effect = 'Search'", changed(5)],
  ["the arguments", `update events set args = x'0123456789abcdee' ${seq(3)}`, changed(3)],
  ["the body", `update events set body = replace(body, 'value', 'VALUE') ${seq(3)}`, changed(3)],
  ["a blank in the body", `update events set body = body || ' ' ${seq(3)}`, changed(3)],
  ["the hash", `update events set hash = zeroblob(32) ${seq(3)}`, changed(3)],
  ["the length of a hash", `update events set hash = zeroblob(1) ${seq(3)}`, changed(3)],
  ["the text in a blob", "update blobs set content = x'00', form = 0", blob],
  ["a blob that cannot be unpacked", "update blobs set content = x'00'", blob],
  ["a blob that is gone", "delete from blobs", blob],
  ["the program", "update programs set program = x'00'", programFinding],
  ["the program's name", "update programs set hash = 'x'", programFinding],
  [
    "the program of the run",
    ["insert into programs values (9, 'x', x'00')", "update runs set program = 9"],
    head("its program"),
  ],
  ["the run's name", "update runs set name = 'r1 '", changed(1)],
  ["an event that is gone", `delete from events ${seq(4)}`, { kind: "Gap", seq: 4 }],
  ["the first event that is gone", `delete from events ${seq(1)}`, { kind: "Gap", seq: 1 }],
  ["the last event that is gone", `delete from events ${seq(events)}`, { kind: "Cut", seq: events, counted: events }],
  ["all events that are gone", "delete from events", { kind: "Cut", seq: 1, counted: events }],
  [
    "the head's count",
    `update heads set seq = ${events - 1}`,
    head(`it counts ${events - 1} events, and there are ${events}`),
  ],
  [
    "the end, with the head's count",
    [`delete from events ${seq(events)}`, `update heads set seq = ${events - 1}`],
    head("the hash of the last event"),
  ],
  ["the head's tip", "update heads set tip = zeroblob(32)", head("the hash of the last event")],
  ["the head that is gone", "delete from heads", head("it is missing")],
  ["the status", "update heads set status = 'completed'", head("status")],
  ["the cost", "update heads set cost = cost + 1", head("cost")],
  ["an open timer that is gone", "delete from cells where kind = 'timer'", head("timers")],
  ["an open timer's time", "update cells set body = replace(body, '9', '8') where kind = 'timer'", head("timers")],
  [
    "a digest besides an event",
    `insert into pruned select id, zeroblob(32) from events ${seq(3)}`,
    { kind: "Gap", seq: 4 },
  ],
  [
    "events of no run",
    "update runs set id = 7",
    { kind: "Unsound", what: "it holds events of a run (1) that it does not list" },
  ],
])("%s", (_, statements, expected) => {
  const folder = written();
  expect(findingIn(folder)).toBeUndefined();
  tamper(folder, ...[statements].flat());
  expect(findingIn(folder, _ === "the run's name" ? "r1 " : "r1")).toEqual(expected);
});

/** Writes the chain anew, as somebody would who knows how, and the head's tip. */
function forge(folder: string): void {
  edit(folder, (db) => {
    const auditor = openAuditor(folder);
    const links = auditor.read("r1", (evidence) => [...evidence.links()]);
    auditor.close();
    let tip: Uint8Array = new Uint8Array(32);
    for (const { seq: n, content } of links) {
      tip = linkDigest(tip, content.kind === "Whole" ? sha256(content.text) : content.digest);
      db.prepare(`update events set hash = ? ${seq(n)}`).run(tip);
    }
    db.prepare("update heads set seq = ?, tip = ?").run(links.length, tip);
  });
}

function tipOf(folder: string): Uint8Array {
  const auditor = openAuditor(folder);
  const { tip } = auditor.read("r1", (evidence) => auditRun(evidence));
  auditor.close();
  return tip;
}

describe("a forger who writes the chain anew", () => {
  test("shows by an earlier tip, and by nothing else", () => {
    const folder = written();
    const tip = tipOf(folder);
    tamper(folder, `update events set body = replace(body, 'value value', 'VALUE') ${seq(3)}`);
    forge(folder);
    expect(findingIn(folder)).toBeUndefined();
    expect(findingIn(folder, "r1", tip)).toEqual({ kind: "Tip" });
  });

  test("so does one who cuts the end off", () => {
    const folder = written();
    const tip = tipOf(folder);
    tamper(folder, `delete from events ${seq(events)}`, "delete from cells where kind = 'timer'");
    forge(folder);
    expect(findingIn(folder)).toBeUndefined();
    expect(findingIn(folder, "r1", tip)).toEqual({ kind: "Tip" });
  });

  test("shows by the head, where that was forgotten", () => {
    const folder = written();
    tamper(folder, `delete from events ${seq(events)}`);
    forge(folder);
    expect(findingIn(folder)).toEqual(head("timers"));
  });

  test.each([
    ["no JSON", `update events set body = '{' ${seq(3)}`, changed(3)],
    ["no object", `update events set body = '[]' ${seq(3)}`, changed(3)],
    [
      "an unknown text",
      `update events set body = '{"value":"blob:${"A".repeat(43)}"}' ${seq(3)}`,
      { ...blob, seq: 3, name: "A".repeat(43) },
    ],
    ["another program", `update events set body = '{"program":"x"}' ${seq(1)}`, programFinding],
    [
      "an impossible event",
      `update events set type = 'activation.completed', body = '{"value":null,"state":{"a":1}}' ${seq(3)}`,
      head("activation main changed state and is no live activation of an agent"),
    ],
  ] as const)("shows where the events make no sense: %s", (_, statement, expected) => {
    const folder = written();
    tamper(folder, statement);
    forge(folder);
    expect(findingIn(folder)).toEqual(expected);
  });
});

test("a tip that the run once had, and its newest one", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const tips = [tipOf(folder)];
  for (const n of [1, 2, 3]) {
    store.append(lease, [completed(n, n)], start + n);
    tips.push(tipOf(folder));
  }
  for (const tip of tips) expect(findingIn(folder, "r1", tip)).toBeUndefined();
  expect(findingIn(folder, "r1", new Uint8Array(32))).toEqual({ kind: "Tip" });
});

test("an index that does not fit its table", () => {
  const folder = written();
  edit(folder, (db) => {
    db.unsafeMode();
    db.pragma("writable_schema = on");
    db.prepare(
      "update sqlite_schema set sql = replace(sql, 'is not null', 'is null') where name = 'events_by_activation'",
    ).run();
  });
  expect(findingIn(folder)?.kind).toBe("Unsound");
});

test("an audit changes nothing, and makes no store", () => {
  const folder = temporary();
  expect(() => openAuditor(folder)).toThrow("there is no journal");
  expect(() => openAuditor(path.join(folder, "x"))).toThrow("there is no journal");
  begun(folder).store.close();
  const auditor = openAuditor(folder);
  onTestFinished(() => auditor.close());
  expect(() => auditor.read("r2", () => 0)).toThrow("there is no run r2");
  expect([auditor.find(), auditor.find("r"), auditor.find("x")]).toEqual(["r1", "r1", undefined]);
});

/** Texts that look like names of blobs, from all sides. */
const nasty = fc.oneof(
  fc.string(),
  fc
    .constantFrom('"', "\\", ":", "blob:", '"blob:', "=", ",")
    .chain((a) =>
      fc
        .tuple(
          fc.constant(a),
          fc.constantFrom(`blob:${"A".repeat(43)}`, `"blob:${"B".repeat(43)}"`, long, ""),
          fc.constantFrom("", '"', ":", "\\"),
        )
        .map((parts) => parts.join("")),
    ),
);

test("the texts that an audit asks for are those that were put away", () => {
  const db = new Database(":memory:");
  onTestFinished(() => void db.close());
  db.exec(
    "create table blobs (id integer primary key, digest blob not null unique, form integer not null, content blob not null) strict",
  );
  const sql: Sql = { prepare: <Row>(text: string) => db.prepare(text) as unknown as Statement<Row> };
  const { tree } = fc.letrec((tie) => ({
    tree: fc.oneof({ depthSize: "small" }, nasty, fc.array(tie("tree")), fc.dictionary(nasty, tie("tree"))),
  }));
  fc.assert(
    fc.property(fc.dictionary(fc.constantFrom("a", "b", '"', `blob:${"C".repeat(43)}`), tree), (value) => {
      db.exec("delete from blobs");
      const blobs = openBlobs(sql);
      const body = blobs.pack(value as Json);
      const kept = (db.prepare("select digest from blobs").pluck().all() as Buffer[]).map((each) =>
        each.toString("base64url"),
      );
      const parts = partsOf(`r1\n1\n0\nstep.completed\nmain\n1\ns\nFetch\n0\n${body}`);
      const named = new Set<string>();
      const visit = (name: string): void => {
        named.add(plainName(name));
        if (plainName(name) !== name) blobsIn(Buffer.from(blobs.read(plainName(name))).toString()).forEach(visit);
      };
      parts?.blobs.forEach(visit);
      expect([...named].toSorted()).toEqual(kept.toSorted());
    }),
  );
});
