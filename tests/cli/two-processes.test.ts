// Two processes and one run: the second is refused while the first lives, takes over when it is dead, and whoever was
// frozen meanwhile writes nothing when it wakes up.

import Database from "better-sqlite3";
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { closeSync, constants, mkdirSync, openSync, readdirSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { expectComplaint, place, type Place, type Running } from "./command.ts";

const waiting = `notify user "before"\nwait 1.hour\nnotify user "after"\n`;
const asking = `notify user "before"\nname = ask user "Name?"\nnotify user "hello {name}"\n`;

const aheadBy = (ms: number) => ({
  NODE_OPTIONS: `--import=data:text/javascript,const{now}=Date;Date.now=()=>now()%2B${ms}`,
});
/** A clock that is ahead by more than a lease lasts without a heartbeat, and by twice as much. */
const [ahead, farAhead] = [aheadBy(11_000), aheadBy(22_000)];

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

const posting = `connect email via maildir { path: "box" }

agent Clerk {
  role "Writes letters"

  task letter(n: int) -> str {
    "letter {n}"
  }
}

agent Postman {
  role "Sends letters"

  state {
    sent: int = 0
  }

  every 200.ms {
    self.sent = self.sent + 1
    text = delegate letter(self.sent) to Clerk ?? "no letter"
    send text to "bob@example.com"
    notify user "sent {text}"
  }
}

run Postman
`;

/** Whoever is frozen within a transaction keeps the store locked: then it goes on for a moment. */
function freeze({ data }: Place, { child }: Running): void {
  const db = new Database(path.join(data, "journal.db"), { timeout: 0 });
  for (;;) {
    child.kill("SIGSTOP");
    while (!isStopped(child.pid));
    try {
      db.exec("begin immediate; rollback");
      return void db.close();
    } catch {
      child.kill("SIGCONT");
    }
  }
}

/** A signal takes a moment; where the host does not say, it is taken to have come. */
function isStopped(pid: number | undefined): boolean {
  try {
    return / T /.test(readFileSync(`/proc/${pid}/stat`, "utf8"));
  } catch {
    return true;
  }
}

test("frozen in the midst of agents and mail, twice: each letter is sent once", { timeout: 60_000 }, async () => {
  const here = place();
  for (const box of ["cur", "new", "tmp"]) mkdirSync(path.join(here.folder, "box", box), { recursive: true });
  here.write("a.keel", posting);
  const first = here.start(["run", "a.keel", "--ticks", "12"]);
  await first.until("sent letter 2");
  freeze(here, first);
  const second = here.start(["resume"], { env: ahead });
  await second.until("sent letter 6");
  freeze(here, second);
  expect(await here.keel(["resume"], { env: farAhead })).toMatchObject({ code: 0, err: "" });
  const before = await here.timeline();

  for (const frozen of [first, second]) {
    frozen.child.kill("SIGCONT");
    const late = await frozen.end;
    expectComplaint(late, 69, "was taken over by another process", "nothing was written twice");
    expect(late.out).not.toContain("letter 12");
  }
  expect(await here.timeline()).toEqual(before);
  const sent = path.join(here.folder, "box/.Sent/cur");
  const letters = readdirSync(sent).map(
    (name) => /letter \d+/.exec(readFileSync(path.join(sent, name), "utf8"))?.[0] ?? "",
  );
  const all = Array.from({ length: 12 }, (_, n) => `letter ${n + 1}`);
  expect(letters.toSorted()).toEqual(all.toSorted());
});

test("frozen between a letter's intent and the letter: the next one sends it, and it is one letter", async () => {
  const here = place();
  const sent = path.join(here.folder, "box/.Sent");
  for (const box of ["cur", "new", "tmp"]) {
    mkdirSync(path.join(here.folder, "box", box), { recursive: true });
    mkdirSync(path.join(sent, box), { recursive: true });
  }
  here.write(
    "a.keel",
    `connect email via maildir { path: "box" }\nask user "go?"\nsend "hello" to "bob@example.com"\n`,
  );
  expect((await here.keel(["run", "a.keel", "--no-input"])).code).toBe(75);
  const run = await here.run();
  // The file that it writes first is a pipe that nobody reads: there it hangs.
  const pipe = path.join(sent, "tmp", createHash("sha256").update(`${run}/main:2`).digest("hex").slice(0, 32));
  execFileSync("mkfifo", [pipe]);
  const first = here.start(["answer", run, "yes", "--resume"]);
  await first.until("Resuming run");
  while (!(await here.timeline()).some(({ type }) => type === "step.intended"));
  first.child.kill("SIGSTOP");
  const reader = openSync(pipe, constants.O_RDONLY | constants.O_NONBLOCK);
  rmSync(pipe);
  expect(await here.keel(["resume"], { env: ahead })).toMatchObject({ code: 0, err: "" });
  const before = await here.timeline();

  first.child.kill("SIGCONT");
  expectComplaint(await first.end, 69, "was taken over by another process", "nothing was written twice");
  closeSync(reader);
  expect(await here.timeline()).toEqual(before);
  expect(readdirSync(path.join(sent, "cur"))).toHaveLength(1);
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
