// `keel doctor` with the built command: against a provider's server, with the network unplugged, with a bad key. No line
// ever holds a secret.

import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import path from "node:path";
import { afterAll, beforeAll, expect, onTestFinished, test } from "vitest";
import { masked, shownAddress, withoutSecrets } from "../../src/cli/doctor-finding.ts";
import { checkNode, oldestNode } from "../../src/cli/doctor-host.ts";
import { checkMail } from "../../src/cli/doctor-mail.ts";
import { isKey, probeAnthropic, probeOllama } from "../../src/runtime/models/probe.ts";
import { badKey, ProviderServer } from "../models/provider-server.ts";
import { place, type Place } from "./command.ts";

type Env = { readonly [name: string]: string };

interface Check {
  readonly name: string;
  readonly status: "ok" | "wrong" | "note";
  readonly text: string;
  readonly help: string | null;
}

/** Nothing set, and an Ollama that nobody started: port 1 is closed. */
const unplugged = "http://127.0.0.1:1";
const nothing: Env = {
  KEEL_LLM: "",
  OPENAI_API_KEY: "",
  OPENAI_BASE_URL: "",
  IMAP_HOST: "",
  EMAIL_USER: "",
  EMAIL_PASS: "",
};
const goodKey = "sk-ant-api03-very-long-and-secret-wxyz";

let server: ProviderServer;
beforeAll(async () => {
  server = await ProviderServer.start();
});
afterAll(() => server.stop());

async function doctor(here: Place, env: Env, ...args: readonly string[]) {
  const ended = await here.keel(["doctor", "--json", ...args], { env: { ...nothing, ...env } });
  const { ok, checks } = JSON.parse(ended.out) as { readonly ok: boolean; readonly checks: readonly Check[] };
  expect(ended.code, ended.out).toBe(ok ? 0 : 1);
  expect(ok).toBe(checks.every(({ status }) => status !== "wrong"));
  for (const { status, help, name } of checks) if (status === "wrong") expect(help, name).not.toBeNull();
  const named = (name: string): Check => {
    const found = checks.find((check) => check.name === name);
    if (found === undefined) throw new Error(`no check ${name}: ${ended.out}`);
    return found;
  };
  return { ok, checks, named, out: ended.out };
}

const anthropic = (key = goodKey): Env => ({ ANTHROPIC_API_KEY: key, ANTHROPIC_BASE_URL: server.address });
const ollama = (): Env => ({ OLLAMA_HOST: server.address, KEEL_OLLAMA_MODEL: "gemma4" });

test("all is well with a key that is accepted; what is not needed is a note", async () => {
  server.will({ kind: "Text", text: "" });
  const { ok, checks, named } = await doctor(place(), { ...anthropic(), OLLAMA_HOST: server.address });
  expect(ok).toBe(true);
  expect(checks.map(({ name }) => name)).toEqual([
    "Node",
    "SQLite",
    "data",
    "Anthropic",
    "Ollama",
    "OpenAI",
    "mail",
    "terminal",
  ]);
  expect(named("Node")).toMatchObject({ status: "ok", text: process.versions.node });
  expect(named("SQLite").text).toMatch(/^3\.\d+\.\d+, a journal can be written and read$/);
  expect(named("Anthropic")).toMatchObject({ status: "ok", text: "ANTHROPIC_API_KEY sk-ant-…wxyz is accepted" });
  expect(named("Ollama").text).toBe(`${server.address} has 1 model: gemma4:latest`);
  expect(named("mail").status).toBe("note");
  expect(named("terminal").text).toContain("no colours");
});

test("as text: a mark, what was looked at, what to do, and how it comes out", async () => {
  const here = place();
  const good = await here.keel(["doctor"], { env: { ...nothing, ...anthropic(), OLLAMA_HOST: server.address } });
  expect(good.out).toMatch(/^✓ Node {7}\d+\.\d+\.\d+\n✓ SQLite {5}3\./);
  expect(good.out).toMatch(/\n▸ mail {7}IMAP_HOST, EMAIL_USER, EMAIL_PASS are not set/);
  expect(good.out).toMatch(/\n\n✓ nothing is wrong\n$/);
  const bad = await here.keel(["doctor"], { env: { ...nothing, OLLAMA_HOST: unplugged } });
  expect(bad.code).toBe(1);
  expect(bad.out).toMatch(
    /\n✗ Ollama {5}http:\/\/127\.0\.0\.1:1 cannot be reached \(.*\)\n {13}start it with `ollama serve`/,
  );
  expect(bad.out).toMatch(/\n\n✗ 2 things are wrong\n$/);
});

