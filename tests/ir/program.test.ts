// The program as a document: closed, the same for the same meaning, its steps named by what they are.

import { describe, expect, test } from "vitest";
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Program } from "../../src/ir/kir.ts";
import { build, drive } from "./drive.ts";

const triage = readFileSync(path.join(import.meta.dirname, "../../examples/inbox/triage.keel"), "utf8");

describe("one meaning, one text", () => {
  test("the same text gives the same bytes, and JSON is all there is to it", () => {
    const once = build(triage).program;
    expect(JSON.stringify(build(triage).program)).toBe(JSON.stringify(once));
    expect(JSON.parse(JSON.stringify(once))).toEqual(once);
  });

  test("layout and comments change places only", () => {
    const tight = `
task f(a: int, b: int) -> int { a + b }
x = draft "about {f(1,2)}" { tone: "warm", max_length: 10 } ?? "none"
notify user x`;
    const loose = `
## Adds.
task f(
  a: int,   # one
  b: int
) -> int {
  # nothing to see
  a +
    b
}

x = draft "about { f( 1, 2 ) }" {
  tone: "warm"    # warm
  max_length: 10
} ?? "none"
notify user x   # done`;
    expect(JSON.stringify(build(loose).program)).toBe(JSON.stringify(build(tight).program));
    expect(build(loose).places).not.toEqual(build(tight).places);
  });
});

describe("step ids", () => {
  const text = `
    task handle(name: str) {
      notify user "Hello {name}"
      notify user "Bye"
      notify user "Bye"
      confirm user name then notify user "sent"
    }
    handle("Ann")
  `;

  test("name the function, the verb and its operand; equal ones are counted", () => {
    const ids = Object.keys(build(text).places.steps).filter((id) => !id.includes("@"));
    expect(ids).toEqual([
      "handle/confirm:name",
      "handle/notify:bye",
      "handle/notify:bye#2",
      "handle/notify:hello-name",
      "handle/notify:sent",
    ]);
  });

  test("what only computes is found by its function and number", () => {
    const source = `task half(n: int) -> int { 10 / n }
task sum(xs: list[int]) -> int {
  notify user "{xs}"
  total = xs.sum()
  return total / xs.count
}
x = half(2)
if x > 1 { sum([x]) }`;
    const { steps } = build(source).places;
    const lines = Object.entries(steps).flatMap(([id, [line]]) => (id.includes("@") ? [`${id} ${line}`] : []));
    expect(lines).toEqual(["half@0 1", "main@0 7", "main@1 8", "main@2 8", "sum@0 3", "sum@1 4", "sum@2 5"]);
  });

  test("stay under edits elsewhere, in the function too", () => {
    const edited = `
      task other() { notify user "Bye" }
      task handle(name: str) {
        notify user "New"
        notify user "Hello {name}"
        notify user "Bye"
        if name == "x" { notify user "Bye" }
        confirm user name then notify user "sent"
      }
      other()
      handle("Ann")
    `;
    const before = Object.keys(build(text).places.steps).filter((id) => !id.includes("@"));
    expect(Object.keys(build(edited).places.steps)).toEqual(expect.arrayContaining(before));
  });

  test("have a place each", () => {
    expect(build(text).places.steps["handle/notify:bye"]).toEqual([4, 7]);
  });
});

describe("what a program needs", () => {
  const needs = (text: string): Pick<Program, "env" | "models" | "connections" | "prompts"> => build(text).program;

  test("its environment, and what of it is secret", () => {
    const { env } = needs(`
      connect work via imap { host: env.WORK_HOST, user: env.WORK_USER, pass: env.WORK_ENTRY }
      notify user env.HOME_TOWN ?? env.API_KEY ?? "x"
    `);
    expect(env).toEqual([
      { name: "API_KEY", secret: true },
      { name: "HOME_TOWN", secret: false },
      { name: "WORK_ENTRY", secret: true },
      { name: "WORK_HOST", secret: false },
      { name: "WORK_USER", secret: false },
    ]);
  });

  test("the predeclared mailbox, where it is used", () => {
    const { connections, env } = needs("for mail in fetch email { notify user mail.subject }");
    expect(connections).toEqual({
      email: { name: "email", via: "imap", settings: "email/settings", secrets: ["pass"] },
    });
    expect(env.map(({ name }) => name)).toEqual(["EMAIL_PASS", "EMAIL_USER", "IMAP_HOST"]);
    expect(needs('notify user "x"').connections).toEqual({});
  });

  test("the models its operations can use", () => {
    const agent = (body: string): string => `
      agent A {
        role "a"
        model "claude-haiku"
        every 1.day { ${body} }
      }
      run A`;
    expect(needs(agent('notify user "hi"')).models).toEqual([]);
    expect(needs(agent('notify user summarize "x" fallback "y"')).models).toEqual(["claude-haiku"]);
    const task = 'task brief() -> str { summarize "x" fallback "y" }';
    expect(needs(`${task}\n${agent("notify user brief()")}\nnotify user brief()`).models).toEqual([
      "claude-haiku",
      "claude-sonnet",
    ]);
    expect(needs('notify user summarize "x" fallback "y" using "ollama:tiny"').models).toEqual(["ollama:tiny"]);
  });

  test("the prompt of each operation, and of no other", () => {
    const { prompts } = needs('notify user summarize "x" fallback "y"');
    expect(Object.keys(prompts)).toEqual(["summarize"]);
    expect(prompts["summarize"]).not.toBe("");
  });
});

test("an agent's setup gives what it declares", () => {
  const { program } = build(`
    town = "Bern"
    agent A {
      role "Knows {town} and {env.NAME}"
      model "claude-haiku"
      memory persistent
      rules ["be kind"]
      config { temperature: 0.5 }
      state { seen: int = 2 }
      every 5.minutes { notify user "tick" }
      after 1.day { notify user "late" }
      on start { notify user "start" }
    }
    run A
  `);
  const agent = program.agents["A"];
  expect(agent).toMatchObject({
    memory: "persistent",
    schedules: [
      { kind: "Every", id: "A/every#1", function: "A/every#1" },
      { kind: "After", id: "A/after#1", function: "A/after#1" },
    ],
    onStart: "A/start",
  });
  const { value, effects } = drive(program, { function: "A/setup", answer: () => "Keel" });
  expect(effects).toEqual(["Env NAME"]);
  expect(value).toMatchObject({
    role: "Knows Bern and Keel",
    model: "claude-haiku",
    rules: ["be kind"],
    state: { seen: 2 },
  });
});
