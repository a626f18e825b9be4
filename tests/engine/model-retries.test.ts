// The three ways in which a model is asked again (a provider in trouble, a reply that does not fit, the program's own
// `retry`) add up and do not multiply. A real server counts the requests of whole programs.

import { expect, onTestFinished, test } from "vitest";
import { ProviderServer } from "../models/provider-server.ts";
import type { Behaviour } from "../models/provider-server.ts";
import { TestClock } from "../models/step.ts";
import { session } from "../support/session.ts";

const overloaded: Behaviour = { kind: "Overloaded" };

async function requestsOf(program: string, ...does: readonly Behaviour[]) {
  const server = await ProviderServer.start();
  onTestFinished(() => server.stop());
  server.will(...does);
  const env = { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: server.address };
  const clock = new TestClock();
  const run = session().start(program, { models: { kind: "live" }, env, clock });
  const end = await run.end;
  return { requests: server.asked.length, end, waits: clock.waits, lines: run.world.terminal.lines };
}

const mood = "type Mood = happy | sad\n";

test("`retry` around an overloaded model: five requests in its first attempt, one in each other", async () => {
  const program = `${mood}retry 3 times { notify user "{classify "x" as Mood}" }`;
  const { requests, end, waits } = await requestsOf(program, overloaded);
  expect(end).toMatchObject({ status: "failed", error: { name: "AIError" } });
  expect(requests).toBe(5 + 3);
  expect(waits).toStrictEqual([1000, 2000, 4000, 8000, 1000, 1000, 1000]);
});

test("the same in a task that is called, and in `retry` around `retry`", async () => {
  const task = `${mood}task ask() -> Mood? { classify "x" as Mood }\n`;
  expect(await requestsOf(`${task}retry 2 times { notify user "{ask()}" }`, overloaded)).toMatchObject({
    requests: 5 + 2,
  });
  expect(
    await requestsOf(`${task}retry 1 times { retry 1 times { notify user "{ask()}" } }`, overloaded),
  ).toMatchObject({ requests: 5 + 1 + 2 });
});

test("what stands outside of `retry`, or is asked after it, is not less patient", async () => {
  const good: Behaviour = { kind: "Text", text: '{"value": "happy"}' };
  const before = 'try { retry 1 times { fail "no" } } catch { notify user "caught" }';
  const program = `${mood}${before}\nnotify user "{classify "x" as Mood}"`;
  const { requests, lines } = await requestsOf(program, overloaded, overloaded, good);
  expect(lines.slice(-2)).toStrictEqual(["  ▸ caught", "  ▸ happy"]);
  expect(requests).toBe(3);
});

test("a wait that is longer than the agent's timeout is not begun, in no attempt", async () => {
  const program = `${mood}agent Clerk {
  role "a clerk"
  config { timeout: 2.minutes }
  on start { retry 2 times { notify user "{classify "x" as Mood}" } }
}
run Clerk`;
  const { requests } = await requestsOf(program, { kind: "RateLimited", retryAfter: "180" });
  expect(requests).toBe(1 + 2);
});

test("a reply that does not fit is no failure: `retry` does not ask again", async () => {
  const program = `${mood}retry 3 times { notify user "{classify "x" as Mood fallback sad}" }`;
  const { requests, lines } = await requestsOf(program, { kind: "Text", text: "no idea" });
  expect(requests).toBe(3);
  expect(lines).toStrictEqual(["  ▸ sad"]);
});
