// `keel repl`: reads an input, understands it, does it, says what came of it, and asks for the next. Everything it says
// goes to stdout, so that its output reads as a session also where it is no terminal.

import { dirname, join } from "node:path";
import { typeText } from "../../checker/type.ts";
import { stdlib } from "../../generated/stdlib.ts";
import { encode } from "../../interp/codec.ts";
import type { Struct, Value } from "../../interp/value.ts";
import { systemWorld } from "../../runtime/host/world.ts";
import { StoreError, type Store } from "../../runtime/journal/store.ts";
import { providerLines } from "../../runtime/models/names.ts";
import { renderDiagnostic } from "../../source/render.ts";
import { Source } from "../../source/text.ts";
import { UsageError } from "../door.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { modelsOf, type RunOptions } from "../run.ts";
import { readSource } from "../source-file.ts";
import { openHere } from "../store-place.ts";
import type { Said } from "./collage.ts";
import { bindingLine, commands, envText, helpText, parseCommand, typesText } from "./commands.ts";
import { label } from "./declared.ts";
import { Inputs, isCommand } from "./input.ts";
import { isWritable } from "./keeping.ts";
import { linesFrom } from "./lines.ts";
import { literal, oneLine } from "./literal.ts";
import { compute, isPure, perform, type Host } from "./perform.ts";
import { Session, type RunWork } from "./session.ts";

const banner = `Keel REPL v${KEEL_VERSION.split(".").slice(0, 2).join(".")}
Type expressions, define tasks, or :help for commands.
`;

export async function repl(options: Pick<RunOptions, "mock">): Promise<ExitCode> {
  const models = modelsOf(options);
  const session = new Session({ stdlib, load });
  const lines = linesFrom(process.stdin, (line) => completions(session, line));
  const world = { ...systemWorld({ directory: process.cwd(), input: true }), terminal: lines.terminal };
  let store: Store | undefined;
  let announced = false;
  const host: Omit<Host, "name"> = {
    world,
    models,
    store: () => (store ??= openHere()),
    announce: () => {
      if (!announced) for (const line of providerLines(process.env, true)) world.terminal.note(line);
      announced = true;
    },
  };
  // Between two inputs and while one is read there is nothing to stop: Ctrl+C must not end the session then.
  const ignore = (): void => undefined;
  process.on("SIGINT", ignore);
  try {
    await talk(new Talk(session, host, `repl:${world.random(2)}`), new Inputs(lines), world.terminal.note);
  } finally {
    process.off("SIGINT", ignore);
    store?.close();
  }
  return exitCodes.ok;
}

/** A file that a `use` names, as seen from the one that has it. */
function load(path: string, from: Source): Source | { readonly why: string } {
  try {
    return readSource(join(dirname(from.name), path));
  } catch (error) {
    if (error instanceof UsageError) return { why: error.message };
    throw error;
  }
}

async function talk(talk: Talk, inputs: Inputs, say: (text: string) => void): Promise<void> {
  say(banner);
  for (;;) {
    const input = await inputs.next();
    if (input.kind === "End") break;
    if (input.kind === "Cancel" || input.text.trim() === "") continue;
    try {
      if ((await talk.take(input.text)) === "Leave") break;
    } catch (error) {
      say(troubleText(error));
    }
    say("");
  }
  say("Goodbye.");
}

/** A mistake in a command, a store that cannot be written, or a fault of Keel: the session goes on. */
function troubleText(error: unknown): string {
  if (error instanceof UsageError || error instanceof StoreError) {
    return `  ✗ ${error.message}${error.help === undefined ? "" : `\n  help: ${error.help}`}`;
  }
  const stack = process.env["KEEL_DEBUG"] !== undefined && error instanceof Error ? `\n${error.stack ?? ""}` : "";
  return `  ✗ Keel itself failed: ${error instanceof Error ? error.message : String(error)}${stack}`;
}

class Talk {
  readonly #session: Session;
  readonly #host: Omit<Host, "name">;
  readonly #name: string;
  readonly #say: (text: string) => void;
  #count = 0;

  constructor(session: Session, host: Omit<Host, "name">, name: string) {
    this.#session = session;
    this.#host = host;
    this.#name = name;
    this.#say = host.world.terminal.note;
  }

