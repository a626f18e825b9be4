// `npm run demo`: the inbox agent on a copy of its mailbox, once left alone and once killed in the middle with SIGKILL
// and resumed; then both are compared: mailbox, journal, calls, cost. Exits with 1 where they differ.

import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readdir, readFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";
import pico from "picocolors";

const root = fileURLToPath(new URL("..", import.meta.url));
const keel = path.join(root, "dist/cli/main.js");
const example = path.join(root, "examples/inbox");
/** The kill falls while the model works on this mail, counted from 1: `npm run demo -- 3` chooses another. */
const killAt = Number(process.argv[2] ?? 6);

const say = (text = "") => process.stdout.write(`${text}\n`);
const title = (text) => say(`\n${pico.bold(text)}`);
const quiet = (text) => say(pico.dim(text));

/** A copy of the example with a data folder of its own. */
async function copyTo(folder) {
  await cp(example, folder, { recursive: true, preserveTimestamps: true });
  const { KEEL_LLM: _, ...inherited } = process.env;
  return { folder, env: { ...inherited, KEEL_DATA_DIR: path.join(folder, ".keel") } };
}

function runArguments({ folder }) {
  const file = (name) => path.join(folder, name);
  return [
    "run",
    file("triage.keel"),
    "--mock",
    file("replies.json"),
    "--answers",
    file("answers.json"),
    "--ticks",
    "1",
  ];
}

/** Runs a keel command to its end; gives its output. */
function command(copy, args) {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [keel, ...args],
      { env: copy.env, maxBuffer: 64e6 },
      (error, stdout, stderr) => {
        if (error) reject(new Error(`keel ${args[0]} ended with ${error.code ?? error.signal}\n${stdout}${stderr}`));
        else resolve(stdout);
      },
    );
    child.stdin.end();
  });
}

const triaged = /▸ (\[(?:low|normal|high|urgent)\] .*)/;

/** Runs it and kills the process, from outside and without warning, at its n-th triaged mail. */
function runAndKill(copy, n) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [keel, ...runArguments(copy)], {
      env: copy.env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    const seen = [];
    let errors = "";
    child.stderr.on("data", (chunk) => (errors += chunk));
    readline.createInterface({ input: child.stdout }).on("line", (line) => {
      const found = triaged.exec(line)?.[1];
      if (found === undefined) return;
      seen.push(found);
      if (seen.length === n) setTimeout(() => child.kill("SIGKILL"), 20);
    });
    child.on("close", (code, signal) => {
      if (signal === "SIGKILL") resolve(seen);
      else reject(new Error(`the run ended with ${code ?? signal} before it could be killed\n${errors}`));
    });
  });
}

/** The newest run of a copy, with its events. */
async function journal(copy) {
  return JSON.parse(await command(copy, ["show", "--json"]));
}

/** Every mail of a mailbox: where it lies and what is in it. What names the run or the moment in sent mail is left out. */
async function mailbox({ folder }) {
  const base = path.join(folder, "mail");
  const entries = await readdir(base, { recursive: true, withFileTypes: true });
  const files = entries.filter(
    (entry) => entry.isFile() && !entry.name.startsWith(".") && entry.name !== "maildirfolder",
  );
  const mails = files.map(async (entry) => {
    const place = path.relative(base, entry.parentPath);
    const content = await readFile(path.join(entry.parentPath, entry.name), "latin1");
    if (!place.startsWith(".Sent")) return { place, name: entry.name, content };
    return { place, name: "", content: content.replace(/^(Date|Message-ID): .*$/gim, "$1: …") };
  });
  return (await Promise.all(mails)).map((mail) => JSON.stringify(mail)).sort();
}

const of = (run, type) => run.timeline.filter((event) => event.type === type);
const done = (run, effect) => of(run, "step.completed").filter((event) => event.effect === effect).length;
const identity = (event) => `${event.activation}:${event.n}`;
const lines = (run) => run.timeline.flatMap((event) => event.line ?? []);
const count = (n, one, many = `${one}s`) => `${n} ${n === 1 ? one : many}`;
const dollars = (run) => `$${(run.cost_microdollars / 1e6).toFixed(6)}`;

function describe(event) {
  const what = { "model.replied": "a model's reply", "step.completed": "an outcome", "step.intended": "an intent" };
  return `event ${event.seq}, ${what[event.type] ?? event.type}${event.step === undefined ? "" : ` of ${event.step}`}`;
}

