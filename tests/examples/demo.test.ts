// `npm run demo` as a person runs it: real processes, a real SIGKILL.

import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { temporaryFolder } from "../connections/mail-folder.ts";

const root = path.join(import.meta.dirname, "../..");

test("the demo passes", async () => {
  const { stdout } = await promisify(execFile)(process.execPath, ["scripts/demo.mjs"], {
    cwd: root,
    env: { ...process.env, TMPDIR: temporaryFolder() },
  });
  expect(stdout).toContain("✗ killed");
  expect(stdout).toContain("PASS");
  expect(stdout.match(/✓/g)?.length).toBeGreaterThanOrEqual(7);
}, 60_000);
