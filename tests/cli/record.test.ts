// `keel record` and `keel verify` as a person and a pipeline call them: what is said, how they end, what is in the file,
// what is in the report.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";
import { expectComplaint, place, type Place } from "./command.ts";

const script = path.join(import.meta.dirname, "../../docs/verify-journal.mjs");
const program = `type Mood = happy | sad
mood = classify "a long day" as Mood fallback sad
notify user "it was {mood}"
for n in [1, 2] { notify user "line {n}" }
`;
const replies = '{"replies": [{"operation": "classify", "reply": "happy"}]}';

/** A folder with a recording of a run of `program`. */
async function recorded(): Promise<Place & { readonly name: string }> {
  const here = place();
  here.write("a.keel", program);
  here.write("replies.json", replies);
  expect((await here.keel(["run", "a.keel", "--mock", "replies.json"])).code).toBe(0);
  expect((await here.keel(["record", "-o", "a.jsonl"])).code).toBe(0);
  return { ...here, name: await here.run() };
}

const read = ({ folder }: Place, name: string): string => readFileSync(path.join(folder, name), "utf8");

test("a recording is verified anywhere: without store, program, environment and network", async () => {
  const here = await recorded();
  const other = place();
  other.write("there/a.jsonl", read(here, "a.jsonl"));
  const verified = await other.keel(["verify", "there"], { env: { PATH: "/nowhere" } });
  expect(verified).toEqual({ code: 0, out: "✓ there/a.jsonl: 1 activation, 4 steps, identical\n", err: "" });
  expect(readdirSync(other.folder)).toEqual(["there"]);
});

test("what is recorded, what is replaced, and what is not", async () => {
  const here = await recorded();
  const again = await here.keel(["record", here.name.slice(0, 4), "-o", "a.jsonl"]);
  expect(again.out).toMatch(new RegExp(`^✓ recorded ${here.name} to a\\.jsonl: 8 events, \\d+ KiB\n$`));
  expect(statSync(path.join(here.folder, "a.jsonl")).mode & 0o777).toBe(0o600);
  expectComplaint(await here.keel(["record", "-o", "a.keel"]), 2, "a.keel exists, and is no recording");
  expect(read(here, "a.keel")).toBe(program);
  expectComplaint(await here.keel(["record", "-o", "."]), 2, ". exists, and is no recording");
  expectComplaint(await here.keel(["record", "-o", "no/where.jsonl"]), 2, "cannot write no/where.jsonl");
  expectComplaint(await here.keel(["record", "zz", "-o", "b.jsonl"]), 2, "no run is called zz");
  expectComplaint(await here.keel(["record"]), 2, "required option");
  expectComplaint(await place().keel(["record", "-o", "b.jsonl"]), 2, "there are no runs here yet");
  expect(readdirSync(here.folder).sort()).toEqual(["a.jsonl", "a.keel", "data", "replies.json"]);
});

test("it is an exported journal: `audit verify` and the independent script find it intact", async () => {
  const here = await recorded();
  const audited = await here.keel(["audit", "verify", "a.jsonl"]);
  expect(audited.out).toMatch(/^✓ a\.jsonl is intact: run r[0-9a-f]{8}, 8 events, tip/);
  expect(execFileSync(process.execPath, [script, "a.jsonl"], { cwd: here.folder, encoding: "utf8" })).toContain(
    "8 events",
  );
  await here.keel(["audit", "export", "-o", "exported.jsonl"]);
  expect((await here.keel(["verify", "exported.jsonl"])).out).toContain("4 steps, identical");
});

