// A run that branches from another one: what its first events are, what it refuses, and how a value is read that is put
// in an outcome's place.

import { describe, expect, test } from "vitest";
import { branchRun } from "../../src/runtime/engine/branch.ts";
import { patchValue } from "../../src/runtime/engine/patch.ts";
import type { Json } from "../../src/ir/kir.ts";
import type { OfStep, Recorded } from "../../src/runtime/journal/event.ts";
import { replayed } from "../support/replay.ts";
import { compiled, session, type Session } from "../support/session.ts";
import { testWorld } from "../support/world.ts";

const isOutcome = (event: Recorded): event is Recorded & OfStep =>
  event.type === "model.replied" || event.type === "step.completed" || event.type === "gate.answered";

function outcomeOf(opened: Session, run: string, step: string): Recorded & OfStep {
  const found = opened.events(run).find((event) => isOutcome(event) && event.step.startsWith(step));
  if (found === undefined || !isOutcome(found)) throw new Error(`no outcome of ${step}`);
  return found;
}

const judged = `
type Mood = happy | sad
agent Judge {
  role "judges"
  state { judged: int = 0 }
  task judge(text: str) -> Mood {
    self.judged = self.judged + 1
    classify text as Mood fallback sad
  }
}
first = delegate judge("one") to Judge ?? sad
second = delegate judge("two") to Judge ?? sad
notify user "{first} {second} {random() > 2.0}"
`;

describe("a branch", () => {
  test("inside a delegated task goes on there, and its caller with what comes of it", async () => {
    const opened = session();
    const first = opened.start(judged);
    await first.end;
    expect(first.world.terminal.lines).toEqual(["  ▸ sad sad false"]);
    const outcome = outcomeOf(opened, first.run, "Judge.judge/classify");
    const world = testWorld({ start: Date.UTC(2026, 1, 1), directory: opened.directory });
    world.random(4);
    const branch = { outcome, value: { $e: "Mood.happy" }, secrets: {} };
    const run = branchRun(opened.store, first.run, branch, world);
    const copied = opened.events(run);
    expect(copied.slice(1, -1)).toEqual(opened.events(first.run).slice(1, outcome.seq - 1));
    expect(copied.map(({ at }) => at)).toEqual(
      opened
        .events(first.run)
        .slice(0, outcome.seq)
        .map(({ at }) => at),
    );
    const second = opened.resume(run);
    expect(await second.end).toEqual({ status: "completed" });
    expect(second.world.terminal.lines).toEqual(["  ▸ happy sad false"]);
    expect(opened.store.head(run).states).toEqual({ Judge: { judged: 2 } });
    expect(replayed(opened.store, run).findings).toEqual([]);
  });

  test("of a run whose events were pruned is refused, and makes no run", async () => {
    const opened = session();
    const first = opened.start(`${judged}\nask user "?"`);
    await first.end;
    const outcome = outcomeOf(opened, first.run, "main/notify");
    const later = Date.UTC(2030, 0, 1);
    const lease = opened.store.acquire(first.run, later);
    expect(opened.store.prune(lease, later)).toBeGreaterThan(0);
    opened.store.release(lease);
    const branch = { outcome, value: null, secrets: {} };
    expect(() => branchRun(opened.store, first.run, branch, testWorld())).toThrow("were pruned");
    expect(opened.store.runs()).toHaveLength(1);
  });
});

describe("a value in an outcome's place", () => {
  const text = `
type Mood = happy | sad
mood = classify "a" as Mood
facts = extract {name: str, price: float} from "b"
both = translate "c" to ["french", "german"]
choice = decide "d" { options: [keep, drop] }
page = fetch "http://127.0.0.1:1/"
name = ask user "e"
yes = confirm user "f"
notify user "g"
`;
  const { program } = compiled(text);
  const patched = (effect: string, json: Json) => {
    const step = Object.values(program.functions).flatMap((node) =>
      node.kind === "Steps" ? node.steps.flatMap((each) => (each.kind === "Perform" ? [each] : [])) : [],
    );
    const id = step.find((each) => each.effect.kind === effect)?.id ?? "";
    return patchValue(program, { activation: "main", n: 1, step: id, effect, args: "" }, json);
  };

  test.each<[string, Json, Json]>([
    ["Classify", "happy", { $e: "Mood.happy" }],
    ["Classify", { $e: "Mood.sad" }, { $e: "Mood.sad" }],
    ["Classify", null, null],
    ["Extract", { name: "lamp", price: 3 }, { name: "lamp", price: { $f: "3.0" } }],
    [
      "Translate",
      { french: "oui", german: "ja" },
      {
        $m: [
          ["french", "oui"],
          ["german", "ja"],
        ],
      },
    ],
    ["Decide", { choice: "keep", reason: "why not" }, { choice: "keep", reason: "why not" }],
    ["FetchUrl", { status: 200, body: "x", is_ok: true }, { status: 200, body: "x", is_ok: true }],
    ["Ask", "Ada", "Ada"],
    ["Confirm", false, false],
  ])("%s takes %j", (effect, json, value) => {
    expect(patched(effect, json)).toEqual({ value });
  });

  test.each<[string, Json, string]>([
    ["Classify", "angry", "must be one of happy, sad"],
    ["Classify", { $e: "Color.red" }, "must be one of happy, sad"],
    ["Extract", { name: "lamp" }, "/price is missing"],
    ["Ask", 3, "an answer is a text"],
    ["Confirm", "yes", "an answer is true or false"],
    ["Notify", "x", "notify gives no value"],
    ["FetchUrl", { $x: 1 }, "it is no value"],
  ])("%s refuses %j", (effect, json, why) => {
    const refused = patched(effect, json);
    expect("why" in refused ? refused.why : "taken").toContain(why);
  });
});
