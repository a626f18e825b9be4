// The real providers against a local server: the same operations on all of them, through every kind of trouble.

import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from "vitest";
import { Duration, Float, KeelMap, Variant } from "../../src/interp/value.ts";
import type { Value } from "../../src/interp/value.ts";
import { jsonOf } from "../../src/interp/text.ts";
import type { ModelAccess } from "../../src/runtime/models/access.ts";
import type { Performed } from "../../src/runtime/effects/handler.ts";
import type { EffectOfModel, ModelKind } from "../../src/runtime/models/operation.ts";
import { ProviderServer } from "./provider-server.ts";
import type { Behaviour } from "./provider-server.ts";
import { classifyMood, perform, testStep } from "./step.ts";
import type { TestStep } from "./step.ts";

let server: ProviderServer;

/** The SDKs talk to the terminal when they are puzzled; that is not theirs. */
const said = vi.fn();
for (const method of ["log", "warn", "error", "debug", "info"] as const)
  vi.spyOn(console, method).mockImplementation(said);

afterEach(() => expect(said).not.toHaveBeenCalled());

beforeAll(async () => {
  server = await ProviderServer.start();
});

afterAll(() => server.stop());

const providers = ["anthropic", "ollama", "openai"] as const;
type ProviderName = (typeof providers)[number];

function live(provider: ProviderName, address = server.address): ModelAccess {
  const envs = {
    anthropic: { ANTHROPIC_API_KEY: "key-of-a-test", ANTHROPIC_BASE_URL: address },
    ollama: { OLLAMA_HOST: address, KEEL_OLLAMA_MODEL: "gemma4" },
    openai: { OPENAI_API_KEY: "key-of-a-test", OPENAI_BASE_URL: `${address}/v1` },
  };
  return { kind: "live", env: envs[provider] };
}

/** The model that a program names to ask a provider. */
const named = { anthropic: null, ollama: null, openai: "openai:gpt-5" } as const;

/** The operation as it is for a provider. */
function at<K extends ModelKind>(provider: ProviderName, effect: EffectOfModel<K>): EffectOfModel<K> {
  return { ...effect, given: { ...effect.given, model: named[provider] } };
}

function errorOf({ outcome }: Performed): {
  readonly name: string;
  readonly fields: { readonly [name: string]: Value };
} {
  expect(outcome.kind).toBe("Failure");
  if (outcome.kind !== "Failure") throw new Error("not a failure");
  return { name: outcome.error.name, fields: outcome.error.fields ?? {} };
}

function valueOf({ outcome }: Performed): Value {
  expect(outcome).toMatchObject({ kind: "Value" });
  return outcome.kind === "Value" ? outcome.value : null;
}

const given = (value: Value) => ({ value, model: null });

/** Every operation, what the model says, and what comes of it. */
const operations: readonly (readonly [effect: EffectOfModel<ModelKind>, reply: string, value: unknown])[] = [
  [classifyMood("I love it"), '{"value": "happy"}', "happy"],
  [{ kind: "Summarize", unit: "sentences", given: { ...given("long text"), count: 3 } }, " Short. ", "Short."],
  [{ kind: "Summarize", format: "bullets", given: given("long text") }, "- a\n- b", "- a\n- b"],
  [
    {
      kind: "Draft",
      given: {
        parts: ["reply to ", { name: "email", value: { from: "ada" } }],
        options: { tone: "warm" },
        model: null,
      },
    },
    "Dear Ada",
    "Dear Ada",
  ],
  [
    {
      kind: "Extract",
      shape: {
        kind: "struct",
        fields: [
          { name: "total", shape: { kind: "float" } },
          { name: "due", shape: { kind: "nullable", of: { kind: "datetime" } } },
        ],
      },
      given: { from: "total 3", model: null },
    },
    '{"total": 3, "due": null}',
    { total: 3, due: null },
  ],
  [{ kind: "Translate", many: false, given: { ...given("hello"), targets: ["french"] } }, "bonjour", "bonjour"],
  [
    { kind: "Translate", many: true, given: { ...given("hello"), targets: ["french", "pt-BR"] } },
    '{"french": "bonjour", "pt-BR": "olá"}',
    { french: "bonjour", "pt-BR": "olá" },
  ],
  [
    { kind: "Decide", options: ["archive", "reply to all"], given: { ...given("mail"), basis: { urgency: "low" } } },
    '{"choice": "Reply to all", "reason": "asked"}',
    { choice: "reply to all", reason: "asked" },
  ],
  [
    {
      kind: "Prompt",
      shape: { kind: "list", of: { kind: "str" } },
      given: { system: "You list.", parts: ["List two."], model: null },
    },
    '{"value": ["a", "b"]}',
    ["a", "b"],
  ],
  [{ kind: "Prompt", shape: { kind: "str" }, given: { parts: ["Say hi."], model: null } }, "hi", "hi"],
];

