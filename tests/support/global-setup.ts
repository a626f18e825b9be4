// Before any test: the generated standard library is that of the files in stdlib/.

import { spawnSync } from "node:child_process";

export default function setup(): void {
  const { status, stderr } = spawnSync(process.execPath, ["scripts/stdlib.mjs"], { encoding: "utf8" });
  if (status !== 0) throw new Error(`npm run stdlib failed:\n${stderr}`);
}
