// Every promise names the test that holds it: a test of that name is in the file that is linked.

import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";

const page = path.join(import.meta.dirname, "../../docs/guarantees.md");
const text = readFileSync(page, "utf8");
const promises = text.slice(0, text.indexOf("## What is not promised"));
const links = [...promises.matchAll(/\[([^\]]+)\]\((\.\.\/tests\/[^)]+)\)/g)].map(([, name = "", file = ""]) => ({
  name: name.replaceAll(/\s+/g, " "),
  file: path.resolve(path.dirname(page), file),
}));

test("there are promises, and each sentence has its test", () => {
  expect(links.length).toBeGreaterThan(15);
  expect(promises.match(/^- /gm)).toHaveLength(links.length);
});

test.each(links)("$name", ({ name, file }) => {
  expect(readFileSync(file, "utf8").replaceAll(/\s+/g, " ")).toContain(name);
});
