// `keel build` and `keel run FILE.keelc`: the same program without the front end, and what is said of a file that is none.

import { readFileSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { sizeText } from "../../src/cli/build.ts";
import { compiled } from "../support/session.ts";
import { expectComplaint, place, type Place } from "../cli/command.ts";

const program = `type Mood = happy | sad

task greet(name: str) -> str {
  "Hello, {name}!"
}

mood = classify "what a day" as Mood fallback happy
notify user "{greet("Ann")} {mood}"
`;

async function built(at: Place, file = "examples/minimal.keel", text = program): Promise<string> {
  at.write(file, text);
  const { code, err } = await at.keel(["build", file]);
  expect({ code, err }).toEqual({ code: 0, err: "" });
  return path.join(at.folder, `${file}c`);
}

test("it says what it made, with the program's size", async () => {
  const at = place();
  at.write("examples/minimal.keel", program);
  const { out } = await at.keel(["build", "examples/minimal.keel"]);
  const size = sizeText(compiled(program).program);
  expect(out).toBe(`✓ Compiled examples/minimal.keel → examples/minimal.keelc (${size})\n`);
  expect(readdirSync(path.join(at.folder, "examples")).sort()).toEqual(["minimal.keel", "minimal.keelc"]);
});

test("operations are steps and terms, operands are not", () => {
  expect(sizeText(compiled("").program)).toBe("1 op, 1 function");
  expect(sizeText(compiled('notify user "hi"').program)).toBe("2 ops, 1 function");
  // Besides: the evaluation, the call, and in the task the addition.
  expect(sizeText(compiled('task f(n: int) -> int { n + 1 }\nnotify user "{f(1)}"').program)).toBe(
    "5 ops, 2 functions",
  );
});

test("a run of the compiled program is a run of the program", async () => {
  const at = place();
  await built(at);
  const hash = async (): Promise<unknown> => (await at.timeline())[0]?.["program"];
  const source = await at.keel(["run", "examples/minimal.keel"]);
  const first = await hash();
  const second = await at.keel(["run", "examples/minimal.keelc"]);
  expect(second).toEqual(source);
  expect(source.out).toContain("Hello, Ann! happy");
  expect(first).toMatch(/^[0-9a-f]{64}$/);
  expect(await hash()).toBe(first);
});

test("the same source gives the same bytes, wherever it lies", async () => {
  const [one, two] = [place(), place()];
  const first = readFileSync(await built(one));
  const second = readFileSync(await built(two, "elsewhere/minimal.keel"));
  expect(second.equals(first)).toBe(true);
});

test("an error names the place in the source, as seen from here", async () => {
  const at = place();
  await built(at, "sub/broken.keel", 'name = ask user "who?"\n');
  const { code, err, out } = await at.keel(["run", "sub/broken.keelc", "--no-input"]);
  expect(code).toBe(75);
  expect(err + out).toContain("who?");
  const document = JSON.parse(readFileSync(path.join(at.folder, "sub/broken.keelc"), "utf8")) as Document;
  expect(document.places.file).toBe("broken.keel");
});

test("-o names the output; the source is never written over", async () => {
  const at = place();
  at.write("main.keel", program);
  const { out } = await at.keel(["build", "main.keel", "-o", "out/program.keelc"]);
  expect(out).toContain("✓ Compiled main.keel → out/program.keelc (");
  expect((await at.keel(["run", "out/program.keelc"])).out).toContain("Hello, Ann!");
  expectComplaint(await at.keel(["build", "main.keel", "-o", "./main.keel"]), 2, "is the program itself");
  expectComplaint(await at.keel(["build", "main.keel", "-o", "out"]), 2, "cannot write out");
  expectComplaint(await at.keel(["build", "out/program.keelc"]), 2, "is compiled already");
  expect(readdirSync(path.join(at.folder, "out"))).toEqual(["program.keelc"]);
  expect(readFileSync(path.join(at.folder, "main.keel"), "utf8")).toBe(program);
});

test("a program with errors is not built", async () => {
  const at = place();
  at.write("main.keel", 'notify user "{nmae}"\n');
  const { code, err } = await at.keel(["build", "main.keel"]);
  expect(code).toBe(1);
  expect(err).toContain("Unknown name 'nmae'");
  expect(readdirSync(at.folder)).toEqual(["main.keel"]);
});

interface Document {
  readonly keelc: number;
  readonly program: { readonly semantics: number; readonly main: string };
  readonly places: { readonly file: string };
}

const spoilt: readonly (readonly [string, (text: string) => string, string])[] = [
  ["an empty file", () => "", "is no compiled Keel program"],
  ["a half of it", (text) => text.slice(0, text.length / 2), "is no compiled Keel program"],
  ["other JSON", () => "[1]", "is no compiled Keel program"],
  [
    "a part missing",
    (text) => JSON.stringify({ ...(JSON.parse(text) as object), places: null }),
    "a part of it is missing",
  ],
  ["a changed program", (text) => text.replace("Hello, ", "Hullo, "), "not the one that was compiled"],
  ["a newer format", (text) => text.replace('"keelc":1', '"keelc":2'), "newer Keel (format 2)"],
  ["newer semantics", (text) => text.replace('"semantics":1', '"semantics":9'), "newer Keel (semantics 9)"],
];

test.each(spoilt)("%s is refused", async (_, spoil, message) => {
  const at = place();
  const file = await built(at, "main.keel");
  const text = readFileSync(file, "utf8");
  const changed = spoil(text);
  expect(changed).not.toBe(text);
  writeFileSync(file, changed);
  expectComplaint(await at.keel(["run", "main.keelc"]), 2, "main.keelc", message, "build it again");
});
