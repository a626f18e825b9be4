// The terminal as a run sees it: in this process with streams, and in a real one with pipes.

import { spawn } from "node:child_process";
import { PassThrough } from "node:stream";
import path from "node:path";
import { expect, test } from "vitest";
import { systemTerminal } from "../../src/runtime/host/terminal.ts";

const never = new AbortController().signal;
const root = path.join(import.meta.dirname, "../..");

function streams(text = ""): { stdin: PassThrough; stdout: PassThrough; stderr: PassThrough } {
  const stdin = new PassThrough();
  stdin.end(text);
  return { stdin, stdout: new PassThrough(), stderr: new PassThrough() };
}

const written = (stream: PassThrough): string => String((stream.read() as Buffer | null) ?? "");

test("questions from a pipe: shown, a line each, then nobody answers", async () => {
  const given = streams("first\nyes\n");
  const terminal = systemTerminal({ input: true, ...given });
  expect(await terminal.ask({ kind: "Ask", text: "What?" }, never)).toBe("first");
  expect(await terminal.ask({ kind: "Confirm", text: "Sure?\nReally?" }, never)).toBe("yes");
  expect(await terminal.ask({ kind: "Ask", text: "More?" }, never)).toBeUndefined();
  expect(written(given.stdout)).toBe("  ? What?\n  ? Sure?\n    Really? [y/N]\n  ? More?\n");
});

test("told not to ask, nobody answers and nothing is said or read", async () => {
  const given = streams("line\n");
  const terminal = systemTerminal({ input: false, ...given });
  expect(await terminal.ask({ kind: "Ask", text: "What?" }, never)).toBeUndefined();
  expect(written(given.stdout)).toBe("");
});

test("control characters steer no terminal; into a pipe they go as they are", () => {
  const pipe = new PassThrough();
  systemTerminal({ input: false, stdout: pipe }).line("a\u001b[2Jb\tc\nd");
  expect(written(pipe)).toBe("a\u001b[2Jb\tc\nd\n");
  const screen = Object.assign(new PassThrough(), { isTTY: true });
  systemTerminal({ input: false, stdout: screen }).line("a\u001b[2Jb\tc\nd\u009b");
  expect(written(screen)).toBe("a␛[2Jb\tc\nd␡\n");
});

/** A program of one file that uses the real terminal, in a real process. */
function processWith(code: string): ReturnType<typeof spawn> {
  const head = `import { systemTerminal } from ${JSON.stringify(path.join(root, "src/runtime/host/terminal.ts"))};
const terminal = systemTerminal({ input: true });
const never = new AbortController().signal;
`;
  return spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", head + code], { cwd: root });
}

function ended(child: ReturnType<typeof spawn>): Promise<{ readonly code: number | null; readonly errors: string }> {
  let errors = "";
  child.stderr?.on("data", (chunk) => (errors += String(chunk)));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, errors })));
}

test("an open stdin does not keep a process that asks nothing any more", async () => {
  const child = processWith(`terminal.line("got " + (await terminal.ask({ kind: "Ask", text: "?" }, never)));`);
  let output = "";
  child.stdout?.on("data", (chunk) => (output += String(chunk)));
  child.stdin?.write("one\ntwo\n");
  expect(await ended(child)).toEqual({ code: 0, errors: "" });
  expect(output).toBe("  ? ?\ngot one\n");
});

test("a reader that goes away ends nothing", async () => {
  const child = processWith(`
for (let n = 0; n < 200; n += 1) { terminal.line("x".repeat(1000)); await new Promise((resolve) => setImmediate(resolve)); }
process.exitCode = 7;`);
  child.stdout?.destroy();
  expect(await ended(child)).toEqual({ code: 7, errors: "" });
});