describe.each(
  operations.map(([effect, reply, value], index) => ({ title: `${effect.kind} ${index}`, effect, reply, value })),
)("$title", ({ effect, reply, value }) => {
  it("gives the same on all providers", async () => {
    const results: Performed[] = [];
    for (const provider of providers) {
      server.says(reply);
      const step = testStep();
      const performed = await perform(live(provider), at(provider, effect), step);
      expect(jsonOf(valueOf(performed))).toStrictEqual(value);
      expect(step.lines).toHaveLength(2);
      expect(performed.model).toMatchObject({ replies: [{ text: reply, input: 20, output: 5, stop: "end" }] });
      if (effect.kind === "Decide") expect(performed.outcome).toStrictEqual({ kind: "Value", value });
      expect(performed.model?.cost).toBe({ anthropic: 20 * 3 + 5 * 15, ollama: 0, openai: null }[provider]);
      results.push(performed);
    }
    const [first, ...others] = results;
    for (const other of others) {
      expect(other.outcome).toStrictEqual(first?.outcome);
      expect(other.model?.request).toStrictEqual(first?.model?.request);
    }
  });
});

describe("values", () => {
  it("have the types of the language", async () => {
    server.says('{"value": "happy"}');
    expect(valueOf(await perform(live("anthropic"), classifyMood("x"), testStep()))).toStrictEqual(
      new Variant("Mood", "happy"),
    );
    server.says('{"french": "a", "german": "b"}');
    const many: EffectOfModel<"Translate"> = {
      kind: "Translate",
      many: true,
      given: { ...given("x"), targets: ["german", "french"] },
    };
    const map = valueOf(await perform(live("ollama"), many, testStep()));
    expect(map instanceof KeelMap && [...map.entries()]).toStrictEqual([
      ["german", "b"],
      ["french", "a"],
    ]);
    server.says('{"choice": "low", "reason": "calm"}');
    const decide: EffectOfModel<"Decide"> = {
      kind: "Decide",
      options: ["low", "high"],
      enum: "Urgency",
      given: { ...given("x"), basis: {} },
    };
    expect(valueOf(await perform(live("ollama"), decide, testStep()))).toStrictEqual({
      choice: new Variant("Urgency", "low"),
      reason: "calm",
    });
  });
});

