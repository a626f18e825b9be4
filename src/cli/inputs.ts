// `-i name=value`: what a program is given when a run of it starts, and the secrets again when it is resumed.

import { encode } from "../interp/codec.ts";
import type { InputNode, Program } from "../ir/kir.ts";
import { exampleText, readInput, shapeText } from "../runtime/engine/input-text.ts";
import {
  type GivenInputs,
  type InputRecords,
  inputRecords,
  requiredInputs,
  secretInputs,
} from "../runtime/engine/inputs.ts";
import { Failure } from "../interp/failure.ts";
import { suggest } from "../source/suggest.ts";
import { UsageError } from "./door.ts";

/** The values of `-i` for a new run. Throws UsageError; what is missing is said all at once. */
export function inputsOf(texts: readonly string[], program: Program, file: string): GivenInputs {
  const { inputs = [] } = program;
  const given: { [name: string]: GivenInputs[string] } = {};
  for (const [name, text] of pairsOf(texts)) {
    const input = inputs.find((each) => each.name === name);
    if (input === undefined) throw unknown(name, inputs);
    const value = readInput(input.shape, text);
    if (value === undefined) throw wrong(input, text);
    given[name] = encode(value);
  }
  const missing = requiredInputs(program).filter(({ name }) => given[name] === undefined);
  if (missing.length > 0) throw missingInputs(missing, file);
  try {
    inputRecords(program, given, "");
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw new UsageError(
      `a default of an input cannot be worked out: ${String(error.error.fields?.["message"] ?? "")}`,
    );
  }
  return given;
}

/** The secrets that a resume is given again. Throws UsageError. */
export function secretsOf(texts: readonly string[], records: InputRecords, run: string): GivenInputs {
  const secret = secretInputs(records);
  const given = someSecretsOf(texts, records);
  const missing = secret.filter((name) => !(name in given));
  if (missing.length > 0) {
    const [is, words] = missing.length === 1 ? ["is", "a secret input"] : ["are", "secret inputs"];
    throw new UsageError(
      `${missing.join(", ")} ${is} not recorded: ${words} must be given again`,
      `keel resume ${run} ${missing.map((name) => `-i ${name}=…`).join(" ")}`,
    );
  }
  return given;
}

/** Those of the secrets that are given again. Throws UsageError. */
export function someSecretsOf(texts: readonly string[], records: InputRecords): GivenInputs {
  const secret = secretInputs(records);
  const given = pairsOf(texts);
  for (const [name] of given) {
    if (secret.includes(name)) continue;
    const help = "a resume takes secret inputs only: they are not recorded";
    if (name in records) throw new UsageError(`input ${name} was recorded when the run was started`, help);
    throw new UsageError(`the run has no input ${name}`, help);
  }
  return Object.fromEntries(given);
}

function pairsOf(texts: readonly string[]): readonly (readonly [name: string, text: string])[] {
  const names = new Set<string>();
  return texts.map((text) => {
    const at = text.indexOf("=");
    if (at < 1)
      throw new UsageError(
        `-i ${text} gives no value`,
        `write -i ${text === "" ? "name" : text.replace(/=.*/, "") || "name"}=value`,
      );
    const name = text.slice(0, at);
    if (names.has(name)) throw new UsageError(`-i gives ${name} twice`, "leave one of them");
    names.add(name);
    return [name, text.slice(at + 1)] as const;
  });
}

function unknown(name: string, inputs: readonly InputNode[]): UsageError {
  const near = suggest(
    name,
    inputs.map((input) => input.name),
  );
  const known = inputs.map((input) => `${input.name}: ${typeText(input)}`).join(", ");
  const takes = inputs.length === 0 ? "it takes none" : `it takes ${known}`;
  return new UsageError(`the program has no input ${name}`, near === undefined ? takes : `did you mean ${near}?`);
}

/** A secret's text is not shown. */
function wrong(input: InputNode, text: string): UsageError {
  const shown = input.secret ? "what is given" : JSON.stringify(text);
  const near =
    input.shape.kind === "enum"
      ? suggest(
          text,
          input.shape.variants.map(({ name }) => name),
        )
      : undefined;
  const help = near === undefined ? `for example ${option(input)}` : `did you mean ${near}?`;
  return new UsageError(`input ${input.name} takes ${typeText(input)}, not ${shown}`, help);
}

function missingInputs(missing: readonly InputNode[], file: string): UsageError {
  const list = missing.map((input) => `\n  ${input.name}: ${typeText(input)}`).join("");
  const command = `keel run ${file} ${missing.map(option).join(" ")}`;
  return new UsageError(`${file} needs ${missing.length === 1 ? "an input" : "inputs"}:${list}`, command);
}

const typeText = ({ secret, shape }: InputNode): string => (secret ? "secret" : shapeText(shape));

function option({ name, secret, shape }: InputNode): string {
  const text = secret ? "…" : exampleText(shape);
  return `-i ${/^[\w.:+…-]*$/.test(text) ? `${name}=${text}` : `'${name}=${text}'`}`;
}
