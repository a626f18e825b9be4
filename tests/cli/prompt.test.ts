// `keel prompt` with the built command: it prints what a run sends, and holes where only a run knows.

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ProviderServer } from "../models/provider-server.ts";
import { expectComplaint, place, type Place } from "./command.ts";

interface Shown {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly operation: string;
  readonly step: string;
  readonly asker: string;
  readonly agent: string | null;
  readonly model: { readonly name: string; readonly provider: string | null; readonly id: string | null };
  readonly parameters: { readonly [name: string]: unknown } | null;
  readonly messages: readonly { readonly role: string; readonly text: string }[];
  readonly schema: unknown;
  readonly holes: readonly string[];
  readonly problem: string | null;
  readonly estimate: { readonly input_tokens: number; readonly input_cost_microdollars: number | null };
}

async function shown(here: Place, target: string, env: { readonly [name: string]: string } = {}) {
  const ended = await here.keel(["prompt", target, "--json"], { env });
  expect(ended.code, ended.err).toBe(0);
  return (JSON.parse(ended.out) as { readonly operations: readonly Shown[] }).operations;
}

const textOf = (each: Shown | undefined, role: string): string =>
  each?.messages.findLast((message) => message.role === role)?.text ?? "";

// ── the same as a run ───────────────────────────────────────────────────────────────────────────────────────────

/** Every operand is known beforehand: literals, constants, local names for them. */
const known = `type Mood = happy | sad
## Whoever reads this is busy.
type Bill {
  ## With its dashes.
  number: str
  parts: list[{ what: str, price: float? }]
}
polite = "Be polite to {"all"}."
languages = ["french", "pt-BR"]
agent Clerk {
  role "A clerk. {polite}"
  model "claude-haiku"
  rules [polite, "Never shout."]
  config { temperature: 0.5, max_tokens: 300 }
  on start {
    mail = {from: "ada@example.com", body: "</data-x> {"\\"now\\""}"}
    _mood = classify mail as Mood considering ["laughs {1 + 1} times" => happy, polite => sad]
    _gist = summarize "text {mail.body}" in 2 sentences format bullets
    _reply = draft "an answer to {mail.body}" { tone: "warm", max_length: 80, guidance: none, sender: mail.from }
    _bill = extract Bill from mail.body using "claude-opus"
    _one = translate polite to french
    _many = translate polite to [spanish, "pt-BR"]
    _choice = decide mail { options: [keep, "throw away"], based_on: [from] }
    _enum = decide mail { options: Mood }
    _legs = prompt { system: polite, user: "How many {mail.from}?", messages: [{ role: "user", content: "hi {languages.count}" }] } as list[int]
  }
}
run Clerk
notify user (summarize "outside" fallback "-")
`;

describe.each(["anthropic", "ollama"] as const)("with %s", (provider) => {
  let server: ProviderServer;
  beforeAll(async () => {
    server = await ProviderServer.start();
  });
  afterAll(() => server.stop());

  test("what is printed is what a run sends, word for word", async () => {
    const here = place();
    here.write("known.keel", known);
    const env =
      provider === "anthropic"
        ? { KEEL_LLM: "", ANTHROPIC_API_KEY: "key", ANTHROPIC_BASE_URL: server.address }
        : { KEEL_LLM: "", OLLAMA_HOST: server.address, KEEL_OLLAMA_MODEL: "gemma4" };
    const previews = await shown(here, "known.keel", env);
    expect(previews).toHaveLength(10);
    expect(previews.map(({ holes }) => holes)).toEqual(previews.map(() => []));

    server.will({ kind: "Refusal" });
    const ended = await here.keel(["run", "known.keel"], { env });
    expect(ended.code, ended.err).toBe(0);
    // A reply that is empty is asked for again; the first request of each operation is what counts.
    const sent = server.asked.map(({ body }) => bodyOf(body)).filter(({ again }) => !again);
    expect(sent).toHaveLength(10);
    for (const [index, { model, texts, rest }] of sent.entries()) {
      const preview = previews[index];
      expect(preview?.messages.map(({ role, text }) => [role, text])).toEqual(texts);
      expect(preview?.model.id).toBe(model);
      expect(preview?.parameters).toEqual(rest);
    }
  });
});

