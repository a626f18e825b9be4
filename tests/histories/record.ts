// `npx tsx tests/histories/record.ts`: makes the set of recordings of this release, once: it writes none into a folder
// that is there. Most are made by the built command, as people do it; what would take hours, by the engine in a world
// whose clock leaps.
//
// They are made in a folder that is called the same everywhere, since a run remembers where its program was.

import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { startRun, type RunRequest } from "../../src/runtime/engine/run.ts";
import { auditRun, openAuditor } from "../../src/runtime/journal/audit-store.ts";
import { exportLines } from "../../src/runtime/journal/export-format.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { Source } from "../../src/source/text.ts";
import { testWorld } from "../support/world.ts";

const here = import.meta.dirname;
const root = path.join(here, "../..");
const house = "/tmp/keel";
const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
const target = path.join(here, version);

if (existsSync(target)) throw new Error(`${target} is there, and is never made again`);
if (existsSync(house)) throw new Error(`${house} is there: remove it first`);
mkdirSync(target);
cpSync(path.join(here, "programs"), house, { recursive: true });
try {
  byHand();
  await byLeaps();
} catch (error) {
  rmSync(target, { recursive: true });
  throw error;
} finally {
  rmSync(house, { recursive: true });
}

// ── with the command ────────────────────────────────────────────────────────────────────────────────────────────

type Env = { readonly [name: string]: string };

/** Runs a command, however it ends: suspended runs and failed ones are among them. */
function keel(args: readonly string[], { env = {}, folder = house }: { env?: Env; folder?: string } = {}): string {
  const keys = { PATH: process.env["PATH"], HOME: house, TZ: "UTC", KEEL_LLM: "mock", KEEL_DATA_DIR: `${house}/data` };
  const command = [path.join(root, "dist/cli/main.js"), ...args];
  try {
    const output = { encoding: "utf8", maxBuffer: 64e6, stdio: "pipe" } as const;
    return execFileSync(process.execPath, command, { cwd: folder, env: { ...keys, ...env }, ...output });
  } catch (error) {
    const { stdout = "", stderr = "", status = 0 } = error as { stdout?: string; stderr?: string; status?: number };
    if (status !== 75 && status !== 1) throw new Error(`${args.join(" ")} ended with ${status}: ${stderr}`);
    return stdout;
  }
}

/** Starts a run; gives its name. */
function start(args: readonly string[], given: Parameters<typeof keel>[1] = {}): string {
  keel(["run", ...args], given);
  const [newest] = JSON.parse(keel(["ls", "--json"])) as readonly { readonly run: string }[];
  if (newest === undefined) throw new Error(`there is no run of ${args.join(" ")}`);
  return newest.run;
}

function record(name: string, run: string, env: Env = {}): void {
  process.stdout.write(keel(["record", run, "-o", path.join(target, `${name}.jsonl`)], { env }));
}

