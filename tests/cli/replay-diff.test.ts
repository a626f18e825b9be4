// `keel diff`: where two runs part.

import fc from "fast-check";
import { expect, test } from "vitest";
import { align } from "../../src/runtime/journal/alignment.ts";
import { expectComplaint, place } from "./command.ts";

const program = `type Mood = happy | sad
for day in ["mon", "tue"] {
  mood = classify "how was {day}?" as Mood fallback sad
  if mood == happy { notify user "{day} was fine" }
}
notify user "done"
`;

async function twoRuns(): Promise<ReturnType<typeof place> & { readonly runs: readonly string[] }> {
  const here = place();
  here.write("a.keel", program);
  here.write("fine.json", JSON.stringify({ replies: [{ operation: "classify", reply: "happy" }] }));
  const mixed = [
    { operation: "classify", contains: "tue", reply: "happy" },
    { operation: "classify", reply: "sad" },
  ];
  here.write("mixed.json", JSON.stringify({ replies: mixed }));
  const runs: string[] = [];
  for (const replies of ["fine.json", "mixed.json"]) {
    await here.keel(["run", "a.keel", "--mock", replies]);
    runs.push(await here.run());
  }
  return { ...here, runs };
}

test("steps are laid side by side by place: one that only one run takes moves no other", async () => {
  const { keel, runs } = await twoRuns();
  const [a = "", b = ""] = runs;
  const found = await keel(["diff", a, b]);
  expect(found.code).toBe(1);
  expect(found.out).toBe(`A ${a}  a.keel  completed
B ${b}  a.keel  completed

  main
    ≠ classify main/classify:how-was-day[0]  Mood.happy → Mood.sad
    - notify main/notify:day-was-fine[0]  ▸ mon was fine

✗ 2 differences, 3 steps alike; they part at main/classify:how-was-day[0] (event 3 of A, event 3 of B)
`);
});

test("a run and itself have no difference", async () => {
  const { keel, runs } = await twoRuns();
  const [a = ""] = runs;
  const found = await keel(["diff", a, a]);
  expect(found).toMatchObject({ code: 0, err: "" });
  expect(found.out).toContain("✓ no difference, 5 steps alike\n");
});

test("messages are told apart by which they are, and what an agent did at its end is compared", async () => {
  const here = place();
  const text = (more: string) => `
agent Diary {
  role "writes"
  state { last: str = "" }
  on message(m: Message) {
    self.last = m.body
    notify user m.body
  }
}
${more}run Diary in background
send "one" to Diary
send "two" to Diary
wait 1.second
stop Diary
`;
  const runs: string[] = [];
  for (const more of ["", 'notify user "first"\n']) {
    here.write("a.keel", text(more));
    await here.keel(["run", "a.keel"]);
    runs.push(await here.run());
  }
  const [a = "", b = ""] = runs;
  expect((await here.keel(["diff", a, b])).out).toContain(
    "two programs, or two versions of one\n\n  main\n    + notify main/notify:first  ▸ first\n\n✗ 1 difference",
  );
});

test("as JSON, with both sides of each difference", async () => {
  const { keel, runs } = await twoRuns();
  const [a = "", b = ""] = runs;
  const found = JSON.parse((await keel(["diff", a, b, "--json"])).out) as { differences: readonly object[] };
  expect(found).toMatchObject({ version: 1, a: { run: a }, b: { run: b }, alike: 3 });
  expect(found.differences).toMatchObject([
    {
      activation: "main",
      kind: "outcome",
      a: { seq: 3, outcome: { $e: "Mood.happy" } },
      b: { outcome: { $e: "Mood.sad" } },
    },
    { activation: "main", kind: "step", a: { step: "main/notify:day-was-fine[0]", effect: "Notify" } },
  ]);
});

test("a run that is not there is said", async () => {
  const { keel, runs } = await twoRuns();
  expectComplaint(await keel(["diff", runs[0] ?? "", "rxyz"]), 2, "no run is called rxyz");
});

test("what is laid side by side is a longest common subsequence, and nothing is lost", () => {
  const list = fc.uniqueArray(fc.nat(12).map(String), { maxLength: 10 });
  fc.assert(
    fc.property(list, list, (a, b) => {
      const pairs = align(a, b, (item) => item);
      expect(pairs.flatMap((pair) => pair.a ?? [])).toEqual(a);
      expect(pairs.flatMap((pair) => pair.b ?? [])).toEqual(b);
      const common = pairs.filter((pair) => pair.a !== undefined && pair.b !== undefined);
      expect(common.every((pair) => pair.a === pair.b)).toBe(true);
      expect(common).toHaveLength(longestCommon(a, b));
    }),
  );
});

/** By the definition. */
function longestCommon([first, ...a]: readonly string[], b: readonly string[]): number {
  if (first === undefined) return 0;
  const at = b.indexOf(first);
  const without = longestCommon(a, b);
  return at === -1 ? without : Math.max(without, 1 + longestCommon(a, b.slice(at + 1)));
}
