// Exported files, verified by Keel and by docs/verify-journal.mjs, which shares no code with it: both accept what was
// exported, and both refuse everything else, whichever byte is another one.

import { execFileSync, spawnSync } from "node:child_process";
import { createPublicKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Event } from "../../src/runtime/journal/event.ts";
import { auditRun, openAuditor } from "../../src/runtime/journal/audit-store.ts";
import { sha256 } from "../../src/runtime/journal/chain.ts";
import { exportLines, rawOf } from "../../src/runtime/journal/export-format.ts";
import { readExport, type ReadExport } from "../../src/runtime/journal/export-read.ts";
import { begun, completed, eventful, of, started, start, temporary } from "./sample.ts";

const script = path.join(import.meta.dirname, "../../docs/verify-journal.mjs");
const long = 'a "long" text\n\u2028\u001b ‹ü› 𝄞 '.repeat(32);

interface Made {
  readonly folder: string;
  readonly lines: readonly string[];
  write(lines: readonly string[]): string;
}

function exported(events: readonly Event[], options: { key?: KeyObject; prunedBefore?: number } = {}): Made {
  const folder = temporary();
  const { store, lease } = begun(folder);
  events.forEach((event, index) => store.append(lease, [event], start + 2 + index));
  if (options.prunedBefore !== undefined) expect(store.prune(lease, options.prunedBefore)).toBeGreaterThan(0);
  store.close();
  const auditor = openAuditor(folder);
  const lines = auditor.read("r1", (evidence) => {
    const walk = auditRun(evidence);
    expect(walk.finding).toBeUndefined();
    const { key } = options;
    return [...exportLines(evidence, walk, { keel: "1.2.3", at: "2026-05-01T09:00:00.000Z", ...(key && { key }) })];
  });
  auditor.close();
  const file = path.join(folder, "run.jsonl");
  return {
    folder,
    lines,
    write(some) {
      writeFileSync(file, some.map((line) => `${line}\n`).join(""));
      return file;
    },
  };
}

const short: readonly Event[] = [
  completed(1, "x"),
  completed(2, long),
  completed(3, { a: long, b: [long, `${long}!`] }),
];
const { privateKey, publicKey } = generateKeyPairSync("ed25519");
const raw = rawOf(publicKey);

interface Said {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function independently(file: string, ...more: readonly string[]): Said {
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, file, ...more], { encoding: "utf8" });
  expect(stderr).not.toMatch(/^\s+at /m);
  return { code: status, out: stdout, err: stderr };
}

/** The bytes of an export, judged by both; each must be able to find what is wrong. */
function refusedByBoth(file: string, bytes: Uint8Array | string): ReadExport {
  writeFileSync(file, bytes);
  expect(independently(file)).toMatchObject({ code: 1, out: "" });
  const read = readExport(file, {});
  expect(read.finding).toBeDefined();
  return read;
}

test("a run with every type of event, and one with long texts", () => {
  for (const events of [eventful, short]) {
    const { lines, write } = exported(events);
    const file = write(lines);
    const read = readExport(file, {});
    expect(read.finding).toBeUndefined();
    expect(read).toMatchObject({
      header: { run: "r1", keel: "1.2.3" },
      walk: { events: events.length + 2, pruned: 0 },
    });
    const { hash } = JSON.parse(lines.at(-1) ?? "") as { hash: string };
    expect(Buffer.from(read.walk?.tip ?? []).toString("hex")).toBe(hash);
    const said = independently(file);
    expect(said).toMatchObject({ code: 0, err: "" });
    expect(said.out).toContain(`run r1, ${events.length + 2} events (0 pruned), tip ${hash}, not signed`);
  }
});

test("it holds all that an event says, each long text once", () => {
  const { lines } = exported(short);
  const [header, ...rest] = lines.map((line) => JSON.parse(line) as { [member: string]: unknown });
  expect(header).toEqual({
    kind: "header",
    format: 1,
    run: "r1",
    keel: "1.2.3",
    exported_at: "2026-05-01T09:00:00.000Z",
  });
  const texts = rest.slice(0, -1).map(({ texts: each }) => Object.values(each as object) as string[]);
  expect(texts.map((each) => each.length)).toEqual([1, 0, 0, 1, 1]);
  expect(texts[3]).toEqual([long]);
  expect(texts[4]).toEqual([`${long}!`]);
  expect(rest[0]).toMatchObject({
    kind: "event",
    seq: 1,
    stored: expect.stringMatching(/^r1\n1\n\d+\nrun\.started\n/),
  });
  expect(Object.keys(rest[0]?.["texts"] as object)).toEqual([started.program]);
});

