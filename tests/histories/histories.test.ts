// Recordings that released versions made: each must be followed byte for byte by every version that comes after.

import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { followed } from "../support/recording.ts";

const folder = import.meta.dirname;
const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".jsonl"));
const { version } = JSON.parse(readFileSync(path.join(folder, "../../package.json"), "utf8")) as { version: string };

test("this release has some", () => {
  expect(files.filter((name) => path.dirname(name) === version).length).toBeGreaterThanOrEqual(10);
});

test.each(files)("%s", (name) => {
  const { rehearsal, run } = followed(path.join(folder, name));
  expect(rehearsal.findings).toEqual([]);
  expect(run).toMatch(/^r[0-9a-f]{8}$/);
  expect(rehearsal.steps).toBeGreaterThan(0);
});

test.each(files)("%s names no place of the machine that made it", (name) => {
  const [directory] = /"directory\\":\\"([^"]*)\\"/.exec(readFileSync(path.join(folder, name), "utf8"))?.slice(1) ?? [];
  expect(directory).toMatch(/^\/tmp\/keel(\/mailbox)?$/);
});