describe("what is sent", () => {
  const agent = {
    role: "A careful clerk",
    rules: ["Never promise a date"],
    model: "claude-haiku",
    config: { temperature: new Float(0.2), max_tokens: 300, top_p: new Float(0.9), seed: 7 },
  };

  it("to Anthropic", async () => {
    server.says('{"value": "happy"}');
    const performed = await perform(live("anthropic"), classifyMood("fine"), testStep(agent));
    const [asked] = server.asked;
    expect(asked?.headers).toMatchObject({ authorization: "Bearer key-of-a-test", "x-stainless-retry-count": "0" });
    expect(asked?.body).toMatchObject({
      model: "claude-haiku-4-5-20251001",
      temperature: 0.2,
      max_tokens: 300,
      top_p: 0.9,
      stream: true,
      output_config: {
        format: { type: "json_schema", schema: { type: "object", required: ["value"], additionalProperties: false } },
      },
    });
    expect(asked?.body).not.toHaveProperty("seed");
    expect(asked?.body["system"]).toContain("Your role: A careful clerk");
    expect(asked?.body["system"]).toContain("- Never promise a date");
    expect(performed.model).toMatchObject({
      model: "claude-haiku",
      used: "anthropic:claude-haiku-4-5-20251001",
      cost: 20 + 25,
    });
    expect(performed.model?.request[0]).toStrictEqual(["system", asked?.body["system"]]);
  });

  it("to Ollama", async () => {
    server.says('{"value": "happy"}');
    const performed = await perform(live("ollama"), classifyMood("fine"), testStep(agent));
    expect(server.asked[0]?.body).toMatchObject({
      model: "gemma4",
      format: { type: "object", required: ["value"] },
      options: { temperature: 0.2, num_predict: 300, top_p: 0.9, seed: 7 },
      stream: true,
    });
    expect(server.asked[0]?.body["options"]).not.toHaveProperty("num_ctx");
    expect(performed.model).toMatchObject({ model: "claude-haiku", used: "ollama:gemma4" });
  });

  it("a long text asks Ollama for a context that holds it", async () => {
    server.says('{"value": "happy"}');
    await perform(live("ollama"), classifyMood("word ".repeat(20_000)), testStep());
    expect(server.asked[0]?.body["options"]).toMatchObject({ num_ctx: 65_536 });
  });

  it("a form with a map is left to the prompt at Anthropic", async () => {
    server.says('{"a": 1}');
    const shape = { kind: "map", key: { kind: "str" }, value: { kind: "int" } } as const;
    await perform(live("anthropic"), { kind: "Prompt", shape, given: { parts: ["Count."], model: null } }, testStep());
    expect(server.asked[0]?.body).not.toHaveProperty("output_config");
    expect(server.asked[0]?.body["system"]).toContain("JSON Schema");
  });

  it("`using` comes before the agent's model, and ollama: is Ollama whatever the key", async () => {
    server.says('{"value": "happy"}');
    const env = { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: server.address, OLLAMA_HOST: server.address };
    const performed = await perform(
      { kind: "live", env },
      classifyMood("x", "ollama:mistral:7b-instruct"),
      testStep(agent),
    );
    expect(performed.model?.used).toBe("ollama:mistral:7b-instruct");
    expect(server.asked[0]?.path).toBe("/api/chat");
  });

  it("a user and password in OLLAMA_HOST are sent and never shown", async () => {
    server.says('{"value": "happy"}');
    const step = testStep();
    const performed = await perform(
      live("ollama", server.address.replace("//", "//ada:s3cret@")),
      classifyMood("x"),
      step,
    );
    expect(server.asked[0]?.headers.authorization).toBe(`Basic ${Buffer.from("ada:s3cret").toString("base64")}`);
    expect(JSON.stringify([performed, step.lines])).not.toContain("s3cret");
  });

  it("a conversation", async () => {
    server.says("four");
    const messages = [
      { role: "user", content: "2+1?" },
      { role: "assistant", content: "three" },
    ];
    const effect: EffectOfModel<"Prompt"> = {
      kind: "Prompt",
      shape: { kind: "str" },
      given: { messages, parts: ["2+2?"], model: null },
    };
    await perform(live("anthropic"), effect, testStep());
    expect(server.asked[0]?.body["messages"]).toStrictEqual([...messages, { role: "user", content: "2+2?" }]);
    const nothing = await perform(
      live("anthropic"),
      { kind: "Prompt", shape: { kind: "str" }, given: { system: "x", model: null } },
      testStep(),
    );
    expect(errorOf(nothing).fields["message"]).toContain("no `user` text");
    const system: EffectOfModel<"Prompt"> = {
      ...effect,
      given: { messages: [{ role: "system", content: "x" }], model: null },
    };
    await expect(perform(live("anthropic"), system, testStep())).rejects.toThrow('a role, "user" or "assistant"');
  });
});

describe("progress", () => {
  it("reads as the language shows it", async () => {
    const step = testStep();
    server.says('{"value": "happy"}');
    await perform(live("ollama"), classifyMood("x"), step);
    expect(step.lines).toStrictEqual([
      `  🤖 Classifying as [happy, neutral, sad] using gemma4 (ollama @ ${server.address})`,
      "  ✓ Result: happy",
    ]);
  });
});