function bodyOf({ model, system, messages, stream, ...rest }: { readonly [key: string]: unknown }) {
  expect(stream).toBe(true);
  const said = (messages as readonly { readonly role: string; readonly content: string }[]).map(
    ({ role, content }) => [role, content] as const,
  );
  const texts = typeof system === "string" ? [["system", system] as const, ...said] : said;
  return { model, texts, rest, again: texts.some(([, text]) => text.startsWith("That reply cannot be used")) };
}

// ── holes ───────────────────────────────────────────────────────────────────────────────────────────────────────

const open = `type Urgency = low | high
input who: str = "ada"
task triage(mail: { body: str, from: str }, wish: str?) -> str {
  _u = classify mail as Urgency considering ["names {wish ?? "a deadline"}" => high]
  draft "an answer to {mail.body} in {1 + 1} lines" { tone: "warm", guidance: wish } ?? ""
}
task shout(text: str) -> str { text.upper() }
agent Clerk {
  role "works for {who} at {env.COMPANY}"
  model env.MODEL
  rules ["fixed", "as {who} says"]
  config { temperature: 0.2 }
  every 1.hour { notify user triage({body: "b", from: "f"}, none) }
}
agent Boss {
  role "boss"
  on message(m: Message) {
    notify user triage(m, none)
    _a = summarize shout("quiet") in m.body.length sentences
    _b = prompt { user: m.body, messages: [{ role: m.from, content: "x {m.body}" }] } as str
  }
}
run Clerk
`;

test("what only a run knows is a hole named by its text; an operation is printed for each agent that leads to it", async () => {
  const here = place();
  here.write("open.keel", open);
  const previews = await shown(here, "open.keel", { KEEL_LLM: "", ANTHROPIC_API_KEY: "key" });
  expect(previews.map(({ operation, agent, line }) => [operation, agent, line])).toEqual([
    ["classify", "Clerk", 4],
    ["classify", "Boss", 4],
    ["draft", "Clerk", 5],
    ["draft", "Boss", 5],
    ["summarize", "Boss", 19],
    ["prompt", "Boss", 20],
  ]);
  const [classify, boss, draft, , summarize, prompt] = previews;
  expect(textOf(classify, "system")).toContain(
    "Your role: works for ‹who› at ‹env.COMPANY›\n\nRules that always hold:\n- fixed\n- as ‹who› says\n",
  );
  expect(textOf(classify, "user")).toContain('- names ‹wish ?? "a deadline"› → high\n');
  expect(textOf(classify, "user")).toContain('<data-‹code› name="value">\n‹mail›\n</data-‹code›>');
  expect(classify?.model).toEqual({ name: "‹env.MODEL›", provider: null, id: null });
  expect(classify?.holes).toContain("‹env.COMPANY›");
  expect(textOf(boss, "system")).toContain("Your role: boss\n\n");
  expect(boss?.model).toMatchObject({ name: "claude-sonnet", provider: "anthropic" });
  expect(textOf(draft, "user")).toContain("- tone: warm\n- guidance: ‹wish›\n");
  expect(textOf(draft, "user")).toContain('name="1 + 1">\n2\n');
  expect(textOf(summarize, "user")).toContain("Length: ‹m.body.length› sentences, no more.");
  expect(textOf(summarize, "user")).toContain('\n‹shout("quiet")›\n');
  expect(prompt?.messages.map(({ role, text }) => [role, text.split("\n")[0]]).slice(-2)).toEqual([
    ["‹m.from›", "x ‹m.body›"],
    ["user", "Reply to [text]."],
  ]);
});

test("nothing of the environment and no input is shown, not even where it is set", async () => {
  const here = place();
  here.write("open.keel", open);
  const env = { KEEL_LLM: "", ANTHROPIC_API_KEY: "sk-ant-secret", COMPANY: "Acme Ltd", MODEL: "claude-opus" };
  const { out, err } = await here.keel(["prompt", "open.keel"], { env });
  expect(out).toContain("‹env.COMPANY›");
  expect(`${out}${err}`).not.toMatch(/Acme|sk-ant|claude-opus/);
});