  async take(text: string): Promise<"Leave" | undefined> {
    if (!isCommand(text)) return void (await this.#evaluate(new Source("repl", text)));
    const call = parseCommand(text);
    if ("problem" in call) return void this.#say(`  ${call.problem}`);
    switch (call.command) {
      case ":quit":
        return "Leave";
      case ":help":
        return void this.#say(helpText());
      case ":types":
        return void this.#say(typesText(this.#session));
      case ":env":
        return void this.#say(envText(this.#session));
      case ":clear":
        this.#session.clear();
        return void this.#say("  ✓ cleared");
      case ":type":
        return void this.#showType(call.rest);
      case ":load":
        return void (await this.#evaluate(readSource(call.rest)));
    }
  }

  async #evaluate(source: Source): Promise<void> {
    const reading = this.#session.read(source);
    this.#tell(reading.said);
    if (reading.kind === "Wrong") return this.#hint(source.text);
    const { declared, work } = reading;
    const notes = this.#session.declare(declared);
    for (const line of [...declared.map((each) => `✓ ${label(each)}`), ...notes]) this.#say(`  ${line}`);
    if (work?.kind === "Known") this.#say(`  <function> : ${typeText(work.type)}`);
    if (work?.kind === "Run") await this.#run(work);
    const changes = this.#session.settle();
    for (const note of changes.notes) this.#say(`  ${note}`);
    this.#tell(changes.said);
  }

  async #run(work: RunWork): Promise<void> {
    this.#count += 1;
    const { program, places } = work;
    const host = { ...this.#host, name: `${this.#name}#${this.#count}` };
    const { value, lines } = isPure(program) ? compute(program) : await perform(program, places, host);
    if (lines.length > 0) this.#say(lines.map((line) => `  ${line}`).join("\n"));
    if (value === undefined) return;
    if (work.result !== "Shown") return this.#keep(work, value);
    const type = typeText(work.type);
    if (type !== "none") this.#say(`  ${literal(value)} : ${type}`);
  }

  #keep({ names, result }: RunWork, value: Value): void {
    const bound = [...names].map(([name, { type }]) => {
      const own = result === "Bound" ? value : ((value as Struct)[name] ?? null);
      return { name, type, own };
    });
    this.#session.keep(
      bound.flatMap(({ name, type, own }) => (isWritable(type) ? [{ name, type, value: encode(own) }] : [])),
    );
    for (const { name, type, own } of bound) {
      const line = bindingLine(name, typeText(type), oneLine(own));
      this.#say(isWritable(type) ? `  ✓ ${line}` : `  ${line}\n  ⚠ ${name} is not kept: its type cannot be written`);
    }
  }

  #showType(text: string): void {
    const reading = this.#session.read(new Source("repl", text));
    this.#tell(reading.said);
    if (reading.kind === "Wrong") return;
    const { declared, work } = reading;
    const names = work?.kind === "Run" ? [...work.names].map(([name, { type }]) => `${name}: ${typeText(type)}`) : [];
    const lines = [...declared.map(label), ...names];
    if (work !== undefined && names.length === 0) lines.push(typeText(work.type));
    this.#say(lines.map((line) => `  ${line}`).join("\n"));
  }

  #tell(said: readonly Said[]): void {
    const color = process.stdout.isTTY && process.env["NO_COLOR"] === undefined;
    for (const { source, diagnostic } of said) this.#say(renderDiagnostic(source, diagnostic, { color }));
  }

  /** For those who try the words of other shells. */
  #hint(text: string): void {
    const word = text.trim();
    if (/^(help|quit|exit)(\(\))?$/.test(word)) this.#say("  commands begin with a colon: `:help`, `:quit`");
  }
}

/** The words that the last word of a line may become. */
function completions(session: Session, line: string): [string[], string] {
  if (isCommand(line)) return [Object.keys(commands).filter((name) => name.startsWith(line)), line];
  const word = /[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.exec(line)?.[0] ?? "";
  const { declared, kept } = session.known;
  const names = [...kept.map(({ name }) => name), ...declared.flatMap((each) => each.names)];
  return [word === "" ? [] : names.filter((name) => name.startsWith(word)).toSorted(), word];
}