const checks = [];
function check(what, holds) {
  checks.push(holds);
  say(`  ${holds ? pico.green("✓") : pico.red("✗")} ${what}`);
}

/** What a run that was left alone and one that was killed and resumed have to have in common. */
async function compare(clean, cleanRun, crash, whole) {
  const replies = of(whole, "model.replied").map(identity);
  const [left, right] = [await mailbox(clean), await mailbox(crash)];
  const sentFiles = right.filter((mail) => JSON.parse(mail).place.startsWith(".Sent")).length;
  say(`  ${"".padEnd(18)}${"calls".padStart(6)}${"cost".padStart(12)}${"sent".padStart(6)}`);
  for (const [name, run] of Object.entries({ "left alone": cleanRun, "killed and resumed": whole })) {
    const sent = String(done(run, "Send"));
    say(`  ${name.padEnd(18)}${String(run.calls).padStart(6)}${dollars(run).padStart(12)}${sent.padStart(6)}`);
  }
  check("both runs completed", cleanRun.status === "completed" && whole.status === "completed");
  check("no model call was made again whose reply was recorded", new Set(replies).size === replies.length);
  check("the same number of calls", cleanRun.calls === whole.calls);
  check("the same cost, to the millionth of a dollar", cleanRun.cost_microdollars === whole.cost_microdollars);
  check("no mail was sent twice", sentFiles === done(whole, "Send") && sentFiles === done(cleanRun, "Send"));
  check("the same lines in the journal, in the same order", lines(cleanRun).join("\n") === lines(whole).join("\n"));
  check(`the same ${left.length} mails in the same places, byte for byte*`, left.join("\n") === right.join("\n"));
  quiet("    * but for Date and Message-ID of the mails sent, which name the moment and the run");
}

async function main() {
  if (!existsSync(keel)) throw new Error("there is no dist/cli/main.js yet: `npm run build` makes it");
  const work = await mkdtemp(path.join(tmpdir(), "keel-demo-"));

  title("1. The inbox agent, left alone");
  const clean = await copyTo(path.join(work, "clean"));
  const output = await command(clean, runArguments(clean));
  for (const line of output.split("\n")) if (triaged.test(line)) say(line);
  const cleanRun = await journal(clean);
  quiet(`  ${cleanRun.status}: ${count(cleanRun.calls, "call")} to the model, ${dollars(cleanRun)}`);

  title(`2. Again, killed with SIGKILL at mail ${killAt}`);
  const crash = await copyTo(path.join(work, "crashed"));
  for (const line of await runAndKill(crash, killAt)) say(`  ▸ ${line}`);
  say(`  ${pico.red("✗ killed")}`);
  const dead = await journal(crash);
  const paid = of(dead, "model.replied").length;
  quiet(`  the journal ends with ${describe(dead.timeline.at(-1))}`);

  title("3. Resumed in a new process");
  const resumed = await command(crash, ["resume"]);
  for (const line of resumed.split("\n")) if (triaged.test(line)) say(line);
  const whole = await journal(crash);
  const asked = of(whole, "model.replied").length - paid;
  quiet(`  not repeated: ${count(paid, "model call")} (${dollars(dead)}), ${count(done(dead, "Send"), "mail")} sent,`);
  quiet(`    ${done(dead, "Archive")} filed away, ${count(of(dead, "gate.answered").length, "question")} answered`);
  quiet(`  done now: ${count(asked, "model call")}; the line at the kill may stand here twice, none is missing`);

  title("4. Compared");
  await compare(clean, cleanRun, crash, whole);

  const passed = checks.every(Boolean);
  say(`\n${passed ? pico.green(pico.bold("PASS")) : pico.red(pico.bold("FAIL"))}`);
  title("Next");
  say(`  export KEEL_DATA_DIR=${crash.env.KEEL_DATA_DIR}`);
  say("  npx keel ls                              # the runs of this folder");
  say("  npx keel show                            # the timeline, with the crash in it");
  say(`  find ${path.join(crash.folder, "mail")} -type f`);
  say("  unset KEEL_DATA_DIR");
  say("  npx keel run examples/hello/hello.keel   # the smallest agent; Ctrl+C ends it");
  if (!passed) process.exitCode = 1;
}

try {
  await main();
} catch (error) {
  process.stderr.write(`✗ ${error instanceof Error ? error.message : error}\n`);
  process.exitCode = 1;
}
