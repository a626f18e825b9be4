// What a person may give the command line by mistake. Each mistake has its message and its exit code, and leaves
// nothing behind: where no run begins, no store is made.

import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { expectComplaint, place, type Place } from "./command.ts";

const hello = `notify user "hello"\n`;

/** What lies in a place beside what the test put there. */
function leftBehind({ folder }: Place, ...own: readonly string[]): readonly string[] {
  return readdirSync(folder).filter((name) => !own.includes(name));
}

test.each<[string, string | Uint8Array | undefined, string]>([
  ["a missing file", undefined, "there is no such file"],
  ["a binary file", Uint8Array.from({ length: 4096 }, (_, index) => (index * 7) % 256), "is not a text file"],
  ["a text with a NUL", 'notify user "a\0b"\n', "is not a text file"],
  ["another encoding", Buffer.from('notify user "café"\n', "latin1"), "is not UTF-8 text"],
  ["a cut-off character", Buffer.from('notify user "é"').subarray(0, 14), "is not UTF-8 text"],
])("check and run of %s", async (_, content, message) => {
  const here = place();
  if (content !== undefined) here.write("a.keel", content);
  expectComplaint(await here.keel(["check", "a.keel"]), 2, "a.keel", message, "help: ");
  expectComplaint(await here.keel(["run", "a.keel"]), 2, "a.keel", message, "help: ");
  expect(leftBehind(here, "a.keel")).toEqual([]);
});

test("check and run of a directory, of a path through a file, of links in a circle", async () => {
  const here = place();
  mkdirSync(path.join(here.folder, "a.keel"));
  here.write("file", "");
  symlinkSync("loop", path.join(here.folder, "loop"));
  expectComplaint(await here.keel(["run", "a.keel"]), 2, "is a directory", "help: name a .keel file in it");
  expectComplaint(await here.keel(["check", "a.keel"]), 2, "there is no .keel file in a.keel");
  for (const command of ["check", "run"]) {
    expectComplaint(await here.keel([command, "file/a.keel"]), 2, "a part of the path is no folder");
    expectComplaint(await here.keel([command, "loop"]), 2, "too many symbolic links");
  }
});

test.each([
  ["an empty file", ""],
  ["a file of blanks", " \n\t\n"],
  ["a file of comments", "# one\n  # two\n"],
])("%s is valid, runs, and is said to hold nothing", async (_, text) => {
  const here = place();
  here.write("a.keel", text);
  const checked = await here.keel(["check", "a.keel"]);
  expect(checked).toEqual({ code: 0, out: "✓ a.keel is valid\n", err: "⚠ a.keel holds nothing to run\n" });
  expect(await here.keel(["run", "a.keel"])).toMatchObject({ code: 0, out: "" });
});

test("a byte order mark and other line ends are no mistakes", async () => {
  const here = place();
  here.write("a.keel", `\uFEFFnotify user "one"\r\nnotify user "two"\r\n`);
  expect(await here.keel(["run", "a.keel"])).toMatchObject({ code: 0, out: "  ▸ one\n  ▸ two\n" });
});

test("10 MB of `{`: one error, at once", async () => {
  const here = place();
  here.write("a.keel", "{".repeat(10_000_000));
  for (const command of ["check", "run"]) {
    const ended = await here.keel([command, "a.keel"]);
    expect(ended.code).toBe(1);
    expect(ended.err).toContain("This is nested too deeply");
    expect(ended.err.length).toBeLessThan(2_000);
  }
  expect(leftBehind(here, "a.keel")).toEqual([]);
});

