// A run from its start to its end, through as many processes as it takes: one that is killed on the way, another one after
// that, and one more each time that the run waits for a person, who answers what the story says, lets everything else
// expire, and looks what became of a request in doubt. Only the process that dies is one of its own; what the others do is
// done in this one.

import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { build } from "esbuild";
import { expect } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { effectId } from "../../src/runtime/journal/fold.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import type { Store } from "../../src/runtime/journal/store.ts";
import { Source } from "../../src/source/text.ts";
import { openShop, type Shop } from "./shop.ts";
import { read, root, type Story } from "./stories.ts";
import { work, type Job, type Kill, type Mark } from "./work.ts";

const START = Date.UTC(2026, 0, 5, 8);
const mostProcesses = 12;

/** What one process did. */
export interface Lived {
  readonly lines: readonly string[];
  /** Model calls that were begun. */
  readonly calls: number;
  /** How its job ended; undefined where it was killed. */
  readonly end: string | undefined;
  /** How many transactions of the run there are now, and which of them wrote a checkpoint. */
  readonly transactions: number;
  readonly checkpoints: readonly number[];
}

/** A place for courses: the worker that was built for it, a web server, a folder for each course. */
export interface Ground {
  readonly shop: Shop;
  compiled(name: string, text: string): string;
  folder(label: string): string;
  close(): void;
  /** Lets a process do a job, and die where it has to if it comes that far. */
  doomed(job: Job, kill: Kill): Promise<Lived>;
}

/** `name` is that of the test file: each has a worker of its own. */
export async function ground(name: string): Promise<Ground> {
  const scratch = mkdtempSync(path.join(tmpdir(), "keel-crash-"));
  const bundle = path.join(root, "dist/test", name);
  await build({
    entryPoints: [path.join(import.meta.dirname, "worker.ts")],
    outdir: bundle,
    outExtension: { ".js": ".mjs" },
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
  const shop = await openShop();
  return {
    shop,
    compiled(program, text) {
      const { program: built, places, diagnostics } = compile(new Source(program, text), stdlib);
      expect(diagnostics.filter((each) => each.severity === "error")).toEqual([]);
      const file = path.join(scratch, `${program.replace(/\W/g, "-")}.json`);
      writeFileSync(file, JSON.stringify({ program: built, places }));
      return file;
    },
    folder: (label) => path.join(scratch, label),
    close() {
      shop.close();
      for (const folder of [scratch, bundle]) rmSync(folder, { recursive: true, force: true });
    },
    doomed: (job, kill) => doomed(path.join(bundle, "worker.mjs"), job, kill),
  };
}

type Said = readonly [Mark, string];

function doomed(worker: string, job: Job, kill: Kill): Promise<Lived> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [worker, JSON.stringify({ job, kill })], {
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [out, error] = ["", ""];
    child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
    child.stderr.on("data", (chunk: Buffer) => (error += chunk.toString()));
    const hung = setTimeout(() => child.kill("SIGTERM"), 60_000);
    child.on("error", reject);
    child.on("close", (_, signal) => {
      clearTimeout(hung);
      const lines = out.split("\n").filter((line) => line !== "");
      const lived = livedOf(
        lines.map((line) => JSON.parse(line) as Said),
        kill.transaction,
      );
      if (signal === "SIGKILL" || lived.end !== undefined) resolve(lived);
      else reject(new Error(`it neither died nor came to an end: ${error}${out}`));
    });
  });
}

async function alive(job: Job): Promise<Lived> {
  const said: Said[] = [];
  await work(job, { say: (mark, text) => void said.push([mark, text]), risk: () => undefined });
  return livedOf(said, job.counted);
}

function livedOf(said: readonly Said[], counted: number): Lived {
  const of = (mark: Mark): string[] => said.filter(([each]) => each === mark).map(([, text]) => text);
  return {
    lines: of("line"),
    calls: of("note").filter((note) => note.includes("🤖")).length,
    end: of("end")[0],
    transactions: Number(of("transactions")[0] ?? counted),
    checkpoints: of("checkpoint").map(Number),
  };
}

/** A run, by the folder that it lives in. */
export class Course {
  readonly folder: string;
  readonly #ground: Ground;
  readonly #story: Story;
  readonly #label: string;
  readonly #lives: Lived[] = [];