function byHand(): void {
  record("operations", start(["operations.keel", "--mock", "operations.json", "--ticks", "1"]));
  record("failure", start(["failure.keel"]));
  record("unfinished", start(["unfinished.keel", "--no-input"]));

  const env = { API_KEY: "hunter2hunter2", PLACE: "Berlin" };
  const inputs = ["-i", "token=tokentoken1", "-i", "who=Ada"];
  record("secrets", start(["secrets.keel", "--mock", "secrets.json", ...inputs], { env }), env);

  const checkpoint = start(["checkpoint.keel", "--no-input"]);
  keel(["answer", checkpoint, "on we go", "--resume"]);
  record("checkpoint", checkpoint);

  const pruned = start(["pruned.keel", "--ticks", "8", "--no-input"]);
  keel(["prune", pruned, "--older-than", "0d", "--yes"]);
  keel(["answer", pruned, "yes", "--resume"]);
  record("pruned", pruned);

  const upgraded = start(["upgraded.keel", "--ticks", "3", "--no-input"]);
  keel(["upgrade", upgraded, "--to", "upgraded-later.keel"]);
  keel(["answer", upgraded, "yes", "--resume"]);
  record("upgraded", upgraded);

  const trunk = start(["branch.keel", "--mock", "branch.json"]);
  writeFileSync(`${house}/patch.json`, '"sad"');
  const [, branch = ""] =
    /Run (\S+) branches/.exec(keel(["replay", trunk, "--from", "main:1", "--patch", "patch.json"])) ?? [];
  record("branch", branch);

  const people = start(["people.keel", "--no-input"]);
  keel(["answer", people, "Zoë", "--resume"]);
  keel(["approve", people, "--resume"]);
  keel(["reject", people]);
  // On a terminal the question with a time limit would be waited for.
  keel(["resume", people, "--no-input"]);
  while (!keel(["inbox"]).includes("Anything else?")) keel(["resume", people, "--no-input"]);
  keel(["answer", people, "one\ntwo", "--resume"]);
  record("people", people);

  const mailbox = `${house}/mailbox`;
  cpSync(path.join(root, "examples/inbox"), mailbox, { recursive: true, preserveTimestamps: true });
  const kept = ["M001", "M005", "M006", "M009"];
  for (const mail of readdirSync(`${mailbox}/mail/new`)) {
    if (!kept.some((name) => mail.includes(name))) rmSync(`${mailbox}/mail/new/${mail}`);
  }
  const options = ["--mock", "replies.json", "--answers", "answers.json", "--ticks", "1"];
  record("mail", start(["triage.keel", ...options], { folder: mailbox }));
}

// ── with a clock that leaps ─────────────────────────────────────────────────────────────────────────────────────

interface Story {
  readonly script?: string;
  readonly answers?: string;
  readonly ticks?: number;
  readonly start?: number;
  readonly zone?: string;
}

async function byLeaps(): Promise<void> {
  const read = (name: string): string => readFileSync(path.join(root, "tests/crash/programs", name), "utf8");
  const [script, answers] = [read("workflow.replies.json"), read("workflow.answers.json")];
  await leap("workflow", read("workflow.keel"), { script, answers });
  await leap("agents", read("team.keel"), { script: read("team.replies.json"), ticks: 3 });
  // Over the night in which summer time ends.
  const autumn = { start: Date.UTC(2026, 9, 23, 8), zone: "Europe/Berlin" };
  await leap("schedules", read("mornings.keel"), { ...autumn, ticks: 3 });
  await leap("background", readFileSync(`${house}/background.keel`, "utf8"), { ticks: 3 });
  await leap("growing", readFileSync(`${house}/growing.keel`, "utf8"), { ticks: 30 });
}

async function leap(name: string, text: string, { script, answers, ticks, start: from, zone }: Story): Promise<void> {
  const file = `${name}.keel`;
  const { program, places } = compile(new Source(file, text), stdlib);
  if (program === undefined || places === undefined) throw new Error(`${file} does not compile`);
  const world = testWorld({
    directory: house,
    ...(from === undefined ? {} : { start: from }),
    ...(zone === undefined ? {} : { zone }),
  });
  const request: RunRequest = {
    program,
    places,
    file,
    models: { kind: "mock", ...(script === undefined ? {} : { script }) },
    connect: {},
    inputs: {},
    keel: version,
    ...(ticks === undefined ? {} : { ticks }),
    ...(answers === undefined ? {} : { answers }),
  };
  const folder = `${house}/${name}.data`;
  const store = openStore(folder);
  const { run, end } = startRun(request, store, world);
  await end;
  store.close();
  const auditor = openAuditor(folder);
  const recording = { places, sources: { [file]: text }, states: {} };
  const occasion = { keel: version, at: new Date().toISOString(), recording };
  const lines = auditor.read(run, (evidence) => [...exportLines(evidence, auditRun(evidence), occasion)]);
  auditor.close();
  writeFileSync(path.join(target, `${name}.jsonl`), lines.map((line) => `${line}\n`).join(""));
  process.stdout.write(`✓ recorded ${run} to ${target}/${name}.jsonl: ${lines.length - 3} events\n`);
}
