// `keel init` as a person runs it: what it says, what it makes, and that this checks and runs.

import { existsSync, mkdirSync, readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { agentName } from "../../src/cli/init.ts";
import { expectComplaint, place } from "../cli/command.ts";

test("it says what it made, and how to run it", async () => {
  const { keel } = place();
  const { out, err, code } = await keel(["init", "task-sorter"]);
  expect(out).toBe(`✓ Created project 'task-sorter'
  task-sorter/main.keel

  Run it:  keel run task-sorter/main.keel
`);
  expect({ err, code }).toEqual({ err: "", code: 0 });
});

test("the starter agent is formatted as `keel fmt` would", async () => {
  const { keel } = place();
  await keel(["init", "my-project"]);
  expect((await keel(["fmt", "--check", "my-project/main.keel"])).code).toBe(0);
});

test("the project is a starter agent and a .gitignore", async () => {
  const { keel, folder } = place();
  await keel(["init", "my-project"]);
  const project = path.join(folder, "my-project");
  expect(readdirSync(project).sort()).toEqual([".gitignore", "main.keel"]);
  expect(readFileSync(path.join(project, ".gitignore"), "utf8")).toBe(".keel/\n*.keelc\n");
  expect(readFileSync(path.join(project, "main.keel"), "utf8")).toBe(`# my-project — built with Keel

agent MyProject {
  role "Describe what this agent does"
  model "claude-sonnet"

  every 1.hour {
    notify user "Hello from my-project!"
  }
}

run MyProject
`);
});

test("the starter checks without a warning, and runs", async () => {
  const { keel } = place();
  await keel(["init", "my-email-bot"]);
  const checked = await keel(["check", "my-email-bot", "--deny", "warnings"]);
  expect(checked).toMatchObject({ code: 0, err: "" });
  const ran = await keel(["run", "my-email-bot/main.keel", "--ticks", "1"]);
  expect(ran.code).toBe(0);
  expect(ran.out).toContain("▸ Starting agent MyEmailBot");
  expect(ran.out).toContain("  ▸ Hello from my-email-bot!");
});

test.each([
  ["my-email-bot", "MyEmailBot"],
  ["hello", "Hello"],
  ["inbox_2_zero", "Inbox2Zero"],
  ["taskSorter", "TaskSorter"],
  ["über-bot", "ÜberBot"],
])("%s has the agent %s", (project, agent) => {
  expect(agentName(project)).toBe(agent);
});

test.each(["", ".", "../up", "my bot", "3d", "a-", "-a", "a/b", "x".repeat(101), 'a"b', "a{b}"])(
  "%j is no name",
  async (name) => {
    const { keel, folder } = place();
    expectComplaint(await keel(["init", "--", name]), 2, "is no name for a project");
    expect(readdirSync(folder)).toEqual([]);
  },
);

test("nothing that is there is written over", async () => {
  const { keel, folder, write } = place();
  write("full/notes.txt", "mine");
  write("file", "mine");
  expectComplaint(await keel(["init", "full"]), 2, "not empty");
  expectComplaint(await keel(["init", "file"]), 2, "there is a file called file");
  expect(readdirSync(path.join(folder, "full"))).toEqual(["notes.txt"]);
  mkdirSync(path.join(folder, "empty"));
  expect((await keel(["init", "empty"])).code).toBe(0);
  expect(existsSync(path.join(folder, "empty/main.keel"))).toBe(true);
});

test("where nobody may write, it says so", async () => {
  const { keel } = place();
  expectComplaint(await keel(["init", "bot"], { plain: true }), 2, "cannot write bot");
});
