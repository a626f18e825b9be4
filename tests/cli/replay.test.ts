// `keel replay` as people use it: with no key and no network, on a journal that was spoilt, with and without the text at
// hand; and `--from --patch`, which makes a run of its own.

import Database from "better-sqlite3";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";
import { describe, expect, onTestFinished, test } from "vitest";
import { expectComplaint, place, type Given, type Place } from "./command.ts";

const mood = `type Mood = happy | sad

task tell(mood: Mood) -> str {
  when mood {
    happy => "smile"
    sad => "tissue"
  }
}

mood = classify "what a day" as Mood fallback sad
notify user "so: {tell(mood)}"
for n in range(2) { notify user "n {n}" }
name = ask user "Your name?"
notify user "bye {name}"
`;

const replies = JSON.stringify({ replies: [{ operation: "classify", reply: "happy" }] });

/** A finished run of the program above. */
async function recorded(options: { readonly spoilt?: boolean } = {}): Promise<Place & { readonly id: string }> {
  const here = place(options);
  here.write("mood.keel", mood);
  here.write("replies.json", replies);
  const ran = await here.keel(["run", "mood.keel", "--mock", "replies.json"], { input: "Ada\n" });
  expect(ran.code, ran.err).toBe(0);
  return { ...here, id: await here.run() };
}

/** Changes something in the store behind Keel's back. */
function spoil({ data }: Place, sql: string, ...values: readonly (string | Buffer)[]): void {
  const db = new Database(path.join(data, "journal.db"));
  expect(db.prepare(sql).run(...values).changes).toBeGreaterThan(0);
  db.close();
}

const bare: Given = { env: { KEEL_LLM: undefined, HOME: undefined, OLLAMA_HOST: "http://127.0.0.1:1" } };

describe("a replay", () => {
  test("of a run that nothing happened to is identical", async () => {
    const here = await recorded();
    const replayed = await here.keel(["replay"], bare);
    expect(replayed).toMatchObject({
      code: 0,
      out: `✓ ${here.id}: 1 activation, 6 steps replayed, identical\n`,
      err: "",
    });
    expect((await here.timeline()).length).toBe(11);
  });

  test("needs neither the server nor the key that the run had", async () => {
    const here = place();
    const server = await listen((url) => (url === "/v1/messages" ? reply("happy") : "the page"));
    const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const key = "sk-not-a-real-key";
    here.write(
      "a.keel",
      `type Mood = happy | sad
key = env.SHOP_TOKEN
page = fetch "${address}/page" with { headers: {"Authorization": key} }
mood = classify page.body as Mood fallback sad
notify user "{mood} with {key}"
`,
    );
    const env = {
      KEEL_LLM: undefined,
      ANTHROPIC_API_KEY: key,
      ANTHROPIC_BASE_URL: address,
      SHOP_TOKEN: "hunter2hunter2",
    };
    const ran = await here.keel(["run", "a.keel"], { env });
    expect(ran.out).toContain("▸ happy with hunter2hunter2");
    server.close();
    server.closeAllConnections();
    expect(await here.keel(["replay"], bare)).toMatchObject({ code: 0, err: "" });
  });

  test("says which activations are still open", async () => {
    const here = place();
    here.write("a.keel", 'notify user "before"\nname = ask user "Who?"\nnotify user name');
    await here.keel(["run", "a.keel", "--no-input"]);
    const replayed = await here.keel(["replay"]);
    expect(replayed.out).toMatch(/2 steps replayed, identical\n {2}still open: main\n$/);
    expect(replayed.code).toBe(0);
  });

  test("tells a secret that it would need", async () => {
    const here = place();
    here.write("a.keel", 'input token: secret\nnotify user "{token.length} and {env.API_KEY.length}"');
    const env = { API_KEY: "hunter2hunter2" };
    await here.keel(["run", "a.keel", "-i", "token=abcdefg"], { env });
    const replayed = await here.keel(["replay"]);
    expect(replayed.code).toBe(1);
    expect(replayed.err).toContain("secrets whose text is not recorded: set API_KEY, token as when it ran");
    expect(await here.keel(["replay", "-i", "token=abcdefg"], { env })).toMatchObject({ code: 0, err: "" });
    expectComplaint(await here.keel(["replay", "-i", "tok=x"]), 2, "the run has no input tok");
  });
});

