// Which provider and model a name means, what a run says of it, and what it costs.

import { describe, expect, it } from "vitest";
import {
  defaultModel,
  describe as describeModel,
  missingModelMessage,
  ollamaHost,
  providerLines,
  resolveModel,
} from "../../src/runtime/models/names.ts";
import type { Environment } from "../../src/runtime/models/names.ts";
import { cost } from "../../src/runtime/models/prices.ts";

const key = { ANTHROPIC_API_KEY: "k" };
const gemma = { KEEL_OLLAMA_MODEL: "gemma4" };

function shown(name: string, env: Environment): string {
  const resolved = resolveModel(name, env);
  return resolved.kind === "Missing" ? "missing" : describeModel(resolved);
}

describe("a model's name", () => {
  it.each<readonly [name: string, env: Environment, shown: string]>([
    ["claude-haiku", key, "claude-haiku-4-5-20251001 (anthropic)"],
    ["claude-sonnet", key, "claude-sonnet-4-6-20260415 (anthropic)"],
    ["claude-opus", key, "claude-opus-4-6-20260415 (anthropic)"],
    ["claude-next-9", key, "claude-next-9 (anthropic)"],
    ["claude-haiku", { ...key, ...gemma }, "claude-haiku-4-5-20251001 (anthropic)"],
    ["gemma4", key, "missing"],
    ["ollama:gemma4", key, "gemma4 (ollama @ http://localhost:11434)"],
    ["ollama:mistral:7b-instruct", {}, "mistral:7b-instruct (ollama @ http://localhost:11434)"],
    ["ollama:", {}, "missing"],
    ["openai:gpt-5", { ...key, ...gemma }, "missing"],
    ["openai:gpt-5", { OPENAI_API_KEY: "k" }, "gpt-5 (openai)"],
    ["openai:org/m:7b", { OPENAI_BASE_URL: "http://box:8080/v1/" }, "org/m:7b (openai @ http://box:8080/v1)"],
    ["openai:m", { OPENAI_BASE_URL: "http://ada:s@box/v1" }, "m (openai @ http://box/v1)"],
    ["openai:m", { OPENAI_BASE_URL: "box:8080", OPENAI_API_KEY: "k" }, "missing"],
    ["openai:", { OPENAI_API_KEY: "k" }, "missing"],
    ["claude-haiku", { OPENAI_API_KEY: "k" }, "missing"],
    ["claude-haiku", {}, "missing"],
    ["claude-haiku", gemma, "gemma4 (ollama @ http://localhost:11434)"],
    ["claude-haiku", { ...gemma, KEEL_MODEL_CLAUDE_HAIKU: "tiny" }, "tiny (ollama @ http://localhost:11434)"],
    ["claude-opus", { KEEL_MODEL_CLAUDE_HAIKU: "tiny" }, "missing"],
    ["mistral:7b", { KEEL_MODEL_MISTRAL_7B: "m" }, "m (ollama @ http://localhost:11434)"],
    ["claude-haiku", { KEEL_OLLAMA_MODEL: "ollama:gemma4" }, "gemma4 (ollama @ http://localhost:11434)"],
    ["claude-haiku", { ANTHROPIC_API_KEY: "", KEEL_OLLAMA_MODEL: " " }, "missing"],
    [
      "claude-haiku",
      { ...gemma, OLLAMA_HOST: "http://192.168.1.100:11434" },
      "gemma4 (ollama @ http://192.168.1.100:11434)",
    ],
    ["claude-haiku", { ...gemma, OLLAMA_HOST: "not a host" }, "missing"],
    ["claude-haiku", { ...key, KEEL_LLM: "mock" }, "claude-haiku (mock)"],
    ["__proto__", key, "missing"],
    ["constructor", gemma, "gemma4 (ollama @ http://localhost:11434)"],
  ])("%s with %o is %s", (name, env, expected) => {
    expect(shown(name, env)).toBe(expected);
  });

  it("that means nothing says what to set", () => {
    expect(missingModelMessage("claude-haiku")).toBe(
      [
        "✗ Model 'claude-haiku' is not available locally.",
        "Set one of:",
        "  export KEEL_MODEL_CLAUDE_HAIKU=<ollama_model>",
        "  export KEEL_OLLAMA_MODEL=<ollama_model>",
      ].join("\n"),
    );
    expect(resolveModel(defaultModel, {})).toMatchObject({
      kind: "Missing",
      message: missingModelMessage("claude-sonnet"),
    });
    expect(resolveModel("openai:gpt-5", key)).toMatchObject({
      message: expect.stringContaining("export OPENAI_BASE_URL=<address") as string,
    });
    expect(resolveModel("openai:m", { OPENAI_BASE_URL: "ftp://ada:s3cret@box" })).toMatchObject({
      message: expect.stringContaining("OPENAI_BASE_URL is not an address: 'ftp://…@box'") as string,
    });
    expect(resolveModel("gpt-5", key)).toMatchObject({ message: expect.stringContaining('"ollama:gpt-5"') as string });
  });
});

