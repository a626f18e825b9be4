// What holds on the wire for all providers alike: the agent's config, what is kept of prompts, how often is asked, and
// a reply on its way.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { Duration, Float } from "../../src/interp/value.ts";
import type { ModelAccess } from "../../src/runtime/models/access.ts";
import type { EffectOfModel } from "../../src/runtime/models/operation.ts";
import { ProviderServer } from "./provider-server.ts";
import type { Behaviour } from "./provider-server.ts";
import { classifyMood, perform, testStep } from "./step.ts";
import type { TestStep } from "./step.ts";

let server: ProviderServer;

beforeAll(async () => {
  server = await ProviderServer.start();
});

afterAll(() => server.stop());

const models = { anthropic: "claude-haiku", ollama: "ollama:gemma4", openai: "openai:gpt-5" } as const;
const providers = ["anthropic", "ollama", "openai"] as const;

function live(): ModelAccess {
  const { address } = server;
  const env = { ANTHROPIC_API_KEY: "k", ANTHROPIC_BASE_URL: address, OLLAMA_HOST: address };
  return { kind: "live", env: { ...env, OPENAI_BASE_URL: `${address}/v1` } };
}

function talk(model: string, earlier: readonly string[] = [], user = "Hi."): EffectOfModel<"Prompt"> {
  const messages = earlier.map((content, index) => ({ role: index % 2 === 0 ? "user" : "assistant", content }));
  return { kind: "Prompt", shape: { kind: "str" }, given: { messages, parts: [user], model } };
}

describe("an agent's config", () => {
  const config = { temperature: new Float(0), max_tokens: 300, top_p: new Float(0.9), seed: 7 };
  const wire = {
    anthropic: { temperature: 0, max_tokens: 300, top_p: 0.9 },
    ollama: { options: { temperature: 0, num_predict: 300, top_p: 0.9, seed: 7 } },
    openai: { temperature: 0, max_tokens: 300, top_p: 0.9, seed: 7 },
  };

  it.each(providers)("reaches %s", async (provider) => {
    server.says("ok");
    await perform(live(), talk(models[provider]), testStep({ config }));
    expect(server.asked[0]?.body).toMatchObject(wire[provider]);
  });

  it("sends nothing that is not set", async () => {
    for (const provider of providers) {
      server.says("ok");
      await perform(live(), talk(models[provider]), testStep());
      const body = server.asked[0]?.body ?? {};
      const sent = Object.keys({ ...body, ...(body["options"] as object | undefined) });
      for (const key of ["temperature", "top_p", "seed", "num_predict"]) expect(sent).not.toContain(key);
      if (provider !== "anthropic") expect(sent).not.toContain("max_tokens");
    }
  });

  it("says once an agent that Anthropic has no seed", async () => {
    const step = testStep({ name: "Clerk", config });
    server.says("ok");
    const { modelHandlers } = await import("../../src/runtime/effects/model.ts");
    const handlers = modelHandlers(live());
    await handlers.Prompt.perform(talk(models.anthropic), step);
    await handlers.Prompt.perform(talk(models.anthropic), step);
    await handlers.Prompt.perform(talk(models.ollama), step);
    const said = step.lines.filter((line) => line.includes("⚠"));
    expect(said).toStrictEqual(["  ⚠ Anthropic has no `seed`: that of Clerk's config is not sent"]);
    expect(server.asked[1]?.body).not.toHaveProperty("seed");
  });
});

describe("Anthropic's cache", () => {
  const mark = { cache_control: { type: "ephemeral" } };
  const long = "word ".repeat(1000);

  it("is asked to keep a long system text", async () => {
    server.says("ok");
    await perform(live(), talk(models.anthropic), testStep({ role: long }));
    expect(server.asked[0]?.body).toMatchObject({ system: [{ type: "text", ...mark }], messages: [{ content: {} }] });
    expect(JSON.stringify(server.asked[0]?.body["messages"])).not.toContain("cache_control");
  });

  it("is asked to keep a long conversation up to its last message", async () => {
    server.says("ok");
    await perform(live(), talk(models.anthropic, [long, "Yes?"]), testStep());
    const messages = server.asked[0]?.body["messages"] as readonly { content: unknown }[];
    expect(messages.map(({ content }) => typeof content)).toStrictEqual(["string", "string", "object"]);
    expect(messages[2]?.content).toMatchObject([{ type: "text", text: "Hi.", ...mark }]);
  });

  it.each([
    ["a long text that is sent once", talk(models.anthropic, [], long)],
    ["a short conversation", talk(models.anthropic, ["One.", "Two."])],
  ])("is left alone by %s", async (_, effect) => {
    server.says("ok");
    await perform(live(), effect, testStep());
    expect(JSON.stringify(server.asked[0]?.body)).not.toContain("cache_control");
  });

  it("is paid at its own price", async () => {
    server.will({ kind: "Text", text: "ok", input: 1_000, output: 10, cacheRead: 10_000, cacheWrite: 2_000 });
    const { model } = await perform(live(), talk(models.anthropic), testStep());
    expect(model?.replies).toMatchObject([{ input: 13_000, output: 10, cacheRead: 10_000, cacheWrite: 2_000 }]);
    expect(model?.cost).toBe(1_000 + 10_000 / 10 + 2_000 * 1.25 + 10 * 5);
  });
});

