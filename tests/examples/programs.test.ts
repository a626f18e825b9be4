// The examples as programs: each checks without a warning and does what its first lines say.

import { cpSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import PostalMime from "postal-mime";
import { expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { Source } from "../../src/source/text.ts";
import { startRun, type RunRequest } from "../../src/runtime/engine/run.ts";
import { systemClock } from "../../src/runtime/host/clock.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import { temporaryFolder } from "../connections/mail-folder.ts";
import { checkLaws } from "../support/journal.ts";
import { checkReplay } from "../support/replay.ts";
import { compiled, session, type SessionGiven } from "../support/session.ts";
import { testWorld, type TestWorld } from "../support/world.ts";

const examples = path.join(import.meta.dirname, "../../examples");
const read = (name: string): string => readFileSync(path.join(examples, name), "utf8");
const programs = readdirSync(examples, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".keel"));

test("there are examples", () => {
  expect(programs.length).toBeGreaterThanOrEqual(4);
});

test.each(programs)("%s checks, without a warning", (name) => {
  const { diagnostics, program } = compile(new Source(name, read(name)), stdlib);
  expect(diagnostics.map((each) => each.message)).toEqual([]);
  expect(program).toBeDefined();
});

async function linesOf(name: string, given: SessionGiven): Promise<readonly string[]> {
  const running = session().start(read(name), given);
  expect(await running.end).toEqual({ status: "completed" });
  return running.world.terminal.lines;
}

test("hello says the same each time", async () => {
  expect(await linesOf("hello/hello.keel", { ticks: 3 })).toEqual(Array(3).fill("  ▸ Good morning from Keel!"));
});

test("moodbot falls back without a model", async () => {
  expect(await linesOf("moodbot/moodbot.keel", { ticks: 1 })).toEqual(["  ▸ Mood: content"]);
});

test("prioritizer counts over its ticks", async () => {
  const lines = await linesOf("prioritizer/prioritizer.keel", { ticks: 2 });
  expect(lines.filter((line) => line.includes("ranked so far"))).toEqual([
    "  ▸ 3 chores ranked so far",
    "  ▸ 6 chores ranked so far",
  ]);
});

/** By the machine's clock, which leaps over nothing: reading mail and parsing replies take their time. */
async function inboxLines(mail: string): Promise<readonly string[]> {
  const store = openStore(path.join(temporaryFolder(), "data"));
  const world: TestWorld = { ...testWorld(), clock: systemClock };
  const request: RunRequest = {
    ...compiled(read("inbox/triage.keel")),
    file: "triage.keel",
    models: { kind: "mock", script: read("inbox/replies.json").replace(/"delay_ms": \d+/g, '"delay_ms": 0') },
    answers: read("inbox/answers.json"),
    connect: { email: `maildir:${mail}` },
    inputs: {},
    ticks: 1,
    keel: "test",
  };
  const { run, end } = startRun(request, store, world);
  expect(await end).toEqual({ status: "completed" });
  checkLaws(store, run);
  checkReplay(store, run);
  store.close();
  return world.terminal.lines;
}

test("the inbox agent deals with every unread mail", async () => {
  const mail = path.join(temporaryFolder(), "mail");
  cpSync(path.join(examples, "inbox/mail"), mail, { recursive: true });
  const lines = await inboxLines(mail);
  expect(lines[0]).toBe("  ▸ 11 unread mails");
  expect(lines.at(-1)).toBe("  ▸ So far: 11 triaged, 7 answered");
  expect(lines.filter((line) => line.startsWith("  ▸ [")).map((line) => /\[\w+\]/.exec(line)?.[0])).toEqual(
    ["low", "urgent", "low", "normal", "high", "normal", "normal", "low", "normal", "high", "normal"].map(
      (p) => `[${p}]`,
    ),
  );
  const files = readdirSync(mail, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const count = (place: string): number =>
    files.filter((entry) => path.relative(mail, entry.parentPath) === place && !entry.name.startsWith(".")).length;
  expect({ new: count("new"), cur: count("cur"), archived: count(".Archive/cur"), sent: count(".Sent/cur") }).toEqual({
    new: 0,
    cur: 9,
    archived: 3,
    sent: 7,
  });
  const sent = files.filter((entry) => entry.parentPath.endsWith(path.join(".Sent", "cur")));
  const replies = await Promise.all(
    sent.map((entry) => PostalMime.parse(readFileSync(path.join(entry.parentPath, entry.name)))),
  );
  const receivers = replies.flatMap((reply) => reply.to ?? []).map((to) => to.address);
  expect(receivers).not.toContain("audit@definitely-real.example");
  const toTom = replies.find((reply) => reply.to?.[0]?.address === "tom.okafor@post.example");
  expect(toTom).toMatchObject({
    subject: "Re: Your repair is ready",
    references: "<tom-1@post.example> <repair-2093-ready@spoke.example> <tom-2@post.example>",
    from: { address: "hello@spoke.example" },
  });
});
