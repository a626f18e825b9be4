// `keel serve` as one uses it: it goes on with what was answered, what crashed and what is due, leaves alone what is
// none of its business, and lets go of everything when it is told to stop.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { expectComplaint, place, type Ended, type Place, type Running } from "./command.ts";

const asking = `notify user "before"\nname = ask user "Name?"\nnotify user "hello {name}"\n`;
const waiting = `notify user "before"\nwait 1.seconds\nnotify user "after"\n`;

/** A run of the file that waits for a person. */
async function suspended(here: Place, file: string, env = {}): Promise<string> {
  expect((await here.keel(["run", file, "--no-input"], { env })).code).toBe(75);
  return here.run();
}

/** A run whose process was killed when it had said this. */
async function crashed(here: Place, file: string, said: string): Promise<string> {
  const running = here.start(["run", file]);
  await running.until(said);
  running.child.kill("SIGKILL");
  await running.end;
  return here.run();
}

async function serving(here: Place, env = {}): Promise<Running> {
  const serve = here.start(["serve"], { env });
  await serve.until("Ctrl+C stops");
  return serve;
}

/** Stops it in order. */
async function stopped(serve: Running, signal: NodeJS.Signals = "SIGTERM"): Promise<Ended> {
  serve.child.kill(signal);
  const ended = await serve.end;
  expect(ended.code, ended.err).toBe(0);
  return ended;
}

const types = async (here: Place): Promise<readonly string[]> => (await here.timeline()).map(({ type }) => type);

test("what is answered goes on at once, and nobody is asked on its terminal", async () => {
  const here = place();
  here.write("a.keel", `${asking}if confirm user "Sure?" { notify user "sure" }\n`);
  const run = await suspended(here, "a.keel");
  const serve = await serving(here);
  expect((await here.keel(["answer", run, "Zoe"])).code).toBe(0);
  const posted = Date.now();
  await serve.until(`${run} │   ▸ hello Zoe\n`);
  await serve.until(`${run} │     keel approve ${run}\n`);
  expect((await here.keel(["ls"])).out).toContain("suspended (1 to answer)");
  expect((await here.keel(["approve", run])).code).toBe(0);
  await serve.until(`${run} │ ▸ completed`);
  const { out, err } = await stopped(serve);
  expect(out).toContain(`▸ Serving ${here.data}: 1 open run (1 waiting for a person)\n`);
  expect(out).toContain("▸ Stopped\n");
  expect(err).toBe("");
  const answered = (await here.timeline()).filter(({ type }) => type === "gate.answered");
  expect(answered).toMatchObject([{ by: "inbox" }, { by: "inbox" }]);
  expect(Number(answered[0]?.["at"]) - posted, "taken soon").toBeLessThan(1_000);
});

test("what crashed before and what crashes meanwhile is taken up, and its timers fire", async () => {
  const here = place();
  here.write("a.keel", waiting);
  const before = await crashed(here, "a.keel", "before");
  const serve = await serving(here);
  await serve.until(`${before} │ ▸ Resuming run ${before}`);
  const meanwhile = await crashed(here, "a.keel", "before");
  await serve.until(`${before} │ ▸ completed`);
  await serve.until(`${meanwhile} │ ▸ completed`);
  const { out } = await stopped(serve);
  for (const run of [before, meanwhile]) expect(out).toContain(`${run} │   ▸ after\n`);
  const timeline = await here.timeline();
  const due = Number(timeline.find(({ type }) => type === "timer.set")?.["due"]);
  const fired = Number(timeline.find(({ type }) => type === "timer.fired")?.["at"]);
  expect(fired - due).toBeGreaterThanOrEqual(0);
  expect(fired - due).toBeLessThan(1_000);
});