describe.each(providers)("how often %s is asked", (provider) => {
  const good: Behaviour = { kind: "Text", text: '{"value": "sad"}' };
  const unfit: Behaviour = { kind: "Text", text: "no idea" };
  const overloaded: Behaviour = { kind: "Overloaded" };
  const effect = classifyMood("x", models[provider]);

  it("five times where it stays overloaded", async () => {
    server.will(overloaded);
    expect((await perform(live(), effect, testStep())).outcome.kind).toBe("Failure");
    expect(server.asked).toHaveLength(5);
  });

  it("four times more than replies, however these are spread over unfit ones", async () => {
    server.will(overloaded, overloaded, unfit, overloaded, unfit, overloaded, overloaded, good);
    const step = testStep();
    const { outcome, model } = await perform(live(), effect, step);
    expect(outcome).toMatchObject({ kind: "Failure", error: { fields: { reason: "overloaded" } } });
    expect(model?.replies).toHaveLength(2);
    expect(server.asked).toHaveLength(7);
    expect(step.clock.waits).toStrictEqual([1000, 2000, 4000, 8000]);
  });

  it("once in a later attempt of a `retry`", async () => {
    server.will(overloaded);
    await perform(live(), effect, { ...testStep(), isRetry: true });
    expect(server.asked).toHaveLength(1);
  });

  it("once where it wants more patience than the agent has", async () => {
    server.will({ kind: "RateLimited", retryAfter: "3600" });
    const step = testStep({ config: { timeout: new Duration(30_000) } });
    step.clock.until = (_, signal) => new Promise((resolve) => signal.addEventListener("abort", () => resolve()));
    expect((await perform(live(), effect, step)).outcome).toMatchObject({
      error: { name: "AIError", fields: { reason: "rate limited" } },
    });
    expect(server.asked).toHaveLength(1);
  });
});

/** A step whose terminal notes what is shown of the text in the making. */
function watched(): TestStep & { readonly shown: string[] } {
  const shown: string[] = [];
  const step = testStep();
  const draft = () => ({ show: (text: string) => void shown.push(text), end: () => void shown.push("(over)") });
  return { ...step, shown, world: { ...step.world, terminal: { ...step.world.terminal, draft } } };
}

describe.each(providers)("a text on its way from %s", (provider) => {
  it("is shown as it grows, and is over before its result is said", async () => {
    server.says("Dear Ada, thank you.");
    const step = watched();
    await perform(live(), talk(models[provider]), step);
    const texts = step.shown.filter((each) => each !== "(over)");
    expect(texts.length).toBeGreaterThan(1);
    expect(texts.at(-1)).toBe("Dear Ada, thank you.");
    for (const [index, text] of texts.entries()) expect(text.startsWith(texts[index - 1] ?? "")).toBe(true);
    expect(step.shown.indexOf("(over)")).toBe(texts.length);
  });

  it("begins anew with each attempt", async () => {
    server.will({ kind: "CutStream", text: "Dear Ad", how: "end" }, { kind: "Text", text: "Hi" });
    const step = watched();
    await perform(live(), talk(models[provider]), step);
    expect(step.shown).toContain("Dear Ad");
    expect(step.shown).toContain("Hi");
  });

  it("is not shown where it is JSON for the program", async () => {
    server.says('{"value": "sad"}');
    const step = watched();
    await perform(live(), classifyMood("x", models[provider]), step);
    expect(step.shown).toStrictEqual([]);
  });

  it("may be long in coming: the agent's timeout is the only limit", async () => {
    server.will({ kind: "Held", text: "Dear Ada" });
    const step = testStep({ config: { timeout: new Duration(3_600_000) } });
    const arrival = server.arrival();
    const performing = perform(live(), talk(models[provider]), step);
    await arrival;
    step.clock.pass(3_599_999);
    server.release();
    expect((await performing).outcome).toStrictEqual({ kind: "Value", value: "Dear Ada" });
    expect(server.asked).toHaveLength(1);
  });

  it("closes its connection when the run is cancelled, and is shown no longer", async () => {
    server.will({ kind: "Paused", text: "Dear Ada, thank you for your letter." });
    const closing = server.closing();
    let seen: () => void = () => undefined;
    const begun = new Promise<void>((resolve) => (seen = resolve));
    const step = watched();
    const draft = () => ({ show: () => seen(), end: () => void step.shown.push("(over)") });
    const world = { ...step.world, terminal: { ...step.world.terminal, draft } };
    const performing = perform(live(), talk(models[provider]), { ...step, world });
    await begun;
    step.abort.abort();
    expect(step.shown).toContain("(over)");
    await closing;
    expect((await performing).outcome).toMatchObject({ error: { fields: { reason: "cancelled" } } });
    expect(server.asked).toHaveLength(1);
  });
});
