// Agents: ticks, state, messages, delegation, who dies of what.

import { expect, test } from "vitest";
import { session } from "../support/session.ts";

const failing = (count: number): string => `
agent Fragile {
  role "fails at tick ${count}"
  state { n: int = 0 }
  task explode(text: str?) -> str { text! }
  every 1.minute {
    self.n = self.n + 1
    if self.n == ${count} { explode(none) }
    notify user "tick {self.n}"
  }
}
run Fragile
`;

test("an error in the first tick ends the run", async () => {
  const run = session().start(failing(1), { ticks: 3 });
  expect(await run.end).toMatchObject({
    status: "failed",
    error: { name: "NullError" },
    activation: "Fragile/every#1[1]",
  });
  expect(run.world.terminal.lines).toEqual([]);
});

test("an error in a later tick is reported, its state stays, the agent goes on", async () => {
  const { start, store } = session();
  const run = start(failing(2), { ticks: 3 });
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ tick 1", "  ▸ tick 3"]);
  expect(run.world.terminal.warnings.join()).toContain("Fragile/every#1[2]");
  expect(store.head(run.run).states).toEqual({ Fragile: { n: 3 } });
});

test("every schedule ticks at once and then at its multiples", async () => {
  const { start, events } = session();
  const run = start(
    `
agent Clock {
  role "ticks"
  every 10.minutes { notify user "ten" }
  every 25.minutes { notify user "twenty-five" }
}
run Clock
`,
    { ticks: 3 },
  );
  await run.end;
  const dues = events(run.run).flatMap((event) =>
    event.type === "activation.started" && event.cause.kind === "Tick" ? [(event.cause.due - event.at) / 60_000] : [],
  );
  expect(dues).toEqual([0, 0, 0, 0, 0, 0]);
  expect(run.world.terminal.lines).toEqual([
    "  ▸ ten",
    "  ▸ twenty-five",
    "  ▸ ten",
    "  ▸ ten",
    "  ▸ twenty-five",
    "  ▸ twenty-five",
  ]);
});

test("ticks that a long tick missed collapse into one", async () => {
  const { start, events } = session();
  const run = start(
    `
agent Slow {
  role "is slow"
  state { n: int = 0 }
  every 1.minute {
    self.n = self.n + 1
    if self.n == 1 { wait 150.seconds }
    notify user "tick {self.n}"
  }
}
run Slow
`,
    { ticks: 3 },
  );
  await run.end;
  const started = events(run.run).filter((event) => event.type === "activation.started" && event.cause.kind === "Tick");
  const first = started[0]?.at ?? 0;
  expect(started.map((event) => event.at - first)).toEqual([0, 150_000, 180_000]);
});

test("a restart after missed ticks runs one tick, and state is what the journal says", async () => {
  const { start, resume, store } = session();
  const text = `
agent Counter {
  role "counts"
  state { n: int = 0 }
  every 1.hour {
    self.n = self.n + 1
    notify user "count {self.n}"
    x = ask user "more?"
    notify user x
  }
}
run Counter
`;
  const first = start(text, { ticks: 2, answers: ["one"] });
  expect((await first.end).status).toBe("suspended");
  store.post(first.run, { kind: "Answer", gate: "Counter/every#1[2]:2", answer: "two" }, 0);
  const second = resume(first.run, { start: Date.UTC(2026, 0, 7) });
  expect(await second.end).toEqual({ status: "completed" });
  expect([...first.world.terminal.lines, ...second.world.terminal.lines]).toEqual([
    "  ▸ count 1",
    "  ▸ one",
    "  ▸ count 2",
    "  ▸ two",
  ]);
  expect(store.head(first.run).states).toEqual({ Counter: { n: 2 } });
});

test("a delegated task runs in its agent's mailbox; its failure is none to the caller", async () => {
  const run = session().start(
    `
agent Helper {
  role "helps"
  state { n: int = 0 }
  task double(x: int) -> int { self.n = self.n + 1
    x * 2 + self.n }
  task explode(text: str?) -> str { text! }
}
a = delegate double(4) to Helper ?? 0
b = delegate double(4) to Helper ?? 0
c = delegate explode(none) to Helper ?? "nothing"
notify user "{a} {b} {c}"
`,
  );
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ 9 10 nothing"]);
  expect(run.world.terminal.warnings.join()).toContain("NullError");
});

