// Recordings for tests: a run of a session as a file, as `keel record` writes it, and programs of today to verify it
// against.

import { writeFileSync } from "node:fs";
import path from "node:path";
import { placesWith } from "../../src/cli/step-places.ts";
import { verifyRecording, type Followed, type Today } from "../../src/cli/verify-recording.ts";
import { auditRun, openAuditor } from "../../src/runtime/journal/audit-store.ts";
import { exportLines } from "../../src/runtime/journal/export-format.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";
import { compiled, session, type SessionGiven } from "./session.ts";

const decoder = await loadDecoder();

/** Runs a program to where it stops by itself, and gives the file of its recording. */
export async function recordingOf(text: string, given: SessionGiven = {}): Promise<string> {
  const { directory, start } = session();
  const { run, end } = start(text, given);
  await end;
  const auditor = openAuditor(path.join(directory, "data"));
  const lines = auditor.read(run, (evidence) => {
    const { places } = compiled(text);
    const recording = { places, sources: { [places.file]: text }, states: {} };
    return [...exportLines(evidence, auditRun(evidence), { keel: "test", at: "2026-01-05T08:00:00.000Z", recording })];
  });
  auditor.close();
  const file = path.join(directory, "run.jsonl");
  writeFileSync(file, lines.map((line) => `${line}\n`).join(""));
  return file;
}

export function today(text: string): Today {
  const { program, places } = compiled(text);
  return { file: "today.keel", program, places: placesWith({ places, sources: { [places.file]: text } }) };
}

/** The verdict over a recording that is whole. */
export function followed(file: string, text?: string, env: { readonly [name: string]: string } = {}): Followed {
  const verdict = verifyRecording(file, { decoder, env, ...(text === undefined ? {} : { against: today(text) }) });
  if (verdict.kind !== "Followed") throw new Error(`${file} is ${verdict.kind}: ${JSON.stringify(verdict)}`);
  return verdict;
}
