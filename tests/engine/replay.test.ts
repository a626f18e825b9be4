// A replay: the program driven from its journal alone does what the journal says, and whatever is changed in a journal
// is found. Every run of the suite is replayed besides, where its laws are checked.

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import type { Json, Program } from "../../src/ir/kir.ts";
import { journalFrom } from "../../src/runtime/engine/rehearse-journal.ts";
import { rehearse } from "../../src/runtime/engine/rehearse.ts";
import type { Rehearsal } from "../../src/runtime/engine/rehearsal.ts";
import type { Recorded } from "../../src/runtime/journal/event.ts";
import { programHash } from "../../src/runtime/journal/programs.ts";
import type { Clock } from "../../src/runtime/world.ts";
import { loadDecoder } from "../../src/runtime/models/structured.ts";
import { replayed } from "../support/replay.ts";
import { compiled, session, type SessionGiven } from "../support/session.ts";
import { testWorld } from "../support/world.ts";

const decoder = await loadDecoder();
const root = path.join(import.meta.dirname, "../..");
const read = (file: string): string => readFileSync(path.join(root, file), "utf8");
const nothingAtHand = { env: {}, inputs: {} };

interface Recording {
  readonly program: Program;
  readonly events: readonly Recorded[];
}

async function record(text: string, given: SessionGiven = {}): Promise<Recording> {
  const opened = session();
  const running = opened.start(text, given);
  await running.end;
  return { program: opened.store.program(running.run).program, events: opened.events(running.run) };
}

function follow({ program, events }: Recording): Rehearsal {
  return rehearse(journalFrom(events, new Map([[programHash(program), program]])), decoder, nothingAtHand);
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
    const { program, events } = await story.record();
    const unnoticed: string[] = [];
    events.forEach((event, index) => {
      for (const [field, changed] of changes(event)) {
        const journal = events.with(index, changed);
        if (follow({ program, events: journal }).findings.length === 0)
          unnoticed.push(`${event.seq} ${event.type} ${field}`);
      }
    });
    expect(unnoticed).toEqual([]);
  });
});

test("a run that waits is followed up to where it waits", async () => {
  const opened = session();
  const { run, end } = opened.start('notify user "before"\nx = ask user "now?"\nnotify user x');
  expect((await end).status).toBe("suspended");
  expect(replayed(opened.store, run)).toMatchObject({ open: ["main"], steps: 2, findings: [] });
});

test("what is due follows from the time of its event, even where the clock was set back", async () => {
  const opened = session();
  const hour = 3_600_000;
  const { clock } = testWorld();
  let back = 0;
  const set: Clock = {
    ...clock,
    now: () => clock.now() - back,
    until: (at, signal) => clock.until(at + back, signal),
  };
  const running = opened.start('for n in range(5) {\n  notify user "{n}"\n  wait 2.seconds\n}', {
    clock: set,
    onLine: (line) => (back = line.includes("2") ? hour : back),
  });
  await running.end;
  const timers = opened.events(running.run).filter((event) => event.type === "timer.set");
  expect(timers.some((event) => event.type === "timer.set" && event.due < event.at)).toBe(true);
  expect(replayed(opened.store, running.run).findings).toEqual([]);
});

test("an error is the same to the program as it is recorded, without the fields that are none", async () => {
  const opened = session();
  const text = 'try { fetch "ftp://nowhere" } catch err { show user err }';
  const running = opened.start(text);
  await running.end;
  expect(running.world.terminal.lines.join()).not.toContain("status");
  expect(replayed(opened.store, running.run).findings).toEqual([]);
});

describe("secrets", () => {
  const env = { API_KEY: "hunter2hunter2" };
  const script = '{"replies": [{"operation": "draft", "reply": "all is well with hunter2hunter2"}]}';

  test("what is masked is the same without the secret's text, prompts included", async () => {
    const opened = session();
    const text = `
key = env.API_KEY
notify user "key {key}, {{a: key}.to_json()}"
letter = draft "a note about {key}" { tone: key } ?? "none"
notify user letter
`;
    const running = opened.start(text, { env, models: mock(script) });
    await running.end;
    expect(running.world.terminal.lines[0]).toContain("hunter2");
    for (const known of [{}, env, { API_KEY: "another one" }]) {
      expect(replayed(opened.store, running.run, { env: known }).findings).toEqual([]);
    }
    expect(replayed(opened.store, running.run).secrets).toEqual(["API_KEY"]);
  });

  test("what is computed from a secret needs its text, and the finding says which", async () => {
    const opened = session();
    const running = opened.start('notify user "before"\nnotify user "{env.API_KEY.length}"', { env });
    await running.end;
    const [finding] = replayed(opened.store, running.run).findings;
    expect(finding).toMatchObject({ kind: "OtherArguments", secrets: ["API_KEY"] });
    expect(replayed(opened.store, running.run, { env }).findings).toEqual([]);
  });
});

