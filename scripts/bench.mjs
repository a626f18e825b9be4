// `npm run bench`: what Keel costs, each against a reference measured in the same run on the same machine, and whether the
// ratio is where it has to be. It measures the built command as people start it; times of work are without the start
// (the same program with nothing to do). It judges nothing by exit code: machines differ, tests do not.

import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import Database from "better-sqlite3";

const root = fileURLToPath(new URL("..", import.meta.url));
const cli = path.join(root, "dist/cli/main.js");
const folder = mkdtempSync(path.join(tmpdir(), "keel-bench-"));
let stores = 0;

// ── measuring ───────────────────────────────────────────────────────────────────────────────────────────────────────

function environment(store) {
  const env = { ...process.env, KEEL_LLM: "mock", KEEL_DATA_DIR: store, NO_COLOR: "1", XDG_CACHE_HOME: folder };
  delete env.NODE_EXTRA_CA_CERTS;
  return env;
}

/** Runs a command to its end; the time in ms. Throws where its status is none of `statuses`. */
function time(command, args, { store = folder, statuses = [0] } = {}) {
  const begun = performance.now();
  const result = spawnSync(command, args, {
    cwd: folder,
    env: environment(store),
    stdio: ["ignore", "ignore", "pipe"],
  });
  const ms = performance.now() - begun;
  if (!statuses.includes(result.status))
    throw new Error(`${path.basename(command)} ${args.join(" ")}: status ${result.status}\n${result.stderr}`);
  return ms;
}

const keel = (args, options) => time(process.execPath, [cli, ...args], options);

function median(times, measure) {
  const all = Array.from({ length: times }, measure).sort((a, b) => a - b);
  return all[Math.floor(all.length / 2)];
}

function program(name, text) {
  writeFileSync(path.join(folder, name), text);
  return name;
}

function newStore() {
  stores += 1;
  const store = path.join(folder, `store-${stores}`);
  mkdirSync(store);
  return store;
}

function openStore(store) {
  const file = readdirSync(store, { recursive: true }).find((name) => /\.(db|sqlite3?)$/.test(name));
  if (file === undefined) throw new Error(`no database in ${store}`);
  return new Database(path.join(store, file));
}

// ── reporting ───────────────────────────────────────────────────────────────────────────────────────────────────────

/** `limits`: the greatest ratio, and where there is one the greatest measured value. */
function report(what, measured, reference, unit, against, { ratio, most = Infinity }) {
  const got = measured / reference;
  const good = (ratio === undefined || got <= ratio) && measured <= most;
  const target = [ratio && `≤ ${ratio} ×`, most < Infinity && `≤ ${most} ${unit}`].filter(Boolean).join(", ");
  console.log(
    `${good ? "ok  " : "miss"} ${what}: ${round(measured)} ${unit}; ${against}: ${round(reference)} ${unit}; ` +
      `${got.toFixed(2)} × (${target})`,
  );
}

const round = (value) => (value < 10 ? value.toFixed(2) : value.toFixed(0));

function attempt(what, measure) {
  try {
    measure();
  } catch (error) {
    console.log(`----  ${what}: ${String(error.message).split("\n").slice(0, 3).join(" ⏎ ")}`);
  }
}

// ── what is measured ────────────────────────────────────────────────────────────────────────────────────────────────

const steps = (count) => `type Mood = happy | sad
for n in range(${count}) {
  mood = classify "How is number {n}?" as Mood fallback sad
}
`;

function start() {
  const node = median(15, () => time(process.execPath, ["-e", "0"]));
  const hello = program("hello.keel", `notify user "Hello from Keel!"\n`);
  keel(["check", hello]);
  report(
    "keel --version",
    median(15, () => keel(["--version"])),
    node,
    "ms",
    "node -e 0",
    { ratio: 1.25 },
  );
  report(
    "keel check hello.keel",
    median(15, () => keel(["check", hello])),
    node,
    "ms",
    "node -e 0",
    { ratio: 2 },
  );
}

function durableStep(count) {
  const idle = program("idle.keel", steps(0));
  const busy = program("busy.keel", steps(count));
  const base = median(3, () => keel(["run", idle, "--mock"], { store: newStore() }));
  const measured = median(3, () => keel(["run", busy, "--mock"], { store: newStore() })) - base;
  const reference = median(3, () => rawTransactions(count));
  const perStep = { ratio: 1.5 };
  report(
    `durable step, ${count}`,
    (measured / count) * 1000,
    (reference / count) * 1000,
    "µs",
    "one SQLite transaction",
    perStep,
  );
}

