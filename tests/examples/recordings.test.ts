// Each example has a recording beside it, and does today what it did then. Where an example is changed on purpose,
// `node scripts/record-examples.mjs` records it again.

import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { followed } from "../support/recording.ts";

const examples = path.join(import.meta.dirname, "../../examples");
const names = readdirSync(examples, { withFileTypes: true }).flatMap((entry) =>
  entry.isDirectory() ? [entry.name] : [],
);
const programs = names.map((name) => {
  const [program = "", ...others] = readdirSync(path.join(examples, name)).filter((file) => file.endsWith(".keel"));
  return { name, program, isOne: program !== "" && others.length === 0 };
});

test("there are examples, each a program with a recording", () => {
  expect(names.length).toBeGreaterThanOrEqual(4);
  expect(programs.filter(({ isOne }) => !isOne)).toEqual([]);
  expect(names.filter((name) => !existsSync(path.join(examples, name, "recording.jsonl")))).toEqual([]);
});

test.each(programs)("$name does what it did", ({ name, program }) => {
  const file = path.join(examples, name, "recording.jsonl");
  expect(followed(file).rehearsal.findings, "with the program that was recorded").toEqual([]);
  const { rehearsal, differences } = followed(file, readFileSync(path.join(examples, name, program), "utf8"));
  expect(differences).toEqual([]);
  expect(rehearsal.steps).toBeGreaterThan(0);
  expect(readFileSync(file, "utf8")).toContain(`"directory\\":\\"/tmp/keel/${name}\\"`);
});
