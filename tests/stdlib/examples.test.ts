// The examples in the comments of the standard library say what is so: each `##     EXPRESSION  # VALUE` is compiled and
// run, and the text of the expression is the value (a value in quotes is a text). Every built-in has an example.

import { readFileSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { type ExternDeclaration } from "../../src/parser/ast.ts";
import { parse } from "../../src/parser/parse.ts";
import { Source } from "../../src/source/text.ts";
import { runProgram } from "../support/run-program.ts";

/** Built-ins without an example, and why. */
const withoutExample: { readonly [name: string]: string } = {
  "Response.json": "only `fetch` gives a Response, and examples reach no network",
};

const folder = path.join(import.meta.dirname, "../../stdlib");
const files = readdirSync(folder).filter((name) => name.endsWith(".keel"));

interface Example {
  /** Of the file, from 1. */
  readonly line: number;
  readonly expression: string;
  readonly value: string;
}

for (const file of files) {
  const text = readFileSync(path.join(folder, file), "utf8");
  const { lines, odd } = read(text);

  describe(`stdlib/${file}`, () => {
    test("its examples are written as examples are", () => expect(odd).toEqual([]));

    test("its examples are true", async () => {
      const given = await valuesOf(lines);
      const shown = (value: (index: number) => string | undefined): string[] =>
        lines.map(({ line, expression }, index) => `${line}: ${expression}  # ${value(index)}`);
      expect(shown((index) => given[index])).toEqual(shown((index) => plain(lines[index]?.value ?? "")));
    });

    test("each of its built-ins has an example, or a reason to have none", () => {
      const externs = parse(new Source(file, text)).program.items.filter((item) => item.kind === "ExternDeclaration");
      const silent = externs.filter(({ doc }) => !/^ {2,}\S/m.test(doc ?? "")).map(nameOf);
      expect(silent).toEqual(externs.map(nameOf).filter((name) => name in withoutExample));
    });
  });
}

test("the built-ins without an example exist", () => {
  const names = stdlib.program.items.flatMap((item) => (item.kind === "ExternDeclaration" ? [nameOf(item)] : []));
  expect(names).toEqual(expect.arrayContaining(Object.keys(withoutExample)));
});

/** The examples of a file, and its indented lines of comments that are none. */
function read(text: string): { readonly lines: readonly Example[]; readonly odd: readonly string[] } {
  const lines: Example[] = [];
  const odd: string[] = [];
  text.split("\n").forEach((written, index) => {
    if (!/^## {2,}/.test(written)) return;
    const [, expression, value] = /^## {5}(\S.*?) {2}# (\S.*)$/.exec(written) ?? [];
    if (expression === undefined || value === undefined) odd.push(`${index + 1}: ${written}`);
    else lines.push({ line: index + 1, expression, value });
  });
  return { lines, odd };
}

/** What the expressions give, in one program. */
async function valuesOf(examples: readonly Example[]): Promise<readonly string[]> {
  const bound = examples.map(({ expression }, index) => `x${index} = ${expression}\n`);
  const told = examples.map((_, index) => `notify user "{x${index}}"\n`);
  const source = new Source("examples.keel", [...bound, ...told].join(""));
  const { program, places, diagnostics } = compile(source, stdlib);
  const wrong = diagnostics.map(({ span, code, message }) => {
    const example = examples[source.position(span.start).line - 1];
    return `${example?.line}: ${example?.expression}: ${code} ${message}`;
  });
  expect(wrong).toEqual([]);
  if (program === undefined || places === undefined) expect.fail("the examples do not compile");
  const { lines, failure } = await runProgram(program, { places });
  expect(failure).toBeUndefined();
  return lines.map((line) => line.replace(/^ {2}▸ /, ""));
}

function plain(value: string): string {
  return value.startsWith('"') ? (JSON.parse(value) as string) : value;
}

function nameOf({ owner, name }: ExternDeclaration): string {
  return owner === undefined ? name.text : `${owner.name.text}.${name.text}`;
}
