// What is pruned is gone, what a resume needs is not, and the chain is followed through the digests of both.

import Database from "better-sqlite3";
import path from "node:path";
import { expect, test } from "vitest";
import { session, type Session } from "../support/session.ts";

const later = Date.UTC(2030, 0, 1);

function prune(opened: Session, run: string): number {
  const lease = opened.store.acquire(run, later);
  const count = opened.store.prune(lease, later);
  opened.store.release(lease);
  opened.store.sweep();
  return count;
}

const ticking = `
agent Counter {
  role "counts"
  state { seen: int = 0, said: str = "" }
  every 1.minute {
    self.seen = self.seen + 1
    if self.seen % 2 == 0 { self.said = "even {self.seen}" }
    notify user "tick {self.seen} {self.said}"
    if self.seen == 3 {
      kept = "set at {self.seen}"
      after 90.minutes { notify user "late: {kept}, now {self.seen}" }
    }
    if self.seen == 5 { ask user "go on?" }
  }
}
run Counter
`;

test("ticks that finished are digests, and the agent goes on with its state and its timers", async () => {
  const opened = session();
  const first = opened.start(ticking, { ticks: 120 });
  await first.end;
  const { run } = first;
  const before = opened.store.head(run);
  const count = prune(opened, run);
  expect(count).toBeGreaterThan(10);
  expect(opened.store.head(run)).toEqual(before);
  expect(opened.store.verify(run)).toBeUndefined();
  expect(opened.store.runs()[0]).toMatchObject({ pruned: count, events: before.seq });
  expect(opened.events(run)).toHaveLength(before.seq - count);

  const second = opened.resume(run, { answers: ["yes"], start: Date.UTC(2026, 0, 5, 8, 10) });
  expect(await second.end).toEqual({ status: "completed" });
  const { lines } = second.world.terminal;
  expect(lines.find((line) => line.includes("tick"))).toBe("  ▸ tick 6 even 6");
  expect(lines.find((line) => line.includes("late"))).toMatch(/late: set at 3, now \d+/);
  prune(opened, run);
  expect(opened.store.verify(run)).toBeUndefined();
});

test("messages that nobody handled yet, and the work of `main`, survive", async () => {
  const opened = session();
  const first = opened.start(`
agent Clerk {
  role "handles"
  on message(m: Message) {
    ask user "may I handle {m.body}?"
    notify user "handled {m.body}"
  }
}
run Clerk in background
send "one" to Clerk
send "two" to Clerk
notify user "main is done"
`);
  expect((await first.end).status).toBe("suspended");
  expect(prune(opened, first.run)).toBeGreaterThan(0);
  const second = opened.resume(first.run, { answers: ["y", "y"] });
  second.interrupt();
  await second.end;
  const third = opened.resume(first.run, { answers: ["y", "y"] });
  const lines = [...second.world.terminal.lines, ...third.world.terminal.lines];
  setTimeout(() => third.interrupt(), 200);
  await third.end;
  lines.push(...third.world.terminal.lines);
  expect([...new Set(lines)].filter((line) => line.includes("handled"))).toEqual([
    "  ▸ handled one",
    "  ▸ handled two",
  ]);
  expect(lines.filter((line) => line.includes("main"))).toEqual([]);
});

test("of a long activation, what lies before its checkpoint goes", async () => {
  const opened = session();
  const first = opened.start(
    `sums = for n in range(2_500) {\n  notify user "{n}"\n  n\n}\nx = ask user "?"\nnotify user "{sums.sum()} {x}"`,
  );
  await first.end;
  expect(prune(opened, first.run)).toBe(2_001);
  expect(opened.store.verify(first.run)).toBeUndefined();
  const second = opened.resume(first.run, { answers: ["done"] });
  expect(await second.end).toEqual({ status: "completed" });
  expect(second.world.terminal.lines).toEqual([`  ▸ ${(2_500 * 2_499) / 2} done`]);
});

test("texts of pruned events leave the store, and a text that is said again is stored again", async () => {
  const opened = session();
  const long = "x".repeat(5_000);
  const text = `agent A {\n role "r"\n every 1.minute {\n notify user "${long}"\n ask user "?" } }\nrun A`;
  const first = opened.start(text, { ticks: 2 });
  await first.end;
  const blobs = (): number => {
    const db = new Database(path.join(opened.directory, "data", "journal.db"), { readonly: true });
    const { count } = db.prepare("select count(*) as count from blobs").get() as { readonly count: number };
    db.close();
    return count;
  };
  const second = opened.resume(first.run, { answers: ["go on"] });
  expect((await second.end).status).toBe("suspended");
  const before = blobs();
  const third = opened.resume(first.run, { answers: ["go on"] });
  expect(await third.end).toEqual({ status: "completed" });
  prune(opened, first.run);
  expect(blobs()).toBeLessThan(before);
  opened.store.drop(opened.store.acquire(first.run, later));
  opened.store.sweep();
  expect(blobs()).toBe(0);
  const again = opened.start(text, { ticks: 1 });
  await again.end;
  expect(JSON.stringify(opened.events(again.run))).toContain(long);
});

test("what is forged in the digests or around them is found", async () => {
  const opened = session();
  const first = opened.start(ticking, { ticks: 120 });
  await first.end;
  prune(opened, first.run);
  const db = new Database(path.join(opened.directory, "data", "journal.db"));
  const ids = db.prepare("select id from pruned order by id").all() as readonly { readonly id: number }[];
  const change = db.prepare("update pruned set digest = ? where id = ?");
  const digestOf = db.prepare("select digest from pruned where id = ?").pluck();
  for (const { id } of ids) {
    const kept = digestOf.get(id);
    change.run(Buffer.alloc(32, 1), id);
    expect(opened.store.verify(first.run), `digest ${id}`).toBeDefined();
    change.run(kept, id);
  }
  const drop = db.prepare("delete from pruned where id = ?");
  const put = db.prepare("insert into pruned (id, digest) values (?, ?)");
  for (const { id } of ids) {
    const kept = digestOf.get(id);
    drop.run(id);
    expect(opened.store.verify(first.run), `digest ${id} is missing`).toBeDefined();
    put.run(id, kept);
  }
  db.close();
});

test("a run that is dropped is gone, and its number may be given again", async () => {
  const opened = session();
  const first = opened.start(`notify user "a"`);
  await first.end;
  const lease = opened.store.acquire(first.run, later);
  opened.store.drop(lease);
  opened.store.sweep();
  expect(opened.store.runs()).toEqual([]);
  const second = opened.start(`notify user "b"\nwait 1.minute\nnotify user "c"`);
  expect(await second.end).toEqual({ status: "completed" });
  expect(second.world.terminal.lines).toEqual(["  ▸ b", "  ▸ c"]);
});
