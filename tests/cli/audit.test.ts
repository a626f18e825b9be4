// `keel audit` as a person calls it: every diagnostic of its area is made, exports are whole or not there, secrets stay in.

import Database from "better-sqlite3";
import { execFileSync, spawnSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { journalCodes } from "../../src/source/codes-journal.ts";
import { expectComplaint, place, type Ended, type Place } from "./command.ts";

const script = path.join(import.meta.dirname, "../../docs/verify-journal.mjs");
const program = `long = range(0, 400).map(n => "word {n}").join(" ")
for i in range(0, 3) { notify user "line {i} {long}" }
`;

/** A store with a completed run in it. */
async function used(options: { readonly spoilt?: boolean } = {}): Promise<Place & { readonly name: string }> {
  const here = place(options);
  here.write("a.keel", program);
  expect((await here.keel(["run", "a.keel"])).code).toBe(0);
  return { ...here, name: await here.run() };
}

function tamper({ data }: Place, ...statements: readonly string[]): void {
  const db = new Database(path.join(data, "journal.db"));
  db.pragma("foreign_keys = off");
  for (const statement of statements) expect(db.prepare(statement).run().changes).toBeGreaterThan(0);
  db.close();
}

const seq = (n: number): string => `where id & 4294967295 = ${n}`;

interface Keys {
  readonly key: string;
  readonly publicKey: string;
}

function keys(here: Place, name = "key"): Keys {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return {
    key: here.write(`${name}.pem`, String(privateKey.export({ type: "pkcs8", format: "pem" }))),
    publicKey: here.write(`${name}-public.pem`, String(publicKey.export({ type: "spki", format: "pem" }))),
  };
}

interface Document {
  readonly version: number;
  readonly intact: boolean;
  readonly results: readonly {
    readonly kind: string;
    readonly name: string;
    readonly intact: boolean;
    readonly tip?: string;
    readonly finding?: { readonly code: string; readonly event?: number };
  }[];
}

const document = ({ out }: Ended): Document => JSON.parse(out) as Document;

test("an intact run, its export, and both again as JSON", async () => {
  const here = await used();
  const verified = await here.keel(["audit", "verify"]);
  expect(verified).toMatchObject({ code: 0, err: "" });
  const [, tip = ""] = /^✓ \S+ is intact: 7 events, tip ([0-9a-f]{64})\n$/.exec(verified.out) ?? [];
  expect(tip).not.toBe("");
  expect(await here.keel(["audit", "verify", here.name.slice(0, 4)])).toEqual(verified);

  const exported = await here.keel(["audit", "export", here.name, "-o", "run.jsonl"]);
  expect(exported).toEqual({ code: 0, out: `✓ exported ${here.name} to run.jsonl: 7 events, tip ${tip}\n`, err: "" });
  expect(statSync(path.join(here.folder, "run.jsonl")).mode & 0o777).toBe(0o600);
  expect(await here.keel(["audit", "verify", "run.jsonl"])).toEqual({
    code: 0,
    out: `✓ run.jsonl is intact: run ${here.name}, 7 events, tip ${tip}\n`,
    err: "",
  });
  expect(execFileSync(process.execPath, [script, "run.jsonl"], { cwd: here.folder, encoding: "utf8" })).toContain(tip);

  const json = await here.keel(["audit", "verify", here.name, "run.jsonl", "--json"]);
  expect(json).toMatchObject({ code: 0, err: "" });
  const header = { run: here.name, keel: expect.any(String), exported_at: expect.stringMatching(/^2\d{3}-.*Z$/) };
  const extent = { intact: true, events: 7, pruned: 0, tip };
  expect(document(json)).toEqual({
    version: 1,
    intact: true,
    results: [
      { kind: "run", name: here.name, ...extent },
      { kind: "file", name: "run.jsonl", ...header, ...extent },
    ],
  });
  const both = await here.keel(["audit", "verify", here.name, "run.jsonl"]);
  expect(both.out.split("\n").at(-2)).toBe("2 looked at: 2 intact, 0 not");
});

test("a store is left as it was, and none is made", async () => {
  const here = await used();
  const journal = path.join(here.data, "journal.db");
  const before = readFileSync(journal);
  expect((await here.keel(["audit", "verify"])).code).toBe(0);
  expect(readFileSync(journal).equals(before)).toBe(true);
  const empty = place();
  expectComplaint(await empty.keel(["audit", "verify"]), 2, "there is no journal at", "help: ");
  expectComplaint(await empty.keel(["audit", "export", "-o", "x.jsonl"]), 2, "there is no journal at", "help: ");
  expect(existsSync(empty.data)).toBe(false);
});

test("a run that waits is verified and exported while it is there; the next export leads through the first", async () => {
  const here = place();
  here.write("a.keel", `x = ask user "?"\nnotify user x\n`);
  const running = here.start(["run", "a.keel"]);
  await running.until("?");
  expect((await here.keel(["audit", "verify"])).code).toBe(0);
  expect((await here.keel(["audit", "export", "-o", "one.jsonl"])).code).toBe(0);
  running.type("yes\n");
  running.child.stdin?.end();
  expect((await running.end).code).toBe(0);
  expect((await here.keel(["audit", "verify", "--tip", "one.jsonl"])).code).toBe(0);
  expect((await here.keel(["audit", "export", "-o", "two.jsonl"])).code).toBe(0);
  expect((await here.keel(["audit", "verify", "two.jsonl", "--tip", "one.jsonl"])).code).toBe(0);
  expectComplaint(await here.keel(["audit", "verify", "one.jsonl", "--tip", "two.jsonl"]), 1, "[K6107]");
});

/** What makes each diagnostic, and the command that finds it. */
const made: { readonly [C in keyof typeof journalCodes]: (here: Place & { readonly name: string }) => Promise<Ended> } =
  {
    K6101: (here) => (tamper(here, `update events set at = at + 1 ${seq(4)}`), here.keel(["audit", "verify"])),
    K6102: (here) => (tamper(here, `delete from events ${seq(4)}`), here.keel(["audit", "verify", here.name])),
    K6103: (here) => (tamper(here, "delete from blobs"), here.keel(["audit", "verify"])),
    K6104: (here) => (tamper(here, "update programs set program = x'00'"), here.keel(["audit", "verify"])),
    K6105: (here) => (tamper(here, `delete from events ${seq(7)}`), here.keel(["audit", "verify"])),
    K6106: (here) => (tamper(here, "update heads set calls = 9"), here.keel(["audit", "verify"])),
    K6107: (here) => here.keel(["audit", "verify", here.name, "--tip", "0".repeat(64)]),
    K6108: async (here) => {
      await here.keel(["audit", "export", "-o", "run.jsonl"]);
      const other = await used();
      return other.keel(["audit", "verify", "--tip", path.join(here.folder, "run.jsonl")]);
    },
    K6109: (here) => here.keel(["audit", "verify", here.write("run.jsonl", "hello\n")]),
    K6110: async (here) => {
      await here.keel(["audit", "export", "-o", "run.jsonl", "--key", keys(here).key]);
      const text = readFileSync(path.join(here.folder, "run.jsonl"), "utf8");
      here.write(
        "run.jsonl",
        text.replace(/"signature":"./, (some) => some.slice(0, -1) + (some.endsWith("0") ? "1" : "0")),
      );
      return here.keel(["audit", "verify", "run.jsonl"]);
    },
    K6111: async (here) => {
      await here.keel(["audit", "export", "-o", "run.jsonl"]);
      return here.keel(["audit", "verify", "run.jsonl", "--public-key", keys(here).publicKey]);
    },
    K6112: (here) => {
      const journal = path.join(here.data, "journal.db");
      const bytes = readFileSync(journal);
      bytes.fill(0xaa, 4096 * 3);
      writeFileSync(journal, bytes);
      return here.keel(["audit", "verify"]);
    },
    K6113: (here) => {
      tamper(here, `update events set at = at + 1 ${seq(4)}`, "update heads set status = 'interrupted'");
      const copy = path.join(here.folder, "copy");
      cpSync(here.data, copy, { recursive: true });
      return here.keel(["resume"], { env: { KEEL_DATA_DIR: copy } });
    },
  };

test.each(Object.keys(journalCodes) as (keyof typeof journalCodes)[])("%s", async (code) => {
  const here = await used({ spoilt: true });
  const ended = await made[code](here);
  expectComplaint(ended, code === "K6113" ? 74 : 1, `[${code}]`);
  expect(ended.out).not.toContain("✓");
});

describe("what does not fit is named", () => {
  test("in JSON, one finding a run, the others intact", async () => {
    const here = await used({ spoilt: true });
    expect((await here.keel(["run", "a.keel"])).code).toBe(0);
    tamper(here, `update events set n = 7 where id = 4294967296 + 4`);
    const ended = await here.keel(["audit", "verify", "--json"]);
    expect(ended).toMatchObject({ code: 1, err: "" });
    const { intact, results } = document(ended);
    expect(intact).toBe(false);
    expect(results.map((each) => [each.kind, each.intact, each.finding?.code, each.finding?.event])).toEqual([
      ["run", true, undefined, undefined],
      ["run", false, "K6101", 4],
    ]);
    const text = await here.keel(["audit", "verify"]);
    expect(text.out.split("\n").at(-2)).toBe("2 looked at: 1 intact, 1 not");
  });

  test("a run that is not intact is not exported", async () => {
    const here = await used({ spoilt: true });
    tamper(here, `update events set at = at + 1 ${seq(4)}`);
    expectComplaint(await here.keel(["audit", "export", "-o", "run.jsonl"]), 1, "[K6101]");
    expect(readdirSync(here.folder).sort()).toEqual(["a.keel", "data"]);
  });

  test("a tip in a file that is not intact is no tip", async () => {
    const here = await used();
    await here.keel(["audit", "export", "-o", "run.jsonl"]);
    const text = readFileSync(path.join(here.folder, "run.jsonl"), "utf8");
    here.write("run.jsonl", text.replace("run.completed", "run.cancelled"));
    expectComplaint(
      await here.keel(["audit", "verify", "--tip", "run.jsonl"]),
      1,
      "run.jsonl is not intact",
      "[K6101]",
    );
  });
});

describe("signatures", () => {
  test("the right key, the wrong one, and one that nobody vouches for", async () => {
    const here = await used();
    const { key, publicKey } = keys(here);
    const other = keys(here, "other");
    expect((await here.keel(["audit", "export", "-o", "run.jsonl", "--key", key])).out).toMatch(/, signed\n$/);
    const alone = await here.keel(["audit", "verify", "run.jsonl"]);
    expect(alone.out).toMatch(/, signed with [0-9a-f]{64}\n {2}note: this key is the file's own word/);
    const known = await here.keel(["audit", "verify", "run.jsonl", "--public-key", publicKey]);
    expect(known).toMatchObject({ code: 0, err: "" });
    expect(known.out).not.toContain("note:");
    expectComplaint(await here.keel(["audit", "verify", "run.jsonl", "--public-key", other.publicKey]), 1, "[K6111]");
    const tip = ["audit", "verify", "--tip", "run.jsonl", "--public-key"];
    expect((await here.keel([...tip, publicKey])).code).toBe(0);
    expectComplaint(await here.keel([...tip, other.publicKey]), 1, "run.jsonl", "[K6111]");
    const independent = spawnSync(process.execPath, [script, "run.jsonl", publicKey], {
      cwd: here.folder,
      encoding: "utf8",
    });
    expect(independent).toMatchObject({ status: 0, stderr: "" });
  });

  test("what is no key for it", async () => {
    const here = await used();
    const { key, publicKey } = keys(here);
    const rsa = generateKeyPairSync("rsa", { modulusLength: 1024 }).privateKey.export({ type: "pkcs8", format: "pem" });
    const sealed = generateKeyPairSync("ed25519").privateKey.export({
      type: "pkcs8",
      format: "pem",
      cipher: "aes-256-cbc",
      passphrase: "x",
    });
    for (const [file, words] of [
      [here.write("rsa.pem", String(rsa)), "of the kind rsa"],
      [here.write("sealed.pem", String(sealed)), "is encrypted"],
      [here.write("text.pem", "hello"), "holds no private key"],
      [publicKey, "holds no private key"],
      [path.join(here.folder, "none.pem"), "there is no such file"],
      [here.folder, "is a directory"],
    ] as const) {
      expectComplaint(await here.keel(["audit", "export", "-o", "run.jsonl", "--key", file]), 2, words, "help: ");
    }
    expect(existsSync(path.join(here.folder, "run.jsonl"))).toBe(false);
    await here.keel(["audit", "export", "-o", "run.jsonl", "--key", key]);
    for (const [file, words] of [
      [key, "holds a private key"],
      [here.write("text.pem", "hello"), "holds no public key"],
    ] as const) {
      expectComplaint(await here.keel(["audit", "verify", "run.jsonl", "--public-key", file]), 2, words, "help: ");
    }
  });
});

test("wrong usage", async () => {
  const here = await used();
  const { publicKey } = keys(here);
  await here.keel(["audit", "export", "-o", "run.jsonl"]);
  const other = await used();
  for (const [args, words] of [
    [["verify", "--tip", "0".repeat(64)], "--tip is of one run"],
    [["verify", here.name, "run.jsonl", "--tip", "run.jsonl"], "--tip is of one run"],
    [["verify", "--public-key", publicKey], "--public-key is for exported files"],
    [["verify", "none.jsonl"], "cannot read none.jsonl: there is no such file"],
    [["verify", "."], "cannot read .: it is a directory"],
    [["verify", "zz"], "no run is called zz"],
    [["verify", "--tip", "none"], "cannot read none"],
    [["verify", other.name, "--tip", "run.jsonl"], `no run is called ${other.name}`],
    [["export"], "required option"],
    [["export", "zz", "-o", "x.jsonl"], "no run is called zz"],
    [["export", "-o", "run.jsonl"], "run.jsonl exists already"],
    [["export", "-o", "no/where.jsonl"], "cannot write no/where.jsonl: its folder is not there"],
    [["nothing"], "unknown command"],
  ] as const) {
    expectComplaint(await here.keel(["audit", ...args]), 2, words);
  }
  expectComplaint(
    await other.keel(["audit", "verify", other.name, "--tip", path.join(here.folder, "run.jsonl")]),
    2,
    `the tip is of the run ${here.name}`,
  );
  expect(readdirSync(here.folder).filter((name) => name.endsWith(".tmp"))).toEqual([]);
});

test("a folder that one may not write to", async () => {
  const here = await used();
  mkdirSync(path.join(here.folder, "theirs"), { mode: 0o555 });
  execFileSync("chmod", ["-R", "a+rX", here.data]);
  execFileSync("chmod", ["a+rwX", here.data]);
  const ended = await here.keel(["audit", "export", "-o", "theirs/run.jsonl"], { plain: true });
  expectComplaint(ended, 2, "cannot write theirs/run.jsonl: permission denied", "help: ");
});

const mountable = ((): boolean => {
  const here = path.join("/tmp", `keel-audit-mount-${process.pid}`);
  mkdirSync(here, { recursive: true });
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", here]).status === 0;
  if (mounted) execFileSync("umount", [here]);
  spawnSync("rmdir", [here]);
  return mounted;
})();

test.runIf(mountable)("the disk is full: said, and nothing of the file is left", async () => {
  const here = place();
  here.write(
    "a.keel",
    `for i in range(0, 60) { notify user "line {i} {range(0, 400).map(n => "{n * i}").join("")}" }\n`,
  );
  expect((await here.keel(["run", "a.keel"])).code).toBe(0);
  const disk = path.join(here.folder, "disk");
  mkdirSync(disk);
  execFileSync("mount", ["-t", "tmpfs", "-o", "size=32k", "tmpfs", disk]);
  onTestFinished(() => void spawnSync("umount", ["-l", disk]));
  const ended = await here.keel(["audit", "export", "-o", "disk/run.jsonl"]);
  expectComplaint(ended, 74, "the disk is full: disk/run.jsonl cannot be written", "nothing of it was left there");
  expect(readdirSync(disk)).toEqual([]);
  execFileSync("mount", ["-o", "remount,size=4m", disk]);
  expect((await here.keel(["audit", "export", "-o", "disk/run.jsonl"])).code).toBe(0);
  expect((await here.keel(["audit", "verify", "disk/run.jsonl"])).code).toBe(0);
});

test("a secret is in no export", async () => {
  const secret = `s3cr3t/Tok+en"42 xyz`;
  const here = place();
  here.write(
    "a.keel",
    `key = env.API_KEY
long = range(0, 400).map(n => "word {n}").join(" ")
first = draft "a note with {key} and {long}" ?? "none"
notify user "the key is {key}: {first}"
try { fail "with {key}" } catch err { notify user "caught {err.message} {long} {key}" }
`,
  );
  const ended = await here.keel(["run", "a.keel"], { env: { API_KEY: secret } });
  expect(ended.out).toContain(`the key is ${secret}`);
  expect((await here.keel(["audit", "export", "-o", "run.jsonl"], { env: { API_KEY: secret } })).code).toBe(0);
  const text = readFileSync(path.join(here.folder, "run.jsonl"), "utf8");
  for (const form of ["s3cr3t", encodeURIComponent(secret), Buffer.from(secret).toString("base64").slice(4, -4)]) {
    expect(text).not.toContain(form);
  }
  expect(text).toContain("‹secret:API_KEY›");
});

test("a run whose finished parts were pruned is verified, exported, and still leads through what it was", async () => {
  const here = place();
  here.write(
    "a.keel",
    `agent Clerk {
  role "r"
  task file(name: str) -> str { "filed {name}" }
}
notify user delegate file("a") to Clerk ?? "none"
notify user ask user "go on?"
`,
  );
  expect((await here.keel(["run", "a.keel", "--no-input"])).code).toBe(75);
  expect((await here.keel(["audit", "export", "-o", "whole.jsonl"])).code).toBe(0);
  expect((await here.keel(["prune", "--older-than", "0d", "--yes"])).code).toBe(0);
  const verified = await here.keel(["audit", "verify", "--tip", "whole.jsonl"]);
  expect(verified).toMatchObject({ code: 0, err: "" });
  expect(verified.out).toMatch(/ is intact: \d+ events \([1-9] pruned\), tip /);
  expect((await here.keel(["audit", "export", "-o", "pruned.jsonl"])).code).toBe(0);
  expect((await here.keel(["audit", "verify", "pruned.jsonl"])).out).toMatch(/ events \([1-9] pruned\), tip /);
  const independent = spawnSync(process.execPath, [script, "pruned.jsonl"], { cwd: here.folder, encoding: "utf8" });
  expect(independent).toMatchObject({ status: 0, stdout: expect.stringMatching(/ events \([1-9] pruned\), tip /) });
});
