// Where the output goes: to nobody, onto a full disk, into a pipe, onto a terminal.

import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import path from "node:path";
import { expect, test } from "vitest";
import { place, type Place } from "./command.ts";

const main = path.join(import.meta.dirname, "../../dist/cli/main.js");
const many = `for i in range(0, 300) { notify user "line {i} {range(0, 100).map(n => "{n}").join("")}" }\n`;

/** Runs a command in a shell, where `keel` is the command. */
async function inShell(here: Place, script: string): Promise<{ readonly out: string; readonly err: string }> {
  const keel = `keel() { "${process.execPath}" "${main}" "$@"; }`;
  const env = { ...process.env, KEEL_LLM: "mock", KEEL_DATA_DIR: here.data };
  const shell = spawn("bash", ["-c", `${keel}\n${script}`], { cwd: here.folder, env });
  let out = "";
  let err = "";
  shell.stdout.on("data", (chunk) => (out += String(chunk)));
  shell.stderr.on("data", (chunk) => (err += String(chunk)));
  await once(shell, "close");
  return { out, err };
}

test("a reader that has read enough: nobody complains, and the run goes to its end", async () => {
  const here = place();
  here.write("a.keel", many);
  const run = await inShell(here, `keel run a.keel | head -1 | grep -c '▸ line 0'; echo "\${PIPESTATUS[0]}"`);
  expect(run).toEqual({ out: "1\n0\n", err: "" });
  expect((await here.timeline()).at(-1)?.type).toBe("run.completed");
  for (const command of ["show", "show --json", "ls", "--help", "run --help"]) {
    const read = await inShell(here, `keel ${command} | head -1 > /dev/null; echo "\${PIPESTATUS[0]}"`);
    expect(read, command).toEqual({ out: "0\n", err: "" });
  }
});

test("a closed stdout, a closed stderr", async () => {
  const here = place();
  here.write("a.keel", `notify user "x"\n`);
  here.write("bad.keel", `x: int = "x"\n`);
  expect((await inShell(here, "keel run a.keel >&-; echo $?")).out).toBe("0\n");
  expect((await here.timeline()).at(-1)?.type).toBe("run.completed");
  expect((await inShell(here, "keel check bad.keel 2>&-; echo $?")).out).toBe("1\n");
});

test("an output that cannot be written is said", async () => {
  const here = place();
  here.write("a.keel", `notify user "x"\n`);
  for (const command of ["run a.keel", "ls", "check a.keel"]) {
    const { out, err } = await inShell(here, `keel ${command} > /dev/full; echo $?`);
    expect(out, command).toBe("74\n");
    expect(err).toBe("✗ the output cannot be written: ENOSPC: no space left on device, write\n");
  }
});

const scripts = spawnSync("script", ["--version"]).status === 0;

/** Runs a command on a terminal, with what is typed there; gives what stood on it. */
async function onTerminal(
  here: Place,
  script: string,
  env: object,
  typed: readonly (readonly [string, string])[] = [],
) {
  const command = `"${process.execPath}" "${main}" ${script}; echo "code $?"`;
  const terminal = spawn("script", ["-qec", command, "/dev/null"], {
    cwd: here.folder,
    env: {
      ...process.env,
      TERM: "xterm",
      CI: undefined,
      NO_COLOR: undefined,
      KEEL_LLM: "mock",
      KEEL_DATA_DIR: here.data,
      ...env,
    },
  });
  let out = "";
  const pending = [...typed];
  terminal.stdout.on("data", (chunk) => {
    out += String(chunk);
    const [after, keys] = pending[0] ?? [];
    if (after === undefined || keys === undefined || !out.includes(after)) return;
    pending.shift();
    terminal.stdin.write(keys);
  });
  await once(terminal, "close");
  return out;
}

test.skipIf(!scripts)("colours on a terminal, unless NO_COLOR or a dumb one; none elsewhere", async () => {
  const here = place();
  here.write("bad.keel", `x: int = "x"\n`);
  const escape = "\u001b[";
  expect(await onTerminal(here, "check bad.keel", {})).toContain(escape);
  expect(await onTerminal(here, "check bad.keel", { NO_COLOR: "1" })).not.toContain(escape);
  expect(await onTerminal(here, "check bad.keel", { TERM: "dumb" })).not.toContain(escape);
  const piped = await here.keel(["check", "bad.keel"]);
  expect(piped.err).toContain("Expected int, got str");
  expect(piped.err).not.toContain(escape);
});

const asking = `name = ask user "Name?"
sure = confirm user "Sure, {name}?\\n\\nThis cannot be taken back."
notify user "sure: {sure}"
`;

test.skipIf(!scripts)("questions at a terminal: answered, in one line and in several", async () => {
  const here = place();
  here.write("a.keel", asking);
  const screen = await onTerminal(here, "run a.keel", {}, [
    ["Name?", "Zoe\r"],
    ["Sure, Zoe?", "y\r"],
  ]);
  expect(screen).toContain("  │ This cannot be taken back.\r\n");
  expect(screen).toContain("  ▸ sure: true");
  expect(screen).toContain("code 0");
});

test.skipIf(!scripts)("Ctrl+D at a question leaves it open, Ctrl+C interrupts the run", async () => {
  const here = place();
  here.write("a.keel", asking);
  const left = await onTerminal(here, "run a.keel", {}, [["Name?", "\u0004"]]);
  expect(left).toContain("is suspended: it waits for a person");
  expect(left).toContain("code 75");
  const stopped = await onTerminal(here, "resume", {}, [["Name?", "\u0003"]]);
  expect(stopped).toContain("is interrupted");
  expect(stopped).toContain("code 130");
  const ended = await onTerminal(here, "resume", {}, [
    ["Name?", "Ann\r"],
    ["Sure, Ann?", "n\r"],
  ]);
  expect(ended).toContain("  ▸ sure: false");
});
