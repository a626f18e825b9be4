// That checking takes work in proportion to the program: how often the checker's code is run is counted, by the
// engine's own counters, for a program and for one of the same form and twice the size. No clock is looked at.

import { Session, type Profiler } from "node:inspector";
import { afterAll, beforeAll, expect, test } from "vitest";
import { checkText } from "./checking.ts";

const session = new Session();

function post<T>(method: string, params: object = {}): T {
  let found: T | undefined;
  session.post(method, params, (error, result) => {
    if (error !== null) throw error;
    found = result as T;
  });
  return found as T;
}

beforeAll(() => {
  session.connect();
  post("Profiler.enable");
  post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
});

afterAll(() => session.disconnect());

/** How often blocks of the checker are entered while the text is checked. */
function work(text: string): number {
  post("Profiler.takePreciseCoverage");
  checkText(text);
  const { result } = post<Profiler.TakePreciseCoverageReturnType>("Profiler.takePreciseCoverage");
  const blocks = result
    .filter(({ url }) => url.includes("/src/checker/"))
    .flatMap(({ functions }) => functions.flatMap(({ ranges }) => ranges));
  return blocks.reduce((sum, { count }) => sum + count, 0);
}

const lines = (count: number, line: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => line(index)).join("\n");

const programs: { readonly [form: string]: (size: number) => string } = {
  "tasks that call each other through lambdas": (size) =>
    lines(size, (i) => `task t${i}(x: int) -> int { [x].map(y => ${i === 0 ? "y" : `t${i - 1}(y)`}).sum() }`),
  "tasks that give the functions they take to the next": (size) =>
    lines(size, (i) => `task t${i}(f: (int) -> int) -> int { ${i === 0 ? "f(1)" : `t${i - 1}(x => f(x) + 1)`} }`),
  "a circle of tasks": (size) =>
    lines(size, (i) => `task t${i}(x: int) -> int { if x == 0 { 1 } else { t${(i + 1) % size}(x - 1) } }`),
  "a chain of agents that delegate": (size) =>
    lines(
      size,
      (i) =>
        `agent A${i} {\n  role "r"\n  task go(x: int) -> int { ${i === 0 ? "x" : `delegate go(x) to A${i - 1} fallback 0`} }\n}`,
    ),
  "agents that all reach the same tasks": (size) =>
    lines(size, (i) => `task t${i}() { ${i === 0 ? 'notify user "x"' : `t${i - 1}()`} }\n`) +
    lines(size, (i) => `agent A${i} {\n  role "r"\n  tools []\n  team []\n  on start { t${size - 1}() }\n}`),
  "a circle of agents": (size) =>
    lines(
      size,
      (i) => `agent A${i} {\n  role "r"\n  task go() -> int { delegate go() to A${(i + 1) % size} fallback 0 }\n}`,
    ),
  "constants that read each other": (size) =>
    lines(size, (i) => `c${i} = ${i === 0 ? "1" : `c${i - 1} + 1`}`) +
    `\ntask all() -> list[int] { [${lines(size, (i) => `c${i},`)}] }`,
  "inputs whose defaults call tasks": (size) =>
    lines(size, (i) => `task t${i}() -> int { ${i === 0 ? "1" : `t${i - 1}()`} }\ninput i${i}: int = t${i}()`),
  "types that hold each other twice": (size) =>
    lines(size, (i) => `type S${i} { a: ${i === 0 ? "int" : `S${i - 1}`}, b: ${i === 0 ? "int" : `S${i - 1}`} }`) +
    `\ntask f(x: S${size - 1}) -> int { x.a.b.a }`,
  "types compared with others of the same form": (size) =>
    lines(size, (i) => `type S${i} { a: ${i === 0 ? "int" : `S${i - 1}`}, b: ${i === 0 ? "int" : `S${i - 1}`} }\n`) +
    lines(size, (i) => `type T${i} { a: ${i === 0 ? "int" : `T${i - 1}`}, b: ${i === 0 ? "int" : `T${i - 1}`} }\n`) +
    `task f(x: S${size - 1}) -> T${size - 1} { x }`,
  "generic types that hold each other": (size) =>
    lines(size, (i) => `type S${i}[T] { a: T, b: ${i === size - 1 ? "T" : `S${i + 1}[T]`}? }`) +
    `\nx: S0[int] = {a: 1}`,
};

test.each(Object.entries(programs))("%s: twice the program, twice the work", (_, form) => {
  const small = work(form(100));
  const large = work(form(200));
  expect(small).toBeGreaterThan(1_000);
  expect(large / small).toBeLessThan(2.2);
});
