// Bad worlds, made for real: each becomes a StoreError in clear words, and what was recorded before is still there.

import Database from "better-sqlite3";
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { storeError } from "../../src/runtime/journal/problems.ts";
import { StoreError } from "../../src/runtime/journal/store.ts";
import { checkLaws } from "../support/journal.ts";
import { begun, completed, open, program, places, start, started, temporary } from "./sample.ts";

function problemOf(work: () => unknown): StoreError {
  try {
    work();
  } catch (error) {
    if (error instanceof StoreError) {
      expect(error.help).toBeTruthy();
      return error;
    }
    throw error;
  }
  throw new Error("nothing went wrong");
}

test("there is no journal to read", () => {
  const folder = temporary();
  expect(problemOf(() => open(folder, { readonly: true })).problem).toBe("missing");
});

test("the folder is made where it is missing", () => {
  const folder = path.join(temporary(), "a", "b");
  expect(open(folder).runs()).toEqual([]);
});

test("a file is in the folder's place", () => {
  const file = path.join(temporary(), "f");
  writeFileSync(file, "");
  for (const folder of [file, path.join(file, "deeper")]) {
    const error = problemOf(() => open(folder));
    expect([error.problem, error.message]).toEqual(["io", expect.stringContaining("a file is in its place")]);
  }
});

test("a directory is in the file's place", () => {
  const folder = temporary();
  mkdirSync(path.join(folder, "journal.db"));
  const error = problemOf(() => open(folder));
  expect([error.problem, error.message]).toEqual(["io", expect.stringContaining("is a directory")]);
});

test("the file is no database", () => {
  const folder = temporary();
  writeFileSync(path.join(folder, "journal.db"), "this is no database, but a text that is long enough\n".repeat(30));
  const error = problemOf(() => open(folder));
  expect([error.problem, error.message]).toEqual(["corrupt", expect.stringContaining("is not a Keel journal")]);
});

test("the file is somebody else's database, and stays as it was", () => {
  const folder = temporary();
  const file = path.join(folder, "journal.db");
  const db = new Database(file);
  db.exec("create table theirs (a)");
  db.close();
  const before = readFileSync(file);
  expect(problemOf(() => open(folder)).message).toContain("not a Keel journal");
  expect(readFileSync(file).equals(before)).toBe(true);
});

test("the file was written by a newer Keel", () => {
  const folder = temporary();
  begun(folder).store.close();
  const db = new Database(path.join(folder, "journal.db"));
  db.pragma("user_version = 99");
  db.close();
  const error = problemOf(() => open(folder));
  expect([error.problem, error.message, error.help]).toEqual([
    "newer",
    expect.stringContaining("format is 99"),
    expect.stringContaining("update Keel"),
  ]);
});

test("the file is damaged", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  store.append(
    lease,
    Array.from({ length: 500 }, (_, index) => completed(index + 1, "x".repeat(200))),
    start,
  );
  store.close();
  const file = path.join(folder, "journal.db");
  const bytes = readFileSync(file);
  bytes.fill(0xaa, 4096 * 3, bytes.length - 4096);
  writeFileSync(file, bytes);
  const error = problemOf(() => [...open(folder).events("r1")]);
  expect(error.problem).toBe("corrupt");
  expect(error.help).toContain("backup");
});

test("the file was cut off", () => {
  const folder = temporary();
  begun(folder).store.close();
  truncateSync(path.join(folder, "journal.db"), 4096 * 2);
  expect(problemOf(() => [...open(folder).events("r1")]).problem).toBe("corrupt");
});

test("a body that is no JSON, and a text that is gone", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  store.append(lease, [completed(1, "x".repeat(2_000)), completed(2, 2)], start);
  store.close();
  const db = new Database(path.join(folder, "journal.db"));
  db.exec("delete from blobs; update events set body = '{' where id & 4294967295 = 4");
  db.close();
  const again = open(folder);
  expect(problemOf(() => again.event("r1", 3)).message).toContain("is missing");
  expect(problemOf(() => again.event("r1", 4)).message).toContain("is not JSON");
});

