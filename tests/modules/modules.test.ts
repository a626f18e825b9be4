// Programs of several files: what `use` brings, what it refuses, where diagnostics point, and what the graph calls things.

import { describe, expect, test } from "vitest";
import { type Compiled, compile } from "../../src/compile.ts";
import { stdlib } from "../../src/generated/stdlib.ts";
import { diagnosticJson } from "../../src/source/diagnostic-json.ts";
import { renderDiagnostic } from "../../src/source/render.ts";
import { Source } from "../../src/source/text.ts";
import { loadFrom } from "../support/lang-page.ts";
import { runProgram } from "../support/run-program.ts";

type Files = { readonly [name: string]: string };

const mainOf = (files: Files): Source => new Source("main.keel", files["main.keel"] ?? "");

function compiled(files: Files): Compiled {
  return compile(mainOf(files), stdlib, loadFrom(new Map(Object.entries(files))));
}

/** `K1022 main.keel:1:7 message` for each diagnostic. */
function said(files: Files): string[] {
  const main = mainOf(files);
  return compiled(files).diagnostics.map(({ code, message, span, source = main }) => {
    const { line, column } = source.position(span.start);
    return `${code} ${source.name}:${line}:${column} ${message}`;
  });
}

async function printed(files: Files): Promise<readonly string[]> {
  const { program, places } = compiled(files);
  if (program === undefined || places === undefined) return expect.fail(said(files).join("\n"));
  const { lines, failure } = await runProgram(program, { places });
  expect(failure).toBeUndefined();
  return lines.map((line) => line.replace("  ▸ ", ""));
}

const triage = `
type Urgency = low | high
threshold = 3
scale = threshold * 2
task weight(word: str) -> int { word.length * scale }
task triage(text: str) -> Urgency { if weight(text) > 20 { high } else { low } }
notify user "never printed"
`;

