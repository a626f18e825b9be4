// How a question is laid out around its prompt.

import { expect, test } from "vitest";
import { hintText, questionText, wrapped } from "../../src/tui/question-text.ts";

test("a short question stands in the prompt's line, with who asks", () => {
  expect(questionText({ kind: "Ask", text: "Name?" }, 80)).toEqual({ above: [], message: "Name?" });
  expect(questionText({ kind: "Ask", text: "Name?", agent: "Writer" }, 80).message).toBe("Writer: Name?");
});

test("of many lines, the one that asks stands in the prompt's line, the others above", () => {
  const text = "Send this reply?\n\nDear Ada,\r\nyes.\n";
  expect(questionText({ kind: "Confirm", text }, 80)).toEqual({
    above: ["  │ Dear Ada,", "  │ yes."],
    message: "Send this reply?",
  });
  expect(questionText({ kind: "Confirm", text: "Dear Ada,\nyes.", agent: "A" }, 80)).toEqual({
    above: ["  │ Dear Ada,", "  │ yes."],
    message: "A: Go ahead?",
  });
  expect(questionText({ kind: "Ask", text: "a\nb" }, 80).message).toBe("Your answer:");
});

test("a long line is broken at blanks, a long word anywhere, wide signs count twice", () => {
  expect(wrapped("the quick brown fox jumps over", 20)).toEqual(["the quick brown fox", "jumps over"]);
  expect(wrapped("x".repeat(45), 20)).toEqual(["x".repeat(20), "x".repeat(20), "x".repeat(5)]);
  expect(wrapped("漢".repeat(15), 20)).toEqual(["漢".repeat(10), "漢".repeat(5)]);
  expect(wrapped("", 20)).toEqual([""]);
  const { above, message } = questionText({ kind: "Ask", text: `${"word ".repeat(100)}?` }, 80);
  expect([above.length, message]).toEqual([7, "Your answer:"]);
  expect(above.every((line) => line.length <= 80)).toBe(true);
});

test("what steers a terminal, or turns the direction of writing, is shown as a sign", () => {
  const { message } = questionText({ kind: "Ask", text: "a\u001b[2J\u009b\u202e?" }, 80);
  expect(message).toBe("a␛[2J␡␡?");
});

test("the hint says until when, with the day where it is not today, and fits", () => {
  const now = new Date(2026, 0, 5, 8, 0);
  const at = (date: Date): number => date.getTime();
  const keys = "Enter sends · Alt+Enter or \\ at the end: a new line";
  expect(hintText({ kind: "Ask", text: "?" }, now, 80)).toBe(keys);
  expect(hintText({ kind: "Confirm", text: "?" }, now, 80)).toBe("");
  const soon = { kind: "Ask", text: "?", expires: at(new Date(2026, 0, 5, 9, 5)) } as const;
  expect(hintText(soon, now, 80)).toBe(`until 09:05 · ${keys}`);
  expect(hintText(soon, now, 40)).toBe("until 09:05 · Enter sends");
  const later = { kind: "Confirm", text: "?", expires: at(new Date(2026, 0, 6, 9, 5)) } as const;
  expect(hintText(later, now, 80)).toBe("until 2026-01-06 09:05");
});
