// What the newest state of a run is after each kind of event.

import { expect, test } from "vitest";
import type { Event, Recorded } from "../../src/runtime/journal/event.ts";
import { fold, type Head } from "../../src/runtime/journal/fold.ts";
import { completed, eventful, mainStarted, of, start, started } from "./sample.ts";

function recorded(events: readonly Event[]): Recorded[] {
  return [started, mainStarted, ...events].map((event, index) => ({ ...event, seq: index + 1, at: start + index }));
}

const headAfter = (...events: Event[]): Head => fold(recorded(events));

test("a run that has begun", () => {
  expect(headAfter()).toEqual({
    status: "running",
    seq: 2,
    at: start + 1,
    live: [{ id: "main", seq: 2, cause: { kind: "Main" } }],
    states: {},
    schedules: {},
    gates: [],
    timers: [],
    agents: [],
    doubts: [],
    mail: [],
    calls: 0,
    cost: 0,
    unpriced: 0,
    upgrades: [],
    stopping: [],
  });
});

test("calls, their cost, and those without a price", () => {
  const { calls, cost, unpriced } = fold(recorded(eventful));
  expect({ calls, cost, unpriced }).toEqual({ calls: 2, cost: 25, unpriced: 1 });
});

test("a gate is open until it is answered or expires", () => {
  const opened: Event = { type: "gate.opened", ...of("main", 1, "Ask"), question: "How?", expires: 7 };
  const gate = { id: "main:1", step: "main/Ask", effect: "Ask", question: "How?", seq: 3, expires: 7 };
  expect(headAfter(opened).gates).toEqual([gate]);
  expect(headAfter(opened, { type: "gate.answered", ...of("main", 1, "Ask"), answer: "so", by: "file" }).gates).toEqual(
    [],
  );
  expect(headAfter(opened, { type: "gate.expired", ...of("main", 1, "Ask") }).gates).toEqual([]);
});

test("waits, retry delays and blocks are timers until they fire", () => {
  const head = headAfter(
    { type: "timer.set", ...of("main", 1, "Wait"), due: 10 },
    { type: "timer.fired", ...of("main", 1, "Wait") },
    { type: "step.retried", ...of("main", 2, "RetryDelay"), attempt: 1, of: 3, due: 20, line: "" },
    { type: "timer.set", ...of("main", 3, "After"), due: 30, block: null },
  );
  expect(head.timers).toEqual([
    { id: "main:2", due: 20, block: false, seq: 5 },
    { id: "main:3", due: 30, block: true, seq: 6 },
  ]);
});

test("an intent without an outcome is in doubt", () => {
  const intent: Event = { type: "step.intended", ...of("main", 1, "Send"), detail: null };
  const doubt = { activation: "main", n: 1, step: "main/Send", effect: "Send", seq: 3 };
  expect(headAfter(intent).doubts).toEqual([doubt]);
  expect(headAfter(intent, completed(1, null, "Send")).doubts).toEqual([]);
  const failed: Event = {
    type: "step.failed",
    ...of("main", 1, "Send"),
    error: { name: "MailError", message: "", fields: {} },
  };
  expect(headAfter(intent, failed).doubts).toEqual([]);
});

const tick = (count: number): Event => ({
  type: "activation.started",
  activation: `A/every#1[${count}]`,
  function: "A/every#1",
  captures: [],
  arguments: [],
  agent: "A",
  cause: { kind: "Tick", schedule: "A/every#1", count, due: count * 100 },
});

test("a tick counts its schedule, and its end keeps the fields that it changed", () => {
  const head = headAfter(
    tick(1),
    { type: "activation.completed", activation: "A/every#1[1]", value: null, state: { seen: 1, __proto__x: "a" } },
    tick(2),
    {
      type: "activation.failed",
      activation: "A/every#1[2]",
      error: { name: "Failure", message: "", fields: {} },
      state: { seen: 2 },
    },
    tick(3),
  );
  expect(head.schedules).toEqual({ "A/every#1": { count: 3, due: 300 } });
  expect(head.states).toEqual({ A: { seen: 2, __proto__x: "a" } });
  expect(head.live.map(({ id, agent }) => [id, agent])).toEqual([
    ["main", undefined],
    ["A/every#1[3]", "A"],
  ]);
});

test("an agent runs until it is stopped, and its mail goes with it", () => {
  const sent = (n: number, to: string): Event => ({ type: "message.sent", ...of("main", n, "Post"), to, body: "x" });
  const events: Event[] = [
    { type: "agent.started", agent: "A", activation: "main", n: 1, background: true },
    completed(1, null, "Run"),
    sent(2, "A"),
    sent(3, "B"),
    sent(4, "A"),
    { ...(tick(1) as Extract<Event, { type: "activation.started" }>), cause: { kind: "Message", message: 5 } },
  ];
  expect(headAfter(...events).agents).toEqual([
    { agent: "A", activation: "main", n: 1, since: start + 2, background: true },
  ]);
  expect(headAfter(...events).mail).toEqual([
    { seq: 6, to: "B" },
    { seq: 7, to: "A" },
  ]);
  const stopped = headAfter(...events, { type: "agent.stopped", agent: "A", dropped: 1 });
  expect(stopped.agents).toEqual([]);
  expect(stopped.mail).toEqual([{ seq: 6, to: "B" }]);
});

test("a run that is over waits for nothing; one that failed may go on", () => {
  const open: Event[] = [
    { type: "gate.opened", ...of("main", 1, "Ask"), question: "How?" },
    { type: "timer.set", ...of("main", 2, "After"), due: 30, block: null },
    { type: "step.intended", ...of("main", 3, "Send"), detail: null },
  ];
  const cancelled = headAfter(...open, { type: "run.cancelled", by: "inbox" });
  expect([cancelled.status, cancelled.gates, cancelled.timers, cancelled.doubts]).toEqual(["cancelled", [], [], []]);
  const failed = headAfter(...open, { type: "run.failed", error: { name: "Failure", message: "", fields: {} } });
  expect([failed.status, failed.gates.length, failed.timers.length, failed.doubts.length]).toEqual(["failed", 1, 1, 1]);
});

test("the status is that of the newest run event", () => {
  expect(headAfter({ type: "run.suspended", waiting: [] }).status).toBe("suspended");
  expect(headAfter({ type: "run.interrupted" }).status).toBe("interrupted");
  expect(headAfter({ type: "run.interrupted" }, { type: "run.resumed", pid: 1, changed: [] }).status).toBe("running");
  expect(fold(recorded(eventful)).status).toBe("completed");
});
