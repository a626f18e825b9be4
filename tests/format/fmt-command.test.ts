// `keel fmt` as a command: what it writes, what it leaves alone, what it says, and its exit codes.

import { chmodSync, lstatSync, mkdirSync, readFileSync, readdirSync, statSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { expectComplaint, place, type Place } from "../cli/command.ts";

const ugly = "x=1\ny   =  2\n";
const neat = "x = 1\ny = 2\n";
const broken = "x = (1\n";

const read = ({ folder }: Place, name: string): string => readFileSync(path.join(folder, name), "utf8");

test("a file is rewritten, said so, and not touched again", async () => {
  const here = place();
  here.write("a.keel", ugly);
  expect(await here.keel(["fmt", "a.keel"])).toEqual({ code: 0, out: "✓ formatted a.keel\n", err: "" });
  expect(read(here, "a.keel")).toBe(neat);
  const before = statSync(path.join(here.folder, "a.keel"));
  expect(await here.keel(["fmt", "a.keel"])).toEqual({ code: 0, out: "", err: "" });
  expect(statSync(path.join(here.folder, "a.keel")).ino).toBe(before.ino);
  expect(readdirSync(here.folder)).toEqual(["a.keel"]);
});

test("folders, with a sum; a file with syntax errors is left as it is and fails the command", async () => {
  const here = place();
  here.write("one/a.keel", ugly);
  here.write("one/two/b.keel", neat);
  here.write("one/two/c.txt", ugly);
  here.write("one/two/d.keel", broken);
  const ended = await here.keel(["fmt", "one"]);
  expect(ended.code).toBe(1);
  expect(ended.out).toBe("✓ formatted one/a.keel\n");
  expect(ended.err).toContain("one/two/d.keel:1:5");
  expect(ended.err).toContain("✗ one/two/d.keel has syntax errors and is left as it is\n");
  expect(ended.err).toContain("3 files: 1 formatted, 1 as they were, 1 with syntax errors\n");
  expect([read(here, "one/a.keel"), read(here, "one/two/c.txt"), read(here, "one/two/d.keel")]).toEqual([
    neat,
    ugly,
    broken,
  ]);
});

test("--check writes nothing, lists what would change, and fails", async () => {
  const here = place();
  here.write("a.keel", ugly);
  here.write("b.keel", neat);
  const ended = await here.keel(["fmt", "--check", "a.keel", "b.keel"]);
  expect(ended).toEqual({ code: 1, out: "a.keel\n", err: "2 files: 1 not formatted, 1 formatted\n" });
  expect(read(here, "a.keel")).toBe(ugly);
  expect(await here.keel(["fmt", "--check", "b.keel"])).toEqual({ code: 0, out: "", err: "" });
});

test("--stdout prints, --stdin and - read", async () => {
  const here = place();
  here.write("a.keel", ugly);
  expect(await here.keel(["fmt", "--stdout", "a.keel"])).toEqual({ code: 0, out: neat, err: "" });
  expect(read(here, "a.keel")).toBe(ugly);
  expect(await here.keel(["fmt", "--stdin"], { input: ugly })).toEqual({ code: 0, out: neat, err: "" });
  expect(await here.keel(["fmt", "-"], { input: ugly })).toEqual({ code: 0, out: neat, err: "" });
  expect(await here.keel(["fmt", "--stdin", "--check"], { input: ugly })).toMatchObject({ code: 1, out: "<stdin>\n" });
  const wrong = await here.keel(["fmt", "--stdin"], { input: broken });
  expect(wrong).toMatchObject({ code: 1, out: "" });
});

test("the mode is kept, and a link stays a link", async () => {
  const here = place();
  const file = here.write("deep/a.keel", ugly);
  chmodSync(file, 0o640);
  symlinkSync("deep/a.keel", path.join(here.folder, "link.keel"));
  expect((await here.keel(["fmt", "link.keel"])).code).toBe(0);
  expect(read(here, "deep/a.keel")).toBe(neat);
  expect(statSync(file).mode & 0o777).toBe(0o640);
  expect(lstatSync(path.join(here.folder, "link.keel")).isSymbolicLink()).toBe(true);
  expect(readdirSync(path.join(here.folder, "deep"))).toEqual(["a.keel"]);
});

test("what may not be written is said, and the other files are done", async () => {
  const here = place();
  chmodSync(here.write("closed/a.keel", ugly), 0o444);
  chmodSync(path.join(here.folder, "closed"), 0o755);
  mkdirSync(path.join(here.folder, "open"));
  chmodSync(path.join(here.folder, "open"), 0o777);
  chmodSync(here.write("open/b.keel", ugly), 0o666);
  const ended = await here.keel(["fmt", "closed", "open", "--check"], { plain: true });
  expect(ended.out).toBe("closed/a.keel\nopen/b.keel\n");
  expectComplaint(
    await here.keel(["fmt", "closed/a.keel"], { plain: true }),
    2,
    "cannot write closed/a.keel",
    "help: ",
  );
  expect(read(here, "closed/a.keel")).toBe(ugly);
  expect(readdirSync(path.join(here.folder, "closed"))).toEqual(["a.keel"]);
});

test("mistakes in the command line", async () => {
  const here = place();
  expectComplaint(await here.keel(["fmt"]), 2, "no file is named", "help: ");
  expectComplaint(await here.keel(["fmt", "a.keel"]), 2, "a.keel", "there is no such file");
  expectComplaint(await here.keel(["fmt", "--stdin", "a.keel"]), 2, "--stdin takes no files");
  expectComplaint(await here.keel(["fmt", "--check", "--stdout", "a.keel"]), 2, "--check and --stdout");
  here.write("b.keel", Buffer.from('notify user "café"\n', "latin1"));
  expectComplaint(await here.keel(["fmt", "b.keel"]), 2, "is not UTF-8 text");
  expect((await here.keel(["fmt", "--help"])).out).toContain("keel fmt . --check");
});
