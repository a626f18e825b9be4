// What `keel verify --against` finds: each way to change a program is a difference in its own words, at its own place;
// what changes no decision and no effect is none.

import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { tell } from "../../src/cli/finding-text.ts";
import { format } from "../../src/parser/format.ts";
import { Source } from "../../src/source/text.ts";
import { followed, recordingOf } from "../support/recording.ts";

const inbox = path.join(import.meta.dirname, "../../examples/inbox");
const recording = path.join(inbox, "recording.jsonl");
const triage = readFileSync(path.join(inbox, "triage.keel"), "utf8");

function edited(...edits: readonly (readonly [from: string | RegExp, to: string])[]): string {
  return edits.reduce((text, [from, to]) => {
    const next = text.replace(from, to);
    expect(next, `${String(from)} is in the program`).not.toBe(text);
    return next;
  }, triage);
}

/** The words of all differences, those of one step in a loop once. */
function found(file: string, text: string): readonly string[] {
  const { differences } = followed(file, text);
  return [...new Set(differences.map((finding) => tell(finding).message.replace(/\[\d+\]|event \d+/g, "·")))];
}

describe("the inbox agent, changed", () => {
  test("not at all", () => {
    expect(followed(recording, triage)).toMatchObject({ differences: [], moved: 0, rehearsal: { activations: 2 } });
  });

  test("a hint that the model is given", () => {
    expect(found(recording, edited(["advertisement or automatic report", "advertisement or report"]))).toEqual([
      expect.stringMatching(/^triage\/classify:excerpt-mail· has other arguments: hints\.3\.text was .*automatic rep/),
    ]);
  });

  test("the role, which stands in every prompt", () => {
    const words = found(recording, edited(["two mechanics", "three mechanics"]));
    expect(words[0]).toMatch(/^The model was asked something else: request\.0\.1 was "….*two mech.*now ".*three mech/);
  });

  test("a line that is said besides", () => {
    const text = edited([/(self\.triaged = .*)/, '$1\n    notify user "done with {mail.subject}"']);
    expect(found(recording, text)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^A step that is not recorded: notify at Inbox\.handle\/notify:don/),
      ]),
    );
    expect(followed(recording, text).differences).toHaveLength(10);
  });

  test("a mail that is not sent", () => {
    expect(found(recording, edited(["      send answer to mail\n", ""]))[0]).toMatch(
      /^A recorded step is not taken: send at Inbox\.propose\/send:answer-mail·, ·$/,
    );
  });

  test("an argument", () => {
    expect(found(recording, edited(["max_length: 120", "max_length: 90"]))[0]).toMatch(
      /answer_to\/draft:.* has other arguments: options\.max_length was 120, now 90/,
    );
  });

  test("a variant under another name: what the model was asked, what its reply is now, what comes of it", () => {
    expect(found(recording, edited([/\burgent\b/g, "pressing"]))).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/has other arguments: variants\.3 was "urgent", now "pressing"/),
        'A recorded reply is decoded differently: value was {"$e":"Priority.urgent"}, now null',
        expect.stringMatching(/text was "\[urgent\] All.*", now "\[normal\] All/),
      ]),
    );
  });

  test("one variant more", () => {
    const text = edited(["high | urgent", "high | urgent | spam"], ["low => archive", "low, spam => archive"]);
    expect(found(recording, text)).toEqual([
      expect.stringMatching(/has other arguments: variants\.4 was nothing, now "spam"/),
    ]);
  });

  test("another agent's name", () => {
    expect(found(recording, edited([/\bInbox\b/g, "Desk"]))).toEqual(
      expect.arrayContaining([expect.stringMatching(/the program has no agent Inbox$/)]),
    );
  });

  test("an input and a variable that the recording knows nothing of", () => {
    const input = edited(["connect", 'input who: str = "us"\n\nconnect'], ["So far:", "So far, {who}:"]);
    expect(followed(recording, input)).toMatchObject({ rehearsal: { unrecorded: ["who"] } });
    expect(found(recording, input)[0]).toMatch(/now comes to|took another step as its effect/);
    const variable = followed(recording, edited(["So far:", "So far {env.SHOP}:"]));
    expect(variable.rehearsal.unrecorded).toEqual(["SHOP"]);
    expect(variable.differences.map((finding) => tell(finding).message).join()).toContain("SHOP is not set");
  });

  test("variables under other names", () => {
    const text = edited([/\bwish\b/g, "hint"], [/\bmails\b(?=[ .]|$)(?! unread)/gm, "letters"]);
    expect(
      followed(recording, text.replace("{letters.count} unread letters", "{letters.count} unread mails")),
    ).toMatchObject({
      differences: [],
    });
  });
});

