// A reply that does not fit is asked for again with what was wrong, through the real SDKs: what the next request says,
// what is paid, and how it goes together with the tries for a provider in trouble.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Variant } from "../../src/interp/value.ts";
import type { Shape } from "../../src/ir/kir.ts";
import type { Performed } from "../../src/runtime/effects/handler.ts";
import type { ModelAccess } from "../../src/runtime/models/access.ts";
import type { EffectOfModel } from "../../src/runtime/models/operation.ts";
import { ProviderServer } from "./provider-server.ts";
import type { Asked, Behaviour } from "./provider-server.ts";
import { classifyMood, perform, testStep } from "./step.ts";
import type { TestStep } from "./step.ts";

let server: ProviderServer;

beforeAll(async () => {
  server = await ProviderServer.start();
});

afterAll(() => server.stop());

const models = { anthropic: "claude-haiku", ollama: "ollama:gemma4", openai: "openai:gpt-5" } as const;
type ProviderName = keyof typeof models;

function live(): ModelAccess {
  const { address } = server;
  const env = { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: address, OLLAMA_HOST: address };
  return { kind: "live", env: { ...env, OPENAI_BASE_URL: `${address}/v1` } };
}

const order: Shape = {
  kind: "struct",
  fields: [
    { name: "total", shape: { kind: "int" } },
    { name: "items", shape: { kind: "list", of: { kind: "str" } } },
  ],
};

function extractOrder(model: string): EffectOfModel<"Extract"> {
  return { kind: "Extract", shape: order, given: { from: "2 pens, 1 cup", model } };
}

interface Message {
  readonly role: string;
  readonly content: string;
}

/** What was said so far, the system text aside. */
function messagesOf({ body }: Asked): readonly Message[] {
  return (body["messages"] as readonly Message[]).filter(({ role }) => role !== "system");
}

/** The form that was asked for, wherever the provider has it. */
function formOf({ body }: Asked): unknown {
  return body["output_config"] ?? body["format"] ?? body["response_format"];
}

