// What a program knows of the outside when nothing outside may be asked: the environment and the inputs as they were
// recorded. Of a secret only a fingerprint is; where the text at hand is another or missing, its own mask stands in for
// it, so that what is derived from it is masked like what was recorded.

import { decode } from "../../interp/codec.ts";
import { link } from "../../interp/link.ts";
import type { Value } from "../../interp/value.ts";
import type { InputNode, Program } from "../../ir/kir.ts";
import type { RunStarted } from "../journal/event.ts";
import { fingerprint, type Secret } from "../journal/mask.ts";
import { restoreEnvironment, revealed, type Environment } from "./environment.ts";
import type { GivenInputs } from "./inputs.ts";

export interface RecordedWorld {
  readonly environment: Environment;
  readonly inputs: ReadonlyMap<string, Value>;
  /** Variables and inputs that are secrets without a text: their masks stand in for them. */
  readonly hiddenVariables: ReadonlySet<string>;
  readonly hiddenInputs: readonly string[];
  /** Inputs and variables that the run has no record of. */
  readonly unrecorded: readonly string[];
}

/** Texts of secrets that may be at hand; a run is rehearsed as well without any. */
export interface AtHand {
  readonly env: { readonly [name: string]: string | undefined };
  readonly inputs: GivenInputs;
}

export function recordedWorld(program: Program, started: RunStarted, atHand: AtHand): RecordedWorld {
  const { env, inputs, seed } = started;
  const fits = (text: unknown, known: string): text is string =>
    typeof text === "string" && fingerprint(seed, text) === known;
  const host: { [name: string]: string } = {};
  const variables: string[] = [];
  for (const [name, record] of Object.entries(env)) {
    const text = atHand.env[name];
    if (record.kind === "secret" && fits(text, record.fingerprint)) host[name] = text;
    else if (record.kind === "secret") variables.push(name);
  }
  const given: Secret[] = [];
  const hidden: string[] = [];
  for (const [name, record] of Object.entries(inputs)) {
    const value = atHand.inputs[name];
    if ("secret" in record && fits(value, record.secret)) given.push({ name, value });
    else if ("secret" in record) hidden.push(name);
  }
  const { environment } = restoreEnvironment(env, host, seed, given);
  const known = revealed(started, environment).inputs;
  const texts = new Map(given.map(({ name, value }) => [name, value]));
  const { inputs: nodes = [] } = program;
  return {
    environment: {
      ...environment,
      values: new Map([...environment.values, ...variables.map((name) => [name, standIn(name)] as const)]),
    },
    inputs: new Map(nodes.map((node) => [node.name, inputValue(program, node, known, texts)])),
    hiddenVariables: new Set(variables),
    hiddenInputs: hidden,
    unrecorded: [
      ...program.env.filter(({ name }) => !(name in env)),
      ...nodes.filter(({ name }) => !(name in inputs)),
    ].map(({ name }) => name),
  };
}

function standIn(name: string): string {
  return `‹secret:${name}›`;
}

/** An input that the run has no record of has its default, or none. */
function inputValue(
  program: Program,
  { name, default: byDefault }: InputNode,
  records: RunStarted["inputs"],
  texts: ReadonlyMap<string, string>,
): Value {
  const record = records[name];
  if (record === undefined) return byDefault === undefined ? null : link(program).constant(byDefault);
  return "value" in record ? decode(record.value) : (texts.get(name) ?? standIn(name));
}
