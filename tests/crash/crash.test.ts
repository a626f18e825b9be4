// Kills a real process before and after every transaction of its journal, resumes in a new one, and compares with a run
// that was never killed: the same effects with the same outcomes, the same mailbox, every line on the terminal, no model
// called again whose reply was recorded.

import { spawn } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { Source } from "../../src/source/text.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { checkLaws } from "../support/journal.ts";
import { checkReplay } from "../support/replay.ts";
import type { Job, Kill } from "./worker.ts";

const root = path.join(import.meta.dirname, "../..");
const worker = path.join(root, "dist/test/crash-worker.mjs");
const scratch = mkdtempSync(path.join(tmpdir(), "keel-crash-"));
const START = Date.UTC(2026, 0, 5, 8);
const TEN_MINUTES = 600_000;

interface Story {
  readonly name: string;
  readonly file: string;
  readonly ticks: number;
  readonly replies: string;
  readonly answers: string;
  readonly mail?: string;
}

const programs = "tests/crash/programs";
const stories: readonly Story[] = [
  {
    name: "inbox",
    file: "examples/inbox/triage.keel",
    ticks: 1,
    replies: read("examples/inbox/replies.json"),
    answers: read("examples/inbox/answers.json"),
    mail: "examples/inbox/mail",
  },
  {
    name: "workflow",
    file: `${programs}/workflow.keel`,
    ticks: 1,
    replies: read(`${programs}/workflow.replies.json`),
    answers: read(`${programs}/workflow.answers.json`),
  },
  {
    name: "team",
    file: `${programs}/team.keel`,
    ticks: 3,
    replies: read(`${programs}/team.replies.json`),
    answers: "[]",
  },
  { name: "mornings", file: `${programs}/mornings.keel`, ticks: 2, replies: `{"replies": []}`, answers: "[]" },
];

beforeAll(async () => {
  await build({
    entryPoints: [path.join(import.meta.dirname, "worker.ts")],
    outdir: path.dirname(worker),
    outExtension: { ".js": ".mjs" },
    entryNames: "crash-[name]",
    splitting: true,
    minifySyntax: true,
    minifyWhitespace: true,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    external: ["better-sqlite3"],
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
    logLevel: "error",
  });
});

afterAll(() => rmSync(scratch, { recursive: true, force: true }));

for (const story of stories) {
  describe(story.name, () => {
    test("a kill at every transaction changes nothing", { timeout: 600_000 }, async () => {
      const compiled = compileStory(story);
      const clean = await run(story, compiled, `${story.name}-clean`);
      expect(clean.status).toBe("completed");
      expect(clean.transactions).toBeGreaterThan(8);
      const kills = Array.from({ length: clean.transactions }, (_, index) => index + 1).flatMap(
        (transaction): Kill[] => [
          { transaction, when: "before" },
          { transaction, when: "after" },
        ],
      );
      await inParallel(kills, 3, async (kill) => {
        const label = `${story.name}-${kill.transaction}-${kill.when}`;
        const crashed = await run(story, compiled, label, kill);
        expect(crashed.signal, label).toBe("SIGKILL");
        if (kill.transaction === 1 && kill.when === "before") return;
        const resumed = await resume(story, compiled, label);
        expect(resumed.stderr, label).toBe("");
        expect(resumed.status, label).toBe("completed");
        compareRuns(label, clean, crashed, resumed);
        rmSync(path.join(scratch, label), { recursive: true });
      });
    });
  });
}

// ── one process ─────────────────────────────────────────────────────────────────────────────────────────────────

interface Spoken {
  readonly lines: readonly string[];
  /** Model calls that were begun. */
  readonly calls: number;
  readonly status: string | undefined;
  readonly transactions: number;
  readonly signal: string | undefined;
  readonly stderr: string;
}

interface Pictured extends Spoken {
  /** What came of every effect, by activation. */
  readonly effects: ReadonlyMap<string, readonly unknown[]>;
  readonly mailbox: ReadonlyMap<string, string>;
  readonly recordedCalls: number;
}

async function run(story: Story, compiled: string, label: string, kill?: Kill): Promise<Pictured> {
  const folder = path.join(scratch, label);
  mkdirSync(folder);
  if (story.mail !== undefined) cpSync(path.join(root, story.mail), path.join(folder, "mail"), { recursive: true });
  const spoken = await speak({ ...jobOf(story, compiled, folder), ...(kill === undefined ? {} : { kill }) });
  return kill === undefined ? picture(folder, spoken) : { ...spoken, ...nothing };
}

const nothing = { effects: new Map(), mailbox: new Map(), recordedCalls: 0 } as const;

async function resume(story: Story, compiled: string, label: string): Promise<Pictured> {
  const folder = path.join(scratch, label);
  const spoken = await speak({ ...jobOf(story, compiled, folder), resume: true, start: START + TEN_MINUTES });
  return picture(folder, spoken);
}