describe("OLLAMA_HOST", () => {
  it.each([
    ["192.168.1.5", "http://192.168.1.5:11434"],
    ["box:8080", "http://box:8080"],
    [":8080", "http://localhost:8080"],
    ["0.0.0.0", "http://localhost:11434"],
    ["https://box", "https://box"],
    ["https://box/ollama/", "https://box/ollama"],
    ["http://ada:a%zz@box", "http://box"],
    ["ftp://box", undefined],
    ["http://", undefined],
  ])("%s is %s", (host, address) => {
    expect(ollamaHost({ OLLAMA_HOST: host })?.address).toBe(address);
  });
});

describe("the lines at a run's start", () => {
  const sonnet = ["claude-sonnet"];

  it.each<readonly [Environment, readonly string[], readonly string[]]>([
    [gemma, [], ["⚡ LLM provider: Ollama (http://localhost:11434)"]],
    [gemma, sonnet, ["⚡ LLM provider: Ollama (http://localhost:11434)", "   * → gemma4"]],
    [
      { ...gemma, KEEL_MODEL_CLAUDE_OPUS: "big", KEEL_MODEL_CLAUDE_HAIKU: "tiny" },
      sonnet,
      [
        "⚡ LLM provider: Ollama (http://localhost:11434)",
        "   claude-haiku → tiny",
        "   claude-opus → big",
        "   * → gemma4",
      ],
    ],
    [{ ...key, ...gemma }, sonnet, ["⚡ LLM provider: Anthropic"]],
    [{ ...key, KEEL_LLM: "mock" }, sonnet, ["⚡ LLM provider: mock (no network)"]],
    [{ ...key, OPENAI_API_KEY: "k" }, ["openai:gpt-5"], ["⚡ LLM provider: OpenAI"]],
    [
      { ...key, OPENAI_BASE_URL: "http://box/v1" },
      ["openai:m", "claude-haiku"],
      ["⚡ LLM provider: Anthropic", "⚡ LLM provider: OpenAI-compatible (http://box/v1)"],
    ],
  ])("%o with %o", (env, models, lines) => {
    expect(providerLines(env, models)).toStrictEqual(lines);
  });
});

describe("costs", () => {
  it("are whole millionths of a dollar, rounded up", () => {
    expect(cost("anthropic:claude-haiku-4-5-20251001", { input: 1000, output: 100 })).toBe(1500);
    expect(cost("claude-sonnet-4-6-20260415", { input: 1, output: 0 })).toBe(3);
    expect(cost("script:claude-opus-4-6-20260415", { input: 0, output: 1_000_000_000 })).toBe(25_000_000_000);
  });

  it("are nothing at Ollama and unknown for an unknown model", () => {
    expect(cost("ollama:gemma4", { input: 1000, output: 1000 })).toBe(0);
    expect(cost("script:ollama:gemma4", { input: 1000, output: 1000 })).toBe(0);
    expect(cost("anthropic:claude-next-9", { input: 1, output: 1 })).toBeNull();
    expect(cost("constructor", { input: 1, output: 1 })).toBeNull();
  });
});