test("an agent's timers fire while another agent's question is open", async () => {
  const here = place();
  here.write(
    "a.keel",
    `agent A {
  role "r"
  every 1.day {
    x = ask user "Now?"
    notify user "answered {x}"
  }
}
agent B {
  role "r"
  every 500.ms { notify user "tick" }
}
run A in background
run B in background
`,
  );
  const run = await crashed(here, "a.keel", "tick");
  const serve = await serving(here);
  while (!/run\.resumed.*"Tick".*"Tick"/s.test(JSON.stringify(await here.timeline())));
  expect((await here.keel(["answer", run, "yes"])).out).toContain("takes it now");
  await serve.until(`${run} │   ▸ answered yes`);
  await stopped(serve);
});

test("a question that expires is answered by that", async () => {
  const here = place();
  here.write("a.keel", `x = try { ask user "Anyone?" timeout 1.seconds } catch err { "nobody" }\nnotify user x\n`);
  const run = await suspended(here, "a.keel");
  const serve = await serving(here);
  await serve.until(`${run} │   ▸ nobody\n`);
  await stopped(serve);
  expect(await types(here)).toContain("gate.expired");
});

test("a cancellation is taken", async () => {
  const here = place();
  here.write("a.keel", asking);
  const run = await suspended(here, "a.keel");
  const serve = await serving(here);
  expect((await here.keel(["cancel", run])).code).toBe(0);
  while (!(await types(here)).includes("run.cancelled"));
  await stopped(serve);
  expect((await types(here)).filter((type) => type.startsWith("run."))).toEqual([
    "run.started",
    "run.suspended",
    "run.resumed",
    "run.cancelled",
  ]);
});

test("what a person stopped, what failed and what is driven elsewhere is left alone", async () => {
  const here = place();
  here.write("a.keel", asking);
  here.write("b.keel", `fail "no"\n`);
  const interrupted = here.start(["run", "a.keel"]);
  await interrupted.until("? Name?");
  interrupted.child.kill("SIGINT");
  await interrupted.end;
  expect((await here.keel(["run", "b.keel"])).code).toBe(1);
  const driven = here.start(["run", "a.keel"]);
  await driven.until("? Name?");
  const run = await here.run();
  const serve = await serving(here);
  expect((await here.keel(["answer", run, "Ann"])).out).toContain("takes it now");
  expect((await driven.end).out).toContain("hello Ann");
  const { out } = await stopped(serve);
  expect(out).toContain("1 open run (1 held by other processes)");
  expect(out).not.toContain("Resuming");
  expect((await here.keel(["ls"])).out).toMatch(/completed[^]*failed[^]*interrupted/);
});

test("a run whose program file is gone goes on: the store has it", async () => {
  const here = place();
  const file = here.write("sub/a.keel", asking);
  const run = await suspended(here, "sub/a.keel");
  rmSync(path.dirname(file), { recursive: true });
  const serve = await serving(here);
  await here.keel(["answer", run, "Zoe"]);
  await serve.until(`${run} │   ▸ hello Zoe`);
  await stopped(serve);
});

test("started where nothing has run yet, it takes up what comes", async () => {
  const here = place();
  here.write("a.keel", asking);
  const serve = await serving(here);
  const run = await suspended(here, "a.keel");
  await here.keel(["answer", run, "Zoe"]);
  await serve.until(`${run} │   ▸ hello Zoe`);
  expect((await stopped(serve)).out).toContain(`▸ Serving ${here.data}: no open runs yet\n`);
});

