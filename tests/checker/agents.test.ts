import { describe, expect, test } from "vitest";
import { accepts, errors, types, warnings } from "./checking.ts";

const agent = (body: string, name = "A"): string => `agent ${name} {\n  role "r"\n${body}\n}\n`;

describe("members", () => {
  test("a role is required, and each member stands once", () => {
    expect(errors('agent A { model "m" }')).toEqual(["K2023 1:7 Agent 'A' has no role"]);
    expect(errors(agent('  role "s"'))).toEqual(["K2024 3:3 Agent 'A' has two `role`"]);
    expect(errors(agent("  on start { }\n  on start { }"))).toEqual(["K2024 4:3 Agent 'A' has two `on start`"]);
    accepts(agent("  every 1.day { }\n  every 2.days { }"));
  });

  test("role, model and defaults take constants, env and inputs", () => {
    accepts(
      'name = "x"\nagent A {\n  role "I am {name}"\n  model env.MODEL ?? "claude-haiku"\n  state { n: int = 1 + 2 }\n}',
    );
    expect(errors(agent('  model ask user "which?"'))).toEqual([
      "K2032 3:9 `model` takes constants, `env` and inputs only",
    ]);
    expect(errors(agent("  state { x: datetime = now }"))).toEqual([
      "K2032 3:25 A default of state takes constants, `env` and inputs only",
    ]);
  });

  test("config, memory and events are known words", () => {
    accepts(agent('  config { temperature: 0.2, timeout: 30.seconds, zone: "Europe/Berlin" }\n  memory persistent'));
    accepts(agent("  config { top_p: 0.9, max_tokens: 300, seed: 7 }"));
    expect(errors(agent("  config { seed: 0.5 }"))).toEqual(["K2001 3:18 Expected int, got float"]);
    expect(errors(agent("  config { temprature: 0.2 }"))).toEqual(["K1019 3:12 Unknown config 'temprature'"]);
    expect(errors(agent('  config { timeout: "x" }'))).toEqual(["K2001 3:21 Expected duration, got str"]);
    expect(errors(agent("  memory forever"))).toEqual(["K1019 3:10 Unknown memory 'forever'"]);
    expect(errors(agent("  on stopp { }"))).toEqual(["K1019 3:6 Unknown event 'stopp'"]);
  });

  test("tools are connections, a team is agents", () => {
    accepts(agent("  tools [email, web]"));
    expect(errors(agent("  tools [calendr]"))).toEqual(["K1004 3:10 Unknown connection 'calendr'"]);
    expect(errors(agent("  team [B]"))).toEqual(["K1003 3:9 Unknown agent 'B'"]);
  });

  test("schedules take durations", () => {
    expect(errors(agent("  every 5 { }"))).toEqual(["K2001 3:9 Expected duration, got int"]);
    accepts(agent('  every 1.day at "09:00" { }\n  at "mon 09:00" { }\n  after 2.hours { }'));
  });
});

describe("self", () => {
  test("state is read and set inside only", () => {
    accepts(agent("  state { n: int = 0 }\n  task t() -> int {\n    self.n = self.n + 1\n    self.n\n  }"));
    expect(errors("task f() -> int { self.n }")).toEqual([
      "K1010 1:19 `self` is known only in the tasks and handlers of an agent",
    ]);
    expect(errors(agent('  state { n: int = 0 }\n  every 1.day { self.n = "x" }'))).toEqual([
      "K2001 4:26 Expected int, got str",
    ]);
    expect(errors(agent("  state { n: int = 0 }\n  every 1.day { notify user self.m }"))).toEqual([
      "K1013 4:34 Agent 'A' has no state field 'm'",
    ]);
    expect(errors("x = {a: 1}\nx.a = 2")).toEqual(["K2025 2:1 Only `self.field` can be assigned"]);
  });

  test("tasks of the agent see each other", () => {
    accepts(
      agent("  task a() { b() }\n  task b() -> int { self.a2() }\n  task a2() -> int { 1 }\n  every 1.day { a() }"),
    );
  });
});

