// `keel verify FILE…`: each recording followed with the program it was recorded with, or with another one, and what
// differs. Nothing is asked of anybody and nothing is written but the report.

import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";
import type { Finding } from "../runtime/engine/rehearsal.ts";
import { loadDecoder } from "../runtime/models/structured.ts";
import { unreachable } from "../source/invariant.ts";
import { isCompiledFile, readCompiled } from "./compiled-file.ts";
import { UsageError } from "./door.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { findingText, tell } from "./finding-text.ts";
import { junitXml, type TestCase } from "./junit.ts";
import { namedFiles } from "./program-files.ts";
import { compileFile, readSource, reason } from "./source-file.ts";
import { placesWith, textAt } from "./step-places.ts";
import { verifyRecording, type Followed, type Today, type Verdict } from "./verify-recording.ts";

export interface VerifyOptions {
  readonly against?: string;
  readonly junit?: string;
  readonly json?: true;
}

export async function verify(words: readonly string[], { against, junit, json }: VerifyOptions): Promise<ExitCode> {
  const files = namedFiles(words, ".jsonl");
  const today = against === undefined ? undefined : await todays(against);
  if (today === "wrong") {
    if (junit !== undefined) writeReport(junit, [{ name: String(against), error: "it does not compile", text: "" }]);
    return exitCodes.failed;
  }
  const means = { decoder: await loadDecoder(), env: process.env, ...(today === undefined ? {} : { against: today }) };
  const verdicts: Verdict[] = [];
  for (const file of files) {
    const verdict = verifyRecording(file, means);
    if (!json) say(verdict, against);
    verdicts.push(verdict);
  }
  if (json) process.stdout.write(asJson(verdicts, today));
  else if (verdicts.length > 1) process.stdout.write(total(verdicts));
  if (junit !== undefined)
    writeReport(
      junit,
      verdicts.map((verdict) => testCase(verdict, against)),
    );
  return codeOf(verdicts);
}

async function todays(file: string): Promise<Today | "wrong"> {
  const isCompiled = isCompiledFile(file);
  const { program, places } = isCompiled ? readCompiled(file) : await compileFile(readSource(file));
  if (program === undefined || places === undefined) return "wrong";
  return { file, program, places: placesWith(isCompiled ? { places, sources: {} } : textAt(places, file)) };
}

function codeOf(verdicts: readonly Verdict[]): ExitCode {
  if (verdicts.some(({ kind }) => kind === "Unreadable")) return exitCodes.usage;
  return verdicts.every(isSame) ? exitCodes.ok : exitCodes.failed;
}

function isSame(verdict: Verdict): boolean {
  return verdict.kind === "Followed" && verdict.differences.length === 0;
}

// ── what is said ────────────────────────────────────────────────────────────────────────────────────────────────

const mostShown = 3;

function say(verdict: Verdict, against: string | undefined): void {
  const color = process.stderr.isTTY && process.stderr.hasColors();
  const text = verdictText(verdict, against, color);
  (isSame(verdict) ? process.stdout : process.stderr).write(text);
}

function verdictText(verdict: Verdict, against: string | undefined, color: boolean): string {
  const { file } = verdict;
  switch (verdict.kind) {
    case "Unreadable":
      return `✗ ${file} cannot be verified: ${verdict.why}\n  help: ${verdict.help}\n`;
    case "Damaged": {
      const { code, message, help } = verdict.words;
      return `✗ ${file} is not intact: ${message} [${code}]\n${help === undefined ? "" : `  help: ${help}\n`}`;
    }
    case "Followed":
      return isSame(verdict)
        ? `✓ ${file}: ${outcome(verdict)}\n${notes(verdict)}`
        : `${differencesText(verdict, against, color)}✗ ${file}: ${outcome(verdict)}\n`;
    default:
      return unreachable(verdict);
  }
}

function outcome({ rehearsal: { activations, steps }, differences }: Followed): string {
  const extent = `${counted(activations, "activation")}, ${counted(steps, "step")}`;
  if (differences.length === 0) return `${extent}, identical`;
  const shown = shownOf(differences).length;
  const some = shown < differences.length ? `, ${shown} of them shown` : "";
  return `${extent}, ${counted(differences.length, "difference")}${some}`;
}

