// `keel check` and `keel explain` as a person calls them.

import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { areas } from "../../src/cli/explain.ts";
import { catalogue } from "../../src/source/codes.ts";
import { type Command, command } from "./command.ts";

const docs = path.join(import.meta.dirname, "../../docs");
const good = 'notify user "hello"\n';
const wrong = "x = missing\n";
const warned = 'x = "a" ?? "b"\n';

let keel: Command;
beforeAll(async () => {
  keel = await command();
  keel.write({
    "good.keel": good,
    "wrong.keel": wrong,
    "warned.keel": warned,
    "empty.keel": "",
    "deep/a.keel": good,
    "deep/in/b.keel": wrong,
    "deep/in/notes.txt": "x = missing",
    "deep/node_modules/c.keel": wrong,
    "deep/.git/d.keel": wrong,
    "deep/.keel/e.keel": wrong,
    "nothing/here.txt": "",
    "odd[1].keel": good,
    "star*.keel": warned,
    "bytes.keel": Buffer.from([0x78, 0xff, 0x0a]),
  });
});
afterAll(() => keel.remove());

const lines = (text: string): string[] => text.split("\n").filter((line) => line !== "");
const valid = (...names: string[]): string => names.map((name) => `✓ ${name} is valid\n`).join("");

interface Document {
  readonly version: number;
  readonly files: readonly { file: string; valid: boolean; problem?: string; diagnostics: { code: string }[] }[];
}
const document = (text: string): Document => JSON.parse(text) as Document;

describe("keel check", () => {
  test("says of one program that it is valid, and no more", () => {
    expect(keel.run(["check", "good.keel"])).toEqual({ code: 0, out: valid("good.keel"), err: "" });
  });

  test("shows what is wrong, and says nothing on the standard output", () => {
    const { code, out, err } = keel.run(["check", "wrong.keel"]);
    expect({ code, out }).toEqual({ code: 1, out: "" });
    expect(lines(err).slice(0, 2)).toEqual(["  × Name error K1001", "   ╭─[wrong.keel:1:5]"]);
  });

  test("says the same again of an unchanged file", () => {
    expect(keel.run(["check", "wrong.keel"])).toEqual(keel.run(["check", "wrong.keel"]));
  });

  test("a warning does not hide that a program is valid, unless it is denied", () => {
    const { code, out, err } = keel.run(["check", "warned.keel"]);
    expect({ code, out }).toEqual({ code: 0, out: valid("warned.keel") });
    expect(err).toContain("⚠ Warning K2101");
    const denied = keel.run(["check", "warned.keel", "--deny", "warnings"]);
    expect({ code: denied.code, out: denied.out }).toEqual({ code: 1, out: "" });
    expect(lines(denied.err).at(-1)).toBe("✗ warned.keel has 1 warning");
    expect(keel.run(["check", "good.keel", "--deny", "warnings"]).code).toBe(0);
    expect(keel.run(["check", "good.keel", "--deny", "errors"]).code).toBe(2);
  });

  test("takes several files, and sums up", () => {
    const { code, out } = keel.run(["check", "good.keel", "wrong.keel", "warned.keel"]);
    expect({ code, out }).toEqual({
      code: 1,
      out: `${valid("good.keel", "warned.keel")}3 files: 2 valid, 1 not (1 error, 1 warning)\n`,
    });
  });

  test("takes a file once, however it is named", () => {
    expect(keel.run(["check", "good.keel", "./good.keel", "good.keel"]).out).toBe(valid("good.keel"));
  });

  test("goes through a folder, but not through what nobody wrote", () => {
    const { code, out } = keel.run(["check", "deep"]);
    expect({ code, out }).toEqual({
      code: 1,
      out: `${valid("deep/a.keel")}2 files: 1 valid, 1 not (1 error, 0 warnings)\n`,
    });
  });

  test("goes on where a file cannot be read", () => {
    const { code, out, err } = keel.run(["check", "gone.keel", "good.keel", "bytes.keel"]);
    expect({ code, out }).toEqual({
      code: 2,
      out: `${valid("good.keel")}3 files: 1 valid, 2 unreadable (0 errors, 0 warnings)\n`,
    });
    expect(err).toContain("✗ cannot read gone.keel: there is no such file\n");
    expect(err).toContain("✗ bytes.keel is not UTF-8 text\n");
  });

  test("refuses a folder without programs, and a pattern that matches none", () => {
    expect(keel.run(["check", "nothing"])).toEqual({
      code: 2,
      out: "",
      err: "✗ there is no .keel file in nothing\n  help: name a file or another folder\n",
    });
    expect(keel.run(["check", "no*.keel"]).code).toBe(2);
    expect(keel.run(["check", "no/**/x.keel"]).code).toBe(2);
  });

  const matched = (...patterns: string[]): string[] =>
    document(keel.run(["check", "--json", ...patterns]).out).files.map(({ file }) => file);

  test("takes patterns", () => {
    expect(matched("d*p/*.keel")).toEqual(["deep/a.keel"]);
    expect(matched("**/?.keel")).toEqual(["deep/a.keel", "deep/in/b.keel"]);
    expect(matched("deep/**")).toEqual(["deep/a.keel", "deep/in/b.keel"]);
    expect(matched("deep/*")).toEqual(["deep/a.keel", "deep/in/b.keel"]);
    expect(matched("deep/**/in/*")).toEqual(["deep/in/b.keel"]);
    expect(matched(`${keel.folder}/w*.keel`)).toEqual([`${keel.folder}/warned.keel`, `${keel.folder}/wrong.keel`]);
  });

  test("a file of that very name is no pattern", () => {
    expect(matched("star*.keel")).toEqual(["star*.keel"]);
    expect(matched("odd[1].keel")).toEqual(["odd[1].keel"]);
  });

  test("reads the standard input", () => {
    expect(keel.run(["check", "-"], good)).toEqual({ code: 0, out: valid("<stdin>"), err: "" });
    const { code, err } = keel.run(["check", "-"], wrong);
    expect(code).toBe(1);
    expect(err).toContain("[<stdin>:1:5]");
  });

  test("--json is the document that its page shows", () => {
    const page = readFileSync(path.join(docs, "cli/check.md"), "utf8");
    const block = (language: string): string =>
      new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, "ms").exec(page)?.[1] ?? "";
    keel.write({ "main.keel": block("keel") });
    const { code, out, err } = keel.run(["check", "main.keel", "--json"]);
    expect({ code, err }).toEqual({ code: 1, err: "" });
    expect(JSON.parse(out)).toEqual(JSON.parse(block("json")));
  });

  test("--json names every file, and tells errors from warnings by the exit code too", () => {
    const { code, out } = keel.run(["check", "--json", "good.keel", "warned.keel"]);
    expect(code).toBe(0);
    expect(document(out)).toMatchObject({
      version: 1,
      files: [
        { file: "good.keel", valid: true, diagnostics: [] },
        { file: "warned.keel", valid: true, diagnostics: [{ code: "K2101", severity: "warning" }] },
      ],
    });
    expect(keel.run(["check", "--json", "--deny", "warnings", "warned.keel"]).code).toBe(1);
    const gone = keel.run(["check", "--json", "gone.keel"]);
    expect(gone.code).toBe(2);
    expect(document(gone.out).files).toEqual([
      { file: "gone.keel", valid: false, problem: "cannot read gone.keel: there is no such file", diagnostics: [] },
    ]);
  });

  test("the help names `keel explain`", () => {
    expect(keel.run(["check", "--help"]).out).toContain("keel explain");
  });
});