/** One row of about an event's size in a transaction of its own, with the journal's pragmas. */
function rawTransactions(count) {
  const file = path.join(newStore(), "raw.db");
  const db = new Database(file);
  db.pragma("journal_mode = WAL");
  db.pragma("synchronous = FULL");
  db.exec("create table event (seq integer primary key, at integer, type text, body text, hash blob) strict");
  const insert = db.prepare("insert into event (at, type, body, hash) values (?, ?, ?, ?)");
  const append = db.transaction((at, body, hash) => insert.run(at, "model.replied", body, hash));
  const body = JSON.stringify({ text: "x".repeat(200) });
  const hash = Buffer.alloc(32, 7);
  const begun = performance.now();
  for (let n = 0; n < count; n += 1) append(n, body, hash);
  const ms = performance.now() - begun;
  db.close();
  return ms;
}

function bytesOfStep() {
  const count = 2000;
  const size = (times) => {
    const store = newStore();
    const text = `for n in range(${times}) {\n  s = summarize "number {n}" in 1 line fallback "${"r".repeat(200)}"\n}\n`;
    keel(["run", program("bytes.keel", text), "--mock"], { store });
    const db = openStore(store);
    db.pragma("wal_checkpoint(TRUNCATE)");
    const bytes = db.pragma("page_count", { simple: true }) * db.pragma("page_size", { simple: true });
    db.close();
    return bytes;
  };
  report("bytes of a step with a result of 200", (size(count) - size(0)) / count, 200, "B", "the result", {
    most: 500,
  });
}

/** A conversation that grows to about 200,000 tokens in 100 calls; unique are the texts that were said. */
function conversation() {
  const store = newStore();
  const text = `type Turn { role: str, content: str }
task talk(history: list[Turn], left: int) -> list[Turn] {
  if left == 0 { return history }
  said = range(220).map(n => "{random()}").join(" ")
  asked = history.append({role: "user", content: said})
  reply = prompt { messages: asked } as str fallback "nothing"
  answer = range(220).map(n => "{random()}").join(" ")
  talk(asked.append({role: "assistant", content: "{reply} {answer}"}), left - 1)
}
unique = talk([], 100).map(turn => turn.content.length).sum()
fail "{unique}"
`;
  program("replies.json", JSON.stringify({ replies: [{ operation: "prompt", reply: "ok" }] }));
  keel(["run", program("talk.keel", text), "--mock", "replies.json"], { store, statuses: [1] });
  const db = openStore(store);
  db.pragma("wal_checkpoint(TRUNCATE)");
  const bytes = db.pragma("page_count", { simple: true }) * db.pragma("page_size", { simple: true });
  const failed = db.prepare("select body from events where type = 'run.failed'").get();
  db.close();
  const unique = Number(JSON.parse(failed.body).error.message);
  report("journal of a conversation of 100 calls", bytes / 1000, unique / 1000, "kB", "what was said", { ratio: 1.2 });
}

function resume() {
  const count = 10_000;
  const suspended = (times) => {
    const store = newStore();
    const file = program("ask.keel", `${steps(times)}answer = ask user "Go on?"\n`);
    keel(["run", file, "--mock"], { store, statuses: [75] });
    return store;
  };
  const [full, empty] = [suspended(count), suspended(0)];
  const again = (store) => median(3, () => keel(["resume"], { store, statuses: [75] }));
  const measured = again(full) - again(empty);
  const db = openStore(full);
  const largest = db
    .prepare("select name from sqlite_master where type = 'table' and name not like 'sqlite_%'")
    .all()
    .map(({ name }) => ({ name, rows: db.prepare(`select count(*) as n from "${name}"`).get().n }))
    .sort((a, b) => b.rows - a.rows)
    .find(({ rows }) => rows >= count);
  if (largest === undefined) throw new Error("the steps are not in the store");
  const reference = median(3, () => {
    const begun = performance.now();
    db.prepare(`select * from "${largest.name}"`).all();
    return performance.now() - begun;
  });
  db.close();
  report(`resume with ${count} recorded steps`, measured, reference, "ms", "reading those rows", {
    ratio: 3,
    most: 150,
  });
}

/**
 * An agent that waits for a person after its third tick; `finished` ticks are written beside them, as they would stand
 * there after as many minutes.
 */
function resumeAfterTicks() {
  const finished = 100_000;
  const text = `agent Ticker {
  role "ticks"
  state { seen: int = 0 }
  every 1.minute {
    self.seen = self.seen + 1
    notify user "tick"
    ask user "go on?"
  }
}
run Ticker
`;
  const store = newStore();
  keel(["run", program("ticks.keel", text), "--no-input"], { store, statuses: [75] });
  const again = () => median(7, () => keel(["resume", "--no-input"], { store, statuses: [75] }));
  const reference = again();
  const db = openStore(store);
  db.transaction(() => insertTicks(db, finished))();
  db.close();
  report(`resume after ${finished} finished ticks`, again(), reference, "ms", "of a new run", { ratio: 1.2 });
}

