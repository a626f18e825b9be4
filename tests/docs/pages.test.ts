// The programs of the documentation, each checked and, where the page says what it prints, run. Those of docs/errors/
// have tests of their own, tests/errors/pages.test.ts; what is typed into a shell has console.test.ts.

import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { format } from "../../src/parser/format.ts";
import { parse } from "../../src/parser/parse.ts";
import { Source } from "../../src/source/text.ts";
import { loadFrom } from "../support/lang-page.ts";
import { describePage } from "../support/page-suite.ts";
import { commandsIn } from "./console.ts";
import { fences, fileOf, pagesIn, read, type Fence } from "./documents.ts";

const errorPage = /^docs\/errors\/K\d{4}\.md$/;
const documents = [...pagesIn("docs").filter((page) => !errorPage.test(page)), "README.md", "CHANGELOG.md"];
const isProgram = ({ info }: Fence): boolean => /\bkeel\b/.test(info);
const withPrograms = documents.filter((page) => fences(read(page)).some(isProgram));

test("there are pages with programs", () => expect(withPrograms.length).toBeGreaterThan(10));

for (const page of withPrograms) {
  if (fences(read(page)).some(({ info }) => info === "keel")) describePage(page);

  test(`${page}: every program is written so that it is found`, () => {
    const infos = fences(read(page)).map(({ info }) => info);
    expect(infos.filter((info) => /keel/.test(info) && !/^keel( file=\S+\.keel)?$/.test(info))).toEqual([]);
  });
}

describe("files of a page", () => {
  for (const page of withPrograms) {
    const commands = commandsIn(read(page));
    const files = fences(read(page)).flatMap((fence) => fileOf(fence) ?? []);
    for (const { name, text } of files.filter((file) => file.name.endsWith(".keel"))) {
      if (commands.some(({ typed }) => typed.includes(name))) continue;
      test(`${page}: ${name} is valid, or a command shows what is wrong with it`, () => {
        const others = new Map(files.map((file) => [file.name, file.text]));
        const { diagnostics } = compile(new Source(name, text), stdlib, loadFrom(others));
        expect(diagnostics.map(({ message }) => message)).toEqual([]);
      });
    }
  }
});

/** The reference shows programs as `keel fmt` writes them; those with syntax errors it leaves alone. */
describe("the style", () => {
  const written = withPrograms.filter((page) => page.startsWith("docs/language/"));
  test.each(written)("%s", (page) => {
    for (const { body, line } of fences(read(page)).filter(isProgram)) {
      const text = body.join("\n") + "\n";
      if (parse(new Source("main.keel", text)).diagnostics.length > 0) continue;
      expect(format(new Source("main.keel", text)).text, `line ${line}`).toBe(text);
    }
  });
});
