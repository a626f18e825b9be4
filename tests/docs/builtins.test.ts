// The page of the built-ins is what its script makes of stdlib/, and has every declaration of it.

import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, test } from "vitest";
import { stdlib } from "../../src/generated/stdlib.ts";
import { read } from "./documents.ts";

const root = path.join(import.meta.dirname, "../..");
const page = read("docs/language/builtins.md");

test("it is made of the library as it is", () => {
  const { stdout, status } = spawnSync(process.execPath, ["scripts/builtins-page.mjs"], {
    cwd: root,
    encoding: "utf8",
  });
  expect(status).toBe(0);
  expect(stdout, "run: node scripts/builtins-page.mjs > docs/language/builtins.md").toBe(page);
});

test("nothing is left out", () => {
  const missing = stdlib.program.items.filter((item) => {
    if (item.kind === "TypeDeclaration") return !page.includes(`\ntype ${item.name.text} `);
    if (item.kind !== "ExternDeclaration") return true;
    const { owner, name } = item;
    return !new RegExp(
      `^- \`${owner === undefined ? "" : `${owner.name.text}(\\[.*?\\])?\\.`}${name.text}[[(:]`,
      "m",
    ).test(page);
  });
  expect(missing).toEqual([]);
  const kinds = stdlib.kinds.map((kind) => kind.name.text);
  expect(kinds.length).toBeGreaterThan(0);
  const titles = [...page.matchAll(/^### (\w+)$/gm)].map(([, title]) => title);
  expect(titles).toEqual(kinds.toSorted());
});