describe("keel explain", () => {
  test("prints the page, however the code is written", () => {
    const { code, out, err } = keel.run(["explain", "K3001"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(lines(out)[0]).toBe("K3001: A `when` does not cover every value");
    expect(out).toContain('      medium => "yellow"\n');
    expect(out).not.toMatch(/```|^#+ /m);
    expect(
      Math.max(
        ...lines(out)
          .filter((line) => !line.startsWith("    "))
          .map((line) => line.length),
      ),
    ).toBeLessThan(81);
    for (const word of ["k3001", "3001"]) expect(keel.run(["explain", word]).out).toBe(out);
  });

  test("asks what was meant", () => {
    const { code, out, err } = keel.run(["explain", "K3010"]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toMatch(
      /^✗ there is no diagnostic K3010\n {2}help: did you mean K3001 \(A `when` .*\)\? `keel explain` lists/,
    );
    expect(keel.run(["explain", "bananas"]).err).toBe(
      "✗ there is no diagnostic bananas\n  help: `keel explain` lists them all\n",
    );
  });

  test("lists all codes under their areas", () => {
    const { code, out } = keel.run(["explain"]);
    expect(code).toBe(0);
    expect([...out.matchAll(/^ {2}(K\d{4}) +(error|warning) +\S/gm)].map((match) => match[1])).toEqual(
      Object.keys(catalogue).toSorted(),
    );
    const headings = readFileSync(path.join(docs, "errors/README.md"), "utf8").matchAll(/^## (.*)$/gm);
    expect(Object.values(areas)).toEqual([...headings].map((match) => match[1]));
    for (const area of Object.values(areas)) expect(lines(out)).toContain(area);
  });

  test("--json", () => {
    const one = JSON.parse(keel.run(["explain", "k1001", "--json"]).out) as { page: string };
    expect(one).toMatchObject({
      version: 1,
      code: "K1001",
      severity: "error",
      title: "An unknown name",
      message: "Unknown name '{name}'",
    });
    expect(one.page).toBe(readFileSync(path.join(docs, "errors/K1001.md"), "utf8"));
    const all = JSON.parse(keel.run(["explain", "--json"]).out) as { codes: { code: string }[] };
    expect(all.codes.map(({ code }) => code)).toEqual(Object.keys(catalogue).toSorted());
  });
});