describe("against a program", () => {
  test("the same one, and one that does the same at another place", async () => {
    const here = await recorded();
    expect(await here.keel(["verify", "a.jsonl", "--against", "a.keel"])).toEqual({
      code: 0,
      out: "✓ a.jsonl: 1 activation, 4 steps, identical\n",
      err: "",
    });
    here.write("b.keel", program.replace(/\bn\b/g, "number"));
    expect((await here.keel(["verify", "a.jsonl", "--against", "b.keel"])).out).toBe(
      "✓ a.jsonl: 1 activation, 4 steps, identical\n  2 steps with the same effect at another place\n",
    );
    await here.keel(["build", "a.keel"]);
    expect((await here.keel(["verify", "a.jsonl", "--against", "a.keelc"])).code).toBe(0);
  });

  test("a difference is shown in both programs, and what to do where it is meant", async () => {
    const here = await recorded();
    here.write("a.keel", program.replace("a long day", "a short day").replace("line {n}", "row {n}"));
    const ended = await here.keel(["verify", "a.jsonl", "--against", "a.keel"]);
    expectComplaint(ended, 1, "[recorded a.keel:2:8]", "[a.keel:2:8]", "now comes to classify", "a short day");
    expect(ended.err).toContain("help: If the change is meant, run a.keel again and `keel record -o a.jsonl`");
    expect(ended.err).toContain("✗ a.jsonl: 1 activation, 1 step, 3 differences, 2 of them shown\n");
    expect(ended.out).toBe("");
  });

  test("a program that does not compile, and one that is not there", async () => {
    const here = await recorded();
    here.write("a.keel", "notify user 1 +\n");
    const ended = await here.keel(["verify", "a.jsonl", "--against", "a.keel", "--junit", "report.xml"]);
    expect(ended).toMatchObject({ code: 1, out: "" });
    expect(ended.err).toContain("Syntax error");
    expect(read(here, "report.xml")).toContain('<error message="it does not compile">');
    expectComplaint(await here.keel(["verify", "a.jsonl", "--against", "none.keel"]), 2, "cannot read none.keel");
  });

  test("an input that the recording has no value of is named as a cause", async () => {
    const here = await recorded();
    here.write("a.keel", `input who: str = "us"\n${program.replace("it was", "{who}: it was")}`);
    expectComplaint(
      await here.keel(["verify", "a.jsonl", "--against", "a.keel"]),
      1,
      "help: the recording has no value of who. If the change is meant",
    );
  });
});

describe("files that are not what they were", () => {
  test("one byte, a line, the end: found, whatever was touched", async () => {
    const here = await recorded();
    const whole = read(here, "a.jsonl");
    const lines = whole.trimEnd().split("\n");
    for (const wrong of [
      whole.replace("line 1", "line 7"),
      whole.replace("it was {mood}", "it is {mood}"),
      whole.replace('\\"decided\\"', ""),
      whole.replace("happy | sad\\n", "happy | mad\\n"),
      whole.replace('"a.keel","steps"', '"b.keel","steps"'),
      `${lines.slice(0, -1).join("\n")}\n`,
      `${lines.toSpliced(1, 1).join("\n")}\n`,
      `${lines.toSpliced(4, 1).join("\n")}\n`,
      whole.slice(0, -20),
      whole.slice(0, Math.floor(whole.length / 2)),
    ].filter((text) => text !== whole)) {
      here.write("wrong.jsonl", wrong);
      expectComplaint(await here.keel(["verify", "wrong.jsonl"]), 1, "wrong.jsonl is not intact", "[K61");
      expect(spawnSync(process.execPath, [script, "wrong.jsonl"], { cwd: here.folder }).status).toBe(1);
    }
  });

  test("another format, no recording, no file: said, and the others are verified all the same", async () => {
    const here = await recorded();
    const whole = read(here, "a.jsonl");
    here.write("b/newer.jsonl", whole.replace('"format":1', '"format":2'));
    here.write("b/newest.jsonl", '{"kind":"header","format":3,"more":{}}\n');
    here.write("b/notes.jsonl", '{"note":"hello"}\n');
    here.write("b/empty.jsonl", "");
    here.write("b/same.jsonl", whole);
    const ended = await here.keel(["verify", "b", "missing.jsonl"]);
    expectComplaint(
      ended,
      2,
      "b/newer.jsonl cannot be verified: this Keel reads format 1, not 2",
      "b/newest.jsonl cannot be verified: this Keel reads format 1, not 3",
      "b/notes.jsonl cannot be verified: it is no line of an exported journal",
      "b/empty.jsonl cannot be verified: the file is empty",
      "missing.jsonl cannot be verified: there is no such file",
    );
    expect(ended.out).toBe("✓ b/same.jsonl: 1 activation, 4 steps, identical\n6 recordings: 1 identical, 5 not\n");
    expectComplaint(await here.keel(["verify", "nothing*.jsonl"]), 2, "no .jsonl file matches nothing*.jsonl");
    mkdirSync(path.join(here.folder, "void"));
    expectComplaint(await here.keel(["verify", "void"]), 2, "there is no .jsonl file in void");
    expectComplaint(await here.keel(["verify"]), 2, "missing required argument");
  });

  test("a file whose hashes somebody made to fit is followed, and what its program does not do is found", async () => {
    const here = await recorded();
    const forged = spawnSync(process.execPath, ["--input-type=module", "-e", forge, "a.jsonl", "forged.jsonl"], {
      cwd: here.folder,
      encoding: "utf8",
    });
    expect(forged).toMatchObject({ status: 0, stderr: "" });
    expect((await here.keel(["audit", "verify", "forged.jsonl"])).code).toBe(0);
    const ended = await here.keel(["verify", "forged.jsonl"]);
    expectComplaint(ended, 1, "[a.keel:3:1]", 'line was "  ▸ it was sad", now "  ▸ it was happy"', "✗ forged.jsonl: ");
  });
});

