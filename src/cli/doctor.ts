// `keel doctor`: what Keel needs, whether it is there, and what to do where it is not. Nothing is changed, nothing costs,
// and no secret is printed.

import { visible } from "../runtime/host/visible.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { withoutSecrets, type Finding } from "./doctor-finding.ts";
import { checkData, checkNode, checkSqlite, checkTerminal } from "./doctor-host.ts";
import { checkMail } from "./doctor-mail.ts";
import { checkModels } from "./doctor-models.ts";
import { storeDirectory } from "./store-place.ts";

export interface DoctorOptions {
  readonly offline?: true;
  readonly json?: true;
}

/** How long each of those who are asked has for an answer. */
const limitMs = 5_000;

export async function doctor({ offline, json }: DoctorOptions): Promise<ExitCode> {
  const { env, stdin, stdout } = process;
  const limit = offline ? undefined : () => AbortSignal.timeout(limitMs);
  const [models, mail] = await Promise.all([checkModels(env, limit), checkMail(env, limit)]);
  const findings = [
    checkNode(),
    checkSqlite(),
    checkData(storeDirectory()),
    ...models,
    mail,
    checkTerminal(stdin, stdout),
  ];
  const said = findings.map((finding) => withoutSecrets(finding, env));
  const wrong = findings.filter(({ status }) => status === "wrong").length;
  stdout.write(json ? asJson(said, wrong === 0) : asText(said, wrong));
  return wrong === 0 ? exitCodes.ok : exitCodes.failed;
}

const signs = { ok: "✓", wrong: "✗", note: "▸" } as const satisfies { readonly [S in Finding["status"]]: string };

function asText(findings: readonly Finding[], wrong: number): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  const lines = findings.map(({ name, status, text, help }) => {
    const line = `${signs[status]} ${name.padEnd(width)}  ${visible(text).replace(/\s+/g, " ")}\n`;
    return help === undefined ? line : `${line}${" ".repeat(width + 4)}${help}\n`;
  });
  const end = wrong === 0 ? "✓ nothing is wrong" : `✗ ${wrong} thing${wrong === 1 ? " is" : "s are"} wrong`;
  return `${lines.join("")}\n${end}\n`;
}

function asJson(findings: readonly Finding[], isWell: boolean): string {
  const checks = findings.map(({ name, status, text, help }) => ({ name, status, text, help: help ?? null }));
  return `${JSON.stringify({ version: 1, ok: isWell, checks }, null, 2)}\n`;
}
