// `-i name=value` and programs of several files, with the built command.

import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { place, type TimelineEvent } from "./command.ts";

const program = `type Level = low | medium | high
input branch: str = "main"
input level: Level
input count: int
notify user "{branch} {level} {count}"
`;

test("values are given one by one, and stand in the journal with the defaults", async () => {
  const here = place();
  here.write("f.keel", program);
  const ended = await here.keel(["run", "f.keel", "-i", "level=high", "-i", "count=1_000"]);
  expect(ended).toMatchObject({ code: 0, out: expect.stringContaining("▸ main high 1000") as unknown });
  const [started] = await here.timeline();
  expect(started?.["inputs"]).toEqual({
    branch: { value: "main" },
    level: { value: { $e: "Level.high" } },
    count: { value: 1000 },
  });
});

test("all that is missing is said at once, with a command", async () => {
  const here = place();
  here.write("f.keel", program);
  const ended = await here.keel(["run", "f.keel", "-i", "branch=dev"]);
  expect(ended).toEqual({
    code: 2,
    out: "",
    err: `✗ f.keel needs inputs:
  level: low | medium | high
  count: int
  help: keel run f.keel -i level=low -i count=3
`,
  });
});

test.each([
  [["-i", "levle=low"], "✗ the program has no input levle\n  help: did you mean level?\n"],
  [["-i", "level=hihg"], '✗ input level takes low | medium | high, not "hihg"\n  help: did you mean high?\n'],
  [["-i", "count=three"], '✗ input count takes int, not "three"\n  help: for example -i count=3\n'],
  [
    ["-i", "count=9223372036854775808"],
    '✗ input count takes int, not "9223372036854775808"\n  help: for example -i count=3\n',
  ],
  [["-i", "count"], "✗ -i count gives no value\n  help: write -i count=value\n"],
  [["-i", "count=1", "-i", "count=2"], "✗ -i gives count twice\n  help: leave one of them\n"],
])("%j is refused", async (args, err) => {
  const here = place();
  here.write("f.keel", program);
  expect(await here.keel(["run", "f.keel", ...args])).toEqual({ code: 2, out: "", err });
});

test("a program that takes none says so, and --no-input means questions still", async () => {
  const here = place();
  here.write("f.keel", `answer = ask user "Who?"\nnotify user answer\n`);
  expect((await here.keel(["run", "f.keel", "-i", "x=1"])).err).toBe(
    "✗ the program has no input x\n  help: it takes none\n",
  );
  expect((await here.keel(["run", "f.keel", "--no-input"])).code).toBe(75);
});

test("a compiled program takes inputs too", async () => {
  const here = place();
  here.write("f.keel", program);
  expect((await here.keel(["build", "f.keel"])).code).toBe(0);
  const ended = await here.keel(["run", "f.keelc", "-i", "level=low", "-i", "count=2"]);
  expect(ended.out).toContain("▸ main low 2");
});

const secret = `input token: secret
input name: str
task header() -> str { "Bearer {token}" }
answer = ask user "Send?"
show user {length: header().length, answer: answer, name: name}
notify user header()
`;

test("a secret is stored nowhere; a resume is given it again, and the rest is as it was", async () => {
  const here = place();
  here.write("f.keel", secret);
  const value = "s3cr3t-value-42";
  const first = await here.keel(["run", "f.keel", "--no-input", "-i", `token=${value}`, "-i", `name=my ${value}`]);
  expect(first.code).toBe(75);
  const run = await here.run();

  const without = await here.keel(["resume", run]);
  expect(without).toEqual({
    code: 2,
    out: "",
    err: `✗ token is not recorded: a secret input must be given again\n  help: keel resume ${run} -i token=…\n`,
  });
  const recorded = await here.keel(["resume", run, "-i", `token=${value}`, "-i", "name=x"]);
  expect(recorded.err).toContain("✗ input name was recorded when the run was started");

  const second = await here.keel(["resume", run, "-i", `token=${value}`], { input: "yes\n" });
  expect(second.code).toBe(0);
  expect(second.out).toContain(`Bearer ${value}`);
  expect(second.out).toContain(String("Bearer ".length + value.length));
  expect(second.out).toContain(`my ${value}`);

  const timeline = await here.timeline();
  expect(timeline.find(({ type }: TimelineEvent) => type === "run.resumed")?.["changed"]).toEqual([]);
  const [started] = timeline;
  expect(started?.["inputs"]).toEqual({
    token: { secret: expect.stringMatching(/^[0-9a-f]{8}$/) as unknown },
    name: { value: "my ‹secret:token›" },
  });
  expect(JSON.stringify(timeline)).not.toContain(value);
  for (const file of ["journal.db", "journal.db-wal"]) {
    let bytes = "";
    try {
      bytes = readFileSync(path.join(here.data, file)).toString("latin1");
    } catch {
      continue;
    }
    expect(bytes).not.toContain(value);
  }
});

