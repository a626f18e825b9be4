// What a run is given when it starts. Values are recorded and stay as they were, defaults included; of a secret the
// journal holds a salted fingerprint, and a resume must be given it again.

import { decode, encode } from "../../interp/codec.ts";
import { link } from "../../interp/link.ts";
import type { Value } from "../../interp/value.ts";
import type { InputNode, Json, Program } from "../../ir/kir.ts";
import { invariant } from "../../source/invariant.ts";
import type { InputRecord } from "../journal/event.ts";
import { fingerprint, type Secret } from "../journal/mask.ts";

/** By name; a value as the codec writes it. */
export type GivenInputs = { readonly [name: string]: Json };
export type InputRecords = { readonly [name: string]: InputRecord };

/** The inputs that must be given: they have no default, and none is no value of theirs. */
export function requiredInputs({ inputs = [] }: Program): readonly InputNode[] {
  return inputs.filter((input) => input.default === undefined && input.shape.kind !== "nullable");
}

/** The secret ones of a recorded run. */
export function secretInputs(records: InputRecords): readonly string[] {
  return Object.entries(records).flatMap(([name, record]) => ("secret" in record ? [name] : []));
}

/** What a new run records. Every required input is given; a default is no secret, it stands in the program. */
export function inputRecords(program: Program, given: GivenInputs, salt: string): InputRecords {
  const code = link(program);
  const recordOf = ({ name, secret, default: byDefault }: InputNode): InputRecord => {
    const value = given[name];
    if (secret && typeof value === "string") return { secret: fingerprint(salt, value) };
    return { value: value ?? (byDefault === undefined ? null : encode(code.constant(byDefault))) };
  };
  return Object.fromEntries((program.inputs ?? []).map((input) => [input.name, recordOf(input)]));
}

/** The secrets among what was given. */
export function givenSecrets(records: InputRecords, given: GivenInputs): readonly Secret[] {
  return secretInputs(records).map((name) => {
    const value = given[name];
    invariant(typeof value === "string", `the secret input ${name} is given`);
    return { name, value };
  });
}

/** The secret inputs that are given another value than the run was started with. */
export function changedInputs(records: InputRecords, secrets: readonly Secret[], salt: string): readonly string[] {
  return secrets.flatMap(({ name, value }) => {
    const record = records[name];
    return record !== undefined && "secret" in record && record.secret !== fingerprint(salt, value) ? [name] : [];
  });
}

/** The values that a program reads. */
export function inputValues(records: InputRecords, secrets: readonly Secret[]): ReadonlyMap<string, Value> {
  const values = new Map<string, Value>(secrets.map(({ name, value }) => [name, value]));
  for (const [name, record] of Object.entries(records)) if ("value" in record) values.set(name, decode(record.value));
  return values;
}