describe("signed", () => {
  const keyFile = (folder: string, key: KeyObject): string => {
    const file = path.join(folder, "public.pem");
    writeFileSync(file, key.export({ type: "spki", format: "pem" }));
    return file;
  };

  test("with the key that is known, with another, and with none", () => {
    const other = generateKeyPairSync("ed25519").publicKey;
    const folder = temporary();
    const file = path.join(folder, "run.jsonl");
    const [signed, unsigned] = [exported(short, { key: privateKey }), exported(short)];
    writeFileSync(file, `${signed.lines.join("\n")}\n`);
    expect(readExport(file, {})).toMatchObject({ signedBy: raw });
    expect(independently(file)).toMatchObject({
      code: 0,
      out: expect.stringContaining(`signed with ${raw} (the file says so`),
    });
    expect(readExport(file, { key: raw })).toMatchObject({ signedBy: raw });
    expect(independently(file, keyFile(folder, publicKey))).toMatchObject({
      code: 0,
      out: expect.stringMatching(`signed with ${raw}\n$`),
    });
    expect(readExport(file, { key: rawOf(other) }).finding).toEqual({ kind: "Key", why: `its key is ${raw}` });
    expect(independently(file, keyFile(folder, other))).toMatchObject({
      code: 1,
      err: expect.stringContaining("not signed with the key"),
    });
    writeFileSync(file, `${unsigned.lines.join("\n")}\n`);
    expect(readExport(file, { key: raw }).finding).toEqual({ kind: "Key", why: "it is not signed" });
    expect(independently(file, keyFile(folder, publicKey))).toMatchObject({ code: 1 });
  });

  test("by somebody else over the same journal: known by the key only", () => {
    const mallory = exported(short, { key: generateKeyPairSync("ed25519").privateKey });
    const file = mallory.write(mallory.lines);
    expect(readExport(file, {}).finding).toBeUndefined();
    expect(readExport(file, { key: raw }).finding?.kind).toBe("Key");
  });

  test("a signature from another file, and half of one", () => {
    const file = path.join(temporary(), "run.jsonl");
    const [signed, other] = [exported(short, { key: privateKey }), exported([completed(1, "y")], { key: privateKey })];
    const tip = JSON.parse(signed.lines.at(-1) ?? "") as { [member: string]: unknown };
    const foreign = JSON.parse(other.lines.at(-1) ?? "") as { [member: string]: unknown };
    for (const more of [{ signature: foreign["signature"] }, { signature: null }, { public_key: null }]) {
      const read = refusedByBoth(
        file,
        `${[...signed.lines.slice(0, -1), JSON.stringify({ ...tip, ...more })].join("\n")}\n`,
      );
      expect(read.finding).toEqual({ kind: "Signature" });
    }
  });

  test("openssl says the same of it", () => {
    if (spawnSync("openssl", ["version"]).status !== 0) return;
    const folder = temporary();
    const signed = exported(short, { key: privateKey });
    const tip = JSON.parse(signed.lines.at(-1) ?? "") as { header: string; hash: string; signature: string };
    writeFileSync(path.join(folder, "signed"), `keel journal 1\n${tip.header}\n${tip.hash}\n`);
    writeFileSync(path.join(folder, "signature"), Buffer.from(tip.signature, "hex"));
    const key = keyFile(folder, createPublicKey(privateKey));
    const args = ["pkeyutl", "-verify", "-pubin", "-inkey", key, "-rawin", "-in", "signed", "-sigfile", "signature"];
    expect(execFileSync("openssl", args, { cwd: folder, encoding: "utf8" })).toContain("Verified Successfully");
  });
});