describe("what a file gives", () => {
  test("types, tasks and constants, with the helpers they need", async () => {
    const files = {
      "triage.keel": triage,
      "main.keel": `use { triage, Urgency, threshold } from "./triage.keel"
u: Urgency = triage("deadline")
notify user when u { low => "later", high => "now" }
notify user "{threshold}"
task above(n: int) -> bool { n > threshold }
notify user "{above(4)}"
`,
    };
    expect(await printed(files)).toEqual(["now", "3", "true"]);
  });

  test("its private names are no names here, and ours none there", async () => {
    const files = {
      "a.keel": `limit = 10\ntask helper() -> str { "a {limit}" }\ntask a() -> str { helper() }\n`,
      "b.keel": `limit = 20\ntask helper() -> str { "b {limit}" }\ntask b() -> str { helper() }\n`,
      "main.keel": `use { a } from "./a.keel"
use { b } from "./b.keel"
limit = 30
task helper() -> str { "main {limit}" }
notify user "{a()}, {b()}, {helper()}"
`,
    };
    expect(await printed(files)).toEqual(["a 10, b 20, main 30"]);
  });

  test("agents and connections", async () => {
    const files = {
      "bots.keel": `connect work via maildir { path: "mail" }
agent Greeter {
  role "Greets"
  state { count: int = 0 }
  task greet(name: str) -> str {
    self.count = self.count + 1
    line(name, self.count)
  }
}
task line(name: str, n: int) -> str { "{n}: hello {name}" }
`,
      "main.keel": `use { Greeter, work } from "./bots.keel"
agent Boss {
  role "Asks"
  tools [work]
  team [Greeter]
  task both() -> list[str?] { [delegate greet("Ada") to Greeter, delegate greet("Bob") to Greeter] }
}
lines = delegate both() to Boss
notify user "{lines}"
`,
    };
    expect(await printed(files)).toEqual(['["1: hello Ada", "2: hello Bob"]']);
  });

  test("constants that are functions, and narrowing of one that may be none", async () => {
    const files = {
      "a.keel": `double = (n: int) => n * 2\nfirst = [1, 2].first\n`,
      "main.keel": `use { double, first } from "./a.keel"
task twice(n: int) -> int { double(n) + [n].map(double).sum() }
task one() -> int { if first != none { first + 0 } else { 0 } }
notify user "{twice(3)} {one()} {double(5)}"
if first != none { notify user "{first + 1}" }
`,
    };
    expect(await printed(files)).toEqual(["12 1 10", "2"]);
  });

  test("inputs of another file are the program's where something reads them", () => {
    const files = {
      "a.keel": `input name: str\ninput unread: str\ntask greet() -> str { "Hi {name}" }\ntask bye() -> str { unread }\n`,
      "main.keel": `use { greet } from "./a.keel"\ninput name: int = 1\nnotify user "{greet()} {name}"\n`,
    };
    expect(compiled(files).program?.inputs?.map(({ name }) => name)).toEqual(["name", "a:name"]);
  });

  test("the predeclared `email` and one that another file connects are two", () => {
    const files = {
      "mail.keel": `connect email via maildir { path: "theirs" }\ntask unread() -> int { (fetch email).count }\n`,
      "main.keel": `use { unread } from "./mail.keel"\nnotify user "{unread()} {(fetch email).count}"\n`,
    };
    const { connections = {} } = compiled(files).program ?? {};
    expect(
      Object.values(connections)
        .map(({ name, via }) => `${name} ${via}`)
        .toSorted(),
    ).toEqual(["default:email imap", "email maildir"]);
  });

  test("a file that two others use is one file: its enum is one type", async () => {
    const files = {
      "lib/kinds.keel": `type Kind = cat | dog\n`,
      "lib/make.keel": `use { Kind } from "./kinds.keel"\ntask make(n: int) -> Kind { if n > 0 { dog } else { cat } }\n`,
      "main.keel": `use { Kind } from "./lib/kinds.keel"
use { make } from "lib/../lib/make.keel"
k: Kind = make(1)
notify user "{k == dog}"
`,
    };
    expect(await printed(files)).toEqual(["true"]);
  });

  test("enums of one name in two files are two types", () => {
    const files = {
      "other.keel": `type Kind = cat | dog\ntask make() -> Kind { cat }\n`,
      "main.keel": `use { make } from "./other.keel"\ntype Kind = cat | dog\nk: Kind = make()\n`,
    };
    expect(said(files)).toEqual(["K2001 main.keel:3:11 Expected Kind, got Kind"]);
    const [first] = compiled(files).diagnostics;
    expect(first?.help).toBe("there are two types 'Kind'");
    expect(first?.related?.map(({ source, message }) => [source?.name, message])).toEqual([
      [undefined, "expected is this one"],
      ["other.keel", "got is this one"],
    ]);
  });

  test("generic types over structs of one name stay apart", () => {
    const files = {
      "page.keel": `type Page[T] { items: list[T] }
type Item { a: int }
task one() -> Page[Item] { {items: [{a: 1}]} }
`,
      "main.keel": `use { one, Page } from "./page.keel"
type Item { b: str }
p: Page[Item] = {items: [{b: "x"}]}
q = one()
n: int = q.items.first!.a
s: str = p.items.first!.b
`,
    };
    expect(said(files)).toEqual([]);
  });

  test("tasks of two files may call each other's tasks through functions, and effects go through", () => {
    const files = {
      "mail.keel": `task tell(text: str) { send text to "a@b.c" }\n`,
      "main.keel": `use { tell } from "./mail.keel"
agent Quiet {
  role "Sends nothing"
  tools [web]
  on start { tell("x") }
}
run Quiet
`,
    };
    const [first, ...rest] = said(files);
    expect(rest).toEqual([]);
    expect(first).toMatch(/^K4001 main\.keel:5:14 .*tell → send/);
  });

  test("connections of one name in two files are two, and `tools` tells them apart", () => {
    const files = {
      "mail.keel": `connect email via maildir { path: "theirs" }\ntask unread() -> int { (fetch email).count }\n`,
      "main.keel": `use { unread } from "./mail.keel"
connect email via maildir { path: "ours" }
agent A {
  role "Reads"
  tools [email]
  on start { notify user "{unread()} {(fetch email).count}" }
}
run A
`,
    };
    expect(said(files)).toEqual([
      expect.stringMatching(/^K4001 main\.keel:6:28 .*mail:email.* → /) as unknown as string,
    ]);
    const fine = { ...files, "main.keel": files["main.keel"].replace("  tools [email]\n", "") };
    expect(Object.keys(compiled(fine).program?.connections ?? {}).toSorted()).toEqual(["email", "mail:email"]);
  });
});

