// Every law has a run that breaks it; a lawful run breaks none.

import { expect, test } from "vitest";
import type { Event, Recorded } from "../../src/runtime/journal/event.ts";
import { fold } from "../../src/runtime/journal/fold.ts";
import { breaches } from "../../src/runtime/journal/laws.ts";
import { completed, eventful, mainStarted, of, start, started } from "./sample.ts";

function recorded(events: readonly Event[]): Recorded[] {
  return events.map((event, index) => ({ ...event, seq: index + 1, at: start + index }));
}

/** What is said of a run that goes on with these after its beginning. */
function said(...events: Event[]): string[] {
  const run = recorded([started, mainStarted, ...events]);
  return breaches(run, fold(run));
}

test("a lawful run", () => {
  expect(said(...eventful)).toEqual([]);
});

const error = { name: "Failure", message: "", fields: {} };
const ended: Event = { type: "activation.completed", activation: "main", value: null };
const intent: Event = { type: "step.intended", ...of("main", 1, "Send"), detail: null };
const opened: Event = { type: "gate.opened", ...of("main", 1, "Ask"), question: "" };
const answered: Event = { type: "gate.answered", ...of("main", 1, "Ask"), answer: "", by: "file" };
const block: Event = { type: "timer.set", ...of("main", 1, "After"), due: 1, block: null };
const blockFired: Event = { type: "timer.fired", ...of("main", 1, "After") };

test.each<[string, Event[], string[]]>([
  [
    "2: nothing follows the end",
    [ended, { type: "run.completed" }, { type: "run.resumed", pid: 1, changed: [] }],
    ["law 2"],
  ],
  ["2: a pause ends with run.resumed", [{ type: "run.interrupted" }, completed(1, null)], ["law 2"]],
  ["2: a failed run is resumed", [{ type: "run.failed", error }, completed(1, null)], ["law 2"]],
  ["2: a run starts once", [started], ["law 2"]],
  ["3: an activation starts once", [mainStarted], ["law 3"]],
  ["3: nothing after its end", [ended, completed(1, null)], ["law 3"]],
  ["3: nothing before its start", [{ ...completed(1, null), activation: "x" }], ["law 3"]],
  ["4: one outcome", [completed(1, 1), completed(1, 1)], ["law 4"]],
  ["4: no hole", [completed(2, 1)], ["law 4"]],
  ["4: one intent", [intent, intent], ["law 4"]],
  ["4: an intent before", [completed(1, null, "Send")], ["law 4"]],
  ["4: one place", [intent, { ...completed(1, null, "Send"), args: "ffffffffffffffff" }], ["law 4"]],
  ["5: a gate is closed once", [opened, answered, answered], ["law 4", "law 5"]],
  ["5: a gate is opened first", [answered], ["law 4", "law 5"]],
  ["5: a block fires once", [block, blockFired, blockFired], ["law 5"]],
  ["6: nobody is left behind", [{ type: "run.completed" }], ["law 6"]],
])("law %s", (_, events, laws) => {
  expect(said(...events).map((text) => text.slice(0, 5))).toEqual(laws);
});

test("law 1: seq has no holes and time does not go back", () => {
  const run = recorded([started, mainStarted, completed(1, null)]);
  const holed = run.map((event) => (event.seq === 3 ? { ...event, seq: 4 } : event));
  expect(breaches(holed, fold(holed))).toEqual(["law 1: event 4 (step.completed): stands at place 3"]);
  const back = run.map((event) => (event.seq === 3 ? { ...event, at: start } : event));
  expect(breaches(back, fold(back))).toEqual(["law 1: event 3 (step.completed): is 1 ms earlier than the one before"]);
});

test("law 7: the head is what the events say", () => {
  const run = recorded([started, mainStarted, opened]);
  expect(breaches(run, { ...fold(run), gates: [] })).toHaveLength(1);
});
