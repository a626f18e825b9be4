// What became of a model's replies, as `keel show` says it: what was repaired, what was refused and why, how often was asked.

import { expect, test } from "vitest";
import { place } from "./command.ts";

const program = `type Mood = happy | sad
type Note { title: str, tags: list[str] }
mood = classify "the first" as Mood fallback sad
other = classify "the second" as Mood fallback sad
note = extract Note from "the third"
gist = summarize "the fourth" fallback "-"
draft "the fifth" {}
notify user "{mood} {other} {note} {gist}"
`;

const replies = {
  replies: [
    { operation: "classify", contains: "the first", reply: "The category is **Happy**." },
    { operation: "classify", contains: "the second", reply: "Hard to say." },
    { operation: "extract", reply: 'Sure:\n```json\n{"Title": "x", "tags": ["a",]}\n```' },
    { operation: "summarize", reply: "  " },
    { operation: "draft", error: "refused" },
  ],
};

test("show says it in a few words, the journal in full, and a replay comes to the same", async () => {
  const here = place();
  here.write("trail.keel", program);
  here.write("replies.json", JSON.stringify(replies));
  const ran = await here.keel(["run", "trail.keel", "--mock", "replies.json"]);
  expect(ran.out).toContain('happy sad {"title": "x", "tags": ["a"]} -');
  const { out } = await here.keel(["show"]);
  expect(out).toContain("classify → happy (repaired: sentence)");
  expect(out).toContain("classify → none (asked 3 times; the reply is not clearly on…");
  expect(out).toContain("(repaired: prose,");
  expect(out).toContain("summarize → none (the reply is empty)");
  expect(out).toContain("draft → none (the model refused to answer)");
  const replied = (await here.timeline()).filter(({ type }) => type === "model.replied");
  expect(replied.map(({ reason, repaired }) => ({ reason, repaired }))).toStrictEqual([
    { reason: undefined, repaired: ["sentence"] },
    { reason: "the reply is not clearly one of happy, sad", repaired: undefined },
    { reason: undefined, repaired: ["prose", "syntax", "key names"] },
    { reason: "the reply is empty", repaired: undefined },
    { reason: "the model refused to answer", repaired: undefined },
  ]);
  expect(replied[1]?.["replies"]).toHaveLength(3);
  const again = await here.keel(["replay", await here.run()]);
  expect(again.code, again.out + again.err).toBe(0);
});
