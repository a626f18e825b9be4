// The built `keel` command in a folder of its own. Whatever a test does with it, two things are checked each time: no
// command shows a stack or takes the blame itself, and the journal that is left behind keeps its laws.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished } from "vitest";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { checkLaws } from "../support/journal.ts";

const root = path.join(import.meta.dirname, "../..");
const main = path.join(root, "dist/cli/main.js");
if (!existsSync(main)) spawnSync(process.execPath, ["scripts/build.mjs"], { cwd: root, stdio: "inherit" });

export interface Place {
  readonly folder: string;
  readonly data: string;
  /** Writes a file; gives its path. */
  write(name: string, content: string | Uint8Array): string;
  /** Runs a command to its end; its stdin is `input`, at its end after that. */
  keel(args: readonly string[], given?: Given): Promise<Ended>;
  /** Starts a command whose stdin stays open. */
  start(args: readonly string[], given?: Given): Running;
  /** The newest run. */
  run(): Promise<string>;
  /** What `keel show --json` says of the newest run. */
  timeline(): Promise<readonly TimelineEvent[]>;
}

export interface Given {
  readonly input?: string;
  readonly env?: { readonly [name: string]: string | undefined };
  /** As somebody who may not do everything, even where the tests are run by root. */
  readonly plain?: true;
  /** With less of something than the host has, as `ulimit` takes it: `-n 40`. */
  readonly limit?: string;
}

export interface Ended {
  /** The exit code; of a process that a signal ended, what a shell says of it. */
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export interface TimelineEvent {
  readonly [field: string]: unknown;
  readonly type: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly end: Promise<Ended>;
  /** Resolves when this stands in the output or among the errors. Rejects where the process ended before. */
  until(text: string): Promise<void>;
  type(text: string): void;
}

/** The laws are not checked where a test spoils the store. */
export function place(options: { readonly spoilt?: boolean } = {}): Place {
  const folder = mkdtempSync(path.join(tmpdir(), "keel-cli-"));
  const data = path.join(folder, "data");
  chmodSync(folder, 0o755);
  onTestFinished(() => {
    if (options.spoilt !== true) checkStore(data);
    rmSync(folder, { recursive: true, force: true });
  });
  const start = (args: readonly string[], given: Given = {}): Running => launch(folder, data, args, given);
  const keel = (args: readonly string[], given: Given = {}): Promise<Ended> => {
    const running = start(args, given);
    running.child.stdin?.end(given.input ?? "");
    return running.end;
  };
  const shown = async (): Promise<{ run: string; timeline: readonly TimelineEvent[] }> =>
    JSON.parse((await keel(["show", "--json"])).out) as { run: string; timeline: readonly TimelineEvent[] };
  return {
    folder,
    data,
    write(name, content) {
      const file = path.join(folder, name);
      mkdirSync(path.dirname(file), { recursive: true });
      writeFileSync(file, content);
      return file;
    },
    keel,
    start,
    run: async () => (await shown()).run,
    timeline: async () => (await shown()).timeline,
  };
}

function checkStore(data: string): void {
  if (!existsSync(path.join(data, "journal.db"))) return;
  const store = openStore(data);
  for (const { run } of store.runs()) checkLaws(store, run);
  store.close();
}

const cache = path.join(tmpdir(), "keel-cli-tests");

/** This process's environment without what steers Keel, and with a store and a cache of the test's own. */
function environment(data: string, given: Given["env"]): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !/^(KEEL_|OLLAMA_|ANTHROPIC_|OPENAI_|NODE_|NO_COLOR|FORCE_)/.test(name),
  );
  return { ...Object.fromEntries(kept), KEEL_LLM: "mock", KEEL_DATA_DIR: data, XDG_CACHE_HOME: cache, ...given };
}

const nobody = 65534;

function launch(folder: string, data: string, args: readonly string[], given: Given): Running {
  const user = given.plain === true && process.getuid?.() === 0 ? { uid: nobody, gid: nobody } : {};
  const limited = given.limit === undefined ? [] : ["sh", "-c", `ulimit ${given.limit}; exec "$@"`, "sh"];
  const [command = "", ...words] = [...limited, process.execPath, main, ...args];
  const child = spawn(command, words, { cwd: folder, env: environment(data, given.env), ...user });
  onTestFinished(() => void child.kill("SIGKILL"));
  const said = { out: "", err: "" };
  const watchers = new Set<() => void>();
  const listen = (name: "out" | "err") => (chunk: Buffer) => {
    said[name] += String(chunk);
    for (const watch of watchers) watch();
  };
  child.stdout.on("data", listen("out"));
  child.stderr.on("data", listen("err"));
  child.stdin.on("error", () => undefined);
  const end = new Promise<Ended>((resolve) => {
    child.on("close", (code, signal) => resolve({ code: code ?? 128 + (signals[signal ?? ""] ?? 0), ...said }));
  }).then((ended) => {
    expect(`${ended.out}${ended.err}`, "no stack, no fault of Keel").not.toMatch(
      /^\s+at |Keel itself failed|node:internal/m,
    );
    return ended;
  });
  return {
    child,
    end,
    until: (text) =>
      new Promise((resolve, reject) => {
        const watch = (): void => {
          if (!`${said.out}${said.err}`.includes(text)) return;
          watchers.delete(watch);
          resolve();
        };
        watchers.add(watch);
        watch();
        child.on("close", () => reject(new Error(`ended without "${text}":\n${said.out}${said.err}`)));
      }),
    type: (text) => void child.stdin.write(text),
  };
}

const signals: { readonly [name: string]: number } = { SIGHUP: 1, SIGINT: 2, SIGKILL: 9, SIGPIPE: 13, SIGTERM: 15 };

/** Whether something is said that a person can act on: a mark, a message, and as `help` what to do. */
export function expectComplaint(ended: Ended, code: number, ...texts: readonly string[]): void {
  expect(ended.err).toMatch(/^✗ \S/m);
  for (const text of texts) expect(ended.err).toContain(text);
  expect(ended.code, ended.err).toBe(code);
}

/** The commands that a suspended run prints for a person to type, as words. */
export function commandsIn(text: string): readonly (readonly string[])[] {
  const lines = text.match(/(?<=^ {4}keel ).*$/gm) ?? [];
  return lines.map((line) => [...line.matchAll(/'([^']*)'|"([^"]*)"|(\S+)/g)].map(([, a, b, c]) => a ?? b ?? c ?? ""));
}
