// A store that is copied while something writes to it: a copy is what was written up to some moment, or it is refused.

import Database from "better-sqlite3";
import { fork, type ChildProcess } from "node:child_process";
import {
  closeSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { auditRun, openAuditor } from "../../src/runtime/journal/audit-store.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { StoreError } from "../../src/runtime/journal/store.ts";
import { catalogue } from "../../src/source/codes.ts";
import { kill, reportOf } from "./processes.ts";
import { begun, completed, open, start, temporary } from "./sample.ts";

function writer(folder: string): ChildProcess {
  const child = fork(path.join(import.meta.dirname, "copy-writer.ts"), [folder], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  return child;
}

type Verdict =
  | { readonly kind: "Intact"; readonly events: number; readonly tip: string }
  | { readonly kind: "Refused"; readonly why: string };

/** What an audit says of a store. */
function audited(folder: string): Verdict {
  try {
    const auditor = openAuditor(folder);
    try {
      const unsound = auditor.unsound();
      const { events, tip, finding = unsound } = auditor.read("r1", (evidence) => auditRun(evidence));
      if (finding !== undefined) return { kind: "Refused", why: JSON.stringify(finding) };
      return { kind: "Intact", events, tip: Buffer.from(tip).toString("hex") };
    } finally {
      auditor.close();
    }
  } catch (error) {
    return refusal(error);
  }
}

/** What somebody is told who wants to go on with the run. */
function acquired(folder: string): Verdict["kind"] | "Held" {
  try {
    const store = openStore(folder);
    try {
      store.acquire("r1", Date.now());
      return "Intact";
    } finally {
      store.close();
    }
  } catch (error) {
    return error instanceof StoreError && error.problem === "held" ? "Held" : refusal(error).kind;
  }
}

/** Clear words, and what to do; anything else is thrown on. */
function refusal(error: unknown): Verdict {
  if (!(error instanceof StoreError) || error.problem !== "corrupt") throw error;
  expect(error.help).toBeTruthy();
  return { kind: "Refused", why: error.message };
}

/** The hashes of a run, by seq. */
function hashes(folder: string): ReadonlyMap<number, string> {
  const db = new Database(path.join(folder, "journal.db"), { readonly: true });
  const rows = db.prepare("select id & 4294967295 as seq, lower(hex(hash)) as hash from events order by id").all();
  db.close();
  return new Map((rows as { seq: number; hash: string }[]).map(({ seq, hash }) => [seq, hash]));
}

/** As `cp` does it, file by file and piece by piece, slowed down: in and after the first file it waits. */
async function copySlowly(
  from: string,
  to: string,
  names: readonly string[],
  wait: () => Promise<void>,
): Promise<void> {
  mkdirSync(to);
  const piece = Buffer.alloc(64 * 1024);
  for (const name of names) {
    if (!existsSync(path.join(from, name))) continue;
    const [source, target] = [openSync(path.join(from, name), "r"), openSync(path.join(to, name), "w")];
    for (let read = readSync(source, piece), count = 1; read > 0; read = readSync(source, piece), count += 1) {
      writeSync(target, piece, 0, read);
      if (count === 5 && name === names[0]) await wait();
    }
    closeSync(source);
    closeSync(target);
    if (name === names[0]) await wait();
  }
}

/** How many events a resume of `main` would find, and the first event of the run. */
function readAll(folder: string): number {
  const store = openStore(folder, { readonly: true });
  const count = store.activation("r1", "main").filter((sealed) => sealed.open().seq > 1).length;
  store.close();
  return count + 1;
}

const files = ["journal.db", "journal.db-shm", "journal.db-wal"];

test("copied again and again while thousands of events are written", { timeout: 60_000 }, async () => {
  const folder = temporary();
  begun(folder).store.close();
  const child = writer(folder);
  let last = 0;
  child.on("message", (seq) => void (last = Number(seq)));
  const verdicts: Verdict[] = [];
  for (let round = 0; last < 2_000 || round < 12; round += 1) {
    await reportOf(child);
    const copy = path.join(folder, "copy");
    // As long as nothing, as a few transactions, and as it takes to write the log back and begin it anew.
    const pause = [0, 9, 25, 2][round % 4] ?? 0;
    const wait = async (): Promise<void> => {
      for (let reports = 0; reports < pause; reports += 1) await reportOf(child);
    };
    // The order in which a folder is read is nobody's promise.
    const order = [files, files.toReversed(), ["journal.db-wal", "journal.db"]][round % 3] ?? files;
    await copySlowly(folder, copy, order, wait);
    const went = acquired(copy);
    const verdict = audited(copy);
    verdicts.push(verdict);
    // The copy says that its holder lives, but only where it has nothing worse to say.
    expect(went, JSON.stringify(verdict)).toBe(verdict.kind === "Intact" ? "Held" : "Refused");
    if (verdict.kind === "Intact") expect(readAll(copy)).toBe(verdict.events);
    rmSync(copy, { recursive: true });
  }
  await kill(child);
  const original = hashes(folder);
  expect(original.size).toBeGreaterThan(2_000);
  for (const verdict of verdicts)
    if (verdict.kind === "Intact")
      expect(original.get(verdict.events), `after ${verdict.events} events`).toBe(verdict.tip);
  expect(verdicts.some(({ kind }) => kind === "Intact")).toBe(true);
  expect(audited(folder).kind).toBe("Intact");
});

test("the ways that are safe at any time", { timeout: 60_000 }, async () => {
  const folder = temporary();
  begun(folder).store.close();
  const child = writer(folder);
  const taken: Verdict[] = [];
  for (let round = 0; round < 8; round += 1) {
    const seen = Number(await reportOf(child));
    const copy = path.join(folder, `copy${round}`);
    mkdirSync(copy);
    const to = path.join(copy, "journal.db");
    const db = new Database(path.join(folder, "journal.db"), { readonly: round % 2 === 0 });
    if (round % 2 === 0) db.prepare("vacuum into ?").run(to);
    else await db.backup(to);
    db.close();
    const verdict = audited(copy);
    expect(verdict).toMatchObject({ kind: "Intact" });
    expect(verdict.kind === "Intact" && verdict.events).toBeGreaterThanOrEqual(seen);
    expect(acquired(copy)).toBe("Held");
    taken.push(verdict);
  }
  await kill(child);
  const original = hashes(folder);
  for (const verdict of taken)
    expect(verdict).toMatchObject({ tip: verdict.kind === "Intact" && original.get(verdict.events) });
});

/** A store whose file is of an earlier moment than its log, which was begun anew in between. */
function torn(): string {
  const folder = temporary();
  const copy = temporary();
  const { store, lease } = begun(folder);
  const write = (from: number, to: number): void => {
    for (let n = from; n < to; n += 1) store.append(lease, [completed(n, `mail ${n} `.repeat(150))], start + 1 + n);
  };
  write(1, 40);
  copyFileSync(path.join(folder, "journal.db"), path.join(copy, "journal.db"));
  const db = new Database(path.join(folder, "journal.db"));
  db.pragma("wal_checkpoint(truncate)");
  write(40, 600);
  db.pragma("wal_checkpoint(restart)");
  db.close();
  write(600, 610);
  copyFileSync(path.join(folder, "journal.db-wal"), path.join(copy, "journal.db-wal"));
  return copy;
}

test("a file and a log of different moments", () => {
  const folder = torn();
  expect(audited(folder)).toMatchObject({ kind: "Refused" });
  expect(acquired(folder)).toBe("Refused");
});

test("a run in a copy is verified before it goes on, once", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  store.append(lease, [completed(1, "value")], start + 2);
  store.close();
  const spoil = (where: string): void => {
    const db = new Database(path.join(where, "journal.db"));
    db.prepare("update events set body = replace(body, 'value', 'VALUE') where type = 'step.completed'").run();
    db.close();
  };

  const whole = path.join(temporary(), "whole");
  cpSync(folder, whole, { recursive: true });
  expect(acquired(whole)).toBe("Intact");
  // What is spoilt where it lies is for an audit to find: a resume costs what is live.
  spoil(whole);
  expect(acquired(whole)).toBe("Intact");
  expect(audited(whole).kind).toBe("Refused");
  const moved = `${whole}-moved`;
  renameSync(whole, moved);
  expect(acquired(moved)).toBe("Intact");

  const again = path.join(temporary(), "again");
  cpSync(moved, again, { recursive: true });
  const problem = (() => {
    try {
      return open(again).acquire("r1", start);
    } catch (error) {
      return error;
    }
  })();
  expect(problem).toMatchObject({ problem: "corrupt" });
  const { message } = catalogue.K6113;
  expect((problem as StoreError).message.toLowerCase()).toBe(`${message.replace("{run}", "r1")} [K6113]`.toLowerCase());
  expect(open(again).head("r1").seq, "it can be looked at").toBe(3);
});
