// The pages of the diagnostics: each is one of the catalogue, says what the catalogue says, shows a program that has
// the diagnostic and no other, and a cure that has none. What is said of journals has no program; tests/cli/audit.test.ts
// makes each of those.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { errorPages } from "../../src/generated/errors.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { type Code, type CodeEntry, catalogue } from "../../src/source/codes.ts";
import { Source } from "../../src/source/text.ts";
import { type LangCase, readPage } from "../support/lang-page.ts";

const folder = path.join(import.meta.dirname, "../../docs/errors");
const read = (name: string): string => readFileSync(path.join(folder, name), "utf8");
const codes = Object.keys(catalogue) as Code[];
const pages = readdirSync(folder).filter((name) => name !== "README.md");

/** Whether it is about a program's text. */
const isOfText = (code: Code): boolean => code.charAt(1) < "5";

const flags = Array.from({ length: 28 }, (_, index) => `f${index}`);

/** What is too large for a page: its program is made here, and the page shows how it looks. */
const made: { readonly [C in Code]?: () => string } = {
  K0010: () => `x = ${"(".repeat(200)}1${")".repeat(200)}`,
  K0022: () => "x = )\n".repeat(30),
  K0024: () => `x = "${"a".repeat(5 * 1024 * 1024)}"`,
  K3006: () => tooLarge(""),
};

const tooLarge = (last: string): string =>
  `type Flags { ${flags.map((flag) => `${flag}: bool`).join(", ")} }\n` +
  `task t(flags: Flags) -> int {\n  when flags {\n` +
  flags.map((flag, index) => `    {${flag}: true, ${flags.at(index - 14)}: ${index > 13}} => 1\n`).join("") +
  `    ${last}\n  }\n}`;

test("every code has a page, and every page a code", () => {
  expect(pages.toSorted()).toEqual(codes.map((code) => `${code}.md`).toSorted());
});

test("the list has every page under its area, with its title", () => {
  const list = read("README.md");
  const areas = list.split(/^## /m).slice(1);
  expect(areas.length).toBe(new Set(codes.map((code) => code.charAt(1))).size);
  const lines = areas.map((area) => area.split("\n").filter((line) => line.startsWith("- ")));
  const expected = codes.toSorted().map((code) => {
    const warning = catalogue[code].severity === "warning" ? " (warning)" : "";
    return `- [${code}](${code}.md): ${titleOf(read(`${code}.md`))}${warning}`;
  });
  expect(lines.flat()).toEqual(expected);
  for (const area of lines) expect(new Set(area.map((line) => line.charAt(4))).size).toBe(1);
});

test("the bundle holds the pages as they are", () => {
  expect(errorPages).toEqual(Object.fromEntries(codes.map((code) => [code, read(`${code}.md`)])));
});

test("`_` cures a `when` that is too large", () => {
  expect(compile(new Source("main.keel", tooLarge("_ => 2")), stdlib).diagnostics).toEqual([]);
});

describe.each(codes.filter((code) => pages.includes(`${code}.md`)))("%s", (code) => {
  const entry: CodeEntry = catalogue[code];
  const text = read(`${code}.md`);
  const cases = readPage(text);
  const cures = cases.filter(({ name }) => name.endsWith("› Cure"));
  const failing = cases.filter((each) => !cures.includes(each));

  test("has the parts of a page", () => {
    expect(text.split("\n").slice(1, 4)).toEqual(["", `> ${entry.severity}: ${entry.message}`, ""]);
    expect(titleOf(text)).not.toBe("");
    expect(
      text
        .split("\n")
        .filter((line) => line.startsWith("#") && !line.startsWith("# ^ "))
        .slice(1),
    ).toEqual(["## For example", "## Cure"]);
    if (!isOfText(code)) return expect(cases).toEqual([]);
    expect(cures.length).toBeGreaterThan(0);
    if (made[code] === undefined) expect(failing.length).toBeGreaterThan(0);
  });

  test.each(failing)("the example on line $line has it and nothing else", (each) => {
    expect(each.expectations.length).toBeGreaterThan(0);
    expect(new Set(each.expectations.map((expected) => expected.code))).toEqual(new Set([code]));
    expect(said(each)).toEqual(each.expectations);
  });

  test.each(cures)("the cure on line $line has nothing", (each) => {
    expect(each.expectations).toEqual([]);
    expect(said(each)).toEqual([]);
  });
});

test.each(Object.entries(made))("a program made for %s has it", (code, make) => {
  const { diagnostics } = compile(new Source("main.keel", make()), stdlib);
  expect(diagnostics.map((each) => each.code)).toContain(code);
});

function titleOf(page: string): string {
  return /^# K\d{4}: (.+)$/m.exec(page)?.[1] ?? "";
}

/** What is said of a program, each message shortened to the expected part. */
function said({ program, load, expectations }: LangCase): object[] {
  const source = new Source("main.keel", program);
  return compile(source, stdlib, load).diagnostics.map(({ severity, code, message, span }) => {
    const { line } = source.position(span.start);
    const wanted = expectations.find((each) => each.line === line && each.code === code && message.includes(each.text));
    return { severity, code, text: wanted?.text ?? message, line };
  });
}
