// A recorded run followed by a changed program: what is the same is said to be the same, and what differs is said where
// it begins, effect by effect, with what it was and what it is.

import { expect, test } from "vitest";
import { journalOf } from "../../src/runtime/engine/rehearse-journal.ts";
import { rehearseChange } from "../../src/runtime/engine/rehearse-change.ts";
import type { Finding, Rehearsal } from "../../src/runtime/engine/rehearsal.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";
import { compiled, session, type SessionGiven } from "../support/session.ts";

const decoder = await loadDecoder();
const script = {
  kind: "mock" as const,
  script: JSON.stringify({
    replies: [
      { operation: "classify", contains: "lamp", reply: "high" },
      { operation: "classify", reply: "low" },
      { operation: "draft", reply: "Dear customer" },
    ],
  }),
};

const triage = `
type Urgency = low | high

agent Desk {
  role "Answers the mail of a shop"
  state { done: int = 0 }
  task answer(text: str) -> str {
    urgency = classify text as Urgency considering ["it is dark" => high] fallback low
    self.done = self.done + 1
    when urgency {
      high => "at once: {draft "an apology for {text}" { tone: "warm" } ?? "sorry"}"
      low => "later"
    }
  }
}

for text in ["my lamp is broken", "when do you open"] {
  reply = delegate answer(text) to Desk ?? "nobody answers"
  notify user "{text}: {reply}"
}
after 2.minutes { notify user "two minutes later" }
notify user "done"
`;

/** Records a run of one program, and follows it with another. */
async function compare(before: string, after: string, given: SessionGiven = {}): Promise<Rehearsal> {
  const opened = session();
  const running = opened.start(before, { models: script, ...given });
  await running.end;
  return rehearseChange(compiled(after).program, journalOf(opened.store, running.run), decoder, {
    env: {},
    inputs: {},
  });
}

function edited(from: string, to: string): Promise<Rehearsal> {
  expect(triage).toContain(from);
  return compare(triage, triage.replace(from, to));
}

/** A finding in short: its kind, and the steps it is about. */
function short(finding: Finding): string {
  const recorded = "recorded" in finding && "step" in finding.recorded ? (finding.recorded.step ?? "") : "";
  const attempted = "attempted" in finding && finding.attempted.kind === "Step" ? finding.attempted.step.step : "";
  return [finding.kind, recorded, attempted].filter((text) => text !== "").join(" ");
}

const shorts = ({ findings }: Rehearsal): readonly string[] => findings.map(short);

test("the same program, and one that computes the same in another way, do the same", async () => {
  const same = await compare(triage, triage);
  expect(same).toMatchObject({ findings: [], activations: 4, steps: 10 });
  const renamed = triage.replaceAll("urgency", "how_urgent").replace("self.done + 1", "1 + self.done");
  expect(shorts(await compare(triage, renamed))).toEqual([]);
  const longer = triage.replace(
    '"my lamp is broken", "when do you open"',
    '"my lamp is " + "broken", "when do you open"',
  );
  expect(shorts(await compare(triage, longer))).toEqual([]);
});

test("a step with other arguments says what they were", async () => {
  const found = await edited('tone: "warm"', 'tone: "cool"');
  expect(found.findings).toMatchObject([
    {
      kind: "OtherArguments",
      activation: "main#1",
      recorded: { effect: "Draft" },
      given: { given: { options: { tone: "warm" } } },
      attempted: { effect: { given: { options: { tone: "cool" } } } },
    },
  ]);
});

test("a step with another text is the same step, changed", async () => {
  expect(shorts(await edited('notify user "done"', 'notify user "finished"'))).toEqual([
    "OtherStep main/notify:done main/notify:finished",
  ]);
});

test("a line more and a line less leave the rest as it is", async () => {
  expect(shorts(await edited('notify user "done"', 'notify user "almost"\nnotify user "done"'))).toEqual([
    "AddedStep main/notify:almost",
  ]);
  expect(shorts(await edited('  notify user "{text}: {reply}"\n', ""))).toEqual([
    "RemovedStep main/notify:text-reply",
    "RemovedStep main/notify:text-reply",
  ]);
});

test("the same step at another place is moved", async () => {
  const moved = `task finish() { notify user "done" }\n${triage.replace('notify user "done"', "finish()")}`;
  expect(shorts(await compare(triage, moved))).toEqual(["MovedStep main/notify:done finish/notify:done"]);
});

test("a model that is asked for more than is recorded ends what can be known", async () => {
  const found = await edited(
    'notify user "done"',
    'notify user summarize "the day" fallback "a day"\nnotify user "done"',
  );
  expect(found.findings).toMatchObject([
    { kind: "AddedStep", last: true, attempted: { step: { effect: "Summarize" } } },
  ]);
});

test("another decision takes another branch: the task's value differs, and what the caller says is as recorded", async () => {
  const found = await edited('high => "at once:', 'high => "soon:');
  expect(shorts(found)).toEqual(["OtherEnd"]);
  expect(found.findings).toMatchObject([{ activation: "main#1", attempted: { value: "soon: Dear customer" } }]);
});

test("another role is another request; a reply is read as the changed program asks for it", async () => {
  const role = await edited("Answers the mail", "Answers the letters");
  expect(role.findings.map((finding) => finding.kind === "OtherReply" && finding.what)).toEqual(
    Array(3).fill("request"),
  );
  const text = `
type Urgency = low | high | highest
mood = classify "a lamp" as Urgency fallback low
notify user "{mood}"
`;
  const narrow = await compare(text, text.replace("low | high | highest", "low | medium"));
  expect(shorts(narrow)).toEqual([
    "OtherArguments main/classify:a-lamp main/classify:a-lamp",
    "OtherReply main/classify:a-lamp",
    "OtherArguments main/notify:mood main/notify:mood",
  ]);
});

test("a block of a timer is followed with what it is now", async () => {
  expect(shorts(await edited("two minutes later", "much later"))).toEqual([
    "OtherStep main/after#1/notify:two-minutes-later main/after#1/notify:much-later",
  ]);
});

test("what the program has no more is said where it was begun", async () => {
  const without = triage
    .replace(/agent Desk \{[\s\S]*?\n\}\n/, "")
    .replace(/ {2}reply = delegate.*\n/, '  reply = "none"\n');
  const kinds = (await compare(triage, without)).findings.map(({ kind }) => kind);
  expect(kinds.filter((kind) => kind === "Unfit")).toHaveLength(2);
  expect(kinds).toContain("RemovedStep");
});

test("state goes on as the changed program leaves it", async () => {
  const counting = `
agent Counter {
  role "counts"
  state { n: int = 0 }
  every 1.minute {
    self.n = self.n + 1
    notify user "tick {self.n}"
  }
}
run Counter
`;
  const found = await compare(counting, counting.replace("self.n + 1", "self.n + 2"), { ticks: 2 });
  const lines = found.findings.map((finding) => finding.kind === "OtherArguments" && finding.attempted.effect);
  expect(lines).toMatchObject([{ given: { text: "tick 2" } }, { given: { text: "tick 4" } }]);
});

test("inputs and variables that the run has no record of are named", async () => {
  const before = 'input branch: str = "main"\nnotify user branch';
  const after =
    'input branch: str = "main"\ninput dry: bool = true\nnotify user branch\nif not dry { notify user env.HOME }';
  expect(await compare(before, after)).toMatchObject({ unrecorded: ["HOME", "dry"], findings: [] });
});