  constructor(on: Ground, story: Story, label: string) {
    this.folder = on.folder(label);
    this.#ground = on;
    this.#story = story;
    this.#label = label;
    mkdirSync(this.folder);
    if (story.mail !== undefined) fillMailbox(path.join(this.folder, "mail"), story.mail);
  }

  get lives(): readonly Lived[] {
    return this.#lives;
  }

  /**
   * From where it is to its end. `kill` is how one of the processes dies; `ends` are the transactions that the processes
   * of a run come to that nobody kills.
   */
  async finish(compiled: string, kill?: Kill, ends: readonly number[] = []): Promise<void> {
    for (;;) {
      const { task, start } = this.next();
      const isLast = kill !== undefined && kill.transaction <= (ends[this.#lives.length] ?? 0);
      const { end } = await this.process({ task, start, compiled }, isLast ? kill : undefined);
      if (end === "completed") return;
      if (isLast) kill = undefined;
      else expect(end, this.#label).toBe("suspended");
      expect(this.#lives.length, `${this.#label}: processes`).toBeLessThan(mostProcesses);
      this.help();
    }
  }

  /** One process, which dies where `kill` says. */
  async process(what: Pick<Job, "task" | "start" | "compiled">, kill?: Kill): Promise<Lived> {
    const { replies, answers, ticks, mail } = this.#story;
    const job: Job = {
      ...what,
      data: path.join(this.folder, "data"),
      directory: this.folder,
      connect: mail === undefined ? {} : { email: `maildir:${path.join(this.folder, "mail")}` },
      env: { SHOP: this.#ground.shop.address(this.#label) },
      replies,
      answers,
      ...(ticks === undefined ? {} : { ticks }),
      counted: this.#lives.at(-1)?.transactions ?? 0,
    };
    const lived = await (kill === undefined ? alive(job) : this.#ground.doomed(job, kill));
    this.#lives.push(lived);
    return lived;
  }

  /** The run starts, or goes on later than anything in its journal. */
  next(): { readonly task: "start" | "resume"; readonly start: number } {
    return this.withStore((store) => {
      const run = store.find();
      if (run === undefined) return { task: "start", start: START };
      return { task: "resume", start: store.head(run).at + this.#story.awayMs };
    });
  }

  /** What a person does while no process drives the run. */
  help(): void {
    this.withStore((store) => {
      const run = store.find();
      if (run === undefined) return;
      const { gates, doubts, at, status } = store.head(run);
      const posted = new Set(store.inbox(run).map(({ item }) => (item.kind === "Answer" ? item.gate : "")));
      for (const { id, question } of gates) {
        const known = Object.entries(this.#story.elsewhere ?? {}).find(([part]) => question.includes(part));
        if (known === undefined || posted.has(id)) continue;
        store.post(run, { kind: "Answer", gate: id, answer: known[1] }, at + 1);
      }
      if (status !== "suspended") return;
      for (const doubt of doubts) {
        const key = `${run}/${effectId(doubt)}`;
        const happened = this.#ground.shop.requests(this.#label).some((request) => request.key === key);
        const verdict = happened ? "done" : "retry";
        store.post(run, { kind: "Resolve", step: effectId(doubt), verdict }, at + 1);
      }
    });
  }

  withStore<T>(use: (store: Store) => T): T {
    const store = openStore(path.join(this.folder, "data"));
    try {
      return use(store);
    } finally {
      store.close();
    }
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}

function fillMailbox(to: string, { folder, only }: NonNullable<Story["mail"]>): void {
  const isKept = (file: string): boolean => !file.includes(".spoke") || only.test(file);
  cpSync(path.join(root, folder), to, { recursive: true, filter: isKept });
}

export function killsOf(transactions: readonly number[]): readonly Kill[] {
  return transactions.flatMap((transaction) => [
    { transaction, when: "before" } as const,
    { transaction, when: "after" } as const,
  ]);
}

export async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const left = [...items];
  const lane = async (): Promise<void> => {
    for (let item = left.shift(); item !== undefined; item = left.shift()) await work(item);
  };
  await Promise.all(Array.from({ length: 3 }, lane));
}

export function compiledStory(on: Ground, { file }: Story): string {
  return on.compiled(file, read(file));
}
