// action.yml: the command that it runs, in the shell that it names, with what a workflow gives it.

import { spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, existsSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { place } from "./command.ts";

const root = path.join(import.meta.dirname, "../..");
const action = readFileSync(path.join(root, "action.yml"), "utf8");

/** The lines of the last `run: |`. */
function verifying(): string {
  const [, block = ""] = action.split(/^ +run: \|\n/m);
  return block.replace(/^ {8}/gm, "");
}

/** As the runner does it: `bash --noprofile --norc -eo pipefail FILE`. */
function run(
  folder: string,
  inputs: { readonly [name: string]: string },
): { code: number | null; out: string; err: string } {
  const env = { PATH: process.env["PATH"], HOME: folder, KEEL: path.join(root, "dist/cli/main.js"), ...inputs };
  const { status, stdout, stderr } = spawnSync(
    "bash",
    ["--noprofile", "--norc", "-eo", "pipefail", "-c", verifying()],
    {
      cwd: folder,
      encoding: "utf8",
      env: { RECORDINGS: "", AGAINST: "", JUNIT: "", ...env },
    },
  );
  return { code: status, out: stdout, err: stderr };
}

test("the inputs that it declares are those that it hands on", () => {
  const declared = [...action.matchAll(/^ {2}(\w+):\n {4}description:/gm)].map(([, name]) => name);
  const used = [...action.matchAll(/\$\{\{ inputs\.(\w+) \}\}/g)].map(([, name]) => name);
  expect(used).toEqual(declared);
  expect(declared).toEqual(["recordings", "against", "junit"]);
  expect(action).toContain("npm ci && npm run build");
});

test("recordings one a line, blanks in a name, a pattern, a program, a report", () => {
  const { folder } = place();
  mkdirSync(path.join(folder, "my tests"));
  for (const [from, to] of [
    ["examples/hello/recording.jsonl", "my tests/a recording.jsonl"],
    ["examples/hello/recording.jsonl", "b.jsonl"],
    ["examples/hello/hello.keel", "hello.keel"],
    ["examples/moodbot/moodbot.keel", "other.keel"],
  ] as const)
    copyFileSync(path.join(root, from), path.join(folder, to));
  expect(run(folder, { RECORDINGS: "my tests\n*.jsonl\n" })).toEqual({
    code: 0,
    out:
      "✓ my tests/a recording.jsonl: 3 activations, 3 steps, identical\n" +
      "✓ b.jsonl: 3 activations, 3 steps, identical\n2 recordings: 2 identical, 0 not\n",
    err: "",
  });
  expect(existsSync(path.join(folder, "out.xml"))).toBe(false);
  expect(run(folder, { RECORDINGS: "b.jsonl", AGAINST: "hello.keel", JUNIT: "out.xml" }).code).toBe(0);
  expect(readFileSync(path.join(folder, "out.xml"), "utf8")).toContain('<testcase name="b.jsonl"');
  expect(run(folder, { RECORDINGS: "b.jsonl", AGAINST: "other.keel" })).toMatchObject({ code: 1, out: "" });
  expect(run(folder, { RECORDINGS: "none.jsonl" }).code).toBe(2);
  expect(run(folder, { RECORDINGS: "" }).code).toBe(2);
});