function jobOf(story: Story, compiled: string, folder: string): Job {
  const { replies, answers, ticks } = story;
  const connect: Job["connect"] = story.mail === undefined ? {} : { email: `maildir:${path.join(folder, "mail")}` };
  const data = path.join(folder, "data");
  return { compiled, data, directory: folder, connect, replies, answers, ticks, start: START, resume: false };
}

function speak(job: Job): Promise<Spoken> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [worker, JSON.stringify(job)], { stdio: ["ignore", "pipe", "pipe"] });
    let out = "";
    let stderr = "";
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
    const hung = setTimeout(() => child.kill("SIGTERM"), 60_000);
    child.on("error", reject);
    child.on("close", (_, signal) => {
      clearTimeout(hung);
      const said = out
        .split("\n")
        .filter((line) => line !== "")
        .map((line) => JSON.parse(line) as [string, string]);
      const of = (mark: string): string[] => said.filter(([each]) => each === mark).map(([, text]) => text);
      const calls = of("note").filter((note) => note.includes("🤖")).length;
      const transactions = Number(of("transactions")[0] ?? 0);
      resolve({ lines: of("line"), calls, status: of("end")[0], transactions, signal: signal ?? undefined, stderr });
    });
  });
}

/** What a finished run left behind; its journal's laws are checked on the way. */
function picture(folder: string, spoken: Spoken): Pictured {
  const store = openStore(path.join(folder, "data"));
  const name = store.find();
  if (name === undefined) throw new Error(`no run in ${folder}: ${spoken.stderr}`);
  checkLaws(store, name);
  checkReplay(store, name);
  expect(store.verify(name)).toBeUndefined();
  const effects = new Map<string, unknown[]>();
  const ordinals = messageOrdinals();
  let recordedCalls = 0;
  for (const event of store.events(name)) {
    if (event.type === "model.replied") recordedCalls += 1;
    if (!("n" in event) || !("effect" in event)) continue;
    const id = ordinals(event.activation);
    const of = effects.get(id) ?? [];
    if (outcomes.has(event.type)) of.push(outcome(event));
    effects.set(id, of);
  }
  store.close();
  return { ...spoken, effects, mailbox: mailbox(path.join(folder, "mail")), recordedCalls };
}

/** A message's activation is called by its event's number, which a resume moves: here by which message it is. */
function messageOrdinals(): (activation: string) => string {
  const known = new Map<string, string>();
  return (activation) => {
    if (!activation.includes("/message[")) return activation;
    const name = known.get(activation) ?? activation.replace(/\[\d+\]/, `[#${known.size + 1}]`);
    known.set(activation, name);
    return name;
  };
}

const outcomes: ReadonlySet<string> = new Set([
  "step.completed",
  "step.failed",
  "model.replied",
  "gate.answered",
  "timer.fired",
  "message.sent",
]);

function outcome(event: object): unknown {
  const { type, n, step, indices, effect, value, line, answer, error, body } = event as {
    readonly [key: string]: unknown;
  };
  return { type, n, step, indices, effect, value, line, answer, error, body };
}

/** Every mail by its folder and content; the time it was sent at is not the mail's own. */
function mailbox(folder: string): ReadonlyMap<string, string> {
  if (!existsSync(folder)) return new Map();
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    names.map((entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const place = path.relative(folder, file).replace(/\d{6,}[^/]*\.keel/g, "sent");
      return [place, readFileSync(file, "latin1").replace(/^Date: .*$/m, "Date")] as const;
    }),
  );
}

// ── what must be the same ───────────────────────────────────────────────────────────────────────────────────────

function compareRuns(label: string, clean: Pictured, crashed: Spoken, resumed: Pictured): void {
  expect(Object.fromEntries(resumed.effects), label).toEqual(Object.fromEntries(clean.effects));
  expect(Object.fromEntries(resumed.mailbox), label).toEqual(Object.fromEntries(clean.mailbox));
  expect(resumed.recordedCalls, label).toBe(clean.recordedCalls);
  expect(crashed.calls + resumed.calls, label).toBeLessThanOrEqual(clean.calls + 1);
  expect(missing(clean.lines, [...crashed.lines, ...resumed.lines]), label).toEqual({
    missing: [],
    twice: expect.any(Number) as number,
  });
  expect(missing(clean.lines, [...crashed.lines, ...resumed.lines]).twice, label).toBeLessThanOrEqual(1);
}

/** Which lines a person did not see, and how many were seen once too often. */
function missing(wanted: readonly string[], seen: readonly string[]): { missing: string[]; twice: number } {
  const left = [...seen];
  const unseen = wanted.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
  return { missing: unseen, twice: left.length };
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: width }, lane));
}

function compileStory(story: Story): string {
  const { program, places, diagnostics } = compile(new Source(story.file, read(story.file)), stdlib);
  expect(diagnostics.filter((each) => each.severity === "error")).toEqual([]);
  const file = path.join(scratch, `${story.name}.json`);
  writeFileSync(file, JSON.stringify({ program, places }));
  return file;
}

function read(file: string): string {
  return readFileSync(path.join(root, file), "utf8");
}
