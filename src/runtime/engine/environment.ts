// What a run knows of the environment: read once when it starts. Plain values are recorded and stay as they were;
// of a secret the journal holds a salted fingerprint, and a resume reads it again.

import { fingerprint, makeMask, type Mask } from "../journal/mask.ts";
import type { EnvNode } from "../../ir/kir.ts";
import type { EnvRecord } from "../journal/event.ts";

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

function environment(records: { readonly [name: string]: EnvRecord }, host: Host): Environment {
  const values = new Map<string, string>();
  const secrets: { name: string; value: string }[] = [];
  for (const [name, record] of Object.entries(records)) {
    const value = record.kind === "value" ? record.value : record.kind === "secret" ? host[name] : undefined;
    if (value === undefined) continue;
    values.set(name, value);
    if (record.kind === "secret") secrets.push({ name, value });
  }
  return { records, values, mask: makeMask(secrets) };
}
