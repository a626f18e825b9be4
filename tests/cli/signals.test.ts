// Ctrl+C and what else tells a process to go: the run is interrupted wherever it is, and goes on when it is resumed.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { ProviderServer } from "../models/provider-server.ts";
import { place, type Place, type Running } from "./command.ts";

/** Sends a signal and awaits the end; the run is interrupted and says how it goes on. */
async function interrupted(here: Place, running: Running, signal: NodeJS.Signals): Promise<void> {
  running.child.kill(signal);
  const ended = await running.end;
  expect(ended.code, ended.err).toBe(130);
  const run = await here.run();
  expect(ended.err).toContain(`▸ Run ${run} is interrupted. \`keel resume ${run}\` continues it.`);
  expect((await here.timeline()).at(-1)?.type).toBe("run.interrupted");
}

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)("%s while a run waits", async (signal) => {
  const here = place();
  here.write("a.keel", `notify user "before"\nwait 900.ms\nnotify user "after"\n`);
  const running = here.start(["run", "a.keel"]);
  await running.until("before");
  await interrupted(here, running, signal);
  expect(await here.keel(["resume"])).toMatchObject({ code: 0, out: expect.stringMatching(/Resuming[^]*▸ after\n$/) });
});

test.each(["SIGINT", "SIGTERM"] as const)("%s while a question is open on a stdin that stays open", async (signal) => {
  const here = place();
  here.write("a.keel", `a = ask user "One?"\nb = ask user "Two?"\nnotify user "{a} {b}"\n`);
  const running = here.start(["run", "a.keel"]);
  running.type("first\n");
  await running.until("? Two?");
  await interrupted(here, running, signal);
  expect((await here.keel(["resume"], { input: "second\n" })).out).toContain("  ▸ first second\n");
});

test("SIGINT in the midst of much that needs no waiting", async () => {
  const here = place();
  here.write("a.keel", `for i in range(0, 1_000_000) { notify user "line {i}" }\n`);
  const running = here.start(["run", "a.keel"]);
  await running.until("line 0");
  await interrupted(here, running, "SIGINT");
  const printed = (await running.end).out.trimEnd().split("\n").length;
  expect((await here.timeline()).filter(({ line }) => line !== undefined)).toHaveLength(printed);
});

const moods = `type Mood = happy | sad
a = classify "apples" as Mood fallback sad
notify user "one: {a}"
b = classify "pears" as Mood fallback sad
notify user "two: {b}"
`;

test("SIGINT while a scripted model thinks: what it said before is not asked again", async () => {
  const here = place();
  here.write("a.keel", moods);
  const replies = [
    { operation: "classify", contains: "apples", reply: "happy" },
    { operation: "classify", contains: "pears", reply: "happy", delay_ms: 1_500 },
  ];
  here.write("replies.json", JSON.stringify({ replies }));
  const running = here.start(["run", "a.keel", "--mock", "replies.json"]);
  await running.until("one: happy");
  await interrupted(here, running, "SIGINT");
  expect(await here.keel(["resume"])).toMatchObject({ code: 0, out: expect.stringContaining("two: happy") });
  expect((await here.timeline()).filter(({ type }) => type === "model.replied")).toHaveLength(2);
});

test("SIGINT while a model server is silent: its request is dropped, and made again by the resume", async () => {
  const server = await ProviderServer.start();
  onTestFinished(() => server.stop());
  const here = place();
  here.write("a.keel", moods);
  const env = { KEEL_LLM: undefined, OLLAMA_HOST: server.address, KEEL_OLLAMA_MODEL: "gemma4" };
  server.will({ kind: "Text", text: `{"value":"happy"}` }, { kind: "Slow" });
  const running = here.start(["run", "a.keel"], { env });
  await running.until("one: happy");
  if (server.asked.length < 2) await server.arrival();
  await interrupted(here, running, "SIGINT");

  server.says(`{"value":"happy"}`);
  expect(await here.keel(["resume"], { env })).toMatchObject({ code: 0, out: expect.stringContaining("two: happy") });
  expect(server.asked).toHaveLength(1);
});

test("an agent that waits for its next tick", async () => {
  const here = place();
  here.write("a.keel", `agent A {\n  role "r"\n  every 1.hour { notify user "tick" }\n}\nrun A\n`);
  const running = here.start(["run", "a.keel"]);
  await running.until("Agent running. Press Ctrl+C to stop.");
  await interrupted(here, running, "SIGINT");
  const again = here.start(["resume"]);
  await again.until("Resuming run");
  await interrupted(here, again, "SIGINT");
  expect((await here.timeline()).filter(({ line }) => typeof line === "string")).toHaveLength(1);
});

test("a second SIGINT leaves at once, though a step that must not be cut off is under way", async () => {
  const here = place();
  for (const box of ["cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"])
    mkdirSync(path.join(here.folder, "box", box), { recursive: true });
  here.write(
    "a.keel",
    `connect email via maildir { path: "box" }\nif confirm user "go?" { send "hello" to "bob@example.com" }\nnotify user "sent"\n`,
  );
  expect((await here.keel(["run", "a.keel", "--no-input"])).code).toBe(75);
  const run = await here.run();
  // The file that the message is written to is a pipe that nobody reads: the step hangs in the file system.
  const name = createHash("sha256").update(`${run}/main:2`).digest("hex").slice(0, 32);
  const pipe = path.join(here.folder, "box/.Sent/tmp", name);
  execFileSync("mkfifo", [pipe]);
  const running = here.start(["approve", run, "--resume"]);
  await running.until("Resuming run");
  while (!(await here.timeline()).some(({ type }) => type === "step.intended"));
  running.child.kill("SIGINT");
  await running.until("must not be cut off; press Ctrl+C again");
  running.child.kill("SIGINT");
  const ended = await running.end;
  expect(ended.code).toBe(130);
  expect(ended.err).toContain(`in doubt: \`keel resume ${run}\` looks what became of it`);

  execFileSync("rm", [pipe]);
  expect(await here.keel(["resume"])).toMatchObject({ code: 0, out: expect.stringContaining("▸ sent") });
  const sent = execFileSync("find", [path.join(here.folder, "box/.Sent/cur"), "-type", "f"], { encoding: "utf8" });
  expect(sent.trim().split("\n")).toHaveLength(1);
});
