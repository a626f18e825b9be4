// A secret goes through everything that a program can do with it, and is looked for in every byte of the store.

import Database from "better-sqlite3";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { inflateRawSync, inflateSync } from "node:zlib";
import { expect, test } from "vitest";
import { place, type Place } from "./command.ts";

const secret = `s3cr3t/Tok+en"42 xyz`;
const env = { API_KEY: secret };

/** What must not be found: the secret as it is, escaped, in parts of its base64, for a URL. */
const forms = [
  secret,
  JSON.stringify(secret).slice(1, -1),
  encodeURIComponent(secret),
  ...["", "x", "xx"].map((before) =>
    Buffer.from(before + secret)
      .toString("base64")
      .slice(4, -4),
  ),
  "s3cr3t",
];

/** Every byte of the store: its files, and what in them is compressed. */
function bytesOf({ data }: Place): string {
  const files = readdirSync(data).map((name) => readFileSync(path.join(data, name)));
  const db = new Database(path.join(data, "journal.db"), { readonly: true });
  const packed = ["select content from blobs", "select program from programs", "select places from runs"];
  const contents = packed.flatMap((query) => db.prepare(query).pluck().all() as Buffer[]);
  db.close();
  return [...files, ...contents.map(unpacked)].map((bytes) => bytes.toString("latin1")).join("\n");
}

function unpacked(bytes: Buffer): Buffer {
  for (const inflate of [inflateRawSync, inflateSync]) {
    try {
      return inflate(bytes);
    } catch {
      // It is packed in another way, or not at all.
    }
  }
  return bytes;
}

function expectNone(text: string): void {
  const plain = Buffer.from(text, "latin1").toString("utf8");
  for (const form of forms) expect(plain.includes(form), form).toBe(false);
}

const program = `connect email via maildir { path: "boxes/{env.API_KEY}" }
type Mood = happy | sad
key = env.API_KEY
long = range(0, 2_000).map(n => "word {n}").join(" ")
first = draft "a note with {key} and {long}" { tone: "like {key}" } ?? "none"
notify user "draft: {first}"
notify user "the key is {key} {long}"
mood = classify "{key}" as Mood fallback sad
gist = summarize "the key {key}" in 1 sentence fallback "fallback {key}"
show user { key: key, gist: gist }
mails = fetch email where unread
notify user "{mails.count} mails: {mails.map(m => m.subject).join("; ")}"
if confirm user "send {key}?" { send "body {key}" to "bob@example.com" }
remember { key: key, mood: mood }
try { fail "with {key}" } catch err { notify user "caught {err.message}" }
said = ask user "say {key}"
notify user "said {said}"
after 10.ms { notify user "later {key}" }
wait 20.ms
fail "in the end {key}"
`;

test("no form of a secret is in the store, in what is shown of it, or in an error", async () => {
  const here = place();
  for (const part of ["cur", "new", "tmp"])
    mkdirSync(path.join(here.folder, "boxes", secret, part), { recursive: true });
  here.write(
    `boxes/${secret}/new/one`,
    `From: a@b.example\nMessage-ID: <1@b.example>\nSubject: your key ${secret}\n\nx\n`,
  );
  here.write("a.keel", program);
  const url = encodeURIComponent(secret);
  const reply = `it is ${secret}, ${Buffer.from(secret).toString("base64")} or ${url}`;
  here.write("replies.json", JSON.stringify({ replies: [{ operation: "draft", contains: "note", reply }] }));
  const ended = await here.keel(["run", "a.keel", "--mock", "replies.json"], { env, input: `yes\nmy ${secret}\n` });

  // The program really had it.
  expect(ended.out).toContain(`the key is ${secret}`);
  expect(ended.out).toContain("draft: it is ‹secret:API_KEY›, ‹secret:API_KEY›");
  expect(ended.out).toContain("said my ‹secret:API_KEY›");
  expect(ended.code).toBe(1);
  expectNone(ended.err);
  expectNone(bytesOf(here));
  for (const command of [["show"], ["show", "--json"], ["ls", "--json"]]) {
    const shown = await here.keel(command);
    expect(shown.code).toBe(0);
    expectNone(shown.out);
  }
  expect((await here.keel(["show", "--json"])).out).toContain("‹secret:API_KEY›");
});

const resumed = `connect email via maildir { path: "elsewhere" }
key = env.API_KEY
address = env.ADDRESS
said = ask user "say"
mails = fetch email where unread
notify user "{said.length} {address.length} {mails.count} {key.length}"
`;

test("a secret in a path, an answer and another variable: masked, and there again for a resume", async () => {
  const here = place();
  for (const part of ["cur", "new", "tmp"])
    mkdirSync(path.join(here.folder, "boxes", secret, part), { recursive: true });
  here.write("a.keel", resumed);
  const all = { ...env, ADDRESS: `http://host/${secret}` };
  const args = ["run", "a.keel", "--no-input", "--connect", `email=maildir:boxes/${secret}`];
  expect((await here.keel(args, { env: all })).code).toBe(75);
  expect((await here.keel(["answer", await here.run(), `the ${secret}`], { env: all })).code).toBe(0);
  expectNone(bytesOf(here));
  const ended = await here.keel(["resume"], { env: all });
  const masked = "the ‹secret:API_KEY›".length;
  expect(ended).toMatchObject({
    code: 0,
    out: expect.stringContaining(`▸ ${masked} ${all.ADDRESS.length} 0 ${secret.length}`),
  });
  expectNone(bytesOf(here));
});

const crossing = `agent Keeper {
  role "r"
  state { kept: str = "" }
  task keep(key: str) -> int {
    self.kept = key
    key.length
  }
  task kept() -> int { self.kept.length }
}
first = delegate keep(env.API_KEY) to Keeper
x = ask user "go on?"
second = delegate kept() to Keeper
notify user "{first} {second}"
`;

test("what crosses from one activation into another is the same live as on a resume", async () => {
  const live = place();
  live.write("a.keel", crossing);
  const whole = await live.keel(["run", "a.keel"], { env, input: "yes\n" });
  const parted = place();
  parted.write("a.keel", crossing);
  expect((await parted.keel(["run", "a.keel", "--no-input"], { env })).code).toBe(75);
  const rest = await parted.keel(["resume"], { env, input: "yes\n" });
  const line = (text: string): string | undefined => /▸ \d+ \d+/.exec(text)?.[0];
  expect(line(whole.out)).toBe(line(rest.out));
  expect(line(rest.out)).toBe(`▸ ${"‹secret:API_KEY›".length} ${"‹secret:API_KEY›".length}`);
  expectNone(bytesOf(live));
  expectNone(bytesOf(parted));
});
