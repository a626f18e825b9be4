// Runs that wait for a person: suspended with instructions that can be pasted, answered from elsewhere, cancelled.

import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { commandsIn, expectComplaint, place } from "./command.ts";

const asking = `name = ask user "Name?"
sure = confirm user "Sure, {name}?"
notify user "hello {name}: {sure}"
`;

test.each<[string, readonly string[]]>([
  ["at the end of stdin", []],
  ["with --no-input", ["--no-input"]],
])("%s the run is suspended, and what it prints works as it stands", async (_, options) => {
  const here = place();
  here.write("a.keel", asking);
  const first = await here.keel(["run", "a.keel", ...options]);
  const run = await here.run();
  expect(first.code).toBe(75);
  expect(commandsIn(first.err)).toEqual([
    ["answer", run, "…"],
    ["resume", run],
  ]);
  expect((await here.keel(["ls"])).out).toContain("suspended (1 to answer)");
  expect((await here.keel(["show"])).out).toContain(first.err.trim());

  let last = first;
  for (const command of commandsIn(first.err)) last = await here.keel(command);
  expect(last.code).toBe(75);
  const [approve, reject, resume] = commandsIn(last.err);
  expect([approve, reject, resume]).toEqual([
    ["approve", run],
    ["reject", run],
    ["resume", run],
  ]);
  expect((await here.keel(approve ?? [])).code).toBe(0);
  expect(await here.keel(resume ?? [])).toMatchObject({ code: 0, out: expect.stringContaining("hello …: true") });
});

test("answered and resumed in one", async () => {
  const here = place();
  here.write("a.keel", asking);
  await here.keel(["run", "a.keel", "--no-input"]);
  const run = await here.run();
  expect((await here.keel(["answer", run.slice(0, 5), "Zoe Ann", "--resume"])).code).toBe(75);
  const last = await here.keel(["reject", run, "--resume"]);
  expect(last).toMatchObject({ code: 0, out: expect.stringContaining("  ▸ hello Zoe Ann: false\n") });
});

test("stdin answers what it can, and the rest stays open", async () => {
  const here = place();
  here.write("a.keel", asking);
  const first = await here.keel(["run", "a.keel"], { input: "Zoe" });
  expect([first.code, first.err]).toEqual([75, expect.stringContaining("? Sure, Zoe?\n")]);
  expect((await here.keel(["resume"], { input: "YES\n" })).out).toContain("hello Zoe: true");
});

test("answered twice, at the wrong gate, in the wrong way", async () => {
  const here = place();
  here.write("a.keel", asking);
  await here.keel(["run", "a.keel", "--no-input"]);
  const run = await here.run();
  expectComplaint(await here.keel(["approve", run]), 2, "no open question of this kind", "open: main:1 (answer)");
  expectComplaint(await here.keel(["approve", run, "main:1"]), 2, "is answered with `keel answer`");
  expectComplaint(await here.keel(["answer", run, "main:7", "x"]), 2, "has no open question main:7", "open: main:1");
  expectComplaint(await here.keel(["answer", run, "main:1", "be", "brief"]), 2, "put it in quotes");
  expect((await here.keel(["answer", run, "Zoe"])).code).toBe(0);
  expectComplaint(await here.keel(["answer", run, "Ann"]), 2, "main:1 already has an answer waiting");
  expect((await here.keel(["resume"])).err).toContain("? Sure, Zoe?");
  const answers = (await here.timeline()).filter(({ type }) => type === "gate.answered");
  expect(answers).toMatchObject([{ answer: "Zoe", by: "inbox" }]);
});

const agents = ["A", "B"].map(
  (name) => `agent ${name} {
  role "r"
  every 1.day {
    x = ask user "For ${name}?"
    notify user "${name}: {x}"
  }
}
run ${name} in background
`,
);

test("several open questions are told apart by ids that a shell leaves alone", async () => {
  const here = place();
  here.write("a.keel", agents.join(""));
  const first = await here.keel(["run", "a.keel", "--no-input", "--ticks", "1"]);
  const run = await here.run();
  expect(first.err).toContain(`    keel answer ${run} 'A/every#1[1]:1' "…"\n`);
  expectComplaint(await here.keel(["answer", run, "x"]), 2, "has several open questions", "name one: A/every#1[1]:1");
  for (const command of commandsIn(first.err).slice(0, 2)) expect((await here.keel(command)).code).toBe(0);
  const last = await here.keel(["resume"]);
  expect(last.code).toBe(0);
  expect(last.out).toContain("A: …");
  expect(last.out).toContain("B: …");
});

test("an answer to a run that is being driven is taken by the process that drives it", async () => {
  const here = place();
  here.write("a.keel", asking);
  const running = here.start(["run", "a.keel"]);
  await running.until("? Name?");
  const run = await here.run();
  expect((await here.keel(["answer", run, "Zoe", "--resume"])).out).toBe(`✓ Run ${run} takes it now\n`);
  await running.until("? Sure, Zoe?");
  expect((await here.keel(["approve", run])).code).toBe(0);
  expect(await running.end).toMatchObject({ code: 0, out: expect.stringContaining("hello Zoe: true") });
});

test("cancelled while it is driven, and while it is not", async () => {
  const here = place();
  here.write("a.keel", asking);
  const running = here.start(["run", "a.keel"]);
  await running.until("? Name?");
  expect((await here.keel(["cancel", await here.run()])).code).toBe(0);
  expect(await running.end).toMatchObject({ code: 1, err: expect.stringContaining("is cancelled") });

  await here.keel(["run", "a.keel", "--no-input"]);
  const run = await here.run();
  expect((await here.keel(["cancel", run])).code).toBe(0);
  expect((await here.keel(["ls"])).out.match(/cancelled/g)).toHaveLength(2);
  expect(await here.keel(["resume", run])).toMatchObject({
    code: 1,
    out: expect.stringContaining("nothing to resume"),
  });
});

test("to cancel a run begins nothing: what was due next is not done", async () => {
  const here = place();
  for (const box of ["cur", "new", "tmp"]) mkdirSync(path.join(here.folder, "box", box), { recursive: true });
  here.write(
    "a.keel",
    `connect email via maildir { path: "box" }\nnotify user "before"\nwait 1.hour\nsend "x" to "a@b.example"\n`,
  );
  const running = here.start(["run", "a.keel"]);
  const timer = async (): Promise<unknown> => (await here.timeline()).find(({ type }) => type === "timer.set")?.["due"];
  await running.until("before");
  while ((await timer()) === undefined);
  running.child.kill("SIGKILL");
  await running.end;
  const due = Number(await timer());
  const ahead = { NODE_OPTIONS: `--import=data:text/javascript,Date.now=()=>${due + 1}` };
  expect((await here.keel(["cancel", await here.run()], { env: ahead })).code).toBe(0);
  expect((await here.timeline()).map(({ type }) => type).slice(-2)).toEqual(["run.resumed", "run.cancelled"]);
  expect(existsSync(path.join(here.folder, "box/.Sent"))).toBe(false);
});
