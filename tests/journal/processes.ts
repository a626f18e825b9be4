// Other processes for the journal's tests; none outlives its test.

import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { onTestFinished } from "vitest";

export function child(mode: "hold" | "work" | "share", folder: string): ChildProcess {
  const process = fork(path.join(import.meta.dirname, "child.ts"), [mode, folder], {
    execArgv: ["--import", "tsx"],
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  onTestFinished(() => void process.kill("SIGKILL"));
  return process;
}

/** The next report of a child. */
export async function reportOf(process: ChildProcess): Promise<unknown> {
  const [message] = (await once(process, "message")) as [unknown];
  return message;
}

export async function kill(process: ChildProcess): Promise<void> {
  const gone = once(process, "exit");
  process.kill("SIGKILL");
  await gone;
}
