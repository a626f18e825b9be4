// What the REPL does with one input, and what it says to it.

import { homedir } from "node:os";
import { typeText } from "../../checker/type.ts";
import { encode } from "../../interp/codec.ts";
import type { Struct, Value } from "../../interp/value.ts";
import { renderDiagnostic } from "../../source/render.ts";
import { Source } from "../../source/text.ts";
import { readSource } from "../source-file.ts";
import type { Said } from "./collage.ts";
import { bindingLine, envText, helpText, parseCommand, typesText, type Call } from "./commands.ts";
import { label } from "./declared.ts";
import { isCommand } from "./input.ts";
import { isWritable } from "./keeping.ts";
import { literal, oneLine } from "./literal.ts";
import { compute, isPure, perform, type Host } from "./perform.ts";
import type { RunWork, Session } from "./session.ts";

/** As a shell would understand it: in quotes, or from the home folder. */
function fileNamed(words: string): string {
  const [, , quoted] = /^(["'])(.+)\1$/.exec(words) ?? [];
  return quoted ?? words.replace(/^~(?=\/)/, homedir());
}

export class Talk {
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

  /** Takes an input; whether the session goes on. */
  async take(text: string): Promise<boolean> {
    if (!isCommand(text)) {
      await this.#evaluate(new Source("repl", text));
      return true;
    }
    const call = parseCommand(text);
    if ("problem" in call) this.#say(`  ${call.problem}`);
    else await this.#obey(call);
    return "problem" in call || call.command !== ":quit";
  }

  async #obey({ command, rest }: Call): Promise<void> {
    switch (command) {
      case ":quit":
        return;
      case ":help":
        return this.#say(helpText());
      case ":types":
        return this.#say(typesText(this.#session));
      case ":env":
        return this.#say(envText(this.#session));
      case ":clear":
        this.#session.clear();
        return this.#say("  ✓ cleared");
      case ":type":
        return this.#showType(rest);
      case ":load":
        return this.#evaluate(readSource(fileNamed(rest)));
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