/** Writes a recording anew with another line in an event, every hash computed again. */
const forge = `
  import { createHash } from "node:crypto";
  import { readFileSync, writeFileSync } from "node:fs";
  const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash("sha256")).digest();
  const [from, to] = process.argv.slice(1);
  let chain = Buffer.alloc(32);
  const lines = readFileSync(from, "utf8").trimEnd().split("\\n").map((line) => {
    const value = JSON.parse(line);
    if (value.kind === "event") {
      value.stored = value.stored.replace("it was happy", "it was sad");
      chain = sha256(chain, sha256(value.stored));
      value.hash = chain.toString("hex");
    } else if (value.kind === "tip") value.hash = chain.toString("hex");
    return JSON.stringify(value) + "\\n";
  });
  writeFileSync(to, lines.join(""));
`;

test("a run that waits is verified as far as it goes; one that was pruned, as far as it can be", async () => {
  const here = place();
  here.write("wait.keel", 'notify user "before"\nx = ask user "now?"\nnotify user x\n');
  expect((await here.keel(["run", "wait.keel", "--no-input"])).code).toBe(75);
  await here.keel(["record", "-o", "wait.jsonl"]);
  expect((await here.keel(["verify", "wait.jsonl"])).out).toBe(
    "✓ wait.jsonl: 1 activation, 2 steps, identical\n  still open: main\n",
  );
  here.write(
    "tick.keel",
    'agent A {\n  role "r"\n  state { n: int = 0 }\n  every 1.second {\n    self.n = self.n + 1\n    notify user "tick {self.n}"\n' +
      '    if self.n == 2 { ask user "?" }\n  }\n}\nrun A\n',
  );
  await here.keel(["run", "tick.keel", "--ticks", "3", "--no-input"]);
  const run = await here.run();
  expect((await here.keel(["prune", run, "--older-than", "0d", "--yes"])).code).toBe(0);
  expect((await here.keel(["answer", run, "yes", "--resume"])).code).toBe(0);
  expect((await here.keel(["record", run, "-o", "tick.jsonl"])).out).toContain("pruned)");
  const verified = await here.keel(["verify", "tick.jsonl", "--against", "tick.keel"]);
  expect(verified.out).toBe(
    "✓ tick.jsonl: 2 activations, 2 steps, identical\n  not followed, what they began with was pruned: A/every#1[2]\n",
  );
  await here.keel(["audit", "export", run, "-o", "exported.jsonl"]);
  expectComplaint(await here.keel(["verify", "exported.jsonl"]), 2, "events of it were pruned", "`keel record RUN");
});