test("a key that is refused, and one that cannot be a key, are wrong, and shown by their last four signs only", async () => {
  const here = place();
  server.will({ kind: "Text", text: "" });
  const refused = (await doctor(here, { ...anthropic(badKey), OLLAMA_HOST: server.address })).named("Anthropic");
  expect(refused).toMatchObject({ status: "wrong", text: "ANTHROPIC_API_KEY …used is refused: invalid x-api-key" });
  expect(refused.help).toContain("unset it to use Ollama");
  const odd = await doctor(here, { ...anthropic("sk-ant-with a blank and é 1234"), OLLAMA_HOST: server.address });
  expect(odd.named("Anthropic").text).toBe(
    "ANTHROPIC_API_KEY sk-ant-…1234 holds signs that no key has: blanks, quotes or others",
  );
});

test("with the network unplugged every line says what cannot be reached, and what to do", async () => {
  const env = { ANTHROPIC_API_KEY: goodKey, ANTHROPIC_BASE_URL: unplugged, OLLAMA_HOST: unplugged };
  const mail = { IMAP_HOST: "127.0.0.1", EMAIL_USER: "ada@example.com", EMAIL_PASS: "hunter2hunter2" };
  const { named, out } = await doctor(place(), { ...env, ...mail });
  expect(named("Anthropic").text).toMatch(
    /^ANTHROPIC_API_KEY sk-ant-…wxyz was not tried: http:\/\/127.* cannot be reached/,
  );
  expect(named("Ollama")).toMatchObject({ status: "wrong" });
  expect(named("mail").text).toMatch(/^127\.0\.0\.1 cannot be reached on port 993 \(ECONNREFUSED\)$/);
  expect(out).not.toContain("hunter2");
  expect(out).not.toContain("very-long");
});

test("an Ollama that nobody named is a note where Anthropic answers, and wrong where nobody else would", async () => {
  const here = place();
  // Where there is an Ollama on this machine, there is nothing to see.
  const unset = await doctor(here, anthropic());
  expect(unset.named("Ollama").status).not.toBe("wrong");
  const alone = await doctor(here, { OLLAMA_HOST: unplugged });
  expect(alone.named("Ollama").status).toBe("wrong");
  expect(alone.named("Anthropic")).toMatchObject({ status: "note", help: "export ANTHROPIC_API_KEY=…" });
});

test("the models that names lead to have to be there, and operations without a name need one", async () => {
  const here = place();
  server.will({ kind: "Text", text: "" });
  const good = await doctor(here, { ...ollama(), KEEL_MODEL_CLAUDE_HAIKU: "ollama:gemma4:latest" });
  expect(good.ok).toBe(true);
  expect(good.named("KEEL_OLLAMA_MODEL").text).toBe("gemma4, which Ollama has");
  expect(good.named("KEEL_MODEL_CLAUDE_HAIKU").status).toBe("ok");
  const absent = await doctor(here, { ...ollama(), KEEL_OLLAMA_MODEL: "llama9" });
  expect(absent.named("KEEL_OLLAMA_MODEL")).toMatchObject({
    status: "wrong",
    text: "llama9: Ollama has no such model",
  });
  expect(absent.named("KEEL_OLLAMA_MODEL").help).toContain("ollama pull llama9");
  const unused = await doctor(here, { ...ollama(), ...anthropic() });
  expect(unused.named("KEEL_OLLAMA_MODEL")).toMatchObject({ status: "note" });
  const unnamed = await doctor(here, { OLLAMA_HOST: server.address });
  expect(unnamed.named("models").text).toContain("nobody answers for claude-sonnet");
  expect(unnamed.named("models").help).toContain("KEEL_OLLAMA_MODEL=gemma4:latest");
});

