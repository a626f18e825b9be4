// A text in the making on a screen: what a person sees while it grows, and that nothing of it stays.

import { PassThrough, Writable } from "node:stream";
import { expect, test } from "vitest";
import { systemTerminal } from "../../src/runtime/host/terminal.ts";
import type { Terminal } from "../../src/runtime/world.ts";
import { DraftArea } from "../../src/tui/draft-area.ts";
import { ScreenPrompter } from "../../src/tui/prompter.ts";
import { TestScreen } from "../support/screen.ts";

interface Here {
  readonly screen: TestScreen;
  readonly terminal: Terminal;
  readonly keys: PassThrough;
}

function here(screen = new TestScreen()): Here {
  const stdout = new Writable({
    decodeStrings: false,
    write(chunk, _, done) {
      screen.write(String(chunk));
      done();
    },
  });
  const keys = new PassThrough();
  const prompter = new ScreenPrompter(screen, keys, false, () => undefined);
  const drafts = new DraftArea(screen, true);
  return { screen, keys, terminal: systemTerminal({ input: true, prompter, drafts, stdout, stderr: stdout }) };
}

function begun(terminal: Terminal) {
  const draft = terminal.draft?.();
  if (draft === undefined) throw new Error("no draft");
  return draft;
}

test("a text grows, and leaves nothing behind", () => {
  const { screen, terminal } = here();
  terminal.note("before");
  const draft = begun(terminal);
  draft.show("Dear");
  expect(screen.text).toBe("before\n  │ Dear");
  draft.show("Dear Ada,\n\nthank you");
  expect(screen.text).toBe("before\n  │ Dear Ada,\n  │\n  │ thank you");
  draft.show("Hi");
  expect(screen.text).toBe("before\n  │ Hi");
  draft.end();
  draft.show("too late");
  expect(screen.text).toBe("before");
  terminal.line("  ▸ Hi");
  expect(screen.text).toBe("before\n  ▸ Hi");
});

test("of a long text its end is shown, broken at the screen's width", () => {
  const { screen, terminal } = here(new TestScreen(40, 24));
  const draft = begun(terminal);
  draft.show(`${"word ".repeat(100)}end`);
  const rows = screen.text.split("\n");
  expect(rows).toHaveLength(8);
  expect(Math.max(...rows.map((row) => row.length))).toBeLessThan(40);
  expect(rows.at(-1)).toMatch(/word end$/);
  draft.show(Array.from({ length: 100 }, (_, n) => `line ${n}`).join("\n"));
  expect(screen.text.split("\n")).toStrictEqual([92, 93, 94, 95, 96, 97, 98, 99].map((n) => `  │ line ${n}`));
  draft.end();
  expect(screen.text).toBe("");
});

test("at the bottom of the screen nothing stays either", () => {
  const { screen, terminal } = here(new TestScreen(80, 8));
  for (let n = 0; n < 20; n += 1) terminal.note(`${n}`);
  const draft = begun(terminal);
  for (let n = 1; n < 20; n += 1) draft.show("x\n".repeat(n));
  draft.end();
  expect(screen.text).toBe(Array.from({ length: 20 }, (_, n) => `${n}`).join("\n"));
});

test("lines that are written meanwhile stand above it", () => {
  const { screen, terminal } = here();
  const draft = begun(terminal);
  draft.show("Dear");
  terminal.note("note");
  terminal.line("  ▸ line");
  terminal.warn("warning");
  expect(screen.text).toBe("note\n  ▸ line\nwarning\n  │ Dear");
});

test("one text at a time", () => {
  const { screen, terminal } = here();
  const first = begun(terminal);
  expect(terminal.draft?.()).toBeUndefined();
  first.show("first");
  expect(screen.text).toBe("  │ first");
  first.end();
  begun(terminal).show("second");
  expect(screen.text).toBe("  │ second");
});

test("while a question stands it is not shown, and grows on", async () => {
  const { screen, terminal, keys } = here();
  const draft = begun(terminal);
  draft.show("Dear");
  const answer = terminal.ask({ kind: "Ask", text: "Name?" }, new AbortController().signal);
  await screen.shows("? Name?");
  draft.show("Dear Ada");
  terminal.note("note");
  expect(screen.text).toMatch(/^note\n\? Name\?/);
  expect(screen.text).not.toContain("Dear");
  keys.write("Zoe");
  await screen.shows("Zoe");
  keys.write("\r");
  expect(await answer).toBe("Zoe");
  expect(screen.text).toBe("note\n✓ Name? Zoe\n  │ Dear Ada");
  draft.end();
  expect(screen.text).toBe("note\n✓ Name? Zoe");
});

test("it steers no terminal", () => {
  const { screen, terminal } = here();
  begun(terminal).show("a\u001b[2Jb\tc\r\nd");
  expect(screen.text).toBe("  │ a␛[2Jb  c\n  │ d");
});

test.each([
  [39, 24],
  [80, 5],
])("on a screen of %i columns and %i rows there is none", (columns, rows) => {
  expect(here(new TestScreen(columns, rows)).terminal.draft?.()).toBeUndefined();
});

test("into a pipe there is none", () => {
  expect(systemTerminal({ input: false, stdout: new PassThrough() }).draft).toBeUndefined();
});