describe("run, stop, delegate, send", () => {
  const worker = agent(
    "  task add(a: int, b: int = 1) -> int { a + b }\n  task log(s: str) { notify user s }",
    "Worker",
  );

  test("agents are known", () => {
    accepts(`${worker}run Worker in background\nstop Worker`);
    expect(errors(`${worker}run Wroker`)).toEqual(["K1003 6:5 Unknown agent 'Wroker'"]);
  });

  test("a delegation gives the task's result or none", () => {
    expect(
      types(
        `${worker}a = delegate add(1, 2) to Worker\nb = delegate add(1) to Worker ?? 0\nc = delegate log("x") to Worker`,
      ),
    ).toEqual({
      a: "int?",
      b: "int",
      c: "none",
    });
    expect(errors(`${worker}delegate add("x") to Worker`)).toEqual([
      "K2002 6:10 Argument 'a' of task 'add': expected int, got str",
    ]);
    expect(errors(`${worker}delegate sub(1) to Worker`)).toEqual(["K1006 6:10 Agent 'Worker' has no task 'sub'"]);
  });

  test("a message must be what the agent takes", () => {
    const taker = agent("  on message(n: int) { notify user n }", "Taker");
    accepts(`${taker}send 5 to Taker`);
    expect(errors(`${taker}send "x" to Taker`)).toEqual(["K2001 5:6 Expected int, got str"]);
    expect(errors(`${worker}send "x" to Worker`)).toEqual(["K2034 6:13 Agent 'Worker' takes no messages"]);
    accepts(`${agent('  on message(m: Message) { notify user "{m.from}: {m.body}" }', "Box")}send "x" to Box`);
    accepts(agent('  on message(m: Message) { send "thanks" to m }'));
    accepts(`${taker}${agent("  on message(m: Message) { send 5 to m }", "Box")}`);
    expect(errors(agent("  on message(m: Message) { send 5 to m }"))).toEqual([
      "K2001 3:33 Expected what an agent takes, got int",
    ]);
  });
});

describe("tools through the graph of calls", () => {
  test("a direct use, and one behind tasks, with the path", () => {
    expect(errors(agent('  tools [web]\n  every 1.day { send "x" to "a@b.c" }'))).toEqual([
      "K4001 4:17 Agent 'A' may not use 'email': every → send",
    ]);
    expect(
      errors(
        `task deep(x: str) { send x to "a@b.c" }\ntask mid(x: str) { deep(x) }\n${agent('  tools []\n  task t() { mid("x") }')}`,
      ),
    ).toEqual(["K4001 6:14 Agent 'A' may not use 'email': t → mid → deep → send"]);
  });

  test("functions given to others, timers, and settling count", () => {
    expect(errors(agent('  tools []\n  every 1.day { ["a"].map(x => { search x }) }'))).toEqual([
      "K4001 4:17 Agent 'A' may not use 'web': every → search",
    ]);
    expect(errors(agent('  tools [email]\n  every 1.day { after 1.hour { fetch "https://x.org" } }'))).toEqual([
      "K4001 4:32 Agent 'A' may not use 'web': every → fetch",
    ]);
  });

  test("without tools all is allowed; a delegated task is its agent's matter", () => {
    accepts(agent('  every 1.day { send "x" to "a@b.c" }'));
    accepts(
      `${agent('  task t() { send "x" to "a@b.c" }', "B")}${agent("  tools []\n  every 1.day { delegate t() to B }")}`,
    );
  });

  test("a team", () => {
    const b = agent("  task t() -> int { 1 }", "B");
    accepts(`${b}${agent("  team [B]\n  every 1.day { delegate t() to B }")}`);
    expect(
      errors(
        `${b}${agent("  role2 = 1", "C").replace("  role2 = 1\n", "")}${agent("  team [C]\n  every 1.day { delegate t() to B }")}`,
      ),
    ).toEqual(["K4002 11:17 Agent 'A' may not delegate to 'B': every → delegate t"]);
  });

  test("agents that wait for each other", () => {
    expect(
      errors(`${agent("  task a() { delegate b() to B }")}${agent("  task b() { delegate a() to A }", "B")}`),
    ).toEqual(["K4003 3:14 These agents wait for each other: A → B.b → A.a"]);
  });

  test("of several circles the shortest comes first", () => {
    const a = agent("  every 1.day { delegate far() to B }\n  task a() -> int { 1 }");
    const b = agent("  task far() { delegate c() to C\n delegate a() to A }", "B");
    const c = agent("  task c() { delegate a() to A }", "C");
    expect(errors(`${a}${b}${c}`)).toEqual([
      "K4003 3:17 These agents wait for each other: A → B.far → A.a",
      "K4003 3:17 These agents wait for each other: A → B.far → C.c → A.a",
    ]);
  });
});

test("unused names in handlers", () => {
  expect(warnings(agent("  every 1.day { x = 1 }"))).toEqual(["K1101 3:17 'x' is never used"]);
});