describe("what was changed in the store is found", () => {
  test("an outcome", async () => {
    const here = await recorded({ spoilt: true });
    spoil(here, `update events set body = replace(body, 'Mood.happy', 'Mood.sad') where type = 'model.replied'`);
    const replayed = await here.keel(["replay"]);
    expect(replayed.code).toBe(1);
    expect(replayed.err).toContain(
      'A recorded reply is decoded differently: value.$e was "Mood.sad", now "Mood.happy"',
    );
    expect(replayed.err).toContain("K6002");
    expect(replayed.err).toContain("╭─[mood.keel:11:1]");
    expect(replayed.err).toContain(
      `the journal was changed: event 3 does not fit the chain (\`keel audit verify ${here.id}\`)`,
    );
    expect(replayed.err).toMatch(/✗ r\w+: 1 activation, 6 steps replayed, \d+ differences/);
  });

  test("a line", async () => {
    const here = await recorded({ spoilt: true });
    spoil(here, `update events set body = replace(body, 'n 1', 'n 7')`);
    const { err } = await here.keel(["replay"]);
    expect(err).toContain('Event 6 (step.completed) says something else: line was "  ▸ n 7", now "  ▸ n 1"');
  });

  test("an argument, in the document of all findings too", async () => {
    const here = await recorded({ spoilt: true });
    spoil(here, `update events set args = x'0000000000000000' where type = 'gate.opened'`);
    const replayed = await here.keel(["replay", "--json"]);
    const { identical, findings } = JSON.parse(replayed.out) as { identical: boolean; findings: readonly object[] };
    expect({ identical, code: replayed.code }).toEqual({ identical: false, code: 1 });
    expect(findings[0]).toMatchObject({
      code: "K6002",
      kind: "OtherArguments",
      activation: "main",
      recorded: { seq: 7 },
    });
  });

  test("the program: both steps are shown with their places", async () => {
    const here = await recorded({ spoilt: true });
    const changed = await here.keel([
      "build",
      here.write("other.keel", mood.replace('"bye {name}"', '"farewell {name}"')),
    ]);
    expect(changed.code).toBe(0);
    const db = new Database(path.join(here.data, "journal.db"));
    const row = db.prepare("select program from programs").get() as { readonly program: Buffer };
    const program = inflateRawSync(row.program)
      .toString()
      .replaceAll("bye-name", "farewell")
      .replaceAll("bye ", "farewell ");
    db.close();
    spoil(here, "update programs set program = ?", deflateRawSync(program));
    const { err, code } = await here.keel(["replay"]);
    expect(code).toBe(1);
    expect(err).toContain("main took another step as its effect 6: notify at main/notify:bye-name, event 9");
    expect(err).toContain("now comes to notify at main/notify:farewell");
    expect(err).toContain("    mood.keel:14:1  main took another step");
  });

  test("without the text, where the file has changed since, only places are shown", async () => {
    const here = await recorded({ spoilt: true });
    spoil(here, `update events set body = replace(body, 'n 1', 'n 7')`);
    here.write("mood.keel", `# another\n${mood.replace("bye", "good bye")}`);
    const { err } = await here.keel(["replay"]);
    expect(err).toContain("    mood.keel:12:21  Event 6");
    expect(err).not.toContain("╭─");
  });
});

