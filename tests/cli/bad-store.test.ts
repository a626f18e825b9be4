// Stores that cannot be used: every command says why and what to do, none makes it worse, and none leaves a store behind
// that was not there.

import Database from "better-sqlite3";
import { chmodSync, existsSync, mkdirSync, readFileSync, readdirSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { expectComplaint, place, type Place } from "./command.ts";

const commands: readonly (readonly string[])[] = [
  ["ls"],
  ["show"],
  ["run", "a.keel"],
  ["resume"],
  ["answer", "r1", "text"],
  ["approve", "r1"],
  ["resolve", "r1", "main:1", "--done"],
  ["cancel", "r1"],
];

const journal = (here: Place): string => path.join(here.data, "journal.db");

/** A store with a completed run in it. */
async function used(): Promise<Place> {
  const here = place({ spoilt: true });
  here.write("a.keel", `for i in range(0, 40) { notify user "line {i}" }\n`);
  expect((await here.keel(["run", "a.keel"])).code).toBe(0);
  return here;
}

async function expectAll(here: Place, code: number, ...texts: readonly string[]): Promise<void> {
  const ended = await Promise.all(commands.map((command) => here.keel(command)));
  for (const each of ended) expectComplaint(each, code, ...texts, "help: ");
}

const spoil: readonly (readonly [string, (file: string) => void, string])[] = [
  ["a text", (file) => writeFileSync(file, "no database\n".repeat(500)), "is not a Keel journal"],
  ["a few bytes", (file) => writeFileSync(file, "hello"), "is not a Keel journal"],
  ["a part of what it was", (file) => truncateSync(file, 8192), "is damaged"],
  [
    "what a broken disk made of it",
    (file) => {
      const bytes = readFileSync(file);
      bytes.fill(0xaa, 4096 * 3, bytes.length - 4096);
      writeFileSync(file, bytes);
    },
    "is damaged",
  ],
  [
    "another program's database",
    (file) => {
      writeFileSync(file, "");
      const db = new Database(file);
      db.exec("create table theirs (a)");
      db.close();
    },
    "is a database, but not a Keel journal",
  ],
  [
    "the journal of a newer Keel",
    (file) => {
      const db = new Database(file);
      db.pragma("user_version = 99");
      db.close();
    },
    "was written by a newer Keel",
  ],
];

test.each(spoil)("journal.db is %s", async (_, make, message) => {
  const here = await used();
  make(journal(here));
  const before = readFileSync(journal(here));
  await expectAll(here, 74, "journal.db", message);
  expect(readFileSync(journal(here)).equals(before), "it is left as it was").toBe(true);
});

test("journal.db is a directory", async () => {
  const here = place({ spoilt: true });
  here.write("a.keel", `notify user "x"\n`);
  mkdirSync(journal(here), { recursive: true });
  await expectAll(here, 74, "journal.db is a directory");
});

test("journal.db is an empty file: an empty store", async () => {
  const here = place();
  here.write("a.keel", `notify user "x"\n`);
  here.write("data/journal.db", "");
  expect(await here.keel(["ls"])).toMatchObject({ code: 0, out: "no runs yet: `keel run FILE` makes one\n" });
  expect((await here.keel(["run", "a.keel"])).code).toBe(0);
  expect((await here.keel(["ls"])).out).toContain("completed");
});

test("KEEL_DATA_DIR names a file, or something in one", async () => {
  const here = place();
  here.write("a.keel", `notify user "x"\n`);
  for (const data of ["a.keel", "a.keel/deep/er"]) {
    const ended = await Promise.all(commands.map((command) => here.keel(command, { env: { KEEL_DATA_DIR: data } })));
    for (const each of ended) expectComplaint(each, 74, "a file is in its place", "help: ");
  }
  expect(readFileSync(path.join(here.folder, "a.keel"), "utf8")).toBe(`notify user "x"\n`);
});

test("a data folder that one may not enter, and one that one may not write to", async () => {
  const here = place();
  here.write("a.keel", `notify user "x"\n`);
  mkdirSync(here.data);
  for (const [mode, folder] of [
    [0o000, "data"],
    [0o000, "data/below"],
    [0o555, "data"],
    [0o555, "data/below"],
  ] as const) {
    chmodSync(here.data, mode);
    const given = { plain: true, env: { KEEL_DATA_DIR: folder } } as const;
    expectComplaint(await here.keel(["run", "a.keel"], given), 74, "cannot be written", "no permission", "help: ");
    if (mode === 0o000) expectComplaint(await here.keel(["ls"], given), 74, "no permission");
    else expect((await here.keel(["ls"], given)).out).toContain("no runs yet");
  }
});

test("no store: commands that only look make none", async () => {
  const here = place();
  for (const command of commands) {
    if (command[0] === "ls" || command[0] === "run") continue;
    expectComplaint(await here.keel(command), 2, "there are no runs here yet", "help: `keel run FILE` makes one");
  }
  expect(await here.keel(["ls"])).toMatchObject({ code: 0, out: "no runs yet: `keel run FILE` makes one\n" });
  expect(await here.keel(["ls", "--json"])).toMatchObject({ code: 0, out: "[]\n" });
  expect(existsSync(here.data)).toBe(false);
  mkdirSync(here.data);
  expect((await here.keel(["ls"])).code).toBe(0);
  expectComplaint(await here.keel(["show"]), 2, "there are no runs here yet");
  expect(readdirSync(here.data)).toEqual([]);
});

test("a run that does not exist, and a beginning that several have", async () => {
  const here = place();
  here.write("a.keel", `notify user "x"\n`);
  for (let n = 0; n < 2; n += 1) await here.keel(["run", "a.keel"]);
  for (const [command, ...rest] of commands) {
    if (command === "ls" || command === "run" || command === undefined) continue;
    const of = (run: string): Promise<Parameters<typeof expectComplaint>[0]> =>
      here.keel([command, run, ...rest.slice(1)]);
    expectComplaint(await of("zzz"), 2, "no run is called zzz", "help: `keel ls` lists the runs");
    expectComplaint(await of("r"), 2, "several runs begin with r: r", "help: write more of the id");
    expectComplaint(await of(""), 2, `no run is called ""`);
  }
  const { code, out } = await here.keel(["show", await here.run()]);
  expect([code, out]).toEqual([0, expect.stringContaining("run completed")]);
});

test("what is over is neither resumed nor cancelled nor answered", async () => {
  const here = place();
  here.write("a.keel", `notify user "x"\n`);
  await here.keel(["run", "a.keel"]);
  const run = await here.run();
  const before = await here.timeline();
  expect(await here.keel(["resume"])).toMatchObject({ code: 0, out: expect.stringContaining("nothing to resume") });
  expectComplaint(await here.keel(["cancel", run]), 2, "is completed already");
  expectComplaint(await here.keel(["answer", run, "x"]), 2, "is completed: it takes no answers");
  expectComplaint(await here.keel(["approve", run]), 2, "is completed: it takes no answers");
  expectComplaint(await here.keel(["resolve", run, "main:1", "--done"]), 2, "none is in doubt");
  expect(await here.timeline()).toEqual(before);
});
