// Recordings as files: what is read from one is what the store holds, and its second line is as much a part of it as any
// other, for Keel and for docs/verify-journal.mjs.

import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { auditRun, openAuditor } from "../../src/runtime/journal/audit-store.ts";
import { parseStored, storedText } from "../../src/runtime/journal/chain.ts";
import type { Program } from "../../src/ir/kir.ts";
import type { Event } from "../../src/runtime/journal/event.ts";
import { exportLines, type RecordingLine } from "../../src/runtime/journal/export-format.ts";
import { readExport } from "../../src/runtime/journal/export-read.ts";
import { readRecording, type Recording } from "../../src/runtime/journal/recording.ts";
import { programHash } from "../../src/runtime/journal/programs.ts";
import { begun, completed, eventful, mainStarted, open, places, program, start, started, temporary } from "./sample.ts";

const script = path.join(import.meta.dirname, "../../docs/verify-journal.mjs");
const more: Omit<RecordingLine, "kind"> = {
  places,
  sources: { "a.keel": 'notify user "𝄞\\n"\n', 'b "/c.keel': "" },
  states: { Mailer: { seen: 3, names: ["ada"] } },
};

interface Written {
  readonly file: string;
  readonly lines: readonly string[];
  readonly stored: readonly unknown[];
}

function written(events: readonly Event[], prunedBefore?: number): Written {
  const folder = temporary();
  const { store, lease } = begun(folder);
  events.forEach((event, index) => store.append(lease, [event], start + 2 + index));
  if (prunedBefore !== undefined) expect(store.prune(lease, prunedBefore)).toBeGreaterThan(0);
  const stored = [...store.events("r1")];
  store.close();
  const auditor = openAuditor(folder);
  const occasion = { keel: "1.2.3", at: "2026-05-01T09:00:00.000Z", recording: more };
  const lines = auditor.read("r1", (evidence) => [...exportLines(evidence, auditRun(evidence), occasion)]);
  auditor.close();
  const file = path.join(folder, "run.jsonl");
  writeFileSync(file, joined(lines));
  return { file, lines, stored };
}

const joined = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join("");

function recording(file: string): Recording {
  const read = readRecording(file);
  if (read.kind !== "Recording") throw new Error(JSON.stringify(read));
  return read;
}

function isIntactElsewhere(file: string): boolean {
  const { status, stderr } = spawnSync(process.execPath, [script, file], { encoding: "utf8" });
  expect(stderr).not.toMatch(/^\s+at /m);
  return status === 0;
}

describe("what is read is what was written", () => {
  test("every type of event", () => {
    const { file, stored } = written(eventful);
    const read = recording(file);
    expect(read.events).toEqual(stored);
    expect(read.events.map((event) => JSON.stringify(event)).sort()).toHaveLength(eventful.length + 2);
    expect(read).toMatchObject({ run: "r1", pruned: 0, more: { kind: "recording", ...more } });
    expect([...read.programs]).toEqual([[started.program, program]]);
    expect(isIntactElsewhere(file)).toBe(true);
  });

  test("long texts, texts that look like the name of one, and half a pair of surrogates", () => {
    const values = ["long ".repeat(1_000), "blob:x", "blob:=x", `${"\ud800".repeat(2_000)}`, "a\nb\u0000"];
    const events = values.map((value, index) => completed(index + 1, { value, twice: [value] }));
    const { file, stored } = written(events);
    expect(recording(file).events).toEqual(stored);
    expect(stored).toMatchObject([{}, {}, ...values.map((value) => ({ value: { value, twice: [value] } }))]);
  });

  test("what pruning left", () => {
    const { file, stored } = written(eventful, start + 1_000_000);
    const read = recording(file);
    expect(read.events).toEqual(stored);
    expect(read.pruned).toBe(eventful.length + 2 - stored.length);
    expect(isIntactElsewhere(file)).toBe(true);
  });

  test("stored bytes and back", () => {
    const head = { run: "r1", seq: 3, at: start, type: "x" };
    const bare = { ...head, activation: null, n: null, step: null, effect: null, args: null, body: '{"a":"\\n"}' };
    const whole = { ...bare, activation: "main", n: 7, step: "main/x", effect: "X", args: "00" };
    for (const stored of [bare, whole]) expect(parseStored(storedText(stored))).toEqual(stored);
    expect(parseStored("r1\n3\n4")).toBeUndefined();
    expect(parseStored(`${storedText(whole)}\nmore`)).toBeUndefined();
  });
});

describe("the second line", () => {
  test("any byte of it, and of the header, that is another one", () => {
    const { file, lines } = written([completed(1, "x")]);
    const bytes = Buffer.from(joined(lines));
    const end = Buffer.byteLength(joined(lines.slice(0, 2)));
    for (let at = 0; at < end; at += 1) {
      const wrong = Buffer.from(bytes);
      wrong[at] = (wrong[at] ?? 0) ^ (at % 3 === 0 ? 0x01 : 0x20);
      writeFileSync(file, wrong);
      if (readExport(file, {}).finding === undefined) expect.fail(`byte ${at} makes no difference`);
      if (at % 97 === 0 && isIntactElsewhere(file)) expect.fail(`byte ${at} makes no difference to the script`);
    }
  });

  test("left out, doubled, elsewhere, or announced and another one", () => {
    const { file, lines } = written([completed(1, "x")]);
    const [header = "", second = "", ...rest] = lines;
    for (const wrong of [
      [header, ...rest],
      [header, second, second, ...rest],
      [header, rest[0] ?? "", second, ...rest.slice(1)],
      [header, second.replace("ada", "bob"), ...rest],
      [header.replace(/,"recording":"[^"]*"/, ""), second, ...rest],
      [header.replace(/"recording":"[^"]*"/, '"recording":null'), second, ...rest],
    ]) {
      writeFileSync(file, joined(wrong));
      expect(readRecording(file).kind).not.toBe("Recording");
      expect(isIntactElsewhere(file)).toBe(false);
    }
  });
});

test("a program of other semantics is refused in words", () => {
  const folder = temporary();
  const later = { ...program, semantics: 2 } as unknown as Program;
  const store = open(folder);
  const lease = store.create("r1", later, places, { ...started, program: programHash(later) }, start);
  store.append(lease, [mainStarted], start + 1);
  const auditor = openAuditor(folder);
  const occasion = { keel: "9", at: "2026-05-01T09:00:00.000Z", recording: more };
  const lines = auditor.read("r1", (evidence) => [...exportLines(evidence, auditRun(evidence), occasion)]);
  auditor.close();
  const file = path.join(folder, "run.jsonl");
  writeFileSync(file, joined(lines));
  const why = "its program has semantics 2, which this Keel does not know";
  expect(readRecording(file)).toEqual({ kind: "Foreign", why });
});