test("a secret that is another than before is taken, and noted", async () => {
  const here = place();
  here.write("f.keel", secret);
  await here.keel(["run", "f.keel", "--no-input", "-i", "token=first-one", "-i", "name=n"]);
  const run = await here.run();
  const ended = await here.keel(["resume", run, "-i", "token=second-one"], { input: "yes\n" });
  expect(ended.out).toContain("Bearer second-one");
  const resumed = (await here.timeline()).find(({ type }) => type === "run.resumed");
  expect(resumed?.["changed"]).toEqual(["token"]);
});

test("an input that fills a secret setting is one", async () => {
  const here = place();
  here.write(
    "f.keel",
    `input word: str
connect email via imap { host: "imap.example.com", user: "me", pass: word }
answer = ask user "Send?"
notify user "{answer} {word.length}"
`,
  );
  await here.keel(["run", "f.keel", "--no-input", "-i", "word=hunter22"]);
  const [started] = await here.timeline();
  expect(started?.["inputs"]).toEqual({ word: { secret: expect.stringMatching(/^[0-9a-f]{8}$/) as unknown } });
});

test("its default is none: that stands in the program", async () => {
  const here = place();
  here.write(
    "f.keel",
    `input word: str = "guest123"
connect email via imap { host: "imap.example.com", user: "me", pass: word }
answer = ask user "Send?"
notify user "{answer} {word}"
`,
  );
  await here.keel(["run", "f.keel", "--no-input"]);
  const ended = await here.keel(["resume"], { input: "yes\n" });
  expect(ended.out).toContain("yes guest123");
});

const library = `type Mood = calm | loud\ntask mood(text: str) -> Mood { if text.contains("!") { loud } else { calm } }\n`;

test("a used file is read as seen from the file that uses it, and again when it changes", async () => {
  const here = place();
  here.write("app/main.keel", `use { mood } from "../lib/mood.keel"\nnotify user "{mood("hey!")}"\n`);
  here.write("lib/mood.keel", library);
  expect((await here.keel(["run", "app/main.keel"])).out).toContain("▸ loud");
  expect((await here.keel(["run", "app/main.keel"])).out).toContain("▸ loud");
  here.write("lib/mood.keel", library.replace('"!"', '"?"'));
  expect((await here.keel(["run", "app/main.keel"])).out).toContain("▸ calm");
  here.write("lib/mood.keel", library.replace("loud }", "louder }"));
  for (const time of ["compiled", "kept"]) {
    const wrong = await here.keel(["check", "app/main.keel"]);
    expect(wrong.code, time).toBe(1);
    expect(wrong.err, time).toContain("╭─[lib/mood.keel:2:");
    expect(wrong.err, time).toContain("│ task mood(text: str)");
  }
  const json = JSON.parse((await here.keel(["check", "--json", "app/main.keel"])).out) as {
    files: { file: string; diagnostics: { file?: string }[] }[];
  };
  expect(json.files.map(({ file }) => file)).toEqual(["app/main.keel"]);
  expect(json.files[0]?.diagnostics[0]?.file).toBe("lib/mood.keel");
});

test("a missing file is looked for again", async () => {
  const here = place();
  here.write("main.keel", `use { mood } from "./mood.keel"\nnotify user "{mood("hey!")}"\n`);
  expect((await here.keel(["check", "main.keel"])).err).toContain("Cannot use './mood.keel': there is no such file");
  here.write("mood.keel", library);
  expect((await here.keel(["check", "main.keel"])).code).toBe(0);
  here.write("folder.keel/x", "");
  here.write("main.keel", `use { mood } from "./folder.keel"\n`);
  expect((await here.keel(["check", "main.keel"])).err).toContain("Cannot use './folder.keel': it is a directory");
});

test("a built program holds the files it uses", async () => {
  const here = place();
  here.write("main.keel", `use { mood } from "./mood.keel"\nnotify user "{mood("hey!")}"\n`);
  here.write("mood.keel", library);
  await here.keel(["build", "main.keel", "-o", "out/main.keelc"]);
  here.write("mood.keel", "broken {");
  expect((await here.keel(["run", "out/main.keelc"])).out).toContain("▸ loud");
});