test("a journal that is opened read-only refuses to be written to", () => {
  const folder = temporary();
  const { lease } = begun(folder);
  const store = open(folder, { readonly: true });
  expect(problemOf(() => store.append(lease, [completed(1, null)], start)).problem).toBe("readonly");
  expect(problemOf(() => store.post("r1", { kind: "Cancel" }, start)).problem).toBe("readonly");
  expect(store.head("r1").seq).toBe(2);
});

test("another process keeps the file locked", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  store.close();
  const other = new Database(path.join(folder, "journal.db"));
  onTestFinished(() => void other.close());
  other.exec("begin immediate");
  const waiting = open(folder, { busyMs: 20 });
  const error = problemOf(() => waiting.append(lease, [completed(1, null)], start));
  expect([error.problem, error.message]).toEqual(["held", expect.stringContaining("locked")]);
});

test("the file vanished under an open store: its next heartbeat says so", () => {
  const folder = temporary();
  const { store, lease } = begun(folder);
  rmSync(folder, { recursive: true });
  const error = problemOf(() => store.heartbeat(lease, start + 5));
  expect([error.problem, error.message]).toEqual(["io", expect.stringContaining("moved or deleted")]);
});

const mountable = ((): boolean => {
  const probe = "/tmp/keel-mount-probe";
  mkdirSync(probe, { recursive: true });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", probe]).status === 0;
  if (mounted) execFileSync("umount", [probe]);
  rmSync(probe, { recursive: true, force: true });
  return mounted;
})();

function disk(size: string): string {
  const folder = temporary();
  execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder]);
  onTestFinished(() => void spawnSync("umount", ["-l", folder]));
  return folder;
}

test.runIf(mountable)("the disk is full: nothing recorded is lost, and with room it goes on", () => {
  const folder = disk("1500k");
  const { store, lease } = begun(folder);
  let n = 0;
  const error = problemOf(() => {
    for (;;) {
      store.append(lease, [completed(n + 1, "x".repeat(900))], start + n);
      n += 1;
    }
  });
  expect([error.problem, error.message]).toEqual(["full", expect.stringContaining("disk is full")]);
  expect(store.head("r1").seq).toBe(n + 2);
  checkLaws(store, "r1");
  execFileSync("mount", ["-o", "remount,size=20m", folder]);
  store.append(lease, [completed(n + 1, "after")], start + n);
  expect(store.head("r1").seq).toBe(n + 3);
  checkLaws(store, "r1");
  store.close();
});

test.runIf(mountable)("a disk too full for a first journal", () => {
  const folder = disk("16k");
  expect(problemOf(() => open(folder).create("r1", program, places, started, start)).problem).toBe("full");
});

test.runIf(mountable)("a read-only disk", () => {
  const folder = disk("4m");
  const remount = (mode: string): unknown => execFileSync("mount", ["-o", `remount,${mode}`, folder]);
  remount("ro");
  for (const place of [folder, path.join(folder, "new")]) {
    const error = problemOf(() => open(place));
    expect([error.problem, error.help]).toEqual(["readonly", expect.stringContaining("KEEL_DATA_DIR")]);
  }
  remount("rw");
  begun(folder).store.close();
  remount("ro");
  expect(problemOf(() => open(folder)).problem).toBe("readonly");
});

test("the native module is not there, or is for another machine", () => {
  const folder = temporary();
  const packages = path.join(import.meta.dirname, "../../node_modules");
  const modules = path.join(folder, "node_modules");
  mkdirSync(path.join(modules, "better-sqlite3"), { recursive: true });
  for (const part of ["package.json", "lib"]) {
    cpSync(path.join(packages, "better-sqlite3", part), path.join(modules, "better-sqlite3", part), {
      recursive: true,
    });
  }
  for (const name of ["bindings", "file-uri-to-path"]) symlinkSync(path.join(packages, name), path.join(modules, name));
  const Bare = createRequire(path.join(folder, "x.js"))("better-sqlite3") as typeof Database;
  const broken = path.join(folder, "broken.node");
  writeFileSync(broken, "no library");
  for (const options of [{}, { nativeBinding: broken }]) {
    const error = problemOf(() => {
      try {
        new Bare(":memory:", options);
      } catch (thrown) {
        throw storeError(thrown, "journal.db");
      }
    });
    expect([error.problem, error.help]).toEqual(["io", expect.stringContaining("npm rebuild better-sqlite3")]);
    expect(error.message.split("\n")).toHaveLength(1);
  }
});