function insertTicks(db, count) {
  const { run, seq } = db.prepare("select run, seq from heads").get();
  const base = run * 2 ** 32 + seq;
  const activation = db.prepare("insert into activations (run, name) values (?, ?)");
  const event = db.prepare("insert into events (id, at, type, activation, body, hash) values (?, ?, ?, ?, ?, ?)");
  const hash = Buffer.alloc(32);
  const begun = `{"function":"Ticker/every#1","captures":[],"arguments":[],"agent":"Ticker"}`;
  for (let n = 0; n < count; n += 1) {
    const id = activation.run(run, `Ticker/every#1[${n + 10}]`).lastInsertRowid;
    event.run(base + 2 * n + 1, 0, "activation.started", id, begun, hash);
    event.run(base + 2 * n + 2, 0, "activation.completed", id, `{"value":null,"state":{"seen":${n}}}`, hash);
  }
  db.prepare("update heads set seq = seq + ?").run(2 * count);
}

/** What a text of Python takes, by Python's own clock: its start is not in it, as Keel's is taken away. */
function pythonMs(code) {
  const timed = `import time\nbegun = time.perf_counter()\n${code}\nprint((time.perf_counter() - begun) * 1000)`;
  return Number(spawnSync("python3", ["-c", timed], { encoding: "utf8" }).stdout);
}

function pure() {
  const fib = (n) =>
    `task fib(n: int) -> int { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }\nnotify user "{fib(${n})}"\n`;
  const runs = (text) => median(3, () => keel(["run", program("pure.keel", text)], { store: newStore() }));
  const big = `xs = range(1_000_000).map(n => n * 3).filter(n => n % 2 == 0)\nnotify user "{xs.reduce(0, (s, n) => s + n)}"\n`;
  const base = runs(fib(1));
  const python = (code) => median(3, () => pythonMs(code));
  if (spawnSync("python3", ["--version"]).status !== 0) throw new Error("no python3 to compare with");
  const pythonFib = python("def fib(n): return n if n < 2 else fib(n-1) + fib(n-2)\nfib(27)");
  const lists =
    "from functools import reduce\nxs = list(filter(lambda n: n % 2 == 0, map(lambda n: n * 3, range(1000000))))\n";
  const pythonBig = python(`${lists}reduce(lambda s, n: s + n, xs, 0)`);
  report("fib(27)", runs(fib(27)) - base, pythonFib, "ms", "python3", { ratio: 1 });
  report("map, filter, reduce of 1,000,000", runs(big) - base, pythonBig, "ms", "python3", { ratio: 1 });
}

function check() {
  const unit = (n) => `type Kind${n} = alpha${n} | beta${n}
task pick${n}(text: str, count: int = ${n}) -> str {
  kind = classify text as Kind${n} fallback alpha${n}
  label = when kind {
    alpha${n} => "first of {count}"
    beta${n} => "second: {text.trim().upper()}"
  }
  words = text.split(" ").filter(word => word.length > ${n % 7}).map(word => {text: word, size: word.length})
  if words.count > 3 { label } else { "{label} {words.first?.text ?? "-"}" }
}
`;
  const unitTs = (n) => `type Kind${n} = "alpha${n}" | "beta${n}";
export function pick${n}(text: string, count: number = ${n}): string {
  const kind: Kind${n} = text === "a" ? "alpha${n}" : "beta${n}";
  const label = ((): string => { switch (kind) {
    case "alpha${n}": return \`first of \${count}\`;
    case "beta${n}": return \`second: \${text.trim().toUpperCase()}\`;
  }})();
  const words = text.split(" ").filter((word) => word.length > ${n % 7}).map((word) => ({ text: word, size: word.length }));
  return words.length > 3 ? label : \`\${label} \${words[0]?.text ?? "-"}\`;
}
`;
  const many = (make) => Array.from({ length: 1000 }, (_, n) => make(n)).join("");

  program("big.ts", many(unitTs));
  const tsc = path.join(root, "node_modules/typescript/bin/tsc");
  const args = ["--noEmit", "--strict", "--target", "es2023", "--ignoreConfig", "big.ts"];
  const reference = median(3, () => time(process.execPath, [tsc, ...args]));
  let fresh = 0;
  // A comment of its own each time, so that nothing kept from the last check answers.
  const measured = median(3, () => keel(["check", program("big.keel", `# ${(fresh += 1)}\n${many(unit)}`)]));
  report("keel check of 10,000 lines", measured, reference, "ms", "tsc on as many", { ratio: 0.5, most: 1000 });
}

if (!existsSync(cli)) {
  console.error("dist/ is missing: npm run build");
  process.exit(1);
}
attempt("start", start);
attempt("durable step, 1000", () => durableStep(1000));
attempt("durable step, 10000", () => durableStep(10_000));
attempt("bytes of a step", bytesOfStep);
attempt("conversation", conversation);
attempt("resume", resume);
attempt("resume after many ticks", resumeAfterTicks);
attempt("pure computation", pure);
attempt("check of 10,000 lines", check);
rmSync(folder, { recursive: true, force: true });
