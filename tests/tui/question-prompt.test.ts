// Questions on a screen: real keys through the real prompt, and what the screen shows then.

import { PassThrough } from "node:stream";
import { onTestFinished, expect, test } from "vitest";
import type { Question } from "../../src/runtime/world.ts";
import { ScreenPrompter } from "../../src/tui/prompter.ts";
import { TestScreen } from "../support/screen.ts";

const ENTER = "\r";
const ALT_ENTER = "\u001b\r";
const UP = "\u001b[A";
const DOWN = "\u001b[B";
const LEFT = "\u001b[D";
const HOME = "\u0001";
const BACKSPACE = "\u007f";
const pasted = (text: string): string => `\u001b[200~${text}\u001b[201~`;
const hint = "  Enter sends · Alt+Enter or \\ at the end: a new line";

interface Asked {
  readonly screen: TestScreen;
  readonly prompter: ScreenPrompter;
  readonly answer: Promise<string | undefined>;
  readonly controller: AbortController;
  /** Types each in a chunk of its own, and lets the prompt draw. */
  type(...keys: readonly string[]): Promise<void>;
}

async function ask(question: Partial<Question>, screen = new TestScreen(), keys = new PassThrough()): Promise<Asked> {
  const controller = new AbortController();
  const prompter = new ScreenPrompter(screen, keys, false, () => controller.abort());
  const answer = prompter.ask({ kind: "Ask", text: "What?", ...question }, controller.signal);
  onTestFinished(() => controller.abort());
  await screen.shows("? ");
  await drawn();
  return {
    screen,
    prompter,
    answer,
    controller,
    async type(...chunks) {
      for (const chunk of chunks) {
        keys.write(chunk);
        await drawn();
      }
    },
  };
}