describe("--from and --patch", () => {
  test("make a new run that takes the other branch, and can be replayed", async () => {
    const here = await recorded();
    here.write("sad.json", '"sad"');
    const branched = await here.keel(["replay", here.id, "--from", "main/classify", "--patch", "sad.json"], {
      input: "Bo\n",
    });
    expect(branched.code, branched.err).toBe(0);
    const run = await here.run();
    expect(run).not.toBe(here.id);
    expect(branched.out).toContain(`▸ Run ${run} branches from ${here.id} at main/classify:what-a-day\n`);
    expect(branched.out).toContain("▸ so: tissue");
    expect(branched.out).toContain("▸ bye Bo");
    const [started, , patched] = await here.timeline();
    expect(started).toMatchObject({ type: "run.started", branch: { run: here.id, step: "main:1" } });
    expect(patched).toMatchObject({ type: "step.completed", value: { $e: "Mood.sad" }, settled: "patch" });
    for (const each of [run, here.id])
      expect(await here.keel(["replay", each], bare)).toMatchObject({ code: 0, err: "" });
  });

  test("take an answer, and other replies and answers for what comes after", async () => {
    const here = place();
    here.write(
      "a.keel",
      'first = ask user "one?"\nword = draft "a word" ?? "none"\nsecond = ask user "two?"\nnotify user "{first} {word} {second}"',
    );
    await here.keel(["run", "a.keel", "--mock"], { input: "a\nb\n" });
    const from = await here.run();
    here.write("patch.json", '"z"');
    here.write("replies.json", JSON.stringify({ replies: [{ operation: "draft", reply: "drafted" }] }));
    here.write("answers.json", JSON.stringify([{ question: "two", answer: "y" }]));
    const args = [
      "replay",
      from,
      "--from",
      "main:1",
      "--patch",
      "patch.json",
      "--mock",
      "replies.json",
      "--answers",
      "answers.json",
    ];
    expect((await here.keel(args)).out).toContain("▸ z drafted y");
  });

  test("keep what was remembered, and agents as they were", async () => {
    const here = place();
    here.write(
      "a.keel",
      `agent Counter {
  role "counts"
  state { n: int = 0 }
  task count(word: str) -> int {
    self.n = self.n + 1
    remember {word: word}
    self.n
  }
}
one = delegate count("apple") to Counter ?? 0
remember {main: "apple pie"}
go = ask user "go?"
two = delegate count("apple juice") to Counter ?? 0
known = recall "apple" ?? []
notify user "{go}: {one} {two}, {known.count} known"
`,
    );
    await here.keel(["run", "a.keel"], { input: "yes\n" });
    const from = await here.run();
    here.write("no.json", '"no"');
    const branched = await here.keel(["replay", from, "--from", "main/ask", "--patch", "no.json"]);
    expect(branched.out).toContain("▸ no: 1 2, 1 known");
    expect((await here.keel(["replay"])).code).toBe(0);
  });

  test("refuse what cannot be, and make no run of it", async () => {
    const here = await recorded();
    here.write("sad.json", '"sad"');
    here.write("angry.json", '"angry"');
    here.write("broken.json", "{");
    const from = (...args: readonly string[]) => here.keel(["replay", here.id, ...args]);
    expectComplaint(await from("--from", "main:1"), 2, "--from goes with --patch");
    expectComplaint(await from("--patch", "sad.json"), 2, "--patch goes with --from");
    expectComplaint(await from("--mock"), 2, "--mock goes with --from and --patch");
    expectComplaint(await from("--from", "main/clasify", "--patch", "sad.json"), 2, "did you mean main/classify?");
    expectComplaint(
      await from("--from", "main/notify:n-n", "--patch", "sad.json"),
      2,
      "was taken 2 times",
      "main:3  main/notify:n-n[0]",
    );
    expectComplaint(await from("--from", "main:2", "--patch", "sad.json"), 2, "notify gives no value");
    expectComplaint(await from("--from", "main:1", "--patch", "angry.json"), 2, "must be one of happy, sad");
    expectComplaint(await from("--from", "main:1", "--patch", "broken.json"), 2, "it is not JSON");
    expectComplaint(await from("--from", "main:1", "--patch", "missing.json"), 2, "there is no such file");
    expectComplaint(
      await from("--from", "main:5", "--patch", "angry.json", "--mock", "sad.json"),
      2,
      "the replies in sad.json",
    );
    expect((await here.keel(["ls"])).out.trim().split("\n")).toHaveLength(2);
  });
});

function listen(answer: (url: string) => string): Promise<Server> {
  const server = createServer((request, response) => {
    const text = answer(request.url ?? "");
    response
      .writeHead(200, { "Content-Type": text.startsWith("event:") ? "text/event-stream" : "text/plain" })
      .end(text);
  });
  onTestFinished(() => void server.close());
  return new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(server)));
}

/** A reply as Anthropic's Messages API streams it. */
function reply(text: string): string {
  const usage = { input_tokens: 5, output_tokens: 1 };
  const message = {
    id: "m",
    type: "message",
    role: "assistant",
    model: "claude-sonnet-4-6-20260415",
    content: [],
    stop_reason: null,
    stop_sequence: null,
    usage,
  };
  const events = [
    { type: "message_start", message },
    { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } },
    { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } },
    { type: "content_block_stop", index: 0 },
    { type: "message_delta", delta: { stop_reason: "end_turn", stop_sequence: null }, usage },
    { type: "message_stop" },
  ];
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
}