describe("secrets", () => {
  const secret = "hunter2/hunter2+&";
  const base64 = ["", "x", "xy"].map((before) => Buffer.from(`${before}${secret}`).toString("base64"));
  const forms = [secret, encodeURIComponent(secret), ...base64];
  /** Enough of each to be sure that it is none of it. */
  const traces = forms.map((form) => form.slice(4, -4));
  const env = { API_KEY: secret };
  const uses = `letter = draft "a note about {env.API_KEY}" { tone: "brief" } ?? "none"
notify user letter
notify user "{env.API_KEY}, {{a: env.API_KEY}.to_json()}"
`;
  const reply = JSON.stringify({ replies: [{ operation: "draft", reply: forms.join(" and ") }] });

  async function run(text: string): Promise<Place> {
    const here = place();
    here.write("a.keel", text);
    here.write("replies.json", reply);
    expect((await here.keel(["run", "a.keel", "--mock", "replies.json"], { env })).code).toBe(0);
    return here;
  }

  test("no form of one is in the file, and it is verified without it", async () => {
    const here = await run(uses);
    expect((await here.keel(["record", "-o", "a.jsonl"], { env })).code).toBe(0);
    const text = read(here, "a.jsonl");
    expect(text).toContain("‹secret:API_KEY›");
    expect(text).toContain('"sources":{"a.keel":"letter');
    for (const trace of traces) expect(text).not.toContain(trace);
    expect((await here.keel(["verify", "a.jsonl", "--against", "a.keel"])).code).toBe(0);
  });

  const some = [forms[0], forms[1], forms[3]];

  test.each(some)("a source in which %s stands is left out", async (form) => {
    const here = await run(`${uses}# do not tell: ${form}\n`);
    const ended = await here.keel(["record", "-o", "a.jsonl"], { env });
    expect(ended.out).toContain("note: without its source: the text of API_KEY stands in it");
    const text = read(here, "a.jsonl");
    expect(text).toContain('"sources":{}');
    for (const trace of traces) expect(text).not.toContain(trace);
    expect((await here.keel(["verify", "a.jsonl"])).code).toBe(0);
  });

  test.each(some)("a program in which %s stands is not recorded", async (form) => {
    const here = await run(`${uses}notify user ${JSON.stringify(form)}\n`);
    const ended = await here.keel(["record", "-o", "a.jsonl"], { env });
    expectComplaint(ended, 1, "holds the text of the secret API_KEY", "env.API_KEY");
    expect(readdirSync(here.folder)).not.toContain("a.jsonl");
  });
});

test("a source that was changed since is not the one that ran: it is left out, and steps are named by their places", async () => {
  const here = await recorded();
  here.write("a.keel", program.replace("it was", "it is"));
  const again = await here.keel(["record", here.name, "-o", "a.jsonl"]);
  expect(again.out).toContain("  note: without its source: a.keel is not there, or is not what was run\n");
  const ended = await here.keel(["verify", "a.jsonl", "--against", "a.keel"]);
  expectComplaint(ended, 1, "a.keel:3:1", "K600");
  rmSync(path.join(here.folder, "a.keel"));
  expect((await here.keel(["record", here.name, "-o", "a.jsonl"])).out).toContain("is not there");
  expect((await here.keel(["verify", "a.jsonl"])).code).toBe(0);
});