test("messages are handled in order, and stop drops what waits", async () => {
  const run = session().start(
    `
agent Diary {
  role "writes"
  on message(m: Message) { notify user "{m.from}: {m.body}" }
  on start { notify user "start" }
  on stop { notify user "stop" }
}
run Diary in background
send "one" to Diary
send "two" to Diary
wait 1.second
stop Diary
notify user "end"
`,
  );
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ start", "  ▸ main: one", "  ▸ main: two", "  ▸ stop", "  ▸ end"]);
});

test("an answer goes to who sent the message, also when the process ended in between", async () => {
  const { start, resume, store } = session();
  const first = start(
    `
task order(what: str) { send what to Clerk }
agent Clerk {
  role "answers"
  on message(m: Message) {
    answer = ask user "{m.body}?"
    send answer to m
  }
}
agent Desk {
  role "asks"
  on start { order("a form") }
  on message(m: Message) { notify user "desk: {m.body}, says {m.from}" }
}
agent Numbers {
  role "takes texts as they are"
  on message(text: str) { notify user "numbers: {text}" }
}
send "three" to Numbers
run Desk
`,
    { ticks: 1, answers: [] },
  );
  expect((await first.end).status).toBe("suspended");
  const gate = [...store.events(first.run)].find((event) => event.type === "gate.opened");
  store.post(first.run, { kind: "Answer", gate: `${gate?.activation}:${gate?.n}`, answer: "granted" }, 0);
  const second = resume(first.run);
  expect(await second.end).toEqual({ status: "completed" });
  expect([...first.world.terminal.lines, ...second.world.terminal.lines].toSorted()).toEqual([
    "  ▸ desk: granted, says Clerk",
    "  ▸ numbers: three",
  ]);
});

test("blocks of after run later, in the mailbox of who set them, with the values of then", async () => {
  const run = session().start(`
x = "then"
after 2.minutes { notify user "block {x}" }
x = "now"
notify user x
`);
  expect(await run.end).toEqual({ status: "completed" });
  expect(run.world.terminal.lines).toEqual(["  ▸ now", "  ▸ block then"]);
});

test("an agent that stopped itself stays stopped, whenever the process ends", async () => {
  const { start, resume, events } = session();
  const text = `
agent Once {
  role "stops itself"
  state { ticks: int = 0 }
  every 1.minute {
    self.ticks = self.ticks + 1
    stop Once
    wait 10.seconds
    notify user "tick {self.ticks}"
  }
}
run Once
notify user "over"
`;
  const first = start(text);
  first.interrupt();
  let ended = await first.end;
  const lines = [...first.world.terminal.lines];
  for (let round = 0; ended.status === "interrupted" && round < 20; round += 1) {
    const next = resume(first.run);
    if (round % 2 === 0) next.interrupt();
    ended = await next.end;
    lines.push(...next.world.terminal.lines);
  }
  expect(ended).toEqual({ status: "completed" });
  expect([...new Set(lines)]).toEqual(["  ▸ tick 1", "  ▸ over"]);
  expect(events(first.run).filter(({ type }) => type === "agent.stopping")).toHaveLength(1);
});

test("stop reaches an agent that only has mail; who delegated to it gets none, also while timers are set", async () => {
  const run = session().start(`
agent Slow {
  role "is slow"
  task work(n: int) -> int {
    wait 10.minutes
    n
  }
  on message(m: Message) { notify user "never {m.body}" }
}
agent First {
  role "asks"
  on message(m: Message) { notify user "first {delegate work(1) to Slow}" }
}
agent Second {
  role "asks"
  on message(m: Message) { notify user "second {delegate work(2) to Slow}" }
}
after 1.hour { notify user "an hour" }
send "go" to First
wait 1.second
send "go" to Second
wait 1.second
send "hello" to Slow
wait 1.second
stop Slow
notify user "stopped"
`);
  expect(await run.end).toEqual({ status: "completed" });
  expect([...run.world.terminal.lines].sort()).toEqual([
    "  ▸ an hour",
    "  ▸ first 1",
    "  ▸ second none",
    "  ▸ stopped",
  ]);
  expect(run.world.terminal.notes.join("\n")).toContain("Agent Slow stopped; 2 waiting messages dropped");
});