test("without the secret that a run was started with, the run is left and the others go on", async () => {
  const here = place();
  const env = { API_KEY: "s3cr3t" };
  here.write("a.keel", `key = env.API_KEY\nname = ask user "Name?"\nnotify user "{name} {key.length}"\n`);
  here.write("b.keel", `input token: secret\n${asking}`);
  here.write("c.keel", asking);
  const secret = await suspended(here, "a.keel", env);
  expect((await here.keel(["run", "b.keel", "--no-input", "-i", "token=abcd1234"])).code).toBe(75);
  const input = await here.run();
  const plain = await suspended(here, "c.keel");
  const serve = await serving(here);
  for (const run of [secret, input, plain]) expect((await here.keel(["answer", run, "Zoe"])).code).toBe(0);
  await serve.until(`${plain} │ ▸ completed`);
  await serve.until(`${secret} │ ✗ It is left alone until \`keel serve\` is started anew\n`);
  const { err } = await stopped(serve);
  expect(err).toContain(`${secret} │ ✗ API_KEY is not set here, and the run was started with it\n${secret} │   help: `);
  expect(err).toContain(`${input} │ ✗ token is not recorded`);
  expect(err).toContain(`keel resume ${input} -i token=…`);

  const again = await serving(here, env);
  await again.until(`${secret} │   ▸ Zoe 6`);
  await stopped(again);
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
  "%s lets go of the runs, and the next one goes on",
  async (signal) => {
    const here = place();
    here.write("a.keel", waiting.replace("1.seconds", "6.seconds"));
    const run = await crashed(here, "a.keel", "before");
    const first = await serving(here);
    await first.until("Resuming run");
    expect((await stopped(first, signal)).out).toContain(
      "▸ Stopped: 1 open run is left as it is; `keel serve` goes on with it\n",
    );
    expect(await types(here)).not.toContain("run.interrupted");
    const second = await serving(here);
    await second.until(`${run} │   ▸ after`);
    await stopped(second);
  },
);

/** A run that is about to send a mail whose file is a pipe that nobody reads: the step hangs in the file system. */
async function hanging(here: Place): Promise<{ readonly run: string; readonly pipe: string }> {
  for (const box of ["cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"])
    mkdirSync(path.join(here.folder, "box", box), { recursive: true });
  here.write(
    "a.keel",
    `connect email via maildir { path: "box" }\nif confirm user "go?" { send "hello" to "bob@example.com" }\nnotify user "sent"\n`,
  );
  const run = await suspended(here, "a.keel");
  const name = createHash("sha256").update(`${run}/main:2`).digest("hex").slice(0, 32);
  const pipe = path.join(here.folder, "box/.Sent/tmp", name);
  execFileSync("mkfifo", [pipe]);
  return { run, pipe };
}

const sentIn = (here: Place): readonly string[] =>
  execFileSync("find", [path.join(here.folder, "box/.Sent/cur"), "-type", "f"], { encoding: "utf8" })
    .trim()
    .split("\n");

test("a step that must not be cut off is waited for; a second SIGINT leaves at once and names it", async () => {
  const here = place();
  const { run, pipe } = await hanging(here);
  const first = await serving(here);
  await here.keel(["approve", run]);
  while (!(await types(here)).includes("step.intended"));
  first.child.kill("SIGTERM");
  await first.until(`${run} │   waiting for 1 step(s) that must not be cut off`);
  first.child.kill("SIGINT");
  const ended = await first.end;
  expect(ended.code).toBe(130);
  expect(ended.err).toContain(`in doubt: \`keel resume ${run}\` looks what became of it`);

  rmSync(pipe);
  const second = await serving(here);
  await second.until(`${run} │   ▸ sent`);
  await stopped(second);
  expect(sentIn(here)).toHaveLength(1);
});

test("wrong usage, a store that is none", async () => {
  const here = place({ spoilt: true });
  expectComplaint(await here.keel(["serve", "--port", "1"]), 2, "unknown option '--port'");
  expectComplaint(await here.keel(["serve", "x"]), 2, "too many arguments");
  here.write("data/journal.db", "no database\n".repeat(500));
  expectComplaint(await here.keel(["serve"]), 74, "is not a Keel journal");
});

test("the store is taken away while it serves: it says so and ends", async () => {
  const here = place({ spoilt: true });
  here.write("a.keel", `wait 1.hour\n`);
  const running = here.start(["run", "a.keel"]);
  while ((await here.keel(["ls", "--json"])).out.trim() === "[]");
  running.child.kill("SIGKILL");
  await running.end;
  const serve = await serving(here);
  await serve.until("Resuming run");
  rmSync(here.data, { recursive: true });
  expectComplaint(await serve.end, 74, "was moved or deleted");
});