describe.each(providers)("trouble with %s", (provider) => {
  let step: TestStep;

  beforeEach(() => {
    step = testStep();
  });

  async function meet(...behaviours: readonly Behaviour[]): Promise<Performed> {
    server.will(...behaviours);
    return perform(live(provider), classifyMood("x", named[provider]), step);
  }

  const good: Behaviour = { kind: "Text", text: '{"value": "sad"}' };

  it.each([
    ["Unauthorized", "bad key", /key|access/],
    [
      "Forbidden",
      "bad key",
      { anthropic: /ANTHROPIC_API_KEY/, ollama: /OLLAMA_HOST/, openai: /OPENAI_API_KEY/ }[provider],
    ],
    ["Unpaid", "bad key", /credit|payment|quota/],
    [
      "UnknownModel",
      "unknown model",
      { anthropic: /claude-sonnet-4-6-20260415/, ollama: /ollama pull gemma4/, openai: /gpt-5/ }[provider],
    ],
    ["BadRequest", "bad request", /temperature/],
    ["TooLarge", "bad request", /too much is sent at once/],
    ["Page", "unreachable", /404/],
  ] as const)("%s raises AIError at once", async (kind, reason, message) => {
    const error = errorOf(await meet({ kind }, good));
    expect(error.name).toBe("AIError");
    expect(error.fields).toMatchObject({ reason, model: named[provider] ?? "claude-sonnet", source: provider });
    expect(error.fields["message"]).toMatch(message);
    expect(server.asked).toHaveLength(1);
  });

  it("nobody there raises AIError with what to do", async () => {
    const gone = await ProviderServer.start();
    const { address } = gone;
    await gone.stop();
    const error = errorOf(await perform(live(provider, address), classifyMood("x", named[provider]), step));
    expect(error.fields).toMatchObject({ reason: "unreachable" });
    expect(error.fields["message"]).toContain(`${address}${provider === "openai" ? "/v1" : ""} (ECONNREFUSED)`);
    for (const bad of [
      "http://127.0.0.1:1",
      "http://no-such-host.invalid",
      server.address.replace("http:", "https:"),
    ]) {
      const unusable = errorOf(await perform(live(provider, bad), classifyMood("x", named[provider]), step));
      expect(unusable.fields).toMatchObject({ reason: "unreachable" });
    }
    expect(step.clock.waits).toStrictEqual([]);
  });

  it.each<Behaviour>([
    { kind: "Overloaded" },
    { kind: "ServerError" },
    { kind: "RateLimited" },
    { kind: "Reset" },
    { kind: "CutStream", text: '{"value"', how: "socket" },
    { kind: "CutStream", text: '{"value": "sad"}', how: "end" },
    { kind: "InvalidJson" },
    { kind: "LateError" },
  ])("$kind $how passes: it is tried again", async (trouble) => {
    const performed = await meet(trouble, trouble, good);
    expect(valueOf(performed)).toStrictEqual(new Variant("Mood", "sad"));
    expect(server.asked).toHaveLength(3);
    expect(step.clock.waits).toStrictEqual([1000, 2000]);
    expect(performed.model?.replies).toHaveLength(1);
    expect(step.lines.filter((line) => line.startsWith("  ↻ "))).toHaveLength(2);
  });

  it.each<readonly [Behaviour, string]>([
    [{ kind: "Overloaded" }, "overloaded"],
    [{ kind: "RateLimited" }, "rate limited"],
    [{ kind: "Reset" }, "connection lost"],
    [{ kind: "LateError" }, provider === "ollama" ? "connection lost" : "overloaded"],
  ])("%o that does not pass raises AIError after five attempts", async (trouble, reason) => {
    const error = errorOf(await meet(trouble));
    expect(error.fields).toMatchObject({ reason });
    expect(server.asked).toHaveLength(5);
    expect(step.clock.waits).toStrictEqual([1000, 2000, 4000, 8000]);
  });

  it("retry-after is honoured, unless it would outlast the time limit", async () => {
    expect(valueOf(await meet({ kind: "RateLimited", retryAfter: "30" }, good))).not.toBeNull();
    expect(step.clock.waits).toStrictEqual([30_000]);
    step = testStep({ config: { timeout: new Duration(20_000) } });
    step.clock.until = (_, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
    expect(errorOf(await meet({ kind: "RateLimited", retryAfter: "30" }, good)).fields).toMatchObject({
      reason: "rate limited",
    });
    expect(server.asked).toHaveLength(1);
  });

  it("an interruption ends a request that has no answer", async () => {
    const arrival = server.arrival();
    const performing = meet({ kind: "Slow" });
    await arrival;
    step.abort.abort();
    expect(errorOf(await performing).fields).toMatchObject({ reason: "cancelled" });
    expect(server.asked).toHaveLength(1);
  });

  it("the agent's timeout raises TimeoutError", async () => {
    step = testStep({ config: { timeout: new Duration(90_000) } });
    const arrival = server.arrival();
    const performing = meet({ kind: "Slow" });
    await arrival;
    step.clock.pass(89_999);
    step.clock.pass(1);
    const error = errorOf(await performing);
    expect(error.name).toBe("TimeoutError");
    expect(error.fields["message"]).toContain("within 90 s");
  });

  it("a reply that does not fit is asked for again with what is wrong", async () => {
    const performed = await meet(
      { kind: "Text", text: '{"value": "glad"}' },
      { kind: "Text", text: "happy or sad" },
      good,
    );
    expect(valueOf(performed)).toStrictEqual(new Variant("Mood", "sad"));
    expect(performed.model?.replies.map(({ text }) => text)).toStrictEqual([
      '{"value": "glad"}',
      "happy or sad",
      '{"value": "sad"}',
    ]);
    const sent = server.asked[2]?.body["messages"] as readonly { role: string; content: string }[];
    const roles = sent.map(({ role }) => role).filter((role) => role !== "system");
    expect(roles).toStrictEqual(["user", "assistant", "user", "assistant", "user"]);
    expect(sent.at(-3)?.content).toContain("happy, neutral, sad");
    expect(performed.model?.cost).toBe({ anthropic: 3 * (20 * 3 + 5 * 15), ollama: 0, openai: null }[provider]);
  });

  it("three replies that do not fit are none, with the reason", async () => {
    const performed = await meet({ kind: "Text", text: "no idea" });
    expect(valueOf(performed)).toBeNull();
    expect(performed.model?.replies).toHaveLength(3);
    expect(performed.model?.reason).toContain("not clearly one of");
    expect(step.lines.at(-1)).toMatch(/^ {2}✗ No result: /);
  });

  it("a reply cut off at its limit is none, whatever stands in it", async () => {
    const performed = await meet({ kind: "MaxTokens", text: '{"value": "sad"}' });
    expect(valueOf(performed)).toBeNull();
    expect(performed.model).toMatchObject({
      reason: "the reply was cut off at its token limit",
      replies: [{ stop: "cut" }],
    });
    expect(server.asked).toHaveLength(1);
  });

  it("an empty text is none", async () => {
    server.says("  ");
    const performed = await perform(live(provider), at(provider, { kind: "Summarize", given: given("x") }), step);
    expect(valueOf(performed)).toBeNull();
    expect(performed.model?.reason).toBe("the reply is empty");
    expect(server.asked).toHaveLength(1);
  });
});

describe("a refusal", () => {
  it.each([
    ["anthropic", "Refusal"],
    ["openai", "Refusal"],
    ["openai", "Filtered"],
  ] as const)("of %s (%s) is none, and is not asked again", async (provider, kind) => {
    server.will({ kind });
    const performed = await perform(live(provider), classifyMood("x", named[provider]), testStep());
    expect(valueOf(performed)).toBeNull();
    expect(performed.model).toMatchObject({
      reason: "the model refused to answer",
      replies: [{ stop: "refused", input: 20 }],
    });
    expect(server.asked).toHaveLength(1);
  });
});

describe("a name that means no model", () => {
  it("raises AIError with what to set", async () => {
    const performed = await perform({ kind: "live", env: {} }, classifyMood("x", "claude-haiku"), testStep());
    const error = errorOf(performed);
    expect(error.fields["message"]).toContain("export KEEL_MODEL_CLAUDE_HAIKU=<ollama_model>");
    expect(error.fields).toMatchObject({ model: "claude-haiku", reason: "model not available" });
  });
});
