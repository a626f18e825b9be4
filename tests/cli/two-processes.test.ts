// Two processes and one run: the second is refused while the first lives, takes over when it is dead, and whoever was
// frozen meanwhile writes nothing when it wakes up.

import { once } from "node:events";
import { expect, test } from "vitest";
import { expectComplaint, place } from "./command.ts";

const waiting = `notify user "before"\nwait 1.hour\nnotify user "after"\n`;
const asking = `notify user "before"\nname = ask user "Name?"\nnotify user "hello {name}"\n`;

/** A clock that is ahead by more than a lease lasts without a heartbeat. */
const ahead = { NODE_OPTIONS: "--import=data:text/javascript,const{now}=Date;Date.now=()=>now()%2B11000" };

test("a run that is driven is refused to others; killed, it is taken over at once", async () => {
  const here = place();
  here.write("a.keel", waiting);
  const first = here.start(["run", "a.keel"]);
  await first.until("before");
  const run = await here.run();
  expectComplaint(
    await here.keel(["resume"]),
    69,
    `run ${run} is being executed by process ${first.child.pid}`,
    "help: ",
  );
  expect((await here.keel(["ls"])).out).toMatch(/ {2}running {2}/);
  expect((await here.keel(["show"])).out).toContain("status   running");

  first.child.kill("SIGKILL");
  await first.end;
  expect((await here.keel(["ls"])).out).toMatch(/ {2}crashed {2}/);
  expect((await here.keel(["ls", "--json"])).out).toContain(`"status": "crashed"`);
  const second = here.start(["resume"]);
  await second.until(`Resuming run ${run}`);
  expect((await here.keel(["ls"])).out).toMatch(/ {2}running {2}/);
  expectComplaint(await here.keel(["resume", run]), 69, `process ${second.child.pid}`);
  second.child.kill("SIGINT");
  expect((await second.end).code).toBe(130);
  expect((await here.keel(["ls"])).out).toMatch(/ {2}interrupted {2}/);
});

test("several resume at once: one drives, the others are refused", async () => {
  const here = place();
  here.write("a.keel", asking);
  expect((await here.keel(["run", "a.keel", "--no-input"])).code).toBe(75);
  const all = [1, 2, 3, 4].map(() => here.start(["resume"]));
  const driver = await Promise.any(all.map((each) => each.until("? Name?").then(() => each)));
  const refused = await Promise.all(all.filter((each) => each !== driver).map((each) => each.end));
  expect(refused.map(({ code }) => code)).toEqual([69, 69, 69]);
  driver.type("Zoe\n");
  expect((await driver.end).out).toContain("hello Zoe");
});

test("frozen for longer than its lease, and overtaken: it writes nothing and says so", async () => {
  const here = place();
  here.write("a.keel", asking);
  const first = here.start(["run", "a.keel"]);
  await first.until("? Name?");
  first.child.kill("SIGSTOP");
  expectComplaint(await here.keel(["resume"]), 69, `process ${first.child.pid}`);
  expect(await here.keel(["ls"], { env: ahead })).toMatchObject({ out: expect.stringContaining("crashed") });

  const second = await here.keel(["resume"], { input: "Zoe\n", env: ahead });
  expect(second).toMatchObject({ code: 0, out: expect.stringContaining("hello Zoe") });
  const before = await here.timeline();

  first.type("Ann\n");
  first.child.kill("SIGCONT");
  const late = await first.end;
  expectComplaint(late, 69, "was taken over by another process", "nothing was written twice");
  expect(late.out).not.toContain("hello");
  expect(await here.timeline()).toEqual(before);
});

test("two runs of one store go on side by side", async () => {
  const here = place();
  here.write("a.keel", asking);
  const runs = [here.start(["run", "a.keel"]), here.start(["run", "a.keel"])];
  await Promise.all(runs.map((each) => each.until("? Name?")));
  const closed = runs.map((each) => once(each.child, "close"));
  for (const [index, each] of runs.entries()) each.type(`${index}\n`);
  await Promise.all(closed);
  expect((await runs[0]?.end)?.out).toContain("hello 0");
  expect((await runs[1]?.end)?.out).toContain("hello 1");
  expect((await here.keel(["ls"])).out.match(/completed/g)).toHaveLength(2);
});
