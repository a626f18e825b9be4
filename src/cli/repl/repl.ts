// `keel repl`: reads an input, understands it, does it, says what came of it, and asks for the next. Everything it says
// goes to stdout, so that its output reads as a session also where it is no terminal.

import { dirname, join } from "node:path";
import { stdlib } from "../../generated/stdlib.ts";
import { systemWorld } from "../../runtime/host/world.ts";
import { StoreError, type Store } from "../../runtime/journal/store.ts";
import { defaultModel, providerLines } from "../../runtime/models/names.ts";
import { Source } from "../../source/text.ts";
import { UsageError } from "../door.ts";
import { exitCodes, type ExitCode } from "../exit-codes.ts";
import { modelsOf, type RunOptions } from "../run.ts";
import { usedText } from "../source-file.ts";
import { openHere } from "../store-place.ts";
import { commands } from "./commands.ts";
import { Inputs, isCommand } from "./input.ts";
import { linesFrom } from "./lines.ts";
import type { Host } from "./perform.ts";
import { Session } from "./session.ts";
import { Talk } from "./talk.ts";

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
      if (!announced) for (const line of providerLines(process.env, [defaultModel])) world.terminal.note(line);
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
  const name = join(dirname(from.name), path);
  const { text, why } = usedText(name);
  return text === undefined ? { why } : new Source(name, text);
}

async function talk(talk: Talk, inputs: Inputs, say: (text: string) => void): Promise<void> {
  say(banner);
  for (;;) {
    const input = await inputs.next();
    if (input.kind === "End") break;
    if (input.kind === "Cancel" || input.text.trim() === "") continue;
    try {
      if (!(await talk.take(input.text))) break;
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

/** The words that the last word of a line may become. */
function completions(session: Session, line: string): [string[], string] {
  if (isCommand(line)) return [Object.keys(commands).filter((name) => name.startsWith(line)), line];
  const word = /[\p{L}_][\p{L}\p{M}\p{N}_]*$/u.exec(line)?.[0] ?? "";
  const { declared, kept } = session.known;
  const names = [...kept.map(({ name }) => name), ...declared.flatMap((each) => each.names)];
  return [word === "" ? [] : names.filter((name) => name.startsWith(word)).toSorted(), word];
}