/** Keys are taken in one round of the event loop and drawn in the next. */
async function drawn(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

test("a line, and Enter", async () => {
  const asked = await ask({ agent: "Writer" });
  expect(asked.screen.text).toBe(`? Writer: What?\n${hint}`);
  await asked.type("be", " brief", HOME, "please ");
  expect(asked.screen.text).toBe(`? Writer: What? please be brief\n${hint}`);
  expect(asked.screen.cursor).toEqual([0, "? Writer: What? please ".length]);
  await asked.type(ENTER);
  expect(await asked.answer).toBe("please be brief");
  expect(asked.screen.text).toBe("✓ Writer: What? please be brief");
  expect(asked.screen.cursor).toEqual([1, 0]);
});

test.each<[string, readonly string[], string]>([
  ["nothing", [ENTER], ""],
  ["Alt+Enter begins a line", ["a", ALT_ENTER, "b", ENTER], "a\nb"],
  ["so does a backslash at the end", ["a\\", ENTER, "b", ENTER], "a\nb"],
  ["two of them are one", ["C:\\\\", ENTER], "C:\\"],
  ["one in the middle is one", ["a\\b", ENTER], "a\\b"],
  ["a line break at the end is none of it", ["a", ALT_ENTER, ENTER], "a"],
  ["a line is broken at the cursor", ["ab", LEFT, ALT_ENTER, "x", ENTER], "a\nxb"],
  ["lines are joined by a backspace", ["a", ALT_ENTER, "b", HOME, BACKSPACE, "x", ENTER], "axb"],
  ["up and down", ["a", ALT_ENTER, "b", UP, "1", UP, DOWN, "2", ENTER], "a1\nb2"],
  ["up does not lead out of it", ["a", UP, UP, "b", DOWN, DOWN, "c", ENTER], "abc"],
  ["many signs in one chunk, before others", ["end", HOME, "be gin ", ENTER], "be gin end"],
  ["emoji, wide signs", ["👩‍👩‍👧", "漢字", LEFT, "é", ENTER], "👩‍👩‍👧漢é字"],
])("%s", async (_, keys, answer) => {
  const asked = await ask({});
  await asked.type(...keys);
  expect(await asked.answer).toBe(answer);
});

test("an answer of many lines stands below the question", async () => {
  const asked = await ask({});
  await asked.type("one", ALT_ENTER, "two", ALT_ENTER, "three", UP);
  expect(asked.screen.text).toBe(`? What?\n  one\n  two\n  three\n${hint}`);
  expect(asked.screen.cursor).toEqual([2, 5]);
  await asked.type(ENTER);
  expect(await asked.answer).toBe("one\ntwo\nthree");
  expect(asked.screen.text).toBe("✓ What?\n  one\n  two\n  three");
  expect(asked.screen.cursor).toEqual([4, 0]);
});

test("of very many lines those near the cursor are shown", async () => {
  const asked = await ask({}, new TestScreen(40, 14));
  for (let n = 1; n <= 12; n += 1) await asked.type(`line ${n}`, ALT_ENTER);
  expect(asked.screen.text).toMatch(/^\? What\?\n  … 6 more above\n  line 7\n[^]*  line 12\n\n  Enter sends/);
  for (let n = 1; n <= 12; n += 1) await asked.type(UP);
  expect(asked.screen.text).toMatch(/^\? What\?\n  line 1\n  line 2\n[^]*\n  … 6 more below\n  Enter sends/);
  await asked.type(ENTER);
  expect((await asked.answer)?.split("\n")).toHaveLength(12);
});

test.each<[string, string]>([
  ["said by the terminal", pasted("one\r\ntwo\rthree\r")],
  ["not said", "one\r\ntwo\rthree\r\n"],
])("what is pasted (%s) is one answer", async (_, text) => {
  const asked = await ask({});
  await asked.type(text);
  if (text.startsWith("\u001b")) {
    expect(asked.screen.text).toBe(`? What?\n  one\n  two\n  three\n\n${hint}`);
    await asked.type(ENTER);
  }
  expect(await asked.answer).toBe("one\ntwo\nthree");
});

test("a paste in the middle of a line", async () => {
  const asked = await ask({});
  await asked.type("[]", LEFT, pasted("a\nb"), "c", ENTER);
  expect(await asked.answer).toBe("[a\nbc]");
});

test("a long paste is said, not shown, and goes as a whole", async () => {
  const asked = await ask({});
  const text = `${"x".repeat(99)}\n`.repeat(1_000);
  await asked.type(`see: `, pasted(text), "so");
  expect(asked.screen.text).toBe(`? What?\n  see: [pasted: 1,000 lines, 100,000 characters]\n  so\n${hint}`);
  await asked.type(UP, ENTER);
  expect(await asked.answer).toBe(`see: ${text}so`);

  const again = await ask({});
  await again.type(pasted(text), BACKSPACE, "none", ENTER);
  expect(await again.answer).toBe("none");
});

test("what steers a terminal is taken out of a paste", async () => {
  const asked = await ask({});
  await asked.type(pasted("a\u001b[2Jb\u0007\tc\u009b"), ENTER);
  expect(await asked.answer).toBe("a[2Jb\tc");
});

test.each<[string, readonly string[], string]>([
  ["Enter", [ENTER], "No"],
  ["y", ["y", ENTER], "Yes"],
  ["YES", ["YES", ENTER], "Yes"],
  ["n", ["n", ENTER], "No"],
  ["ye", ["ye", ENTER], "No"],
  ["true", ["true", ENTER], "No"],
  ["a paste of many lines", [pasted("y\nn\ny\n"), ENTER], "No"],
  ["the same where the terminal does not say so", ["y\ny\r"], "No"],
])("a decision: %s", async (_, keys, shown) => {
  const asked = await ask({ kind: "Confirm", text: "Sure?" });
  expect(asked.screen.text).toBe("? Sure? (y/N)");
  await asked.type(...keys);
  await asked.answer;
  expect(asked.screen.text).toBe(`✓ Sure? ${shown}`);
});

test("what is said meanwhile stands above, and the cursor stays", async () => {
  const asked = await ask({}, new TestScreen(80, 6));
  await asked.type("one", ALT_ENTER, "two", UP);
  for (let n = 1; n <= 9; n += 1) asked.prompter.above(() => asked.screen.write(`▸ tick ${n}\n`));
  const ticks = Array.from({ length: 9 }, (_, n) => `▸ tick ${n + 1}\n`).join("");
  expect(asked.screen.text).toBe(`${ticks}? What?\n  one\n  two\n${hint}`);
  expect(asked.screen.cursor).toEqual([10, 5]);
  await asked.type("!", ENTER);
  expect(await asked.answer).toBe("one!\ntwo");
  asked.prompter.above(() => asked.screen.write("▸ after\n"));
  expect(asked.screen.text).toBe(`${ticks}✓ What?\n  one!\n  two\n▸ after`);
});

test("a line that fills its row and more", async () => {
  const asked = await ask({}, new TestScreen(30, 10));
  await asked.type("a long answer that needs two rows", LEFT, LEFT);
  asked.prompter.above(() => asked.screen.write("▸ tick\n"));
  expect(asked.screen.text).toBe("▸ tick\n? What? a long answer that nee\nds two rows");
  expect(asked.screen.cursor).toEqual([2, 9]);
  await asked.type("X", ENTER);
  expect(await asked.answer).toBe("a long answer that needs two roXws");
  expect(asked.screen.text).toBe("▸ tick\n✓ What? a long answer that nee\nds two roXws");
});

test("taken back: it says why, and what comes then stands below", async () => {
  const asked = await ask({ agent: "A" });
  await asked.type("half an ans");
  asked.controller.abort("answered elsewhere: no\u001b[2J");
  asked.prompter.above(() => asked.screen.write("▸ next\n"));
  expect(await asked.answer).toBeUndefined();
  expect(asked.screen.text).toBe("▸ A: What? answered elsewhere: no␛[2J\n▸ next");
});

test("Ctrl+C interrupts, Ctrl+D leaves it open", async () => {
  const asked = await ask({});
  await asked.type("half", "\u0003");
  expect(await asked.answer).toBeUndefined();
  expect(asked.controller.signal.aborted).toBe(true);
  expect(asked.screen.text).toBe("? What? half");
  const left = await ask({});
  await left.type("\u0004");
  expect(await left.answer).toBeUndefined();
  expect(left.controller.signal.aborted).toBe(false);
  expect(left.screen.text).toBe("? What? left open");
});

test("two questions, one after the other, from one chunk of keys: the second waits for its own", async () => {
  const keys = new PassThrough();
  const first = await ask({ text: "One?" }, undefined, keys);
  await first.type("a\rb\r");
  expect(await first.answer).toBe("a\nb");
  const second = await ask({ text: "Two?" }, undefined, keys);
  expect(second.screen.text).toBe(`? Two?\n${hint}`);
  await second.type("c", ENTER);
  expect(await second.answer).toBe("c");
});
