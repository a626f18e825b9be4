// Questions to people: answered on the spot, left open, answered while no process runs.

import { expect, test } from "vitest";
import { session } from "../support/session.ts";
import type { TestWorld, WorldGiven } from "../support/world.ts";

const asking = `
name = ask user "Name?"
notify user "hello {name}"
sure = confirm user "Sure?"
notify user "sure: {sure}"
`;

test("answers come in turn", async () => {
  const run = session().start(asking, { answers: ["Zoe", "yes"] });
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ hello Zoe", "  ▸ sure: true"]);
});

test("only y and yes are yes", async () => {
  for (const [typed, meant] of [
    ["Y", true],
    ["yes ", true],
    ["sure", false],
    ["true", false],
    ["", false],
  ] as const) {
    const run = session().start(`x = confirm user "?"\nnotify user "{x}"`, { answers: [typed] });
    await run.end;
    expect(run.world.terminal.lines, typed).toEqual([`  ▸ ${meant}`]);
  }
});

test("a question that nobody answers suspends the run, and an answer left in the inbox takes it on", async () => {
  const { store, start, resume, events } = session();
  const first = start(asking);
  expect(await first.end).toEqual({ status: "suspended", waiting: ["main:1"] });
  expect(store.head(first.run).gates).toMatchObject([{ id: "main:1", effect: "Ask", question: "Name?" }]);

  store.post(first.run, { kind: "Answer", gate: "main:1", answer: "Zoe" }, 0);
  expect(() => store.post(first.run, { kind: "Answer", gate: "main:1", answer: "Ann" }, 0)).toThrow(/already/);

  const second = resume(first.run);
  expect(await second.end).toEqual({ status: "suspended", waiting: ["main:3"] });
  expect(second.world.terminal.lines).toEqual(["  ▸ hello Zoe"]);

  store.post(first.run, { kind: "Answer", gate: "main:3", answer: true }, 0);
  const third = resume(first.run);
  expect(await third.end).toEqual({ status: "completed" });
  expect(third.world.terminal.lines).toEqual(["  ▸ sure: true"]);
  expect(events(first.run).filter((event) => event.type === "gate.opened")).toHaveLength(2);
});

test("an answer to a gate that nothing waits at is dropped and said", async () => {
  const { store, start, resume } = session();
  const first = start(asking);
  await first.end;
  store.post(first.run, { kind: "Answer", gate: "main:9", answer: "?" }, 0);
  const second = resume(first.run);
  await second.end;
  expect(second.world.terminal.warnings.join()).toContain("main:9");
  expect(store.inbox(first.run)).toEqual([]);
});

test("answers given beforehand are matched by the question's text", async () => {
  const answersFile = JSON.stringify([
    { question: "Sure", answer: true },
    { question: "Name", answer: "Ann" },
  ]);
  const run = session().start(asking, { answersFile });
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ hello Ann", "  ▸ sure: true"]);
  expect(run.world.terminal.questions).toEqual([]);
});

test("confirming none is no, and says so", async () => {
  const run = session().start(`reply = draft "x"\nconfirm user reply then notify user "sent"\nnotify user "end"`);
  await run.end;
  expect(run.world.terminal.lines).toEqual(["  ▸ nothing to confirm: none", "  ▸ end"]);
});

test("another agent's tick goes on while a question is open; the run suspends when all wait", async () => {
  const run = session().start(
    `
agent Asker {
  role "asks"
  every 1.hour { x = ask user "Well?"
    notify user x }
}
agent Ticker {
  role "ticks"
  every 1.minute { notify user "tick" }
}
run Asker in background
run Ticker
`,
    { ticks: 3 },
  );
  expect((await run.end).status).toBe("suspended");
  expect(run.world.terminal.lines).toEqual(["  ▸ tick", "  ▸ tick", "  ▸ tick"]);
});

/** A person who looks at the question until it is taken back, and notes what is said then. */
function onlooker(notes: unknown[], then: () => void = () => undefined): NonNullable<WorldGiven["ask"]> {
  return (_, signal) => {
    then();
    return new Promise((resolve) =>
      signal.addEventListener("abort", () => {
        notes.push(signal.reason);
        resolve(undefined);
      }),
    );
  };
}

test("an answer from elsewhere takes the question off the terminal, and so does its end; it says why", async () => {
  const { store, start } = session();
  const notes: unknown[] = [];
  const post = (answer: string | boolean): void => {
    const [run] = store.runs();
    const [gate] = store.head(run?.run ?? "").gates;
    store.post(run?.run ?? "", { kind: "Answer", gate: gate?.id ?? "", answer }, 0);
  };
  const answers = ["Zoe\nAnn", true];
  const run = start(
    `${asking}
try { x = ask user "Late?" timeout 1.hour }
catch err { notify user err.message }`,
    { ask: onlooker(notes, () => answers.length > 0 && post(answers.shift() ?? "")) },
  );
  expect(await run.end).toEqual({ status: "completed" });
  expect(notes).toEqual(["answered elsewhere: Zoe…", "answered elsewhere: yes", "nobody answered in time"]);
  expect(run.world.terminal.questions).toMatchObject([
    { kind: "Ask", text: "Name?" },
    { kind: "Confirm", text: "Sure?" },
    { kind: "Ask", text: "Late?", expires: run.world.clock.now() },
  ]);
});

test("an interrupted run takes its questions back without a word", async () => {
  const { start } = session();
  const notes: unknown[] = [];
  const run = start(asking, { ask: onlooker(notes, () => run.interrupt()) });
  expect(await run.end).toEqual({ status: "interrupted" });
  expect(notes).toMatchObject([{ name: "AbortError" }]);
});

test("agents ask one after the other, each by its name", async () => {
  const asker = (name: string): string => `agent ${name} {
  role "asks"
  every 1.hour { x = ask user "Well?"
    notify user "${name} {x}" }
}
run ${name} in background
`;
  const { start } = session();
  let open = 0;
  const run = start(asker("A") + asker("B"), {
    ticks: 1,
    ask: async ({ agent }) => {
      open += 1;
      await new Promise((resolve) => setImmediate(resolve));
      open -= 1;
      return open === 0 ? agent : "asked while another was";
    },
  });
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ A A", "  ▸ B B"]);
});

const timed = `
try { x = ask user "Who?" timeout 1.hour
  notify user x }
catch err { notify user err.message }
`;

test("an answer counts from when it was given, whenever the run goes on", async () => {
  const begun = Date.UTC(2026, 0, 5, 8);
  const hour = 3_600_000;
  const answered = async (at: number): Promise<TestWorld["terminal"]> => {
    const { store, start, resume } = session();
    const first = start(timed, { start: begun });
    expect((await first.end).status).toBe("suspended");
    store.post(first.run, { kind: "Answer", gate: "main:1", answer: "Zoe" }, at);
    const second = resume(first.run, { start: begun + 5 * hour });
    expect(await second.end).toEqual({ status: "completed" });
    expect(store.inbox(first.run)).toEqual([]);
    return second.world.terminal;
  };
  expect(await answered(begun + hour - 1)).toMatchObject({ lines: ["  ▸ Zoe"], warnings: [], questions: [] });
  expect(await answered(begun + hour)).toMatchObject({
    lines: ["  ▸ nobody answered in time"],
    warnings: ["  ✗ an answer to main:1 came, but nothing waits for it"],
    questions: [],
  });
});