describe("what is refused", () => {
  test("a circle, by its files", () => {
    const files = {
      "a.keel": `use { b } from "./b.keel"\ntask a() -> int { b() }\n`,
      "b.keel": `use { a } from "./a.keel"\ntask b() -> int { a() }\n`,
      "main.keel": `use { a } from "./a.keel"\nx = a()\n`,
    };
    expect(said(files)).toContain("K1023 b.keel:1:16 Files use each other in a circle: a.keel → b.keel → a.keel");
    const self = { "main.keel": `use { x } from "./main.keel"\n` };
    expect(said(self)).toEqual(["K1023 main.keel:1:16 Files use each other in a circle: main.keel → main.keel"]);
  });

  test("what cannot be read, and paths that are not relative", () => {
    expect(said({ "main.keel": `use { x } from "./no.keel"\nn = x + 1\n` })).toEqual([
      "K1021 main.keel:1:16 Cannot use './no.keel': there is no such file",
    ]);
    expect(said({ "main.keel": `use { x } from "/etc/x.keel"\n` })).toEqual([
      "K1021 main.keel:1:16 Cannot use '/etc/x.keel': a path is relative to the file that uses it",
    ]);
  });

  test("unknown names, with the nearest one", () => {
    const files = { "triage.keel": triage, "main.keel": `use { trage } from "./triage.keel"\nx = trage("a")\n` };
    const [first, ...rest] = compiled(files).diagnostics;
    expect(rest).toEqual([]);
    expect(first?.code).toBe("K1022");
    expect(first?.help).toBe("did you mean 'triage'?");
    expect(first?.edits?.[0]?.text).toBe("triage");
  });

  test("names that are something else there", () => {
    const files = {
      "a.keel": `use { c } from "./c.keel"\ninput who: str\nx = 1\nx = 2\n{y: z} = {y: 3}\nn = c + 1\n`,
      "c.keel": `c = 1\n`,
      "main.keel": `use { who, x, z, c } from "./a.keel"\n`,
    };
    expect(said(files).map((line) => line.split(": ")[0])).toEqual([
      "K1024 main.keel:1:7 'who' of './a.keel' cannot be used",
      "K1024 main.keel:1:12 'x' of './a.keel' cannot be used",
      "K1024 main.keel:1:15 'z' of './a.keel' cannot be used",
      "K1024 main.keel:1:18 'c' of './a.keel' cannot be used",
    ]);
  });

  test("a name that is here already, and one that is named twice", () => {
    const files = {
      "triage.keel": triage,
      "main.keel": `use { triage, threshold, Urgency, Urgency } from "./triage.keel"
type Urgency = a | b
task triage() -> int { 1 }
threshold = 4
`,
    };
    expect(said(files)).toEqual([
      "K1005 main.keel:1:7 Task 'triage' is declared twice",
      "K1005 main.keel:1:15 Constant 'threshold' is declared twice",
      "K1005 main.keel:1:26 Type 'Urgency' is declared twice",
      "K1005 main.keel:1:35 Name 'Urgency' is declared twice",
    ]);
  });

  test("a constant whose value has effects", () => {
    const files = { "a.keel": `x = ask user "?"\n`, "main.keel": `use { x } from "./a.keel"\ny = x\n` };
    expect(said(files)).toEqual(["K1012 main.keel:2:5 'x' is not visible here: its value has effects"]);
  });

  test("a name that is used nowhere is a warning, cured by leaving it out", () => {
    const text = `use { triage, Urgency } from "./triage.keel"\nx = triage("a")\n`;
    const [first, ...rest] = compiled({ "triage.keel": triage, "main.keel": text }).diagnostics;
    expect(rest).toEqual([]);
    expect([first?.code, first?.severity]).toEqual(["K1103", "warning"]);
    const edit = first?.edits?.[0];
    const cured = text.slice(0, edit?.span.start) + (edit?.text ?? "") + text.slice(edit?.span.end);
    expect(cured).toBe(`use { triage } from "./triage.keel"\nx = triage("a")\n`);
    const variant = `use { triage, Urgency } from "./triage.keel"\nx = triage("a")\ny = x == high\nz = high\n`;
    expect(said({ "triage.keel": triage, "main.keel": variant })).toEqual([]);
  });
});