const runs = `type Mood = happy | sad
input who: str = "ada"
agent Diary {
  role "keeps the diary of {who}"
  state { seen: list[str] = [] }
  task entry(day: str, mood: Mood) -> str {
    draft "an entry for {day}" { mood: mood, tone: if mood == sad { "gentle" } else { "plain" }, about: self.seen } ?? "-"
  }
  on start {
    for day in ["mon", "tue"] {
      mood = classify "how was {day}?" as Mood considering ["{day} is far" => sad] fallback sad
      self.seen = self.seen + [day]
      notify user entry(day, mood)
      _all = translate [day, "!"].join("") to [french, who]
      _why = decide {day: day, mood: mood} { options: [keep, drop], based_on: [mood] }
      _n = prompt { user: "Count {self.seen}", messages: [{ role: "user", content: day }] } as int
      _e = extract { n: int } from self.seen
      size = self.seen.count + 1
      _s = summarize day in size words
    }
  }
}
run Diary
`;

test("what a run sent fits what was printed, with something in the place of each hole", async () => {
  const here = place();
  here.write("runs.keel", runs);
  const operations = ["classify", "summarize", "draft", "extract", "translate", "decide", "prompt"];
  const replies = operations.map((operation) => ({ operation, error: "refused" }));
  here.write("replies.json", JSON.stringify({ replies }));
  expect((await here.keel(["run", "runs.keel", "--mock", "replies.json"])).code).toBe(0);
  const previews = await shown(here, "runs.keel");
  expect(previews).toHaveLength(7);
  const calls = (await here.timeline()).filter(({ type }) => type === "model.replied");
  expect(calls).toHaveLength(14);
  for (const { step, request } of calls) {
    const preview = previews.find((each) => each.step === step);
    const sent = request as readonly (readonly [role: string, text: string])[];
    expect(sent.map(([role]) => role)).toEqual(preview?.messages.map(({ role }) => role));
    for (const [index, [, text]] of sent.entries()) {
      const form = preview?.messages[index]?.text ?? "";
      expect(text).toMatch(new RegExp(`^${wildcards(form)}$`));
    }
  }
});

function wildcards(text: string): string {
  const parts = text.split(/"?‹[^›]*›"?/);
  return parts.map((part) => part.replace(/[^\w\s]/g, "\\$&")).join("[\\s\\S]*?");
}

// ── lines, files, words ─────────────────────────────────────────────────────────────────────────────────────────

test("FILE:LINE is the operation on that line, however many lines it takes", async () => {
  const here = place();
  here.write(
    "a.keel",
    `x = draft "one" {\n  tone: "warm"\n} ?? ""\nnotify user x\nnotify user summarize "two" ?? ""\n`,
  );
  for (const line of [1, 2, 3])
    expect((await shown(here, `a.keel:${line}`)).map((each) => each.operation)).toEqual(["draft"]);
  expect((await shown(here, "a.keel:5")).map((each) => each.operation)).toEqual(["summarize"]);
  expectComplaint(await here.keel(["prompt", "a.keel:4"]), 2, "a.keel:4 has no AI operation", "on these lines: 1, 5");
  expectComplaint(await here.keel(["prompt", "a.keel:40"]), 2, "a.keel has 6 lines");
});

test("the head says who asks, what it would cost as an estimate, and what the provider promises", async () => {
  const here = place();
  here.write(
    "a.keel",
    `type M = a | b\nnotify user "{classify "x" as M using "claude-haiku"}"\nnotify user "{summarize "x" using "claude-new"}"\n`,
  );
  const { out } = await here.keel(["prompt", "a.keel"], { env: { KEEL_LLM: "", ANTHROPIC_API_KEY: "key" } });
  expect(out).toMatch(
    /^a\.keel:2:15 {2}classify {2}main\/classify:x\n {2}for {7}the program itself: no agent, so no role\n/,
  );
  expect(out).toContain("  model     claude-haiku → claude-haiku-4-5-20251001 (anthropic)\n");
  expect(out).toContain("  settings  max_tokens 4096\n");
  expect(out).toContain("  reply     JSON that fits the schema, by the provider's own mode (output_config)\n");
  expect(out).toMatch(
    / {2}estimate {2}about \d+ tokens: \$0\.000\d+, the reply \$5\.00 a million tokens \(prices of \d{4}-\d\d-\d\d\)\n/,
  );
  expect(out).toMatch(/ {2}estimate {2}about \d+ tokens; price unknown: claude-new is not in the price table\n/);
  expect(out).toContain("── system ──\nYou sort data into categories.\n");
  expect(out).toContain('── schema ──\n{\n  "type": "object",');

  const [classify] = await shown(here, "a.keel:2", { KEEL_LLM: "", ANTHROPIC_API_KEY: "key" });
  const characters = classify?.messages.reduce(
    (sum, { text }) => sum + text.length,
    JSON.stringify(classify.schema).length,
  );
  expect(classify?.estimate.input_tokens).toBe(Math.ceil((characters ?? 0) / 4));
  expect(classify?.estimate.input_cost_microdollars).toBe(classify?.estimate.input_tokens);
});