/** The first ones: of those that are the same at a step of a loop, one stands for all. */
function shownOf(differences: readonly Finding[]): readonly Finding[] {
  const firsts = new Map<string, Finding>();
  for (const finding of differences) {
    const key = `${finding.kind} ${stepOf(finding) ?? ""}`;
    if (!firsts.has(key)) firsts.set(key, finding);
  }
  return [...firsts.values()].slice(0, mostShown);
}

function stepOf(finding: Finding): string | undefined {
  if ("recorded" in finding && "step" in finding.recorded) return finding.recorded.step;
  return "attempted" in finding && finding.attempted.kind === "Step" ? finding.attempted.step.step : undefined;
}

function total(verdicts: readonly Verdict[]): string {
  const same = verdicts.filter(isSame).length;
  return `${verdicts.length} recordings: ${same} identical, ${verdicts.length - same} not\n`;
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function notes({ rehearsal: { open, pruned }, moved }: Followed): string {
  return [
    ...(open.length === 0 ? [] : [`still open: ${open.join(", ")}`]),
    ...(pruned.length === 0 ? [] : [`not followed, what they began with was pruned: ${pruned.join(", ")}`]),
    ...(moved === 0 ? [] : [`${counted(moved, "step")} with the same effect at another place`]),
  ]
    .map((note) => `  ${note}\n`)
    .join("");
}

function differencesText(verdict: Followed, against: string | undefined, color: boolean): string {
  return shownOf(verdict.differences)
    .map((finding) => `${findingText(finding, verdict.sides, likelyCause(finding, verdict, against), color)}\n`)
    .join("");
}

/** Why it is another one than before, and what to do then. */
function likelyCause(finding: Finding, { file, keel, rehearsal }: Followed, against: string | undefined): string {
  const { unrecorded } = rehearsal;
  if (finding.secrets !== undefined) {
    const names = finding.secrets.join(", ");
    return `the program computes with secrets (${names}), and their text is not recorded: set variables as when it ran`;
  }
  if (against !== undefined) {
    const fresh = unrecorded.length === 0 ? "" : `the recording has no value of ${unrecorded.join(", ")}. `;
    return `${fresh}If the change is meant, run ${against} again and \`keel record -o ${file}\``;
  }
  if (keel !== KEEL_VERSION)
    return `the run is from Keel ${keel}, this is ${KEEL_VERSION}: it does this differently. If that is meant, record it again`;
  return "the program and its journal are as they were, so Keel itself does something else: please report this";
}

// ── reports ─────────────────────────────────────────────────────────────────────────────────────────────────────

function testCase(verdict: Verdict, against: string | undefined): TestCase {
  const name = verdict.file;
  const text = verdictText(verdict, against, false);
  switch (verdict.kind) {
    case "Unreadable":
      return { name, error: verdict.why, text };
    case "Damaged":
      return { name, failure: verdict.words.message, text };
    case "Followed":
      return isSame(verdict) ? { name, text } : { name, failure: outcome(verdict), text };
    default:
      return unreachable(verdict);
  }
}

/** It is there whole, or what was there before is. */
function writeReport(to: string, cases: readonly TestCase[]): void {
  const half = `${to}.${randomBytes(4).toString("hex")}.tmp`;
  try {
    writeFileSync(half, junitXml("keel verify", cases));
    renameSync(half, to);
  } catch (error) {
    rmSync(half, { force: true });
    throw new UsageError(`cannot write ${to}: ${reason(error)}`, "check the path, and that you may write there");
  }
}

function asJson(verdicts: readonly Verdict[], against: Today | undefined): string {
  const recordings = verdicts.map(verdictJson);
  const document = { version: 1, identical: verdicts.every(isSame), against: against?.file, recordings };
  return `${JSON.stringify(document, null, 2)}\n`;
}

function verdictJson(verdict: Verdict): object {
  const { file } = verdict;
  switch (verdict.kind) {
    case "Unreadable":
      return { file, identical: false, problem: { message: verdict.why, help: verdict.help } };
    case "Damaged":
      return { file, identical: false, problem: verdict.words };
    case "Followed": {
      const { run, keel, moved, rehearsal } = verdict;
      const findings = rehearsal.findings.map((finding) => {
        const { code, message } = tell(finding);
        return { code, message, ...finding };
      });
      return { file, run, keel, identical: isSame(verdict), moved, ...rehearsal, findings };
    }
    default:
      return unreachable(verdict);
  }
}