const steps = `
type Mood = happy | sad
task mood_of(text: str) -> Mood { classify text as Mood fallback sad }
mood = mood_of("a long day")
notify user "first, {mood}"
remember {mood: mood}
notify user "second"
for n in [1, 2] {
  notify user "line {n}"
}
`;
const script = '{"replies": [{"operation": "classify", "reply": "happy"}]}';
const recorded = (): Promise<string> => recordingOf(steps, { models: { kind: "mock", script } });

describe("a small program, changed", () => {
  test("the order of two steps", async () => {
    const text = steps.replace(
      'notify user "first, {mood}"\nremember {mood: mood}',
      'remember {mood: mood}\nnotify user "first, {mood}"',
    );
    const words = found(await recorded(), text);
    expect(words).toHaveLength(2);
    expect(words.join("\n")).toMatch(/not taken: notify at main\/notify:first-mood/);
    expect(words.join("\n")).toMatch(/not recorded: notify at main\/notify:first-mood/);
  });

  test("the order of two rounds, which stand at one place", async () => {
    expect(found(await recorded(), steps.replace("[1, 2]", "[2, 1]"))).toEqual([
      expect.stringMatching(/main\/notify:line-n· has other arguments: text was "line 1", now "line 2"/),
      expect.stringMatching(/text was "line 2", now "line 1"/),
    ]);
  });

  test("a round more, and one less", async () => {
    const file = await recorded();
    expect(found(file, steps.replace("[1, 2]", "[1, 2, 3]"))).toEqual([
      expect.stringMatching(/^A step that is not recorded: notify .*"line 3"/),
    ]);
    expect(found(file, steps.replace("[1, 2]", "[1]"))).toEqual([
      expect.stringMatching(/^A recorded step is not taken: notify at main\/notify:line-n·/),
    ]);
  });

  test("a step whose outcome nobody knows: what comes after it is not followed, and that is said", async () => {
    const { differences } = followed(
      await recorded(),
      steps.replace("remember", 'notify user ask user "Well?"\nremember'),
    );
    expect(differences).toMatchObject([{ kind: "AddedStep", last: true, attempted: { step: { effect: "Ask" } } }]);
  });

  test("an end that is an error", async () => {
    expect(found(await recorded(), `${steps}notify user "{[1][7]!}"\n`).join()).toMatch(/ends differently/);
  });

  test("names, layout and comments, and what is moved into a task: the same", async () => {
    const file = await recorded();
    const renamed = steps.replaceAll("mood_of", "judge").replace(/\bn\b/g, "each");
    expect(renamed).not.toBe(steps);
    expect(followed(file, renamed)).toMatchObject({ differences: [], moved: 3 });
    const { text: laidOut = "" } = format(
      new Source("main.keel", `# a comment\n\n${steps.replace("for", "\n\n# x\nfor")}`),
    );
    expect(laidOut).not.toBe(steps);
    expect(followed(file, laidOut)).toMatchObject({ differences: [], moved: 0 });
    const extracted = steps.replace(
      'for n in [1, 2] {\n  notify user "line {n}"\n}',
      'task count_up(to: list[int]) {\n  for n in to { notify user "line {n}" }\n}\ncount_up([1, 2])',
    );
    expect(followed(file, extracted)).toMatchObject({ differences: [], moved: 2 });
  });
});

test("secrets: a program that computes with one needs its text, and the finding names it", async () => {
  const env = { API_KEY: "hunter2hunter2" };
  const text = 'notify user "{env.API_KEY.length} letters"';
  const file = await recordingOf(text, { env });
  const bare = followed(file).differences;
  expect(bare.length).toBeGreaterThan(0);
  expect(bare.map(({ secrets }) => secrets)).toEqual(bare.map(() => ["API_KEY"]));
  expect(followed(file, undefined, env).differences).toEqual([]);
});
