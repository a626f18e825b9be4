// What a run knows of the environment: read once when it starts. Plain values are recorded and stay as they were;
// of a secret the journal holds a salted fingerprint, and a resume reads it again.

import { decode, encode } from "../../interp/codec.ts";
import type { Value } from "../../interp/value.ts";
import { fingerprint, makeMask, type Mask, type Secret } from "../journal/mask.ts";
import type { EnvNode } from "../../ir/kir.ts";
import type { EnvRecord, RunStarted } from "../journal/event.ts";

export interface Environment {
  readonly records: { readonly [name: string]: EnvRecord };
  /** Unset ones are missing. */
  readonly values: ReadonlyMap<string, string>;
  /** Those of the environment, and the secret inputs. */
  readonly secrets: readonly Secret[];
  readonly mask: Mask;
}

type Host = { readonly [name: string]: string | undefined };

/** Reads every variable the program may use; `salt` is the run's seed, `more` are secrets from elsewhere. */
export function readEnvironment(
  nodes: readonly EnvNode[],
  host: Host,
  salt: string,
  more: readonly Secret[] = [],
): Environment {
  const records: { [name: string]: EnvRecord } = {};
  for (const { name, secret } of nodes) {
    const value = host[name];
    if (value === undefined) records[name] = { kind: "unset" };
    else records[name] = secret ? { kind: "secret", fingerprint: fingerprint(salt, value) } : { kind: "value", value };
  }
  return environment(records, host, more);
}

/** The environment of a recorded run: recorded values, and the host's secrets of today. `changed` names those that differ. */
export function restoreEnvironment(
  records: { readonly [name: string]: EnvRecord },
  host: Host,
  salt: string,
  more: readonly Secret[] = [],
): { readonly environment: Environment; readonly changed: readonly string[] } {
  const changed = Object.entries(records).flatMap(([name, record]) => {
    const value = host[name];
    return record.kind === "secret" && value !== undefined && fingerprint(salt, value) !== record.fingerprint
      ? [name]
      : [];
  });
  return { environment: environment(records, host, more), changed };
}

/**
 * What run.started holds of the command line, with the secrets of today put back where they were masked: a path, the
 * JSON texts of replies and answers, and the values of inputs.
 */
export function revealed<S extends RunStarted>(started: S, { secrets }: Environment): S {
  const escaped = secrets.map(({ name, value }) => ({ name, value: JSON.stringify(value).slice(1, -1) }));
  const plain = (text: string): string => unmasked(text, secrets);
  const inJson = (text: string): string => unmasked(text, escaped);
  const { models, answers, connect, inputs } = started;
  const script = models.kind === "mock" ? models.script : undefined;
  return {
    ...started,
    connect: Object.fromEntries(Object.entries(connect).map(([name, target]) => [name, plain(target)])),
    inputs: JSON.parse(inJson(JSON.stringify(inputs))) as RunStarted["inputs"],
    ...(script === undefined ? {} : { models: { ...models, script: inJson(script) } }),
    ...(answers === undefined ? {} : { answers: inJson(answers) }),
  };
}

function environment(
  records: { readonly [name: string]: EnvRecord },
  host: Host,
  more: readonly Secret[],
): Environment {
  const own = Object.entries(records).flatMap(([name, { kind }]): readonly Secret[] => {
    const value = kind === "secret" ? host[name] : undefined;
    return value === undefined ? [] : [{ name, value }];
  });
  const secrets = [...own, ...more];
  const values = new Map(own.map(({ name, value }) => [name, value]));
  for (const [name, record] of Object.entries(records)) {
    if (record.kind === "value") values.set(name, unmasked(record.value, secrets));
  }
  return { records, values, secrets, mask: makeMask(secrets) };
}

function unmasked(text: string, secrets: readonly Secret[]): string {
  return secrets.reduce((known, { name, value }) => known.replaceAll(`‹secret:${name}›`, () => value), text);
}

/** A value as the journal holds it. What crosses from one activation into the next is this, live as on a resume. */
export function recordable(mask: Mask, value: Value): Value {
  return mask.empty ? value : decode(mask.json(encode(value)));
}
