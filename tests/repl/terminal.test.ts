// `keel repl` at a terminal: keys, history, questions. `script` of util-linux gives a real process a terminal.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";

const main = path.join(import.meta.dirname, "../../dist/cli/main.js");
const hasTerminals = spawnSync("script", ["--version"]).status === 0;

interface Screen {
  /** Types, and waits until this is written from then on. */
  type(keys: string, until: string): Promise<void>;
  /** Presses a key, and again from time to time, until this is written. */
  press(key: string, until: string): Promise<void>;
  readonly end: Promise<number | null>;
}

function home(): string {
  const folder = mkdtempSync(path.join(tmpdir(), "keel-repl-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function repl(folder: string): Promise<Screen> {
  const env = {
    ...process.env,
    HOME: folder,
    KEEL_DATA_DIR: path.join(folder, "data"),
    KEEL_LLM: "mock",
    TERM: "xterm",
  };
  const child = spawn("script", ["-qefc", `'${process.execPath}' '${main}' repl`, "/dev/null"], { cwd: folder, env });
  onTestFinished(() => void child.kill("SIGKILL"));
  let written = "";
  let wake = (): void => undefined;
  child.stdout.on("data", (chunk) => {
    written = (written + String(chunk)).replace(colors, "");
    wake();
  });
  child.setMaxListeners(0);
  const seen = (text: string): Promise<void> =>
    new Promise((resolve, reject) => {
      wake = () => {
        const at = written.indexOf(text);
        if (at === -1) return;
        written = written.slice(at + text.length);
        resolve();
      };
      child.once("close", () => reject(new Error(`ended without ${JSON.stringify(text)}: ${JSON.stringify(written)}`)));
      wake();
    });
  await seen("keel> ");
  return {
    type: (keys, until) => {
      child.stdin.write(keys);
      return seen(until);
    },
    press: (key, until) => {
      const again = setInterval(() => child.stdin.write(key), 500);
      child.stdin.write(key);
      return seen(until).finally(() => clearInterval(again));
    },
    end: new Promise((resolve) => child.on("close", resolve)),
  };
}

// oxlint-disable-next-line no-control-regex
const colors = /\u001b\[[\d;?]*[A-Za-z]/g;
const UP = "\u001b[A";
const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const ENTER = "\r";

test.skipIf(!hasTerminals)("keys: history across sessions, Ctrl+C cancels a line, Ctrl+D leaves", async () => {
  const folder = home();
  const first = await repl(folder);
  await first.type(`20 + 1${ENTER}`, "21 : int");
  await first.type("", "keel> ");
  await first.type(`task f() {`, "f() {");
  await first.type(ENTER, "  ... ");
  await first.type(CTRL_C, "keel> ");
  await first.type(CTRL_D, "Goodbye.");
  expect(await first.end).toBe(0);
  const history = path.join(folder, ".keel_history");
  expect(readFileSync(history, "utf8")).toBe("20 + 1\ntask f() {\n");
  expect(statSync(history).mode & 0o777).toBe(0o600);
  const second = await repl(folder);
  await second.type(UP + UP, "20 + 1");
  await second.type(`00${ENTER}`, "120 : int");
  await second.type("", "keel> ");
  await second.type(`:quit${ENTER}`, "Goodbye.");
  expect(await second.end).toBe(0);
});

test.skipIf(!hasTerminals)("questions are asked at the prompt, and an agent runs until Ctrl+C", async () => {
  const screen = await repl(home());
  await screen.type(`name = ask user "who are you?"${ENTER}`, "? who are you?");
  await screen.type(`Ann${ENTER}`, 'name: str = "Ann"');
  await screen.type("", "keel> ");
  await screen.type(`agent Bell { role "rings"${ENTER}every 1.hour { notify user "ding" } }${ENTER}`, "✓ agent Bell");
  await screen.type("", "keel> ");
  await screen.type(`run Bell${ENTER}`, "▸ ding");
  await screen.type(CTRL_C, "▸ interrupted; `keel resume r");
  await screen.type("", "keel> ");
  await screen.type(`name${ENTER}`, '"Ann" : str');
});

test.skipIf(!hasTerminals)("Ctrl+C stops what computes, and the session goes on", async () => {
  const screen = await repl(home());
  await screen.type(
    `task fib(n: int) -> int { if n < 2 { n } else { fib(n - 1) + fib(n - 2) } }${ENTER}`,
    "✓ task fib",
  );
  await screen.type("", "keel> ");
  await screen.type(`fib(60)${ENTER}`, "fib(60)");
  await screen.press(CTRL_C, "✗ stopped");
  await screen.type("", "keel> ");
  await screen.type(`fib(10)${ENTER}`, "55 : int");
});
