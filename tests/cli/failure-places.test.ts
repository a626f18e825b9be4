// Where a run failed that failed of what the program itself computes: its file and line.

import { expect, test } from "vitest";
import { place } from "./command.ts";

test.each([
  ["a division", `notify user "a"\nn = 0\nx = 10 / n\n`, "main at a.keel:3:1", "ArithmeticError: division by zero"],
  ["what is not there", `x: int? = none\ny = x!\n`, "main at a.keel:2:1", "NullError: x is none"],
  ["a failure", `if [1].count == 1 {\n  notify user "a"\n  fail "shut"\n}\n`, "main at a.keel:3:3", "Failure: shut"],
  ["a hole", `xs: list[int] = []\nnotify user "{1 / xs.count}"\n`, "main at a.keel:2:1", "ArithmeticError: "],
  ["a call of a pure task", `task f(n: int) -> int { 1 / n }\n\nnotify user "{f(0)}"\n`, "main at a.keel:3:1", "Arith"],
  [
    "a task with effects",
    `task f(n: int) -> int {\n  notify user "{n}"\n  1 / n\n}\nnotify user "{f(0)}"\n`,
    "main at a.keel:3:3",
    "ArithmeticError: ",
  ],
  [
    "a tick",
    `agent A {\n  role "?"\n  every 1.hour {\n    for n in [1, 0] {\n      x = 1 / n\n      notify user "{x}"\n    }\n  }\n}\nrun A\n`,
    "A/every#1[1] at a.keel:5:7",
    "ArithmeticError: ",
  ],
])("%s", async (_, text, where, message) => {
  const here = place();
  here.write("a.keel", text);
  const run = await here.keel(["run", "a.keel"]);
  expect(run.code).toBe(1);
  expect(run.err).toContain(` failed in ${where}\n  ${message}`);
});
