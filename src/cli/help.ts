// How `keel --help` reads: what it is, how it is called, what it can do. A command's own help is commander's.

import { Help, type Command } from "commander";

/** The help of the command itself; `text` is added at its end by commander. */
export function rootHelp(command: Command): string {
  const help = new Help();
  const commands = help.visibleCommands(command).map((each) => [each.name(), each.description()] as const);
  const options = help.visibleOptions(command).map((each) => [each.flags, each.description] as const);
  return `${command.description()}\n\nUsage: keel ${command.usage()}\n\nCommands:\n${rows(commands)}\nOptions:\n${rows(options)}`;
}

function rows(pairs: readonly (readonly [string, string])[]): string {
  const width = Math.max(...pairs.map(([term]) => term.length));
  return pairs.map(([term, words]) => `  ${term.padEnd(width)}  ${words}\n`).join("");
}
