// One writer a run: in one process, between two real ones, and after a death of each kind.

import Database from "better-sqlite3";
import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import type { StoreError } from "../../src/runtime/journal/store.ts";
import { checkLaws } from "../support/journal.ts";
import { child, kill, reportOf } from "./processes.ts";
import { begun, completed, open, start, temporary } from "./sample.ts";

const problem = (of: StoreError["problem"]): unknown => expect.objectContaining({ problem: of });

test("a run that is held is refused, and free when it is released", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  const other = open(folder);
  expect(() => other.acquire("r1", start)).toThrow(problem("held"));
  expect(() => other.acquire("r1", start)).toThrow(`process ${process.pid}`);
  store.release(lease);
  const next = other.acquire("r1", start);
  expect(next.epoch).toBe(lease.epoch + 1);
  other.append(next, [completed(1, "mine")], start);
  checkLaws(other, "r1");
});

test("after ten seconds of silence it is taken, and the old holder writes nothing any more", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  store.heartbeat(lease, start + 5_000);
  const other = open(folder);
  expect(() => other.acquire("r1", start + 14_999)).toThrow(problem("held"));
  const next = other.acquire("r1", start + 15_000);
  const writes = [
    () => store.append(lease, [completed(1, "late")], start + 15_001),
    () => store.append(lease, [], start + 15_001),
    () => store.drain(lease, [], [completed(1, "late")], start + 15_001),
    () => store.heartbeat(lease, start + 15_001),
  ];
  for (const write of writes) expect(write).toThrow(problem("lost"));
  store.release(lease);
  expect(() => store.acquire("r1", start + 15_002)).toThrow(problem("held"));
  other.append(next, [completed(1, "mine")], start + 15_003);
  checkLaws(other, "r1");
});

test("an event is a sign of life", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  store.append(lease, [completed(1, null)], start + 9_000);
  expect(() => open(folder).acquire("r1", start + 18_000)).toThrow(problem("held"));
});

test("a store that is closed holds nothing", () => {
  const folder = temporary();
  begun(folder).store.close();
  expect(open(folder).acquire("r1", start).epoch).toBe(2);
});

function holderOf(folder: string, change: object): void {
  const db = new Database(path.join(folder, "journal.db"));
  const holder = JSON.parse(db.prepare("select holder from leases").pluck().get() as string) as object;
  db.prepare("update leases set holder = ?").run(JSON.stringify({ ...holder, ...change }));
  db.close();
}

const deadPid = spawnSync("true").pid;

test.each<[string, object, boolean]>([
  ["a process that is gone", { pid: deadPid, born: "1" }, true],
  ["a process whose number belongs to another now", { pid: process.ppid, born: "1" }, true],
  ["a process before the machine started anew", { boot: "earlier" }, true],
  ["a store of this process that was closed", { store: "closed" }, true],
  ["a process of another machine", { host: "elsewhere", pid: deadPid, born: "1" }, false],
  ["a process of another container", { space: "pid:[1]", pid: deadPid, born: "1" }, false],
])("the lease of %s: taken at once, or after ten seconds", (_, change, atOnce) => {
  const folder = temporary();
  begun(folder);
  holderOf(folder, change);
  const other = open(folder, { now: () => start + 1 });
  expect(other.runs()[0]?.held).toBe(!atOnce);
  if (!atOnce) expect(() => other.acquire("r1", start + 9_999)).toThrow(problem("held"));
  expect(other.acquire("r1", atOnce ? start + 1 : start + 10_001).epoch).toBe(2);
});

test("two processes: the second is refused while the first lives, and takes over at once when it was killed", async () => {
  const folder = temporary();
  begun(folder).store.close();
  const first = child("hold", folder);
  expect(await reportOf(first)).toBe(2);
  const store = open(folder);
  expect(() => store.acquire("r1", Date.now())).toThrow(`process ${first.pid}`);
  expect(store.runs()[0]?.held).toBe(true);
  await kill(first);
  expect(store.runs()[0]?.held).toBe(false);
  const lease = store.acquire("r1", Date.now());
  store.append(lease, [completed(1, "mine")], Date.now());
  checkLaws(store, "r1");
});

test("a process that was frozen and wakes up after its lease was taken writes nothing", async () => {
  const folder = temporary();
  begun(folder).store.close();
  const frozen = child("hold", folder);
  await reportOf(frozen);
  frozen.kill("SIGSTOP");
  const store = open(folder);
  expect(() => store.acquire("r1", Date.now())).toThrow(problem("held"));
  store.acquire("r1", Date.now() + 10_000);
  frozen.kill("SIGCONT");
  frozen.send("write");
  expect(await reportOf(frozen)).toBe("lost");
  expect(store.head("r1").seq).toBe(2);
});

test("several processes open a new journal at once and write to it", async () => {
  const folder = temporary();
  const children = [1, 2, 3, 4].map(() => child("share", folder));
  expect(await Promise.all(children.map(reportOf))).toEqual(["done", "done", "done", "done"]);
  const db = new Database(path.join(folder, "journal.db"), { readonly: true });
  expect(db.prepare("select count(*) from memory").pluck().get()).toBe(80);
  db.close();
});
