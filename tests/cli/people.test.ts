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
  const open = `main:1 (main/ask:name): Name?\n      keel answer ${run} main:1 "…"\n`;
  expectComplaint(await here.keel(["approve", run]), 2, "has no open question of this kind", open);
  expectComplaint(await here.keel(["approve", run, "main:1"]), 2, `main:1 is answered with a text`, "keel answer");
  expectComplaint(await here.keel(["answer", run, "main:7", "x"]), 2, "no open question main:7", "mean main:1?", open);
  expectComplaint(await here.keel(["answer", run, "main/as:name", "x"]), 2, "did you mean main/ask:name?");
  expectComplaint(await here.keel(["answer", run, "main:1", "be", "brief"]), 2, "put it in quotes");
  expectComplaint(await here.keel(["answer", run, "main:1"]), 2, "the text of the answer is missing");
  expect((await here.keel(["answer", run, "Zoe"])).code).toBe(0);
  expectComplaint(await here.keel(["answer", run, "Ann"]), 2, "main:1 already has an answer waiting");
  expect((await here.keel(["resume"])).err).toContain("? Sure, Zoe?");
  const answers = (await here.timeline()).filter(({ type }) => type === "gate.answered");
  expect(answers).toMatchObject([{ answer: "Zoe", by: "inbox" }]);
  expectComplaint(await here.keel(["answer", run, "main:1", "Ann"]), 2, "main:1 was answered", `ago: "Zoe"`);
  expectComplaint(await here.keel(["answer", run, "main:2", "perhaps"]), 2, "is decided with yes or no");
  expect((await here.keel(["answer", run, "Yes", "--resume"])).out).toContain("hello Zoe: true");
  expectComplaint(await here.keel(["answer", run, "x"]), 2, `run ${run} is completed: it takes no answers`);
});

test("a question is named by its step, and the text may come from the standard input", async () => {
  const here = place();
  here.write(
    "a.keel",
    `a = ask user "One?"\nb = ask user "Two?"\nc = ask user "Three?"\nd = ask user "Four?"\n` +
      `notify user "{a.length} [{b}] [{c}] [{d}]"\n`,
  );
  await here.keel(["run", "a.keel", "--no-input"]);
  const run = await here.run();
  const long = "x".repeat(1_000_000);
  await here.keel(["answer", run, "main/ask:one", "-", "--resume"], { input: `${long}\n` });
  await here.keel(["answer", run, "-", "--resume"], { input: "two\n\nlines \u001b[2J\n" });
  expect((await here.keel(["answer", run, "--resume", "--", "-5"])).code).toBe(75);
  const last = await here.keel(["answer", run, "main/ask:four", "", "--resume"]);
  expect(last).toMatchObject({ code: 0, out: expect.stringContaining("▸ 1000000 [two\n\nlines \u001b[2J] [-5] []\n") });
  await here.keel(["run", "a.keel", "--no-input"]);
  const binary = here.start(["answer", await here.run(), "-"]);
  binary.child.stdin?.end(Buffer.from([0xff, 0xfe]));
  expectComplaint(await binary.end, 2, "is not UTF-8 text");
});

const timed = `try {
  name = ask user "Name?" timeout 1.hour
  notify user "hello {name}"
} catch err { notify user "{err.message}" }
`;

/** The command at a later time. */
function later(hours: number): { readonly env: { readonly NODE_OPTIONS: string } } {
  const code = `const now = Date.now; Date.now = () => now() + ${hours * 3_600_000};`;
  return { env: { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(code)}` } };
}

test("an answer after the expiry is refused, one before it counts whenever the run is resumed", async () => {
  const here = place();
  here.write("a.keel", timed);
  const first = await here.keel(["run", "a.keel", "--no-input"]);
  expect(first.err).toContain("? Name? (expires in 1 hour)\n");
  const run = await here.run();
  const late = ["the question main:1 expired 1 hour ago", "the program gets a TimeoutError"] as const;
  expectComplaint(await here.keel(["answer", run, "Zoe"], later(2)), 2, ...late);
  expect((await here.keel(["show"], later(2))).out).toContain("? Name? (expired: nobody can answer it any more)");
  expect((await here.keel(["resume"], later(2))).out).toContain("▸ nobody answered in time");
  expectComplaint(await here.keel(["answer", run, "main:1", "Zoe"], later(2)), 2, "is completed");

  await here.keel(["run", "a.keel", "--no-input"]);
  expect((await here.keel(["answer", await here.run(), "Zoe"])).code).toBe(0);
  expect((await here.keel(["resume"], later(2))).out).toContain("▸ hello Zoe");
});

test("killed while it asks: the question was asked once, and nothing before it is said again", async () => {
  const here = place();
  here.write("a.keel", `notify user "start"\n${asking}`);
  const running = here.start(["run", "a.keel"]);
  await running.until("? Name?");
  running.child.kill("SIGKILL");
  await running.end;
  const again = await here.keel(["resume"], { input: "Zoe\n" });
  expect(again).toMatchObject({
    code: 75,
    out: expect.stringMatching(/^▸ Resuming.*\n {2}\? Name\?\n {2}\? Sure, Zoe\? /),
  });
  expect((await here.timeline()).filter(({ type, n }) => type === "gate.opened" && n === 2)).toHaveLength(1);
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
  expectComplaint(
    await here.keel(["answer", run, "x"]),
    2,
    "has several open questions",
    "A/every#1[1]:1",
    "B/every#1[1]:1",
  );
  expectComplaint(await here.keel(["answer", run, "B/evry#1/ask:for-b", "x"]), 2, "mean B/every#1/ask:for-b?");
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
