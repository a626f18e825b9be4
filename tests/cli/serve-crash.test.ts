// `keel serve` killed under load, and two of them on one store: twenty runs with questions, waits, model calls and mail
// come to their end with nothing done twice and nothing lost.

import { mkdirSync, readdirSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import type { Recorded } from "../../src/runtime/journal/event.ts";
import { openStore } from "../../src/runtime/journal/sqlite.ts";
import type { Store } from "../../src/runtime/journal/store.ts";
import { place, type Place, type Running } from "./command.ts";

const runs = 20;
const program = `connect email via maildir { path: "box" }
type Mood = happy | sad
input name: str
notify user "begin {name}"
mood = classify "how {name} feels" as Mood fallback sad
wait 200.ms
word = ask user "A word, {name}?"
send "{word} from {name}, {mood}" to "bob@example.com"
wait 1.seconds
sure = confirm user "Sure, {name}?"
again = classify "how {word} sounds" as Mood fallback sad
send "{sure} and {again} from {name}" to "bob@example.com"
notify user "end {name}"
`;

interface Load {
  readonly here: Place;
  readonly store: Store;
  /** Answers every question that is open now, like people who are quick. */
  answer(): void;
  sent(): number;
}

/** Twenty runs, of which every third lost its process in the midst of it. */
async function load(): Promise<Load> {
  const here = place();
  for (const box of ["cur", "new", "tmp"]) mkdirSync(path.join(here.folder, "box", box), { recursive: true });
  here.write("load.keel", program);
  await here.keel(["check", "load.keel"]);
  for (let first = 0; first < runs; first += 4)
    await Promise.all([0, 1, 2, 3].map((each) => begin(here, `N${first + each}`, (first + each) % 3 === 0)));
  const store = openStore(here.data);
  onTestFinished(() => store.close());
  return { here, store, answer: () => answerAll(store), sent: () => sentMails(here).length };
}

async function begin(here: Place, name: string, crash: boolean): Promise<void> {
  const running = here.start(["run", "load.keel", "--no-input", "-i", `name=${name}`]);
  await running.until(`begin ${name}`);
  if (crash) running.child.kill("SIGKILL");
  const { code } = await running.end;
  if (!crash) expect(code).toBe(75);
}

function answerAll(store: Store): void {
  for (const { run } of store.runs()) {
    const waiting = new Set(store.inbox(run).map(({ item }) => (item.kind === "Answer" ? item.gate : "")));
    for (const gate of store.head(run).gates.filter(({ id }) => !waiting.has(id)))
      store.post(run, { kind: "Answer", gate: gate.id, answer: gate.effect === "Ask" ? "hello" : true }, Date.now());
  }
}

function sentMails({ folder }: Place): readonly string[] {
  try {
    return readdirSync(path.join(folder, "box/.Sent/cur"));
  } catch {
    return [];
  }
}

/** Answers until it is so, and gives the processes their turn. */
async function answeredUntil({ answer }: Load, so: () => boolean): Promise<void> {
  while (!so()) {
    answer();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

const areOver =
  ({ store }: Load) =>
  (): boolean =>
    store.runs().every(({ status }) => status === "completed");

/** Each step of each run once, and each mail once; the laws and the chains are checked by `place`. */
function expectAllOnce({ here, store }: Load): void {
  expect(store.runs()).toHaveLength(runs);
  for (const { run, status } of store.runs()) {
    expect(status).toBe("completed");
    const counts = new Map<string, number>();
    for (const event of store.events(run)) {
      const what = `${event.type} ${"step" in event ? event.step : ""}`;
      counts.set(what, (counts.get(what) ?? 0) + 1);
    }
    for (const [what, count] of counts) if (/^(step|model|gate|timer)/.test(what)) expect(count, what).toBe(1);
    const kinds = [...store.events(run)].map(({ type }) => type);
    const of = (type: Recorded["type"]): number => kinds.filter((each) => each === type).length;
    expect([of("model.replied"), of("gate.answered"), of("timer.fired"), of("step.intended")]).toEqual([2, 2, 2, 2]);
  }
  expect(sentMails(here)).toHaveLength(2 * runs);
}

async function serving(here: Place): Promise<Running> {
  const serve = here.start(["serve"]);
  await serve.until("Ctrl+C stops");
  return serve;
}

async function killed(serve: Running): Promise<void> {
  serve.child.kill("SIGKILL");
  expect((await serve.end).code).toBe(137);
}

async function stopped(serve: Running): Promise<void> {
  serve.child.kill("SIGTERM");
  expect(await serve.end).toMatchObject({ code: 0, err: "" });
}

test("killed again and again under load, and the last one brings all to their end", { timeout: 120_000 }, async () => {
  const given = await load();
  for (const mails of [1, 7, 14, 20, 26, 33]) {
    const serve = await serving(given.here);
    await answeredUntil(given, () => given.sent() >= mails);
    await killed(serve);
  }
  const last = await serving(given.here);
  await answeredUntil(given, areOver(given));
  await stopped(last);
  expectAllOnce(given);
});

test(
  "two on one store: no run is driven twice, and one takes over when the other dies",
  { timeout: 120_000 },
  async () => {
    const given = await load();
    const [first, second] = await Promise.all([serving(given.here), serving(given.here)]);
    await answeredUntil(given, () => given.sent() >= 15);
    await killed(first);
    await answeredUntil(given, () => given.sent() >= 25);
    const third = await serving(given.here);
    await answeredUntil(given, areOver(given));
    await Promise.all([stopped(second), stopped(third)]);
    expectAllOnce(given);
  },
);

test.each([
  ["stops in order", stopped],
  ["is killed, and nobody writes anything", killed],
])("the second one stands by, and takes over when the first one %s", async (_, ended) => {
  const here = place();
  here.write("a.keel", `notify user "before"\nwait 6.seconds\nnotify user "after"\n`);
  const running = here.start(["run", "a.keel"]);
  await running.until("before");
  running.child.kill("SIGKILL");
  await running.end;
  const run = await here.run();
  const first = await serving(here);
  await first.until("Resuming run");
  const second = await serving(here);
  await ended(first);
  await second.until(`${run} │   ▸ after`);
  await stopped(second);
  const said = await second.end;
  expect(said.out).toContain("1 open run (1 held by other processes)");
  expect((await first.end).out).not.toContain("▸ after");
});

/** A clock that is ahead by more than a lease lasts without a heartbeat. */
const ahead = { NODE_OPTIONS: "--import=data:text/javascript,const{now}=Date;Date.now=()=>now()%2B11000" };

test("frozen for longer than its leases, and overtaken: it writes nothing to that run and goes on with others", async () => {
  const here = place();
  here.write("a.keel", `notify user "before"\nwait 8.seconds\nnotify user "after"\n`);
  here.write("b.keel", `name = ask user "Name?"\nnotify user "hello {name}"\n`);
  const running = here.start(["run", "a.keel"]);
  await running.until("before");
  running.child.kill("SIGKILL");
  await running.end;
  const overtaken = await here.run();
  expect((await here.keel(["run", "b.keel", "--no-input"])).code).toBe(75);
  const other = await here.run();
  const serve = await serving(here);
  while (!(await here.keel(["show", overtaken, "--json"])).out.includes("run.resumed"));
  serve.child.kill("SIGSTOP");
  expect(await here.keel(["resume", overtaken], { env: ahead })).toMatchObject({
    code: 0,
    out: expect.stringContaining("▸ after"),
  });
  serve.child.kill("SIGCONT");
  await serve.until(`${overtaken} │ ✗ run ${overtaken} was taken over by another process`);
  expect((await here.keel(["answer", other, "Zoe"])).code).toBe(0);
  await serve.until(`${other} │   ▸ hello Zoe`);
  serve.child.kill("SIGTERM");
  const ended = await serve.end;
  expect(ended.code).toBe(0);
  expect(ended.out).not.toContain("▸ after");
});
