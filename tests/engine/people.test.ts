// Questions to people: answered on the spot, left open, answered while no process runs.

import { expect, test } from "vitest";
import { session } from "../support/session.ts";

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
