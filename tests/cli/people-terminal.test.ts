// People at a terminal: what they are asked, what they type, and what the screen shows.

import { expect, test } from "vitest";
import { atTerminal, hasTerminals } from "./at-terminal.ts";
import { place } from "./command.ts";

const CTRL_C = "\u0003";
const CTRL_D = "\u0004";
const pasted = (text: string): string => `\u001b[200~${text}\u001b[201~`;

const asking = `notify user "start"
name = ask user "Name?"
notify user "hello {name}"
sure = confirm user "Sure?"
notify user "sure: {sure}"
`;
const hint = "  Enter sends · Alt+Enter or \\ at the end: a new line";

test.skipIf(!hasTerminals)("Ctrl+C at a question: the resume asks it again, and says nothing twice", async () => {
  const here = place();
  here.write("a.keel", asking);
  const first = atTerminal(here, "keel run a.keel");
  await first.shows(`? Name?\n${hint}`);
  first.type(`Zo${CTRL_C}`);
  expect(await first.end).toBe(130);
  const run = await here.run();
  expect(first.screen.text).toBe(
    `  ▸ start\n? Name? Zo\n\n▸ Run ${run} is interrupted. \`keel resume ${run}\` continues it.`,
  );
  const second = atTerminal(here, "keel resume");
  await second.shows(hint);
  second.type("Zoe\r");
  await second.shows("? Sure? (y/N)");
  second.type(CTRL_D);
  expect(await second.end).toBe(75);
  expect(second.screen.text).toMatch(
    /^▸ Resuming run .*\n✓ Name\? Zoe\n {2}▸ hello Zoe\n\? Sure\? left open\n\n▸ Run \w+ is suspended/,
  );
  const third = atTerminal(here, "keel resume");
  await third.shows("? Sure? (y/N)");
  third.type("\r");
  expect(await third.end).toBe(0);
  expect(third.screen.text).toMatch(/^▸ Resuming run .*\n✓ Sure\? No\n {2}▸ sure: false$/);
  expect((await here.timeline()).filter(({ type }) => type === "gate.opened")).toHaveLength(2);
});

const agents = ["A", "B"].map(
  (name) => `agent ${name} {
  role "r"
  every 1.day {
    x = ask user "Well?"
    notify user "${name}: {x}"
  }
}
run ${name} in background
`,
);

test.skipIf(!hasTerminals)("two agents ask, one after the other, and a paste of two lines is one answer", async () => {
  const here = place();
  here.write("a.keel", agents.join(""));
  const { screen, shows, type, end } = atTerminal(here, "keel run a.keel --ticks 1");
  await shows(hint);
  type(pasted("one\rtwo\r"));
  await shows("  two\n");
  expect(screen.text).not.toContain("? B: Well?");
  type("\r");
  await shows("? B: Well?");
  await shows(hint);
  type("three\r");
  expect(await end).toBe(0);
  expect(screen.text).toContain("✓ A: Well?\n  one\n  two\n  ▸ A: one\ntwo\n");
  expect(screen.text).toContain("✓ B: Well? three\n  ▸ B: three");
});

test.skipIf(!hasTerminals)("an answer from elsewhere closes the prompt, and says so", async () => {
  const here = place();
  here.write("a.keel", asking);
  const { shows, type, end } = atTerminal(here, "keel run a.keel");
  await shows(hint);
  type("Zo");
  await shows("? Name? Zo");
  expect((await here.keel(["answer", await here.run(), "Ann"])).code).toBe(0);
  await shows("▸ Name? answered elsewhere: Ann\n  ▸ hello Ann\n? Sure? (y/N)");
  type("yes\r");
  expect(await end).toBe(0);
});

test.skipIf(!hasTerminals)("a question that expires is taken off the terminal", async () => {
  const here = place();
  here.write(
    "a.keel",
    `try { name = ask user "Name?" timeout 900.ms }\ncatch err { notify user "caught: {err.message}" }\n`,
  );
  const { screen, end } = atTerminal(here, "keel run a.keel");
  expect(await end).toBe(0);
  expect(screen.text).toBe("▸ Name? nobody answered in time\n  ▸ caught: nobody answered in time");
});

test.skipIf(!hasTerminals)("nothing in a question steers the terminal, asked or listed", async () => {
  const here = place();
  here.write("a.keel", `x = ask user "Name \\u{1b}[2J\\u{1b}]0;x\\u{7}\\u{202e} 👩‍👩‍👧?"\n`);
  const { screen, shows, type, end } = atTerminal(
    here,
    "keel run a.keel; keel show; keel inbox; keel answer $(keel ls --json | grep -o 'r[0-9a-f]\\{8\\}') main:2 x",
  );
  await shows(hint);
  type(CTRL_D);
  await end;
  const shown = screen.text.match(/Name ␛\[2J␛\]0;x␇␡ 👩‍👩‍👧\?/gu);
  expect(shown, screen.text).toHaveLength(6);
});

test.skipIf(!hasTerminals)("a dumb terminal: the question is a line, and so is the answer", async () => {
  const here = place();
  here.write("a.keel", asking);
  const { screen, shows, type, end } = atTerminal(here, "keel run a.keel", { TERM: "dumb" });
  await shows("  ? Name?");
  type("Zoe\n");
  await shows("  ? Sure? [y/N]");
  type("y\n");
  expect(await end).toBe(0);
  expect(screen.text).toContain("  ▸ sure: true");
});

test.skipIf(!hasTerminals)("where the output goes elsewhere, the question is still asked at the terminal", async () => {
  const here = place();
  here.write("a.keel", asking);
  const { screen, shows, type, end } = atTerminal(here, "keel run a.keel > out.txt; echo code $?; cat out.txt");
  await shows("? Name?");
  type("Zoe\r");
  await shows("? Sure? (y/N)");
  type("y\r");
  await end;
  expect(screen.text).toBe("✓ Name? Zoe\n✓ Sure? Yes\ncode 0\n  ▸ start\n  ▸ hello Zoe\n  ▸ sure: true");
});