describe("what was pruned", () => {
  const later = Date.UTC(2030, 0, 1);
  const ticking = `
agent Counter {
  role "counts"
  state { n: int = 0, limit: int = 3 }
  every 1.minute {
    self.n = self.n + 1
    notify user "tick {self.n} of {self.limit}"
    if self.n == 4 { ask user "go on?" }
  }
}
run Counter
`;

  test("is not replayed, nor what began with a state that is gone; the rest is", async () => {
    const opened = session();
    const first = opened.start(ticking, { ticks: 8 });
    await first.end;
    const lease = opened.store.acquire(first.run, later);
    expect(opened.store.prune(lease, later)).toBeGreaterThan(5);
    opened.store.release(lease);
    const second = opened.resume(first.run, { answers: ["yes"] });
    expect((await second.end).status).toBe("completed");
    const found = replayed(opened.store, first.run);
    expect(found.findings).toEqual([]);
    expect(found.pruned).toEqual(["Counter/every#1[4]"]);
    expect(found.activations).toBe(5);
  });
});

test("a checkpoint that was changed is found", async () => {
  const { program, events } = await record('for n in range(1_100) { notify user "{n}" }\nask user "?"');
  const at = events.findIndex(({ type }) => type === "checkpoint");
  expect(follow({ program, events }).findings).toEqual([]);
  const checkpoint = events[at];
  if (checkpoint?.type !== "checkpoint") throw new Error("there is no checkpoint");
  const machine = JSON.parse(JSON.stringify(checkpoint.machine).replace("1099", "1098")) as Json;
  expect(machine).not.toEqual(checkpoint.machine);
  const found = follow({ program, events: events.with(at, { ...checkpoint, machine }) });
  expect(found.findings).toMatchObject([{ kind: "OtherEvent", recorded: { type: "checkpoint" } }]);
});

test("a reply that is decoded to something else, or was asked for with another text, is a finding of its own", async () => {
  const { program, events } = await record(
    'type Mood = happy | sad\nmood = classify "a day" as Mood fallback sad\nnotify user "{mood}"',
    { models: mock('{"replies": [{"operation": "classify", "reply": "happy"}]}') },
  );
  const at = events.findIndex(({ type }) => type === "model.replied");
  const reply = events[at];
  if (reply?.type !== "model.replied") throw new Error("there is no reply");
  const changed = (more: Partial<typeof reply>) =>
    follow({ program, events: events.with(at, { ...reply, ...more }) }).findings[0];
  expect(changed({ value: { $e: "Mood.sad" } })).toMatchObject({ kind: "OtherReply", what: "decoded" });
  expect(changed({ request: [["user", "something else"]] })).toMatchObject({ kind: "OtherReply", what: "request" });
});

test("another program than the recorded one comes to another step, and the finding has both", async () => {
  const recording = await record('notify user "one"\nnotify user "two"');
  const { program } = compiled('notify user "one"\nnotify user "three"');
  const journal = journalFrom(recording.events, new Map([[programHash(recording.program), program]]));
  const { findings } = rehearse(journal, decoder, nothingAtHand);
  expect(findings).toMatchObject([
    { kind: "Unfit", recorded: { type: "run.started" } },
    {
      kind: "OtherStep",
      activation: "main",
      recorded: { step: "main/notify:two", seq: 4 },
      attempted: { step: { step: "main/notify:three" }, effect: { given: { text: "three" } } },
    },
  ]);
});

/** The event with one of its texts, numbers and bools changed, for each of them. */
function changes(event: Recorded): readonly (readonly [field: string, changed: Recorded])[] {
  return Object.entries(event as unknown as { readonly [field: string]: Json }).flatMap(([field, value]) => {
    if (worlds.has(field) || event.seq === 1) return [];
    return alterations(value).flatMap(([inner, altered]) => {
      const isWorlds = unused.test(`${field}${inner}`) && event.type !== "activation.completed";
      const changed: Recorded = { ...event, [field]: altered };
      return isWorlds ? [] : [[`${field}${inner}`, changed] as const];
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
const worlds = new Set(["seq", "at", "by", "used", "cost", "priced", "ms", "dropped"]);
/** The same inside: what a call took, and a memory of which the workflow only counts how many there are. */
const unused = /^replies\.\d\.(input|output|stop)$|^value\.0\.\$m/;
