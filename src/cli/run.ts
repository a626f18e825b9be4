// `keel run FILE`: compiles a program, or takes a compiled one, starts a run of it in the store and drives it.

import { dirname, resolve } from "node:path";
import type { Program } from "../ir/kir.ts";
import { parseConnectOption } from "../runtime/connections/override.ts";
import { parseAnswers } from "../runtime/engine/questions.ts";
import { startRun } from "../runtime/engine/run.ts";
import { systemWorld } from "../runtime/host/world.ts";
import type { RunStarted } from "../runtime/journal/event.ts";
import { parseScript } from "../runtime/models/mock.ts";
import { providerLines, resolveModel } from "../runtime/models/names.ts";
import { isCompiledFile, readCompiled } from "./compiled-file.ts";
import { draftsHere } from "../tui/draft-area.ts";
import { prompterHere } from "../tui/prompter.ts";
import { UsageError } from "./door.ts";
import { driveToEnd } from "./drive-run.ts";
import { exitCodes, type ExitCode } from "./exit-codes.ts";
import { inputsOf } from "./inputs.ts";
import { compileFile, readSource, readText } from "./source-file.ts";
import { openHere } from "./store-place.ts";

export interface RunOptions {
  /** `true` without a file. */
  readonly mock?: string | true;
  readonly answers?: string;
  readonly ticks?: number;
  readonly connect?: readonly string[];
  /** `-i`: name=value. */
  readonly i?: readonly string[];
  readonly input: boolean;
}

export async function run(file: string, options: RunOptions): Promise<ExitCode> {
  const { program, places } = isCompiledFile(file) ? readCompiled(file) : await compileFile(readSource(file));
  if (program === undefined || places === undefined) return exitCodes.failed;
  const models = modelsOf(options);
  const answers = options.answers === undefined ? undefined : readAnswers(options.answers);
  const connect = connectOf(options.connect ?? [], program);
  const inputs = inputsOf(options.i ?? [], program, file);
  const missing = models.kind === "live" ? missingModel(program) : undefined;
  if (missing !== undefined) {
    process.stderr.write(`${missing}\n`);
    return exitCodes.failed;
  }
  const store = openHere();
  const world = systemWorld({
    directory: dirname(resolve(places.file)),
    input: options.input,
    prompter: prompterHere(),
    drafts: draftsHere(),
  });
  if (models.kind === "live") for (const line of providerLines(process.env, program.models)) world.terminal.note(line);
  const request = {
    program,
    places,
    file,
    models,
    ...(answers === undefined ? {} : { answers }),
    connect,
    inputs,
    ...(options.ticks === undefined ? {} : { ticks: options.ticks }),
    keel: KEEL_VERSION,
  };
  return driveToEnd(() => startRun(request, store, world), store);
}

export function modelsOf({ mock }: Pick<RunOptions, "mock">): RunStarted["models"] {
  if (typeof mock === "string") {
    const script = readText(mock);
    usage(() => parseScript(script), `the replies in ${mock}`);
    return { kind: "mock", script };
  }
  return mock === true || process.env["KEEL_LLM"] === "mock" ? { kind: "mock" } : { kind: "live" };
}

/** The text of an answers file. Throws UsageError for what is none. */
export function readAnswers(file: string): string {
  const text = readText(file);
  usage(() => parseAnswers(text), `the answers in ${file}`);
  return text;
}

function usage(parse: () => unknown, what: string): void {
  try {
    parse();
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new UsageError(`cannot use ${what}: ${error instanceof SyntaxError ? "it is not JSON: " : ""}${why}`);
  }
}

function connectOf(texts: readonly string[], program: Program): { readonly [name: string]: string } {
  const pairs = texts.map((text) => {
    const option = parseConnectOption(text, process.cwd());
    if (option.kind === "Problem") throw new UsageError(option.message, option.help);
    if (program.connections[option.name] === undefined) {
      const names = Object.keys(program.connections).join(", ");
      throw new UsageError(`the program uses no connection ${option.name}`, `it uses ${names === "" ? "none" : names}`);
    }
    return [option.name, option.target] as const;
  });
  const connect = Object.fromEntries(pairs);
  const twice = pairs.find(([name, target]) => connect[name] !== target)?.[0];
  if (twice !== undefined) throw new UsageError(`--connect names ${twice} twice`, "leave one of them");
  return connect;
}

/** What to tell a person about the first model that cannot be reached. */
export function missingModel(program: Program): string | undefined {
  for (const name of program.models) {
    const resolved = resolveModel(name, process.env);
    if (resolved.kind === "Missing") return resolved.message;
  }
  return undefined;
}