test("as JSON", async () => {
  const here = await recorded();
  here.write("b.keel", program.replace("line {n}", "row {n}"));
  here.write("broken.jsonl", read(here, "a.jsonl").replace("line 1", "line 7"));
  const ended = await here.keel(["verify", "a.jsonl", "broken.jsonl", "gone.jsonl", "--against", "b.keel", "--json"]);
  expect(ended).toMatchObject({ code: 2, err: "" });
  expect(JSON.parse(ended.out)).toEqual({
    version: 1,
    identical: false,
    against: "b.keel",
    recordings: [
      expect.objectContaining({
        file: "a.jsonl",
        run: here.name,
        keel: expect.stringMatching(/^\d/),
        identical: false,
        moved: 0,
        activations: 1,
        steps: 2,
        unrecorded: [],
        findings: [1, 2].map(() => expect.objectContaining({ code: "K6001", kind: "OtherStep", activation: "main" })),
      }),
      {
        file: "broken.jsonl",
        identical: false,
        problem: expect.objectContaining({ code: "K6101", message: expect.any(String) }),
      },
      { file: "gone.jsonl", identical: false, problem: { message: "there is no such file", help: expect.any(String) } },
    ],
  });
  const same = JSON.parse((await here.keel(["verify", "a.jsonl", "--json"])).out) as object;
  expect(same).toMatchObject({ identical: true, recordings: [{ identical: true, findings: [] }] });
});

test("the report is XML, one test case a recording, whatever stands in a name or a text", async () => {
  const here = place();
  here.write("a.keel", 'notify user "<b> & ]]> \\u{1b}[31m \\"x\\""\n');
  await here.keel(["run", "a.keel"]);
  await here.keel(["record", "-o", "a \"&<>'.jsonl"]);
  here.write("b.keel", 'notify user "<i> & ]]> \\u{1b}[0m\\u{7}"\n');
  const ended = await here.keel(["verify", ".", "none.jsonl", "--against", "b.keel", "--junit", "report.xml"]);
  expect(ended.code).toBe(2);
  const report = read(here, "report.xml");
  expect(elementsOf(report)).toEqual([
    ["testsuites", { tests: "2", failures: "1", errors: "1" }],
    ["testsuite", { name: "keel verify", tests: "2", failures: "1", errors: "1", skipped: "0" }],
    ["testcase", { name: "a \"&<>'.jsonl", classname: "keel verify" }],
    ["failure", { message: "1 activation, 0 steps, 1 difference" }],
    ["testcase", { name: "none.jsonl", classname: "keel verify" }],
    ["error", { message: "there is no such file" }],
  ]);
  expect(report).toContain("&lt;i&gt; &amp; ]]&gt;");
  expectComplaint(await here.keel(["verify", ".", "--junit", "no/report.xml"]), 2, "cannot write no/report.xml");
  expect((await here.keel(["verify", ".", "--junit", "report.xml"])).code).toBe(0);
  expect(elementsOf(read(here, "report.xml")).map(([name]) => name)).toEqual(
    "testsuites testsuite testcase system-out".split(" "),
  );
});

/** The elements of a document in order, with their attributes. Throws where it is not well-formed. */
function elementsOf(xml: string): readonly (readonly [string, { readonly [name: string]: string }])[] {
  expect(xml).not.toMatch(/[^\t\n\r -\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u);
  const found: (readonly [string, { readonly [name: string]: string }])[] = [];
  const open: string[] = [];
  const token = /<\?xml [^?]*\?>|<(\/?)([a-z-]+)((?: [a-z]+="[^"<]*")*)>|[^<]+/gy;
  for (let at = 0; at < xml.length; at = token.lastIndex) {
    const match = token.exec(xml);
    if (match === null) throw new Error(`not well-formed at ${xml.slice(at, at + 40)}`);
    const [text, slash, name, attributes = ""] = match;
    expect(text.replace(/&(amp|lt|gt|quot|#\d+);/g, "")).not.toContain("&");
    if (name === undefined) continue;
    if (slash === "/") expect(open.pop()).toBe(name);
    else {
      open.push(name);
      const pairs = [...attributes.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key = "", value = ""]) => [
        key,
        plain(value),
      ]);
      found.push([name, Object.fromEntries(pairs) as { [name: string]: string }]);
    }
  }
  expect(open).toEqual([]);
  return found;
}

function plain(text: string): string {
  const names: { readonly [name: string]: string } = { amp: "&", lt: "<", gt: ">", quot: '"' };
  return text.replace(/&(\w+);/g, (_, name: string) => names[name] ?? "?");
}
