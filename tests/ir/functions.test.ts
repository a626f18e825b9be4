// Which form a function gets, and what of it is inside another.

import { describe, expect, test } from "vitest";
import { build, drive, effectsOf, functionOf, refusals, stepsOf } from "./drive.ts";

describe("form", () => {
  test("a task without effects is a term, with early returns as branches", () => {
    const { program } = build(`
      task check(x: int) -> str {
        if x > 100 { return "big" }
        if x < 0 { return "negative" }
        "ok"
      }
      notify user check(5)
    `);
    const slot = { kind: "Slot", slot: 0 };
    const literal = (value: number | string): object => ({ kind: "Literal", value });
    expect(functionOf(program, "check")).toEqual({
      kind: "Pure",
      captures: 0,
      parameters: 1,
      slots: 1,
      body: {
        kind: "If",
        test: { kind: "Binary", operator: "gt", left: slot, right: literal(100) },
        then: literal("big"),
        otherwise: {
          kind: "If",
          test: { kind: "Binary", operator: "lt", left: slot, right: literal(0) },
          then: literal("negative"),
          otherwise: literal("ok"),
        },
      },
    });
  });

  test("a task is made a second time for functions with effects, where a call gives it one", () => {
    const { program } = build(`
      task twice(f: (int) -> int, x: int) -> int { f(f(x)) }
      task loud(n: int) -> int {
        notify user "{n}"
        n + 1
      }
      notify user "{twice(n => n * 2, 3)} {twice(loud, 5)}"
    `);
    expect(functionOf(program, "twice").kind).toBe("Pure");
    expect(functionOf(program, "twice!").kind).toBe("Steps");
    expect(drive(program).effects).toEqual(["Notify 5", "Notify 6", "Notify 12 7"]);
  });

  test("nothing that is not reached is in the program", () => {
    const { program } = build(`
      task used() -> int { 1 }
      task unused() -> int { 2 }
      notify user "{used()}"
    `);
    expect(Object.keys(program.functions)).toEqual(["main", "used"]);
  });
});

describe("functions inside of functions", () => {
  test("capture what they read, through each other", () => {
    const text = `
      task sums(xs: list[int], extra: int) -> list[int] {
        twice = 2
        xs.flat_map(x => xs.map(y => x * y * twice + extra))
      }
      notify user "{sums([1, 2], 100)}"
    `;
    expect(effectsOf(text)).toEqual(["Notify [102, 104, 104, 108]"]);
    const lambda = functionOf(build(text).program, "sums~1");
    expect([lambda.captures, lambda.parameters]).toEqual([3, 1]);
  });

  test("constants are seen from tasks and from other constants", () => {
    const text = `
      rate = 3
      double_rate = rate * 2
      task cost(n: int) -> int { n * double_rate }
      notify user "{cost(2)} {rate}"
    `;
    expect(effectsOf(text)).toEqual(["Notify 12 3"]);
    expect(Object.keys(build(text).program.functions)).toEqual(["const double_rate", "const rate", "cost", "main"]);
  });

  test("defaults see the parameters before them", () => {
    const text = `
      task greet(name: str, greeting: str = "Dear {name}", end: str = greeting + "!") -> str { "{greeting}{end}" }
      notify user greet("Ann")
      notify user greet("Ann", end: ".")
      notify user "Bob" |> greet(greeting: "Hi")
    `;
    expect(effectsOf(text)).toEqual(["Notify Dear AnnDear Ann!", "Notify Dear Ann.", "Notify HiHi!"]);
  });

  test("a timer's block keeps the values it uses", () => {
    const { program } = build(`
      task later(name: str) { after 2.hours { notify user "Hello {name}" } }
      later("Ann")
    `);
    expect(drive(program).effects[0]).toContain("later/after#1");
    expect(functionOf(program, "later/after#1").captures).toBe(1);
  });

  test("what a where reads of the world is read before the fetch", () => {
    const text = `
      boss = "boss@example.com"
      for mail in fetch email where unread and from == boss and to.contains(env.ME) { notify user mail.subject }
    `;
    const effects = effectsOf(text, (effect) => (effect.kind === "Fetch" ? [] : "me@example.com"));
    expect(effects[0]).toBe("Env ME");
    expect(effects[1]).toMatch(/^Fetch/);
    expect(functionOf(build(text).program, "main~1")).toMatchObject({ kind: "Pure", captures: 2, parameters: 1 });
  });
});

describe("extremes", () => {
  test("a long chain of operators is cut into pieces, and means the same", () => {
    const chain = (operand: string): string => Array.from({ length: 90 }, () => operand).join(" + ");
    const { program } = build(`
      task sum(a: int) -> int { ${chain("a")} }
      notify user "{sum(2)}"
      notify user ${chain('(ask user "?")')}
    `);
    const { effects } = drive(program, { answer: (effect) => (effect.kind === "Ask" ? "x" : null) });
    expect(effects).toHaveLength(1 + 90 + 1);
    expect([effects[0], effects.at(-1)]).toEqual(["Notify 180", `Notify ${"x".repeat(90)}`]);
    expect(depth(functionOf(program, "sum"))).toBeLessThan(90);
  });

  test("so are hundreds of arms and of early returns", () => {
    const lines = (line: (n: number) => string): string => Array.from({ length: 300 }, (_, n) => line(n)).join("\n");
    const { program } = build(`
      task name(n: int) -> str {
        when n {
          ${lines((n) => `${n} where n != 7 => "n${n}"`)}
          _ => "other"
        }
      }
      task first(n: int) -> int {
        ${lines((n) => `if n == ${n} { return ${n + 1} }`)}
        0
      }
      notify user "{name(0)} {name(7)} {name(299)} {name(300)}"
      notify user "{first(0)} {first(299)} {first(300)}"
    `);
    expect(drive(program).effects).toEqual(["Notify n0 other n299 other", "Notify 1 300 0"]);
    expect(depth(functionOf(program, "name"))).toBeLessThan(600);
    expect(depth(functionOf(program, "first"))).toBeLessThan(200);
  });

  test("no step stands where nothing leads", () => {
    const { program } = build(`
      task f(x: int) -> int {
        notify user "a"
        if x > 0 { return 1 } else { return 2 }
      }
      f(1)
    `);
    expect(stepsOf(program, "f").map(({ kind }) => kind)).toEqual(["Perform", "Branch", "Return", "Return"]);
  });
});

test("what cannot run yet is refused", () => {
  expect(refusals('try { notify user "a" } finally { notify user "b" }')).toEqual([
    "K0900 `finally` is not supported yet",
  ]);
  expect(refusals('for m in fetch email where (ask user "?") == from { notify user m.subject }')).toEqual([
    "K0900 a `where` with effects is not supported yet",
  ]);
});

function depth(root: unknown): number {
  let deepest = 0;
  const work: [unknown, number][] = [[root, 0]];
  for (let top = work.pop(); top !== undefined; top = work.pop()) {
    const [node, at] = top;
    deepest = Math.max(deepest, at);
    if (typeof node === "object" && node !== null) for (const part of Object.values(node)) work.push([part, at + 1]);
  }
  return deepest;
}
