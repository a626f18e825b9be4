// `keel repl` through a pipe: what is typed is echoed behind the prompt, so the output is the session.

import { existsSync } from "node:fs";
import { expect, test } from "vitest";
import { place, type Given, type Place } from "../cli/command.ts";

/** What the REPL says to each input, without the prompts and what was typed. */
async function answers(input: string, given: Given = {}, at: Place = place()): Promise<readonly string[]> {
  const { out, code } = await at.keel(["repl"], { ...given, input });
  expect(code).toBe(0);
  expect(out).toMatch(/\nGoodbye\.\n$/);
  const turns = out.split(/^keel> /m).slice(1);
  return turns.map((turn) => {
    const [, ...said] = turn.replace(/^ {2}\.\.\..*\n/gm, "").split("\n");
    return said.join("\n").replace(/\n*(Goodbye\.\n)?$/, "");
  });
}

const last = async (...args: Parameters<typeof answers>): Promise<string> => (await answers(...args)).at(-1) ?? "";

test("a session as the guide shows it", async () => {
  const { keel } = place();
  const input =
    'type Mood = happy | sad | neutral\ntask greet(name: str) -> str {\n  "Hello, {name}!"\n}\n:types\n:quit\n';
  expect((await keel(["repl"], { input })).out).toBe(`Keel REPL v0.1
Type expressions, define tasks, or :help for commands.

keel> type Mood = happy | sad | neutral
  ✓ type Mood

keel> task greet(name: str) -> str {
  ...   "Hello, {name}!"
  ... }
  ✓ task greet

keel> :types
  Mood = happy | sad | neutral

keel> :quit
Goodbye.
`);
});

test("values are shown with their types, and kept under their names", async () => {
  expect(
    await answers('1 + 2\nx = [1, 2]\nx = x.append(3)\nx.map((n) => n * 2)\nx[9]\n{a, b: c} = {a: 1, b: "t"}\n'),
  ).toEqual([
    "  3 : int",
    "  ✓ x: list[int] = [1, 2]",
    "  ✓ x: list[int] = [1, 2, 3]",
    "  [2, 4, 6] : list[int]",
    "  none : int?",
    '  ✓ a: int = 1\n  ✓ c: str = "t"',
  ]);
});

test("what was bound is a constant to tasks; functions are kept as they were written", async () => {
  const input =
    "limit = 3\ntask over(n: int) -> bool { n > limit }\nover(4)\nlimit = 5\nover(4)\ntwice = (n: int) => n * 2\ntwice(limit)\ne = []\ne + [1]\n";
  expect((await answers(input)).filter((_, index) => index > 1)).toEqual([
    "  true : bool",
    "  ✓ limit: int = 5",
    "  false : bool",
    "  ✓ twice: (int) -> int",
    "  10 : int",
    "  ✓ e: list[never]",
    "  [1] : list[int]",
  ]);
});