describe("diagnostics of another file", () => {
  const files = {
    "lib.keel": `## adds\ntask add(a: int, b: int) -> int {\n  a + missing\n}\n`,
    "main.keel": `use { add } from "./lib.keel"\nx: str = add(1, 2)\n`,
  };
  const [here, there] = compiled(files).diagnostics;
  const main = mainOf(files);

  test("come after those of this one, each in its own places", () => {
    expect(said(files)).toEqual([
      "K2001 main.keel:2:10 Expected str, got int",
      "K1001 lib.keel:3:7 Unknown name 'missing'",
    ]);
    expect([here?.source, there?.source?.name]).toEqual([undefined, "lib.keel"]);
  });

  test("are shown with their file's text", () => {
    if (there === undefined) expect.fail("nothing was said of lib.keel");
    expect(renderDiagnostic(main, there, { color: false })).toContain("╭─[lib.keel:3:7]\n 2 │ task add");
    expect(diagnosticJson(main, there)).toMatchObject({ file: "lib.keel", span: { start: { line: 3, column: 7 } } });
    if (here !== undefined) expect(diagnosticJson(main, here)).not.toHaveProperty("file");
  });

  test("a second place may be in yet another file", () => {
    const two = {
      "lib.keel": `\n\ntask add() -> int { 1 }\n`,
      "other.keel": `task add() -> int { 2 }\n`,
      "main.keel": `use { add } from "./lib.keel"\nuse { add } from "./other.keel"\nx = add()\ny: str = z\n`,
    };
    expect(said(two)[0]).toBe("K1005 main.keel:2:7 Name 'add' is declared twice");
    const effect = { "a.keel": `\nx = ask user "?"\n`, "main.keel": `use { x } from "./a.keel"\ny = x\n` };
    const [first] = compiled(effect).diagnostics;
    expect(first?.related?.[0]?.source?.name).toBe("a.keel");
    if (first !== undefined)
      expect(renderDiagnostic(mainOf(effect), first, { color: false })).toContain("[a.keel:2:1]");
  });

  test("syntax errors too", () => {
    const broken = { "lib.keel": `task add( {\n`, "main.keel": `use { add } from "./lib.keel"\nx = 1\n` };
    expect(said(broken).some((line) => /^K0\d\d\d lib\.keel:1:/.test(line))).toBe(true);
  });
});

describe("the graph", () => {
  const files = {
    "lib/bot.keel": `limit = 1\ntask ping() { notify user "ping {limit}" }\nagent Bot {\n  role "Pings"\n  every 1.hour { ping() }\n}\n`,
    "main.keel": `use { Bot, ping } from "./lib/bot.keel"\nagent Bot2 {\n  role "Pings"\n  on start { ping() }\n}\nping()\nrun Bot in background\nrun Bot2\n`,
  };

  test("is closed, its ids say which file they are of", () => {
    const { program, places } = compiled(files);
    expect(Object.keys(program?.functions ?? {})).toEqual(
      [
        "Bot/every#1",
        "Bot/setup",
        "Bot2/setup",
        "Bot2/start",
        "lib.bot:const limit",
        "lib.bot:ping",
        "main",
      ].toSorted(),
    );
    const [step] = Object.entries(places?.steps ?? {}).filter(([id]) => id.startsWith("lib.bot:ping/"));
    expect(step).toEqual(["lib.bot:ping/notify:ping-limit", [2, 15, "lib/bot.keel"]]);
  });

  test("does not depend on what lies between the files' texts or on their order", () => {
    const other = { ...files, "lib/bot.keel": `# more text\n\n${files["lib/bot.keel"]}` };
    expect(compiled(other).program).toEqual(compiled(files).program);
  });

  test("agents of one name in two files are two", async () => {
    const two = {
      "a.keel": `agent Bot {\n  role "A"\n  task who() -> str { "theirs" }\n}\ntask ask_bot() -> str { delegate who() to Bot fallback "?" }\n`,
      "main.keel": `use { ask_bot } from "./a.keel"\nagent Bot {\n  role "B"\n  task who() -> str { "ours" }\n}\nb = delegate who() to Bot fallback "?"\nnotify user "{ask_bot()} {b}"\n`,
    };
    expect(Object.keys(compiled(two).program?.agents ?? {})).toEqual(["Bot", "a:Bot"]);
    expect(await printed(two)).toEqual(["theirs ours"]);
  });
});
