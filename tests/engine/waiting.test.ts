// `wait until`, questions with a time limit, memory, and requests over HTTP to a server of this test.

import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { systemClock } from "../../src/runtime/host/clock.ts";
import { session } from "../support/session.ts";

let server: Server;
let base = "";
const seen: string[] = [];
let hits = 0;

beforeAll(async () => {
  server = createServer((request, response) => {
    hits += 1;
    seen.push(`${request.method} ${request.url} ${request.headers["idempotency-key"] ?? "-"}`);
    if (request.url === "/cut") return void request.socket.destroy();
    if (request.url === "/ready") return void response.end(hits >= 3 ? "yes" : "no");
    response.writeHead(request.url === "/missing" ? 404 : 200, { "X-Kind": "test" });
    response.end(JSON.stringify({ name: "Ada", age: 36 }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => server.close());

test("wait until polls every second and leaves one event", async () => {
  const { start, events } = session();
  const run = start(`start = now\nwait until now >= start + 90.seconds\nnotify user "over"`);
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ over"]);
  const steps = events(run.run).filter((event) => "effect" in event);
  expect(steps.map((event) => event.type)).toEqual(["step.completed", "step.completed"]);
  expect((steps[0]?.at ?? 0) - (events(run.run)[0]?.at ?? 0)).toBe(90_000);
});

test("a resume after the condition came true does not evaluate it again", async () => {
  const { start, resume, store } = session();
  const first = start(`start = now\nwait until now >= start + 5.seconds\nx = ask user "?"\nnotify user x`);
  expect((await first.end).status).toBe("suspended");
  store.post(first.run, { kind: "Answer", gate: "main:2", answer: "!" }, 0);
  const second = resume(first.run, { start: Date.UTC(2020, 0, 1) });
  expect(await second.end).toEqual({ status: "completed" });
});

test("what a condition reads is read anew each time and not recorded", async () => {
  hits = 0;
  const { start, events } = session();
  const run = start(`wait until (fetch "${base}/ready").body == "yes"\nnotify user "ready"`, { clock: systemClock });
  expect(await run.end).toEqual({ status: "completed" });
  expect(hits).toBe(3);
  expect(events(run.run).filter((event) => "effect" in event && event.effect === "FetchUrl")).toEqual([]);
});

test("an error in a condition is the wait's, also after a resume", async () => {
  const { start, resume, store } = session();
  const text = `
task broken(t: str?) -> bool { t!.is_empty }
try { wait until broken(none) } catch err: NullError { notify user "caught" }
x = ask user "?"
notify user x
`;
  const first = start(text);
  await first.end;
  store.post(first.run, { kind: "Answer", gate: "main:3", answer: "!" }, 0);
  const second = resume(first.run);
  expect(await second.end).toEqual({ status: "completed" });
  expect(first.world.terminal.lines).toEqual(["  ▸ caught"]);
});

test("a question that expires raises a TimeoutError", async () => {
  const { start, resume } = session();
  const text = `
try {
  x = ask user "Who?" timeout 1.hour
  notify user x
} catch err: TimeoutError {
  notify user "nobody"
}
`;
  const first = start(text);
  expect((await first.end).status).toBe("suspended");
  const second = resume(first.run, { start: Date.UTC(2026, 0, 6) });
  expect(await second.end).toEqual({ status: "completed" });
  expect(second.world.terminal.lines).toEqual(["  ▸ nobody"]);
});

test("what was remembered is recalled by its words, typed where asked, and forgotten", async () => {
  const run = session().start(`
type Contact { name: str, town: str }
remember {name: "Ada", town: "London"}
remember {name: "Bob", town: "Paris"}
remember {note: "Paris is nice"}
found = recall "who lives in paris" as Contact ?? []
for c in found { notify user c.name }
all = recall "paris" limit 1 ?? []
notify user "{all.count}"
forget "bob"
left = recall "paris" as Contact ?? []
notify user "{left.count}"
`);
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ Bob", "  ▸ 1", "  ▸ 0"]);
});

test("any status is an answer; what is none is a NetworkError; a POST carries its key", async () => {
  const { start, store } = session();
  const run = start(
    `
r = fetch "${base}/user"
notify user "{r.status} {r.is_ok} {r.headers.get("x-kind") ?? "?"}"
type User { name: str, age: int }
user = r.json() as User
notify user user?.name ?? "no name"
m = fetch "${base}/missing"
notify user "{m.status} {m.is_ok}"
p = fetch "${base}/post" with { method: "POST", body: {a: 1} }
notify user "{p.status}"
try { x = fetch "${base}/cut"
  notify user "{x.status}" } catch err: NetworkError { notify user "cut off" }
`,
    { clock: systemClock },
  );
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ 200 true test", "  ▸ Ada", "  ▸ 404 false", "  ▸ 200", "  ▸ cut off"]);
  expect(seen.find((line) => line.startsWith("POST"))).toContain(`${run.run}/main:`);
  expect(store.head(run.run).doubts).toEqual([]);
});