test("errors of every kind in one file: all are reported, in the order of the source", async () => {
  const here = place();
  const lines = [
    `type Mood = happy | sad`,
    `notify user "an escape \\q"`,
    `x = 1 +`,
    `y = 3abc`,
    `notify user unknown_name`,
    `task greet(name: str) -> str { "hi {name}" }`,
    `greet(42)`,
    `m: Mood = happy`,
    `when m { happy => notify user "h" }`,
    `z: int = "text"`,
    `n: str? = none`,
    `notify user n.length`,
    `agent A { rolle "r" }`,
    `run B`,
    `notify user "never closed`,
    `a = [1, 2`,
  ];
  here.write("a.keel", lines.join("\n"));
  const { code, err } = await here.keel(["check", "a.keel"]);
  expect(code).toBe(1);
  const found = [...err.matchAll(/\[a\.keel:(\d+):\d+\]/g)].map(([, line]) => Number(line));
  expect(found).toEqual([...found].sort((a, b) => a - b));
  for (const wrong of [2, 3, 4, 5, 7, 9, 10, 12, 13, 14, 15, 16]) expect(found, err).toContain(wrong);
  for (const kind of ["Syntax error K0", "Name error K1", "Type error K2", "Type error K3"])
    expect(err).toContain(kind);
  expect((await here.keel(["run", "a.keel"])).err).toBe(err);
  expect(leftBehind(here, "a.keel")).toEqual([]);
});

const wrongLines: readonly (readonly [readonly string[], string])[] = [
  [["frobnicate"], "unknown command 'frobnicate'"],
  [["rnu", "a.keel"], "help: did you mean run?"],
  [["run"], "missing required argument 'file'"],
  [["run", "--mock", "a.keel"], "help: --mock takes a.keel as its replies"],
  [["run", "a.keel", "b.keel"], "too many arguments"],
  [["run", "a.keel", "--tick", "3"], "help: did you mean --ticks?"],
  [["run", "a.keel", "--ticks", "0"], "It takes a whole number from 1 up"],
  [["run", "a.keel", "--ticks", "1.5"], "It takes a whole number from 1 up"],
  [["run", "a.keel", "--ticks", "many"], "It takes a whole number from 1 up"],
  [["run", "a.keel", "--ticks"], "argument missing"],
  [["ls", "x"], "too many arguments"],
  [["answer", "r"], "missing required argument"],
  [["answer", "r", "two", "words", "more"], "put it in quotes"],
  [["resolve", "r", "s"], "one of --done, --retry, --fail"],
  [["resolve", "r", "s", "--done", "--fail"], "one of --done, --retry, --fail"],
  [["--nope"], "unknown option '--nope'"],
];

test.each(wrongLines)("keel %j", async (args, message) => {
  const here = place();
  here.write("a.keel", hello);
  expectComplaint(await here.keel(args), 2, message);
  expect(leftBehind(here, "a.keel")).toEqual([]);
});

const broken: readonly (readonly [option: "--mock" | "--answers", name: string, text: string, message: string])[] = [
  ["--mock", "half", "{", "it is not JSON"],
  ["--mock", "empty", "", "it is not JSON"],
  ["--mock", "list", "[]", "it has to be an object"],
  ["--mock", "number", `{"replies": 5}`, "`replies` has to be a list"],
  ["--mock", "strange", `{"replies": [{"x": 1}]}`, "unknown key `x`"],
  ["--mock", "binary", "\0", "is not a text file"],
  ["--answers", "half", "[", "it is not JSON"],
  ["--answers", "object", "{}", "an array of {question, answer}"],
  ["--answers", "strange", `[{"question": 1}]`, "answer 1: expected"],
];

test.each(broken)("%s with a broken file: %s", async (option, name, text, message) => {
  const here = place();
  here.write("a.keel", hello);
  here.write(name, text);
  expectComplaint(await here.keel(["run", "a.keel", option, name]), 2, name, message);
  expect(leftBehind(here, "a.keel", name)).toEqual([]);
});

test("--mock and --answers with no file and with a directory", async () => {
  const here = place();
  here.write("a.keel", hello);
  for (const option of ["--mock", "--answers"]) {
    expectComplaint(await here.keel(["run", "a.keel", option, "none"]), 2, "there is no such file");
    expectComplaint(await here.keel(["run", "a.keel", option, "."]), 2, "is a directory");
  }
});

