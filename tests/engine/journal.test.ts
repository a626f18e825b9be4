// What the engine promises of the journal: nothing twice, nothing lost, one writer, nothing secret.

import { expect, test } from "vitest";
import { session } from "../support/session.ts";

test("a retry waits longer each time, reports, gives up, and the error goes on", async () => {
  const run = session().start(`
task explode(text: str?) -> str { text! }
try {
  retry 3 times with backoff { explode(none) }
} catch err: NullError {
  notify user "caught"
}
`);
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines.map((line) => line.replace(/: .*/, ""))).toEqual([
    "  ↻ Retry 1/3 in 1s",
    "  ↻ Retry 2/3 in 2s",
    "  ↻ Retry 3/3 in 4s",
    "  ✗ Failed after 3 retries",
    "  ▸ caught",
  ]);
});

test("an interrupted run goes on where it was", async () => {
  const { start, resume } = session();
  const first = start(`notify user "one"\nwait 1.hour\nnotify user "two"`);
  first.interrupt();
  expect(await first.end).toEqual({ status: "interrupted" });
  const second = resume(first.run);
  expect(await second.end).toEqual({ status: "completed" });
  const lines = [...first.world.terminal.lines, ...second.world.terminal.lines];
  expect([...new Set(lines)]).toEqual(["  ▸ one", "  ▸ two"]);
});

test("a secret is nowhere in the store, and plain variables are", async () => {
  const { start, events } = session();
  const run = start(
    `notify user "port {env.PORT}"\nx = "key {env.API_KEY}"\ny = draft "use {x}" ?? "no"\nsend_it = y\nnotify user send_it`,
    {
      env: { PORT: "8080", API_KEY: "hunter2hunter2" },
    },
  );
  expect(await run.end).toEqual({ status: "completed" });
  const text = JSON.stringify(events(run.run));
  expect(text).not.toContain("hunter2");
  expect(text).toContain("8080");
});

test("an unset variable raises an EnvError that names it, and is none left of ??", async () => {
  const run = session().start(`port = env.PORT ?? "3000"\nnotify user port\nnotify user env.NOT_THERE`);
  expect(await run.end).toMatchObject({ status: "failed", error: { name: "EnvError" } });
  expect(run.world.terminal.lines).toEqual(["  ▸ 3000"]);
});

test("random and now are the same when a run is taken up again", async () => {
  const { start, resume, store } = session();
  const text = `a = "{random()} {now}"\nx = ask user "?"\nnotify user "{a} {x}"`;
  const first = start(text);
  await first.end;
  store.post(first.run, { kind: "Answer", gate: "main:1", answer: "!" }, 0);
  const second = resume(first.run, { start: Date.UTC(2027, 0, 1) });
  await second.end;
  expect(second.world.terminal.lines[0]).toMatch(/^ {2}▸ 0\.\d+ 2026-01-05T08:00:00\.\d{3}Z !$/);
});

test("a result is masked before it is shortened, so no half of a secret is shown", async () => {
  const secret = "s3cret-".repeat(12);
  const replies = JSON.stringify({ replies: [{ operation: "draft", reply: `the key is ${secret}` }] });
  const run = session().start(`x = env.API_KEY\ny = draft "say it" ?? "no"\nz = y.length\nnotify user "{z}"`, {
    env: { API_KEY: secret },
    models: { kind: "mock", script: replies },
  });
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.notes.join("\n")).toContain("‹secret:API_KEY›");
  expect(run.world.terminal.notes.join("\n")).not.toContain("s3cret");
});
