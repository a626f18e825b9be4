// Steps in doubt: the process dies for real between a send's intent and its outcome. A resume looks, and where nothing
// can be seen it asks; what a person says then is what counts.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { commandsIn, expectComplaint, place, type Place } from "./command.ts";

const sending = `connect email via maildir { path: "box" }
if confirm user "go?" {
  try {
    send "hello" to "bob@example.com"
    notify user "sent"
  } catch err { notify user "caught {err.message}" }
}
notify user "end"
`;

interface Doubt extends Place {
  readonly id: string;
  readonly box: string;
  /** Takes the mailbox out of sight, and brings it back. */
  hide(): void;
  unhide(): void;
}

/**
 * A run that was killed while it wrote a message. The file that it writes is a pipe that nobody reads, so the process
 * hangs there and dies exactly between intent and outcome.
 */
async function inDoubt(): Promise<Doubt> {
  const here = place();
  const box = path.join(here.folder, "box");
  for (const part of ["cur", "new", "tmp", ".Sent/cur", ".Sent/new", ".Sent/tmp"])
    mkdirSync(path.join(box, part), { recursive: true });
  here.write("a.keel", sending);
  expect((await here.keel(["run", "a.keel", "--no-input"])).code).toBe(75);
  const run = await here.run();
  const pipe = path.join(box, ".Sent/tmp", nameOf(run));
  execFileSync("mkfifo", [pipe]);
  const running = here.start(["approve", run, "--resume"]);
  await running.until("Resuming run");
  while (!(await here.timeline()).some(({ type }) => type === "step.intended"));
  running.child.kill("SIGKILL");
  await running.end;
  rmSync(pipe);
  const hidden = path.join(here.folder, "hidden");
  return { ...here, id: run, box, hide: () => renameSync(box, hidden), unhide: () => renameSync(hidden, box) };
}

/** The file's name of the message that the second effect of main sends. */
function nameOf(run: string): string {
  return createHash("sha256").update(`${run}/main:2`).digest("hex").slice(0, 32);
}

const sent = (at: Doubt): readonly string[] => readdirSync(path.join(at.box, ".Sent/cur"));

async function outcomes(at: Doubt): Promise<readonly unknown[]> {
  const ended = (await at.timeline()).filter(({ effect, type }) => effect === "Send" && type !== "step.intended");
  return ended.map(({ type, settled }) => [type, settled]);
}

test("not written: the resume sees that and sends it, once", async () => {
  const at = await inDoubt();
  expect(await at.keel(["resume"])).toMatchObject({ code: 0, out: expect.stringContaining("▸ sent") });
  expect(sent(at)).toHaveLength(1);
  expect(await outcomes(at)).toEqual([["step.completed", undefined]]);
});

test("written: the resume finds it, under whatever name, and sends nothing", async () => {
  const at = await inDoubt();
  at.write("box/.Sent/cur/other:2,S", `From: a@b.example\nMessage-ID: <${nameOf(at.id)}@keel.localhost>\n\nhello\n`);
  expect(await at.keel(["resume"])).toMatchObject({ code: 0, out: expect.stringContaining("▸ sent") });
  expect(sent(at)).toEqual(["other:2,S"]);
  expect(await outcomes(at)).toEqual([["step.completed", "found"]]);
});

test("nothing to be seen: the run asks, says why, and goes on only by a person's word", async () => {
  const at = await inDoubt();
  at.hide();
  for (let n = 0; n < 2; n += 1) {
    const asked = await at.keel(["resume"]);
    expect(asked.code).toBe(75);
    expect(asked.err).toContain("nobody can tell whether main/send:hello-bob-example-com happened: there is no folder");
    expect(asked.err).toContain("? did main/send:hello-bob-example-com (a.keel:4:5) happen before the process ended?");
    expect(commandsIn(asked.err).map((words) => words.join(" "))).toEqual([
      `resolve ${at.id} main:2 --done`,
      `resolve ${at.id} main:2 --retry`,
      `resolve ${at.id} main:2 --fail`,
      `resume ${at.id}`,
    ]);
  }
  expectComplaint(await at.keel(["resolve", at.id, "main:9", "--done"]), 2, "no one step main:9 in doubt", "main:2");
  expectComplaint(await at.keel(["answer", at.id, "yes"]), 2, "no open question");
  expect(await outcomes(at)).toEqual([]);
});

test("--done: it is not sent, though the mailbox is there again and it is not in it", async () => {
  const at = await inDoubt();
  at.hide();
  await at.keel(["resume"]);
  expect((await at.keel(["resolve", at.id, "main:2", "--done"])).code).toBe(0);
  expectComplaint(await at.keel(["resolve", at.id, "main:2", "--retry"]), 2, "already has a verdict waiting");
  at.unhide();
  expect(await at.keel(["resume"])).toMatchObject({ code: 0, out: expect.stringContaining("▸ sent"), err: "" });
  expect(sent(at)).toEqual([]);
  expect(await outcomes(at)).toEqual([["step.completed", "done"]]);
});

test("--retry: it is sent, once; the step may be named by its id too", async () => {
  const at = await inDoubt();
  at.hide();
  await at.keel(["resume"]);
  at.unhide();
  const args = ["resolve", at.id, "main/send:hello-bob-example-com", "--retry", "--resume"];
  expect(await at.keel(args)).toMatchObject({ code: 0, out: expect.stringContaining("▸ sent"), err: "" });
  expect(sent(at)).toHaveLength(1);
  expect(await outcomes(at)).toEqual([["step.completed", undefined]]);
});

test("--fail: the program handles it as an error", async () => {
  const at = await inDoubt();
  at.hide();
  const ended = await at.keel(["resolve", at.id, "main:2", "--fail", "--resume"]);
  expect(ended).toMatchObject({ code: 0, out: expect.stringMatching(/▸ caught .* was declared failed\n {2}▸ end\n$/) });
  expect(await outcomes(at)).toEqual([["step.failed", undefined]]);
  expect(existsSync(at.box)).toBe(false);
});

test("a cancelled run neither looks nor sends", async () => {
  const at = await inDoubt();
  expect((await at.keel(["cancel", at.id])).code).toBe(0);
  expect(sent(at)).toEqual([]);
  expect(await outcomes(at)).toEqual([]);
});