const reading = `connect email via maildir { path: "box" }
for mail in fetch email where unread { notify user mail.subject }
`;

test.each([
  ["", "is not of the form NAME=KIND:PATH"],
  ["email", "is not of the form NAME=KIND:PATH"],
  ["email=maildir", "is not of the form NAME=KIND:PATH"],
  ["email=maildir:", "is not of the form NAME=KIND:PATH"],
  ["=maildir:box", "is not of the form NAME=KIND:PATH"],
  ["e mail=maildir:box", "is not of the form NAME=KIND:PATH"],
  ["email=imap:box", "a path does not describe a connection of kind imap"],
  ["email=pigeon:box", "there is no connection kind pigeon"],
  ["post=maildir:box", "the program uses no connection post"],
])("--connect '%s'", async (value, message) => {
  const here = place();
  here.write("a.keel", reading);
  expectComplaint(await here.keel(["run", "a.keel", "--connect", value]), 2, message, "help: ");
  expect(existsSync(here.data)).toBe(false);
});

test("--connect names a connection twice", async () => {
  const here = place();
  here.write("a.keel", reading);
  const args = ["run", "a.keel", "--connect", "email=maildir:one", "--connect", "email=maildir:two"];
  expectComplaint(await here.keel(args), 2, "names email twice");
});

const maildir = ["cur", "new", "tmp"];

test.each<[string, (box: string, here: Place) => void, string]>([
  ["is missing", () => undefined, "there is no folder"],
  ["is a file", (_, here) => void here.write("box", ""), "is a file and not a Maildir"],
  [
    "is a folder of another kind",
    (box) => mkdirSync(path.join(box, "inbox"), { recursive: true }),
    "it has no folder cur",
  ],
  ["is a link to nowhere", (box) => symlinkSync("nowhere", box), "there is no folder"],
])("a mailbox that %s: the run fails, says where, and is on record", async (_, make, message) => {
  const here = place();
  make(path.join(here.folder, "box"), here);
  here.write("a.keel", reading);
  const ended = await here.keel(["run", "a.keel"]);
  expectComplaint(ended, 1, "failed at main/fetch:email-unread (a.keel:2:", "MailError: ", message);
  expect((await here.keel(["ls"])).out).toContain("failed");
  expect((await here.keel(["show"])).out).toContain("MailError");
});

test("a mailbox that one may not read", async () => {
  const here = place();
  for (const box of maildir) mkdirSync(path.join(here.folder, "box", box), { recursive: true });
  chmodSync(path.join(here.folder, "box/new"), 0o000);
  mkdirSync(here.data);
  chmodSync(here.data, 0o777);
  here.write("a.keel", reading);
  const ended = await here.keel(["run", "a.keel"], { plain: true });
  expectComplaint(ended, 1, "MailError: cannot read the mailbox", "permission denied");
});

test("a file that one may not read", async () => {
  const here = place();
  chmodSync(here.write("a.keel", hello), 0o000);
  for (const command of ["check", "run"]) {
    expectComplaint(await here.keel([command, "a.keel"], { plain: true }), 2, "cannot read a.keel: permission denied");
  }
});

test("things in a mailbox that are no mails", async () => {
  const here = place();
  for (const box of maildir) mkdirSync(path.join(here.folder, "box", box), { recursive: true });
  mkdirSync(path.join(here.folder, "box/new/folder"));
  symlinkSync("nowhere", path.join(here.folder, "box/new/link"));
  here.write("box/new/empty", "");
  here.write(
    "box/new/binary",
    Uint8Array.from({ length: 2_000 }, (_, index) => (index * 31) % 256),
  );
  here.write("box/cur/mail", "From: a@b.example\nSubject: a mail\n\nhello\n");
  here.write("a.keel", reading);
  const ended = await here.keel(["run", "a.keel"]);
  expect(ended.out).toContain("  ▸ a mail\n");
  expect(ended.code).toBe(0);
});