test("a service that is no Ollama, and an address that is none, are said; passwords in addresses are not", async () => {
  const here = place();
  server.will({ kind: "Page" });
  const page = await doctor(here, { ...anthropic(), OLLAMA_HOST: server.address });
  expect(page.named("Anthropic").text).toContain("cannot be reached (404, another service)");
  const none = await doctor(here, { OLLAMA_HOST: "ftp://me:opensesame@host" });
  expect(none.named("Ollama").text).toBe("OLLAMA_HOST is no address: ftp://…@host");
  const inside = await doctor(here, { ...anthropic(), ANTHROPIC_BASE_URL: "http://me:opensesame@127.0.0.1:1" });
  expect(`${none.out}${inside.out}`).not.toContain("opensesame");
  expect(shownAddress("me:pass@host:11434")).toBe("…@host:11434");
});

test("an OpenAI-compatible server, with a key and without, and one that refuses it", async () => {
  const here = place();
  server.will({ kind: "Text", text: "" });
  const base = `${server.address}/v1`;
  const local = await doctor(here, { OPENAI_BASE_URL: base });
  expect(local.named("OpenAI")).toMatchObject({ status: "ok", text: `${base} has 1 model: claude-haiku-4-5-20251001` });
  // Where somebody answers, it may be that programs ask for nobody else.
  expect(local.named("models").status).toBe("note");
  const keyed = await doctor(here, { OPENAI_BASE_URL: base, OPENAI_API_KEY: "sk-proj-long-and-secret-wxyz" });
  expect(keyed.named("OpenAI").text).toContain(" accepts OPENAI_API_KEY sk-…wxyz, and has 1 model");
  const refused = await doctor(here, { OPENAI_BASE_URL: base, OPENAI_API_KEY: badKey });
  expect(refused.named("OpenAI")).toMatchObject({ status: "wrong", help: "set another OPENAI_API_KEY" });
  const gone = await doctor(here, { ...anthropic(), OPENAI_BASE_URL: unplugged });
  expect(gone.named("OpenAI").text).toContain(`${unplugged} cannot be reached`);
  expect((await doctor(here, { ...anthropic(), OPENAI_BASE_URL: "host" })).named("OpenAI").status).toBe("wrong");
});

test("a provider that is busy is no fault of ours", async () => {
  const here = place();
  server.will({ kind: "RateLimited" });
  expect((await doctor(here, anthropic())).named("Anthropic").text).toContain(
    "is accepted; requests are being limited",
  );
  server.will({ kind: "Overloaded" });
  expect((await doctor(here, anthropic())).named("Anthropic").status).toBe("note");
});

test("who does not answer is given up when the time is over", async () => {
  server.will({ kind: "Slow" });
  for (const probe of [
    (signal: AbortSignal) => probeAnthropic(goodKey, server.address, signal),
    (signal: AbortSignal) => probeOllama({ address: server.address }, signal),
  ]) {
    const abort = new AbortController();
    const asked = server.arrival();
    const probed = probe(abort.signal);
    await asked;
    abort.abort();
    expect(await probed).toEqual({ kind: "Fault", fault: { kind: "Cancelled" } });
  }
});

test("--offline asks nobody", async () => {
  server.will({ kind: "Unauthorized" });
  const mail = { IMAP_HOST: "127.0.0.1", EMAIL_USER: "ada@example.com", EMAIL_PASS: "hunter2hunter2" };
  const env = { ANTHROPIC_API_KEY: badKey, ANTHROPIC_BASE_URL: unplugged, OLLAMA_HOST: unplugged, ...mail };
  const { ok, named } = await doctor(place(), env, "--offline");
  expect(ok).toBe(true);
  for (const name of ["Anthropic", "Ollama", "mail"]) {
    expect(named(name)).toMatchObject({ status: "note" });
    expect(named(name).text).toContain("not tried (--offline)");
  }
});

test("KEEL_LLM=mock asks nobody and needs nobody; any other value means nothing", async () => {
  const here = place();
  const mock = await doctor(here, { KEEL_LLM: "mock" }, "--offline");
  expect(mock.ok).toBe(true);
  expect(mock.named("KEEL_LLM").status).toBe("note");
  expect((await doctor(here, { KEEL_LLM: "fast", ...anthropic() }, "--offline")).named("KEEL_LLM").status).toBe(
    "wrong",
  );
});

