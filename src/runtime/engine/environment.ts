// What a run knows of the environment: read once when it starts. Plain values are recorded and stay as they were;
// of a secret the journal holds a salted fingerprint, and a resume reads it again.

import { decode, encode } from "../../interp/codec.ts";
import type { Value } from "../../interp/value.ts";
import { fingerprint, makeMask, type Mask } from "../journal/mask.ts";
import type { EnvNode } from "../../ir/kir.ts";
import type { EnvRecord, RunStarted } from "../journal/event.ts";

export interface Environment {
  readonly records: { readonly [name: string]: EnvRecord };
  /** Unset ones are missing. */
  readonly values: ReadonlyMap<string, string>;
  readonly mask: Mask;
}

type Host = { readonly [name: string]: string | undefined };

/** Reads every variable the program may use; `salt` is the run's seed. */
export function readEnvironment(nodes: readonly EnvNode[], host: Host, salt: string): Environment {
  const records: { [name: string]: EnvRecord } = {};
  for (const { name, secret } of nodes) {
    const value = host[name];
    if (value === undefined) records[name] = { kind: "unset" };
    else records[name] = secret ? { kind: "secret", fingerprint: fingerprint(salt, value) } : { kind: "value", value };
  }
  return environment(records, host);
}

/** The environment of a recorded run: recorded values, and the host's secrets of today. `changed` names those that differ. */
export function restoreEnvironment(
  records: { readonly [name: string]: EnvRecord },
  host: Host,
  salt: string,
): { readonly environment: Environment; readonly changed: readonly string[] } {
  const changed = Object.entries(records).flatMap(([name, record]) => {
    const value = host[name];
    return record.kind === "secret" && value !== undefined && fingerprint(salt, value) !== record.fingerprint
      ? [name]
      : [];
  });
  return { environment: environment(records, host), changed };
}

/**
 * What run.started holds of the command line, with the secrets of today put back where they were masked: a path, and
 * the JSON texts of replies and answers.
 */
export function revealed<S extends RunStarted>(started: S, { values }: Environment): S {
  const secrets = [...values].filter(([name]) => started.env[name]?.kind === "secret");
  const escaped = secrets.map(([name, value]) => [name, JSON.stringify(value).slice(1, -1)] as const);
  const plain = (text: string): string => unmasked(text, secrets);
  const inJson = (text: string): string => unmasked(text, escaped);
  const { models, answers, connect } = started;
  const script = models.kind === "mock" ? models.script : undefined;
  return {
    ...started,
    connect: Object.fromEntries(Object.entries(connect).map(([name, target]) => [name, plain(target)])),
    ...(script === undefined ? {} : { models: { ...models, script: inJson(script) } }),
    ...(answers === undefined ? {} : { answers: inJson(answers) }),
  };
}

function environment(records: { readonly [name: string]: EnvRecord }, host: Host): Environment {
  const secrets = new Map<string, string>();
  for (const [name, { kind }] of Object.entries(records)) {
    const value = kind === "secret" ? host[name] : undefined;
    if (value !== undefined) secrets.set(name, value);
  }
  const values = new Map(secrets);
  for (const [name, record] of Object.entries(records)) {
    if (record.kind === "value") values.set(name, unmasked(record.value, [...secrets]));
  }
  return { records, values, mask: makeMask([...secrets].map(([name, value]) => ({ name, value }))) };
}

function unmasked(text: string, secrets: readonly (readonly [name: string, value: string])[]): string {
  return secrets.reduce((known, [name, value]) => known.replaceAll(`‹secret:${name}›`, () => value), text);
}

/** A value as the journal holds it. What crosses from one activation into the next is this, live as on a resume. */
export function recordable(mask: Mask, value: Value): Value {
  return mask.empty ? value : decode(mask.json(encode(value)));
}