describe("pruned", () => {
  const later = start + 1_000_000;

  test("what is left of events is accepted, counted, and not mistaken for events", () => {
    const { lines, write } = exported(eventful, { prunedBefore: later, key: privateKey });
    const pruned = lines.filter((line) => line.includes('"pruned":true')).length;
    expect(pruned).toBeGreaterThan(0);
    const file = write(lines);
    const read = readExport(file, { key: raw });
    expect(read.finding).toBeUndefined();
    expect(read.walk).toMatchObject({ events: eventful.length + 2, pruned });
    expect(independently(file).out).toContain(`${eventful.length + 2} events (${pruned} pruned)`);
  });

  test("whoever replaces events by their digests keeps tip and signature", () => {
    const whole = exported(eventful, { key: privateKey });
    const pruned = exported(eventful, { prunedBefore: later, key: privateKey });
    // The times differ by nothing, so it is the same journal.
    expect(pruned.lines.at(-1)).toBe(whole.lines.at(-1));
  });

  test("an event that is taken out by hand, its texts moved to the next that names them", () => {
    const { lines, write } = exported(short, { key: privateKey });
    const [at, next] = ["4", "5"].map((seq) => lines.findIndex((line) => line.includes(`"seq":${seq},`)));
    const parse = (index = 0) => JSON.parse(lines[index] ?? "") as { [member: string]: string | object };
    const { seq, stored, texts, hash } = parse(at);
    const digest = sha256(String(stored)).toString("hex");
    const later = parse(next);
    const moved = { ...later, texts: { ...(texts as object), ...(later["texts"] as object) } };
    const some = lines
      .with(at ?? 0, JSON.stringify({ kind: "event", seq, pruned: true, digest, hash }))
      .with(next ?? 0, JSON.stringify(moved));
    expect(some.join()).not.toContain(String(stored));
    const file = write(some);
    expect(readExport(file, { key: raw })).toMatchObject({ signedBy: raw, walk: { pruned: 1 } });
    expect(independently(file).out).toContain("(1 pruned)");
  });

  test("with another digest, and said to be none", () => {
    const { lines, folder } = exported(eventful, { prunedBefore: later });
    const file = path.join(folder, "run.jsonl");
    const at = lines.findIndex((line) => line.includes('"pruned":true'));
    const line = lines[at] ?? "";
    for (const wrong of [
      line.replace(/("digest":")(.)/, (_, start_: string, digit: string) => `${start_}${digit === "0" ? "1" : "0"}`),
      line.replace(/"digest":"[0-9a-f]{64}"/, (digest) => digest.toUpperCase().replace("DIGEST", "digest")),
      line.replace('"pruned":true', '"pruned":false'),
      line.replace('"pruned":true,', ""),
    ]) {
      expect(wrong).not.toBe(line);
      refusedByBoth(file, `${lines.with(at, wrong).join("\n")}\n`);
    }
  });
});

describe("tampered with", () => {
  const some = (): { readonly lines: readonly string[]; readonly file: string } => {
    const { lines, folder } = exported([completed(1, "x"), completed(2, long)], { key: privateKey });
    return { lines, file: path.join(folder, "run.jsonl") };
  };
  const joined = (lines: readonly string[]): string => `${lines.join("\n")}\n`;

  test("a line that is left out, doubled, or of another place", () => {
    const { lines, file } = some();
    lines.forEach((line, at) => {
      refusedByBoth(file, joined(lines.toSpliced(at, 1)));
      refusedByBoth(file, joined(lines.toSpliced(at, 0, line)));
      const next = lines[at + 1];
      if (next !== undefined) refusedByBoth(file, joined(lines.with(at, next).with(at + 1, line)));
    });
  });

  test("an end that is cut off, anywhere", () => {
    const { lines, file } = some();
    const bytes = Buffer.from(joined(lines));
    for (let length = 0; length < bytes.length; length += 401) refusedByBoth(file, bytes.subarray(0, length));
    for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) {
      refusedByBoth(file, bytes.subarray(0, at));
      if (at + 1 < bytes.length) refusedByBoth(file, bytes.subarray(0, at + 1));
    }
  });

  test("a text that is missing, another, or one too many", () => {
    const { lines, file } = some();
    const at = lines.findIndex((line) => line.includes('"seq":4,'));
    const event = JSON.parse(lines[at] ?? "") as { texts: { readonly [name: string]: string } };
    const withTexts = (texts: object): string => joined(lines.with(at, JSON.stringify({ ...event, texts })));
    const [name = ""] = Object.keys(event.texts);
    expect(refusedByBoth(file, withTexts({})).finding).toEqual({ kind: "Blob", seq: 4, name });
    expect(refusedByBoth(file, withTexts({ [name]: `${long} ` })).finding).toEqual({ kind: "Blob", seq: 4, name });
    expect(refusedByBoth(file, withTexts({ ...event.texts, more: "x" })).finding).toMatchObject({
      kind: "Line",
      line: at + 1,
    });
  });

  test("what is no export at all", () => {
    const { lines, file } = some();
    for (const text of [
      "",
      "\n",
      "{}\n",
      "null\n",
      "[]\n",
      "hello\n",
      "\u0000\n",
      '{"kind":"toString"}\n',
      joined(lines.slice(1)),
    ]) {
      expect(refusedByBoth(file, text).finding).toMatchObject({ kind: "Line", line: 1 });
    }
    refusedByBoth(file, `\uFEFF${joined(lines)}`);
    refusedByBoth(file, joined(lines).replaceAll("\n", "\r\n"));
    refusedByBoth(file, `${joined(lines)}\n`);
    refusedByBoth(file, joined(lines.map((line) => line.replaceAll(",", ", "))));
  });

  /** Which bit of a byte is turned: what makes small letters capitals, and at every ninth byte another. */
  const bitAt = (at: number): number => (at % 9 === 0 ? 0x01 : at % 9 === 4 ? 0x80 : 0x20);

  test("any byte that is another one: seen by Keel", () => {
    const { lines, file } = some();
    const bytes = Buffer.from(joined(lines));
    for (let at = 0; at < bytes.length; at += 1) {
      const wrong = Buffer.from(bytes);
      wrong[at] = (wrong[at] ?? 0) ^ bitAt(at);
      writeFileSync(file, wrong);
      if (readExport(file, {}).finding === undefined) expect.fail(`byte ${at} makes no difference`);
    }
  }, 60_000);

  test("any byte that is another one: seen without Keel", () => {
    const { lines, file } = some();
    writeFileSync(file, joined(lines));
    const args = ["--input-type=module", "-e", everyFlip(String(bitAt)), script, file];
    const found = execFileSync(process.execPath, args, { encoding: "utf8" });
    expect(JSON.parse(found)).toEqual({ intact: 0, missed: [], tried: Buffer.byteLength(joined(lines)) });
  }, 60_000);
});

/** Loads the script again for each changed file, in one process. */
const everyFlip = (bitAt: string): string => `
  import { readFileSync, writeFileSync } from "node:fs";
  import { pathToFileURL } from "node:url";
  const bitAt = ${bitAt};
  const [script, file] = process.argv.slice(1);
  const say = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write = () => true;
  process.argv = [process.argv[0], script, file];
  let count = 0;
  const judge = async () => {
    process.exitCode = 0;
    await import(pathToFileURL(script) + "?" + (count += 1));
    return process.exitCode;
  };
  const bytes = readFileSync(file);
  const intact = await judge();
  const missed = [];
  for (let at = 0; at < bytes.length; at += 1) {
    const wrong = Buffer.from(bytes);
    wrong[at] ^= bitAt(at);
    writeFileSync(file, wrong);
    if ((await judge()) !== 1) missed.push(at);
  }
  process.exitCode = 0;
  say(JSON.stringify({ intact, missed, tried: bytes.length }));
`;

test("the script is short, and needs nothing but Node", () => {
  const text = readFileSync(script, "utf8");
  expect(text.split("\n").filter((line) => !/^\s*(\/\/|\/\*\*|$)/.test(line)).length).toBeLessThanOrEqual(70);
  expect([...text.matchAll(/from "([^"]+)"/g)].map(([, from]) => from)).toEqual(["node:crypto", "node:fs"]);
});

test("of an event in an export, its place matters", () => {
  const { lines, folder } = exported([{ type: "timer.set", ...of("main", 1, "Wait"), due: 9 }]);
  expect(lines.length).toBe(5);
  refusedByBoth(path.join(folder, "run.jsonl"), `${[...lines.slice(0, 2), ...lines.slice(3)].join("\n")}\n`);
});
