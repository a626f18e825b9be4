// Disks that are full or read-only, made for real with small file systems in memory. Where none may be mounted, these
// tests are skipped and say so.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { expectComplaint, place } from "./command.ts";

const mountable = ((): boolean => {
  const probe = mkdtempSync(path.join(tmpdir(), "keel-mount-"));
  const mounted = spawnSync("mount", ["-t", "tmpfs", "-o", "size=64k", "tmpfs", probe]).status === 0;
  if (mounted) execFileSync("umount", [probe]);
  rmSync(probe, { recursive: true, force: true });
  return mounted;
})();
if (!mountable) process.stderr.write("tests/cli/disk: skipped, since this user may mount no file system\n");

/** Mounts a disk over a folder, for the test. */
function mount(folder: string, options: string): void {
  mkdirSync(folder, { recursive: true });
  execFileSync("mount", ["-t", "tmpfs", "-o", options, "tmpfs", folder]);
  onTestFinished(() => void spawnSync("umount", ["-l", folder]));
}

const remount = (folder: string, options: string): unknown =>
  execFileSync("mount", ["-o", `remount,${options}`, folder]);

const many = `for i in range(0, 60) {
  notify user "line {i} {range(0, 200).map(n => "{n * i}").join("")}"
}
notify user "end"
`;

test.runIf(mountable)("the disk is full: said, and with room the run goes on", async () => {
  for (const size of ["160k", "250k", "400k"]) await fillUp(size);
});

async function fillUp(size: string): Promise<void> {
  const here = place();
  here.write("a.keel", many);
  mount(here.data, `size=${size}`);
  const full = await here.keel(["run", "a.keel"]);
  expectComplaint(full, 74, "the disk is full", "everything recorded so far is safe");
  expect((await here.keel(["ls"])).out).toContain("crashed");
  expectComplaint(await here.keel(["resume"]), 74, "the disk is full");

  remount(here.data, "size=20m");
  const run = await here.run();
  expect(full.err).toContain(`\`keel resume ${run}\``);
  const resumed = await here.keel(["resume"]);
  expect(resumed).toMatchObject({ code: 0, err: "" });
  const lines = (await here.timeline()).flatMap(({ line }) => /▸ (line \d+|end)/.exec(String(line))?.[1] ?? []);
  expect(lines).toEqual([...Array.from({ length: 60 }, (_, n) => `line ${n}`), "end"]);
}

test.runIf(mountable)("the disk is full while runs are served: said once, and with room they go on", async () => {
  const here = place();
  here.write("a.keel", many);
  mount(here.data, "size=400k");
  expect((await here.keel(["run", "a.keel"])).code).toBe(74);
  const serve = here.start(["serve"]);
  await serve.until("the disk is full");
  remount(here.data, "size=20m");
  await serve.until("│ ▸ completed");
  serve.child.kill("SIGTERM");
  const ended = await serve.end;
  expect(ended.code).toBe(0);
  expect(ended.err.match(/the disk is full/g)).toHaveLength(1);
});

test.runIf(mountable)("a disk too full for a first journal", async () => {
  const here = place();
  here.write("a.keel", many);
  mount(here.data, "size=32k");
  const ended = await here.keel(["run", "a.keel"]);
  expectComplaint(ended, 74, "the disk is full");
  expect(ended.out).toBe("");
  remount(here.data, "size=20m");
  expect((await here.keel(["run", "a.keel"])).code).toBe(0);
});

test.runIf(mountable)(
  "the disk of the mailbox is full: the program is told, and no half of a mail lies there",
  async () => {
    const here = place();
    here.write(
      "a.keel",
      `connect email via maildir { path: "box" }
try { send "{range(0, 20_000).map(n => "word {n}").join(" ")}" to "a@b.example" } catch err { notify user "caught {err.message}" }
`,
    );
    const box = path.join(here.folder, "box");
    mount(box, "size=100k");
    for (const part of ["cur", "new", "tmp"]) mkdirSync(path.join(box, part));
    const ended = await here.keel(["run", "a.keel"]);
    expect(ended.out).toContain("the disk is full");
    expect(ended.code).toBe(0);
    expect(execFileSync("find", [path.join(box, ".Sent/cur"), "-type", "f"], { encoding: "utf8" })).toBe("");
  },
);

test.runIf(mountable)("a read-only data folder", async () => {
  const here = place();
  here.write("a.keel", many);
  mount(here.data, "size=4m");
  expect((await here.keel(["run", "a.keel"])).code).toBe(0);
  remount(here.data, "ro");
  for (const command of [["run", "a.keel"], ["resume"], ["ls"], ["show"]]) {
    expectComplaint(await here.keel(command), 74, "cannot be written", "read-only disk", "KEEL_DATA_DIR");
  }
  const below = { env: { KEEL_DATA_DIR: path.join(here.data, "below") } };
  expectComplaint(await here.keel(["run", "a.keel"], below), 74, "cannot be written", "read-only disk");
  remount(here.data, "rw");
  expect((await here.keel(["show"])).out).toContain("run completed");
});