describe.each(Object.keys(models) as readonly ProviderName[])("%s", (provider) => {
  async function meet(...behaviours: readonly Behaviour[]): Promise<{ performed: Performed; step: TestStep }> {
    server.will(...behaviours);
    const step = testStep();
    return { performed: await perform(live(), extractOrder(models[provider]), step), step };
  }

  const text = (said: string): Behaviour => ({ kind: "Text", text: said, input: 100, output: 10 });
  const good = '{"total": 3, "items": ["pen", "pen", "cup"]}';

  it("is told what was wrong, field by field, after what it had said", async () => {
    const bad = '{"total": "three", "items": ["pen", null, "cup"]}';
    const { performed } = await meet(text(bad), text(good));
    expect(performed.outcome).toStrictEqual({ kind: "Value", value: { total: 3, items: ["pen", "pen", "cup"] } });
    expect(server.asked).toHaveLength(2);
    const [first, second] = server.asked.map(messagesOf);
    expect(second?.slice(0, -2)).toStrictEqual(first);
    expect(second?.at(-2)).toStrictEqual({ role: "assistant", content: bad });
    expect(second?.at(-1)?.role).toBe("user");
    expect(second?.at(-1)?.content).toContain("/total must be integer");
    expect(second?.at(-1)?.content).toContain("/items/1 must be string");
    expect(server.asked.map(formOf)[1]).toStrictEqual(server.asked.map(formOf)[0]);
  });

  it("is told of a reply that ends too early, and a list is never the shorter for it", async () => {
    const { performed } = await meet(text('{"total": 3, "items": ["pen", "pen"'), text(good));
    expect(performed.outcome).toMatchObject({ value: { items: ["pen", "pen", "cup"] } });
    expect(messagesOf(server.asked[1] as Asked).at(-1)?.content).toContain("does not end");
  });

  it("is told of two answers", async () => {
    const { performed } = await meet(text(`${good}\n{"total": 1, "items": []}`), text(good));
    expect(performed.outcome).toMatchObject({ value: { total: 3 } });
    expect(messagesOf(server.asked[1] as Asked).at(-1)?.content).toContain("more than one answer");
  });

  it("is paid for every reply, and each is kept", async () => {
    const { performed } = await meet(text("no idea"), text('{"total": 3}'), text(good));
    expect(performed.model?.replies.map(({ text: said }) => said)).toStrictEqual(["no idea", '{"total": 3}', good]);
    expect(performed.model?.replies.map(({ input, output }) => [input, output])).toStrictEqual([
      [100, 10],
      [100, 10],
      [100, 10],
    ]);
    const cost = { anthropic: 3 * (100 + 10 * 5), ollama: 0, openai: performed.model?.cost ?? null };
    expect(performed.model?.cost).toBe(cost[provider]);
    expect(performed.model).not.toHaveProperty("reason");
    expect(performed.model).not.toHaveProperty("repaired");
    const said = (performed.model?.request ?? []).map(([, each]) => each);
    expect(said.filter((each) => each.includes("cannot be used"))).toHaveLength(2);
  });

  it("is asked three times at most, and the last reason is kept", async () => {
    const { performed, step } = await meet(text("no idea"), text("{}"), text('{"total": 3}'), text(good));
    expect(performed.outcome).toStrictEqual({ kind: "Value", value: null });
    expect(server.asked).toHaveLength(3);
    expect(performed.model?.reason).toBe("the reply must have required property 'items'");
    expect(step.lines.at(-1)).toBe("  ✗ No result: the reply must have required property 'items'");
  });

  it("is not asked again after a reply that was cut off", async () => {
    const { performed } = await meet(text("no idea"), { kind: "MaxTokens", text: '{"total": 3, "items": ["pen"' });
    expect(performed.outcome).toStrictEqual({ kind: "Value", value: null });
    expect(performed.model).toMatchObject({ reason: "the reply was cut off at its token limit" });
    expect(server.asked).toHaveLength(2);
  });

  it("may be in trouble in between: that is tried again with the same question", async () => {
    const { performed, step } = await meet(text("no idea"), { kind: "RateLimited", retryAfter: "7" }, text(good));
    expect(performed.outcome).toMatchObject({ value: { total: 3 } });
    expect(server.asked).toHaveLength(3);
    expect(step.clock.waits).toStrictEqual([7000]);
    const [, refused, repeated] = server.asked.map(messagesOf);
    expect(repeated).toStrictEqual(refused);
    expect(performed.model?.replies).toHaveLength(2);
  });

  it("keeps what was done to a reply that fits only then", async () => {
    const { performed } = await meet(
      text(`Sure:\n\`\`\`json\n{"Total": "3", 'items': ['pen',], "note": null}\n\`\`\``),
    );
    expect(performed.outcome).toStrictEqual({ kind: "Value", value: { total: 3, items: ["pen"] } });
    expect(performed.model?.repaired).toStrictEqual(["prose", "syntax", "key names", "quoted value", "extra keys"]);
    expect(server.asked).toHaveLength(1);
  });
});

describe("a form that a server refuses", () => {
  const happy = '{"value": "happy"}';
  const refusals = {
    anthropic: {
      type: "error",
      error: {
        type: "invalid_request_error",
        message: "output_config.format.schema: The compiled grammar is too large",
      },
    },
    ollama: { error: "invalid JSON schema in format" },
  };

  it.each(["anthropic", "ollama"] as const)("is left to the prompt: %s", async (provider) => {
    const { modelHandlers } = await import("../../src/runtime/effects/model.ts");
    const { Classify } = modelHandlers(live());
    server.says(happy);
    server.refuses = (body) => ("output_config" in body || "format" in body ? refusals[provider] : undefined);
    const effect = classifyMood("x", models[provider]);
    const step = testStep();
    const first = await Classify.perform(effect, step);
    expect(first.outcome).toStrictEqual({ kind: "Value", value: new Variant("Mood", "happy") });
    expect(first.model?.replies).toHaveLength(1);
    expect(server.asked.map((asked) => formOf(asked) !== undefined)).toStrictEqual([true, false]);
    await Classify.perform(effect, step);
    expect(server.asked.map((asked) => formOf(asked) !== undefined)).toStrictEqual([true, false, false]);
    expect(step.clock.waits).toStrictEqual([]);
  });

  it.each(["anthropic", "ollama"] as const)("is something else than another bad request: %s", async (provider) => {
    server.will({ kind: "BadRequest" });
    const { outcome } = await perform(live(), classifyMood("x", models[provider]), testStep());
    expect(outcome).toMatchObject({ kind: "Failure", error: { fields: { reason: "bad request" } } });
    expect(server.asked).toHaveLength(1);
  });
});