test("a model of an OpenAI-compatible server is asked in its own form", async () => {
  const here = place();
  here.write("a.keel", `notify user "{extract { total: int } from "x" using "openai:gpt-x"}"\n`);
  const env = { KEEL_LLM: "", OPENAI_BASE_URL: "http://127.0.0.1:9/v1" };
  const [preview] = await shown(here, "a.keel", env);
  expect(preview?.model).toEqual({ name: "openai:gpt-x", provider: "openai", id: "gpt-x" });
  expect(preview?.parameters).toMatchObject({ response_format: { type: "json_schema" } });
  const { out } = await here.keel(["prompt", "a.keel"], { env });
  expect(out).toContain("by the provider's own mode (response_format)\n");
  expect(out).toContain("tokens; price unknown: openai:gpt-x is not in the price table\n");
});

test("without a provider the texts are printed all the same, and said that nobody answers", async () => {
  const here = place();
  here.write("a.keel", `notify user "{summarize "x"}"\nnotify user "{summarize "y" using "ollama:gemma4"}"\n`);
  const { out } = await here.keel(["prompt", "a.keel"], { env: { KEEL_LLM: "" } });
  expect(out).toContain("  model     claude-sonnet, which nobody here provides: `keel doctor` says what to set\n");
  expect(out).toContain("tokens; a model of Ollama has no price\n");
  expect(out).toMatch(/name="value">\nx\n/);
});

test("tasks that nothing calls, and those of files that are used, are printed too", async () => {
  const here = place();
  here.write(
    "lib/gist.keel",
    `task gist(t: str) -> str? { summarize t }\ntask other(t: str) -> str? { summarize t }\n`,
  );
  here.write(
    "a.keel",
    `use { gist } from "./lib/gist.keel"\ntask mine(t: str) -> str? { gist(t) }\ntask lone() -> str? { summarize "x" }\nnotify user mine("t")\n`,
  );
  const previews = await shown(here, "a.keel");
  expect(previews.map(({ file, line, asker }) => [file, line, asker])).toEqual([
    ["a.keel", 3, "nobody"],
    ["lib/gist.keel", 1, "main"],
  ]);
  expect((await shown(here, "lib/gist.keel")).map(({ line, asker }) => [line, asker])).toEqual([
    [1, "nobody"],
    [2, "nobody"],
  ]);
});

test("a prompt that cannot be sent says why", async () => {
  const here = place();
  here.write(
    "a.keel",
    `x = prompt { user: "q", messages: [{ role: "system", content: "no" }] } as str\nnotify user x\n`,
  );
  const [preview] = await shown(here, "a.keel");
  expect(preview?.problem).toContain('needs a role, "user" or "assistant"');
  expect((await here.keel(["prompt", "a.keel"])).out).toContain(": nothing would be sent\n");
});

test("what is wrong is said: no such file, a program with errors, one that is compiled, one without operations", async () => {
  const here = place();
  expectComplaint(await here.keel(["prompt", "nowhere.keel:3"]), 2, "nowhere.keel");
  here.write("wrong.keel", `notify user summarize 1 +\n`);
  const wrong = await here.keel(["prompt", "wrong.keel"]);
  expect(wrong).toMatchObject({ code: 1, out: "" });
  expect(wrong.err).toContain("× Syntax error");
  here.write("plain.keel", `notify user "x"\n`);
  expect(await here.keel(["prompt", "plain.keel"])).toMatchObject({ code: 0, out: "plain.keel has no AI operation\n" });
  await here.keel(["build", "plain.keel"]);
  expectComplaint(await here.keel(["prompt", "plain.keelc"]), 2, "name the .keel file");
});

test("neither a store nor a run is made", async () => {
  const here = place();
  here.write("open.keel", open);
  await here.keel(["prompt", "open.keel"]);
  expect((await here.keel(["ls"])).out).toContain("no runs yet");
});
