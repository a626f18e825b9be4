// A long activation writes down where it stands, and a resume begins there: the same run as without, read from less.

import { expect, test } from "vitest";
import type { Recorded } from "../../src/runtime/journal/event.ts";
import { session, type Session } from "../support/session.ts";

const checkpoints = (events: readonly Recorded[]) =>
  events.flatMap((event) => (event.type === "checkpoint" ? [event] : []));

const counting = (count: number): string => `
task number(n: int) -> int {
  notify user "{n}"
  n * n
}
start = random()
squares = for n in range(${count}) { number(n) }
answer = ask user "go on?"
notify user "{answer} {squares.sum()} {squares.count} {start == random()} {now.length}"
`;

async function suspended(count: number): Promise<{ session: Session; run: string }> {
  const opened = session();
  const first = opened.start(counting(count));
  expect((await first.end).status).toBe("suspended");
  return { session: opened, run: first.run };
}

test("every thousand effects the machine is in the journal, and a resume reads what came after it", async () => {
  const { session: opened, run } = await suspended(2_500);
  const written = checkpoints(opened.events(run));
  expect(written.map(({ activation, n }) => `${activation}:${n}`)).toEqual(["main:1000", "main:2000"]);
  const [live] = opened.store.head(run).live;
  expect(live?.checkpoint).toBe(written.at(-1)?.seq);
  expect(opened.store.activation(run, "main", live?.checkpoint)).toHaveLength(501);
  const second = opened.resume(run, { answers: ["yes"] });
  expect(await second.end).toEqual({ status: "completed" });
  const sum = Array.from({ length: 2_500 }, (_, n) => n * n).reduce((a, b) => a + b);
  expect(second.world.terminal.lines).toEqual([`  ▸ yes ${sum} 2500 false 24`]);
});

test("stopped and taken up again anywhere around a checkpoint, no line is missing and none is said twice", async () => {
  const opened = session();
  const heard: string[] = [];
  const stops = new Set([1, 998, 999, 1000, 1001, 1002, 1999, 2000, 2001]);
  const listen = (interrupt: () => void) => (line: string) => {
    heard.push(line);
    if (stops.delete(heard.length)) interrupt();
  };
  let stop = (): void => undefined;
  const onLine = listen(() => stop());
  let running = opened.start(`for n in range(2200) {\n  notify user "{n}"\n  wait 1.ms\n}`, { onLine });
  stop = () => running.interrupt();
  while ((await running.end).status !== "completed") {
    running = opened.resume(running.run, { onLine });
  }
  expect([...new Set(heard)]).toEqual(Array.from({ length: 2200 }, (_, n) => `  ▸ ${n}`));
  expect(checkpoints(opened.events(running.run)).length).toBeGreaterThan(2);
});

test("what was drawn and what time it is do not change with a checkpoint", async () => {
  const text = (count: number): string => `
for n in range(${count}) { notify user "x" }
ask user "?"
notify user "{random()} {now}"
for n in range(${1_500 - count}) { notify user "x" }
`;
  const lines = await Promise.all(
    [1_500, 900].map(async (count) => {
      const opened = session();
      const first = opened.start(text(count));
      await first.end;
      const second = opened.resume(first.run, { answers: ["a"], start: Date.UTC(2026, 0, 5, 9) });
      await second.end;
      return second.world.terminal.lines[0];
    }),
  );
  expect(lines[0]).toMatch(/^ {2}▸ 0\.\d+ 2026-01-05T09:00:00\.000Z$/);
  expect(lines[0]).toBe(lines[1]);
});

test("a machine that holds much waits until as much was recorded", async () => {
  const opened = session();
  const first = opened.start(`
many = range(400_000).map(n => "number {n}")
for n in range(3_000) { notify user many[n] ?? "" }
ask user "?"
`);
  await first.end;
  expect(checkpoints(opened.events(first.run))).toEqual([]);
});

test("few effects that brought much are worth a checkpoint as well", async () => {
  const opened = session();
  const first = opened.start(`
task long(n: int) -> str { "{n}".repeat(60_000) }
for n in range(40) { notify user long(n).slice(0, 50_000) }
ask user "?"
`);
  await first.end;
  expect(checkpoints(opened.events(first.run)).map(({ n }) => n)).toEqual([20, 40]);
});

test("a machine that holds a secret is not written down, and the run goes on as ever", async () => {
  const opened = session();
  const env = { API_KEY: "hunter2hunter2" };
  const first = opened.start(
    `key = env.API_KEY\nfor n in range(1_200) { notify user "{n}" }\nask user "?"\nnotify user "{key.length}"`,
    { env },
  );
  await first.end;
  expect(checkpoints(opened.events(first.run))).toEqual([]);
  const second = opened.resume(first.run, { answers: ["a"], env });
  expect(await second.end).toEqual({ status: "completed" });
  expect(second.world.terminal.lines).toEqual(["  ▸ 14"]);
});
