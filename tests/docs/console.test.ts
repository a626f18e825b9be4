// The commands that the language's pages show: each typed into a real shell, in a folder with the files of its page. What
// they print and how they end is what the page says.

import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandsIn, settled, shellIn, type Shell } from "./console.ts";
import { pagesIn, read } from "./documents.ts";

const bin = path.join(import.meta.dirname, "../../node_modules/.bin");
const pages = pagesIn("docs/language").filter((page) => commandsIn(read(page)).length > 0);

test("there are commands to type", () => {
  expect(pages).toContain("docs/language/tour.md");
  expect(existsSync(path.join(bin, "keel")), "the build links the command").toBe(true);
});

describe.each(pages)("%s", (page) => {
  let folder = "";
  let shell: Shell;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), "keel-docs-"));
    shell = shellIn(folder, bin);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  test.each(commandsIn(read(page)))("line $line: $typed", (command) => {
    const { printed, code } = shell.type(command);
    expect(settled(printed)).toBe(settled(command.printed));
    expect(code).toBe(command.code);
  });
});
