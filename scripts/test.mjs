// `npm test`: build, types, lint, then every test. Each stage is run whatever came of the one before (but tests need a
// build), so that one run tells all there is to mend. The last line is the sum; a failed stage counts as a failed test.
//
// Arguments go to vitest: `npm test -- tests/lang`.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";

const folder = mkdtempSync(path.join(tmpdir(), "keel-test-"));
const report = path.join(folder, "report.json");
const sum = { passed: 0, failed: 0 };

/** Runs a package script's command line, with node_modules/.bin in its path as npm has put it there. */
function stage(name, command, args) {
  const begun = performance.now();
  const { status } = spawnSync(command, args, { stdio: ["ignore", "inherit", "inherit"] });
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  console.log(`${status === 0 ? "✓" : "✗"} ${name} (${seconds} s)`);
  return status === 0;
}

function check(name, command, args) {
  const good = stage(name, command, args);
  sum[good ? "passed" : "failed"] += 1;
  return good;
}

/** What vitest says of its tests; a file that could not be loaded has none and counts as one that failed. */
function count(good) {
  let said;
  try {
    said = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    sum.failed += 1;
    return;
  }
  const unloaded = said.testResults.filter((file) => file.status === "failed" && file.assertionResults.length === 0);
  const failed = said.numFailedTests + unloaded.length;
  sum.passed += said.numPassedTests;
  sum.failed += !good && failed === 0 ? 1 : failed;
}

const npm = (script) => ["npm", ["run", "--silent", script]];
const built = check("build", ...npm("build"));
check("types", ...npm("types"));
check("lint", ...npm("lint"));
if (built) {
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
  count(stage("tests", "npx", ["vitest", "run", ...reporters, ...process.argv.slice(2)]));
}
rmSync(folder, { recursive: true });

console.log(`${sum.passed} passed, ${sum.failed} failed`);
process.exitCode = sum.failed === 0 && sum.passed > 0 ? 0 : 1;