test("the folder for runs: made later, there, not writable, not a folder, no journal", async () => {
  const here = place({ spoilt: true });
  const data = async (env: Env = {}, plain?: true) => {
    const { out } = await here.keel(["doctor", "--offline", "--json"], {
      env: { ...nothing, ...env },
      ...(plain ? { plain } : {}),
    });
    return (JSON.parse(out) as { readonly checks: readonly Check[] }).checks.find(({ name }) => name === "data");
  };
  expect(await data()).toMatchObject({ status: "ok", text: `${here.data} will be made by the first run` });
  here.write("a.keel", `notify user "x"\n`);
  await here.keel(["run", "a.keel"]);
  expect(await data()).toMatchObject({ status: "ok", text: `${here.data} can be written: 1 run` });
  const file = here.write("file", "");
  expect(await data({ KEEL_DATA_DIR: file })).toMatchObject({ status: "wrong", text: `${file} is no folder` });
  const locked = path.join(here.folder, "locked");
  mkdirSync(locked);
  chmodSync(locked, 0o555);
  expect(await data({ KEEL_DATA_DIR: locked }, true)).toMatchObject({ status: "wrong" });
  expect(await data({ KEEL_DATA_DIR: path.join(locked, "deeper") }, true)).toMatchObject({ status: "wrong" });
  writeFileSync(path.join(here.data, "journal.db"), "no journal at all, but long enough to be looked at".repeat(100));
  expect(await data()).toMatchObject({ status: "wrong" });
});

test("mail: half of its settings, and a server that answers", async () => {
  const half = (await doctor(place(), { IMAP_HOST: "imap.example.com", EMAIL_USER: "ada" }, "--offline")).named("mail");
  expect(half).toMatchObject({
    status: "wrong",
    text: "EMAIL_PASS is not set, but the rest is",
    help: "export EMAIL_PASS=…",
  });
  const mail = createServer((socket) => socket.end());
  await new Promise<void>((resolve) => mail.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void mail.close());
  const { port } = mail.address() as AddressInfo;
  const env = { IMAP_HOST: "127.0.0.1", EMAIL_USER: "ada", EMAIL_PASS: "secret" };
  const found = await checkMail(env, () => AbortSignal.timeout(5_000), port);
  expect(found).toMatchObject({
    status: "ok",
    text: `ada: 127.0.0.1 answers on port ${port}; the password was not tried`,
  });
});

test("what a server says back holds no secret either", () => {
  const env = {
    ANTHROPIC_API_KEY: goodKey,
    EMAIL_PASS: "hunter2",
    OLLAMA_HOST: "http://me:opensesame@host",
    OPENAI_API_KEY: "",
  };
  const said = `${goodKey} is wrong, hunter2 too, and opensesame`;
  expect(withoutSecrets({ name: "x", status: "wrong", text: said, help: said }, env)).toEqual({
    ...{ name: "x", status: "wrong" },
    text: "… is wrong, … too, and …",
    help: "… is wrong, … too, and …",
  });
});

test("Node is what package.json asks for", () => {
  const { engines } = JSON.parse(readFileSync(path.join(import.meta.dirname, "../../package.json"), "utf8")) as {
    readonly engines: { readonly node: string };
  };
  expect(engines.node).toBe(`>=${oldestNode}`);
  expect(checkNode("20.18.3").status).toBe("wrong");
  expect(checkNode("18.20.0").status).toBe("wrong");
  expect(checkNode("20.19.0").status).toBe("ok");
  expect(checkNode("24.1.0").status).toBe("ok");
});

test.each([
  ["sk-ant-api03-abcdefgh-wxyz", "sk-ant-…wxyz"],
  ["sk-proj-abcdefghij-wxyz", "sk-…wxyz"],
  ["0123456789abcdef", "…cdef"],
  ["short-key", "…"],
  ["", "…"],
])("%s is shown as %s", (key, shown) => expect(masked(key)).toBe(shown));

test.each([
  ["sk-ant-api03_A-z", true],
  ["two words", false],
  ['"quoted"', false],
  ["'quoted'", false],
  ["line\nbreak", false],
  ["é", false],
])("%j: could it be a key? %s", (key, could) => expect(isKey(key)).toBe(could));