test("an effect happens once, however often its value is read", async () => {
  const at = place();
  const input = 'name = ask user "who?"\nAnn\nname\n"{name}{name}"\nnow > "2020"\n';
  expect(await answers(input, {}, at)).toEqual([
    '  ? who?\n  ✎ Ann\n  ✓ name: str = "Ann"',
    '  "Ann" : str',
    '  "AnnAnn" : str',
    "  true : bool",
  ]);
  const runs = JSON.parse((await at.keel(["ls", "--json"])).out) as { file: string; status: string }[];
  expect(runs.map(({ status }) => status)).toEqual(["completed", "completed"]);
  const [one, two] = runs.map(({ file }) => file);
  expect(two).toMatch(/^repl:[0-9a-f]{4}#1$/);
  expect(one).toBe(two?.replace("#1", "#4"));
});

test("what has no effect leaves no store behind", async () => {
  const at = place();
  await answers("1\nx = 2\ntask f() -> int { x }\nf()\n", {}, at);
  expect(existsSync(at.data)).toBe(false);
});

test("a question that nobody answers is left open, and the run can be resumed", async () => {
  const at = place();
  expect(await last('confirm user "sure?"\n', {}, at)).toContain("is suspended");
  const done = await at.keel(["approve", await at.run(), "--resume"]);
  expect(done.code).toBe(0);
});

test("AI operations are the mock's where that is wanted", async () => {
  const at = place();
  const input = 'type Mood = happy | sad\nclassify "x" as Mood fallback sad\nclassify "x" as Mood\n';
  expect((await answers(input, {}, at)).slice(1)).toEqual(["  Mood.sad : Mood", "  none : Mood?"]);
  const live = await answers(
    'type Mood = happy | sad\nclassify "x" as Mood\n1\n',
    { env: { KEEL_LLM: undefined } },
    at,
  );
  expect(live[1]).toContain("✗ Model 'claude-sonnet' is not available locally.");
  expect(live[2]).toBe("  1 : int");
});

test("a declaration replaces the one of its name; what does not fit any more is set aside, and comes back", async () => {
  const input = `type Mood = happy | sad
m = Mood.happy
task dark(mood: Mood) -> bool { mood == sad }
type Mood = angry | calm
m
dark(calm)
type Mood = happy | sad
dark(sad)
dark = 1
dark
`;
  const said = await answers(input);
  expect(said[3]).toContain(
    "  ✓ type Mood\n  ⚠ m is gone: it was made with the Mood of before\n  ⚠ task dark is set aside until it fits again\n",
  );
  expect(said[3]).toContain("╭─[repl:1:");
  expect(said[4]).toContain("Unknown name 'm'");
  expect(said[5]).toContain("Unknown name 'dark'");
  expect(said[6]).toBe("  ✓ type Mood\n  ✓ task dark fits again");
  expect(said.slice(7)).toEqual(["  true : bool", "  ✓ dark: int = 1", "  1 : int"]);
});

test("errors stand in the framed form, at their place in the input", async () => {
  expect((await answers("x = 1\nnaem + 1\n"))[1]).toBe(`  × Name error K1001
   ╭─[repl:1:1]
 1 │ naem + 1
   · ──┬─
   ·   ╰── Unknown name 'naem'
   ╰────`);
  expect(await last("x = 1\n{a: 1,\n  b: x + true}\n")).toContain("╭─[repl:2:6]");
  expect(await last("[1, 2][5]!\n")).toBe("  ✗ NullError: [1, 2][5] is none");
  expect(await last('x = now\nfail "no {x.length > 1}"\n')).toBe("  ✗ Failure: no true");
});

test("an input that is wrong changes nothing", async () => {
  const input = "x = 1\nx = y\nx\ntask f() -> int { x }\ntask f() -> int { true }\nf()\n";
  const said = await answers(input);
  expect([said[2], said[5]]).toEqual(["  1 : int", "  1 : int"]);
});

test("agents: delegated to, run, and their state as long as the input", async () => {
  const input = `agent Counter {
  role "counts"
  state { n: int = 0 }
  task add(by: int) -> int {
    self.n = self.n + by
    self.n
  }
  on start { notify user "counting" }
}
delegate add(2) to Counter
run Counter
`;
  expect(await answers(input)).toEqual([
    "  ✓ agent Counter",
    "  2 : int?",
    expect.stringContaining("  ▸ counting") as string,
  ]);
});

test("several lines: operators, variants, blank lines", async () => {
  const input = "1 +\n\n2 +\n3\ntype A =\n  | b { c: int }\n  | d\nb(c: 1)\ntype E =\n  | f\n\n1\n";
  const said = await answers(input);
  expect(said[0]).toContain("Expected an expression");
  expect(said.slice(1)).toEqual(["  5 : int", "  ✓ type A", "  A.b(c: 1) : A", "  ✓ type E", "  1 : int"]);
});

test("an input that the end of the lines cuts off is told as wrong", async () => {
  expect(await last("task f() {\n  1")).toContain("This `{` is never closed");
});

test("an input has its default; without one it is asked for in vain", async () => {
  const said = await answers("input n: int = 4\nn + 1\ninput who: str\nwho\nn\n");
  expect(said[1]).toBe("  5 : int");
  expect(said[3]).toContain("who");
  expect(said[3]).toMatch(/^ {2}✗ /);
  expect(said[4]).toBe("  4 : int");
});

test(":env, :type, :clear", async () => {
  const input =
    'x = 1\ntask f(a: int, b: str = "") -> bool { a == x }\n:env\n:type f\n:type [x].map((n) => "{n}")\n:type notify user "x"\n:clear\n:env\n:types\n:type y\n';
  const said = await answers(input);
  expect(said.slice(2, 9)).toEqual([
    '  x: int = 1\n  task f(a: int, b: str = "") -> bool',
    expect.stringMatching(/^ {2}\(int, str\) -> bool$/) as string,
    "  list[str]",
    "  none",
    "  ✓ cleared",
    "  nothing yet",
    "  no types yet",
  ]);
  expect(said[9]).toContain("Unknown name 'y'");
});

test("unknown commands and words of other shells", async () => {
  const said = await answers(":typs\n:wat\n:load\nexit\n:help\n");
  expect(said[0]).toBe("  ✗ there is no command :typs\n  help: did you mean `:types`?");
  expect(said[1]).toContain("`:help` lists the commands");
  expect(said[2]).toBe("  ✗ usage: :load FILE");
  expect(said[3]).toContain("`:quit`");
  for (const command of [":help", ":types", ":env", ":clear", ":quit", ":type EXPR", ":load FILE"])
    expect(said[4]).toContain(command);
});

test(":load reads a file: its declarations, its values, its files", async () => {
  const at = place();
  at.write("sub/lib.keel", "task thrice(n: int) -> int { n * 3 }\n");
  at.write(
    "sub/main.keel",
    'use { thrice } from "./lib.keel"\nlimit = 10\ntask over(n: int) -> bool { n > limit }\nbig = over(thrice(4))\nnotify user "{big}"\n',
  );
  at.write("sub/bad.keel", "x = 1\ny = x + true\n");
  const said = await answers(
    ":load sub/main.keel\nthrice(5)\nover(3)\nbig\n:load sub/bad.keel\n:load nowhere.keel\nx\n",
    {},
    at,
  );
  expect(said.slice(0, 4)).toEqual([
    "  ✓ use thrice\n  ✓ task over\n  ▸ true\n  ✓ limit: int = 10\n  ✓ big: bool = true",
    "  15 : int",
    "  false : bool",
    "  true : bool",
  ]);
  expect(said[4]).toContain("╭─[sub/bad.keel:2:5]");
  expect(said[5]).toContain("cannot read nowhere.keel");
  expect(said[6]).toContain("Unknown name 'x'");
});

test("`use` and :load as seen from the working directory, twice as well, and with their places", async () => {
  const at = place();
  at.write("sub/lib.keel", "type Mood = happy | sad\ntask twice(n: int) -> int { n * 2 }\n");
  at.write("sub/main.keel", 'use { twice, Mood } from "./lib.keel"\nfour = twice(2)\nm: Mood = happy\n');
  at.write("sub/wrong.keel", 'task wrong() -> int { "a" }\n');
  at.write("bad.keel", 'use { wrong } from "./sub/wrong.keel"\nx = wrong()\n');
  const said = await answers(
    'use { twice } from "./sub/lib.keel"\ntwice(4)\n:load "sub/main.keel"\n:load sub/main.keel\n:types\n:load bad.keel\nuse { a } from "./none.keel"\nfour + 1\n',
    {},
    at,
  );
  expect(said.slice(0, 2)).toEqual(["  ✓ use twice", "  8 : int"]);
  const loaded = "  ✓ use twice, Mood\n  ✓ four: int = 4\n  ✓ m: Mood = Mood.happy";
  expect(said.slice(2, 5)).toEqual([loaded, loaded, "  Mood = happy | sad"]);
  expect(said[5]).toContain("─[sub/wrong.keel:1:23]");
  expect(said[6]).toContain("Cannot use './none.keel': there is no such file");
  expect(said[7]).toBe("  5 : int");
});
