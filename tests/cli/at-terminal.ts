// The built command at a real terminal (`script` of util-linux gives it), and what its screen shows.

import { spawn, spawnSync } from "node:child_process";
import path from "node:path";
import { onTestFinished } from "vitest";
import { TestScreen } from "../support/screen.ts";
import type { Place } from "./command.ts";

const main = path.join(import.meta.dirname, "../../dist/cli/main.js");

export const hasTerminals = spawnSync("script", ["--version"]).status === 0;

export interface AtTerminal {
  readonly screen: TestScreen;
  /** Rejects where it ended without. */
  shows(text: string): Promise<void>;
  type(keys: string): void;
  /** The exit code. */
  readonly end: Promise<number | null>;
}

/** Runs a command line in a shell at a terminal of 80 columns; `keel` is the command. */
export function atTerminal(here: Place, line: string, env: object = {}): AtTerminal {
  const keel = `keel() { '${process.execPath}' '${main}' "$@"; }`;
  const file = here.write("terminal.sh", `${keel}\nstty cols 80 rows 24\n${line}\n`);
  const child = spawn("script", ["-qefc", `bash '${file}'`, "/dev/null"], {
    cwd: here.folder,
    env: { ...process.env, TERM: "xterm", KEEL_LLM: "mock", KEEL_DATA_DIR: here.data, ...env },
  });
  onTestFinished(() => void child.kill("SIGKILL"));
  const screen = new TestScreen();
  child.stdout.setEncoding("utf8").on("data", (text: string) => screen.write(text));
  const end = new Promise<number | null>((resolve) => child.on("close", resolve));
  return {
    screen,
    shows: (text) =>
      Promise.race([
        screen.shows(text),
        end.then(() => {
          if (!screen.text.includes(text)) throw new Error(`ended without "${text}":\n${screen.text}`);
        }),
      ]),
    type: (keys) => void child.stdin.write(keys),
    end,
  };
}
