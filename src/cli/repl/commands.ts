// The REPL's own commands: a colon and a word. What they say is lines; what they do to the session is done here.

import { typeText } from "../../checker/type.ts";
import { decode } from "../../interp/codec.ts";
import { suggest } from "../../source/suggest.ts";
import { headLine, typeLine } from "./declared.ts";
import { oneLine } from "./literal.ts";
import type { Session } from "./session.ts";

export const commands = {
  ":help": "Show help",
  ":types": "List defined types",
  ":env": "Show environment",
  ":type": "Show the type of an expression, without running it",
  ":load": "Read a file into the session",
  ":clear": "Reset all state",
  ":quit": "Exit",
} as const;

export type Command = keyof typeof commands;

export interface Call {
  readonly command: Command;
  readonly rest: string;
}

const operands: { readonly [command in Command]?: string } = { ":type": "EXPR", ":load": "FILE" };
const short: { readonly [name: string]: Command } = { ":exit": ":quit", ":q": ":quit", ":h": ":help", ":?": ":help" };

/** The command that a line calls, or what to tell a person about it. */
export function parseCommand(line: string): Call | { readonly problem: string } {
  const [, name = "", rest = ""] = /^\s*(:\S*)\s*([\s\S]*?)\s*$/.exec(line) ?? [];
  const command = Object.hasOwn(commands, name) ? (name as Command) : short[name];
  if (command === undefined) {
    const near = suggest(name, Object.keys(commands));
    const help = near === undefined ? "`:help` lists the commands" : `did you mean \`${near}\`?`;
    return { problem: `✗ there is no command ${name}\n  help: ${help}` };
  }
  const operand = operands[command];
  if (operand !== undefined && rest === "") return { problem: `✗ usage: ${command} ${operand}` };
  return { command, rest };
}

export function helpText(): string {
  const names = Object.entries(commands).map(
    ([name, text]) => [`${name} ${operands[name as Command] ?? ""}`.trimEnd(), text] as const,
  );
  const width = Math.max(...names.map(([name]) => name.length));
  return [
    ...names.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`),
    "",
    "  An expression shows its value and type; `x = …` keeps it. Types, tasks, agents and",
    "  connections stay until they are declared again. Ctrl+C cancels, Ctrl+D leaves.",
  ].join("\n");
}

export function typesText(session: Session): string {
  const own = session.known.declared.flatMap(({ node, piece }) =>
    node.kind === "TypeDeclaration" ? [`  ${typeLine(node, piece.source)}`] : [],
  );
  const used = session.usedTypes().map(({ node, source }) => `  ${typeLine(node, source)}`);
  return own.length + used.length === 0 ? "  no types yet" : [...own, ...used].join("\n");
}

/** Values first, then what was declared. */
export function envText(session: Session): string {
  const { declared, kept } = session.known;
  const values = kept.map(({ name, type, value }) => bindingLine(name, typeText(type), oneLine(decode(value))));
  const others = declared
    .filter(({ node }) => node.kind !== "TypeDeclaration")
    .map((each) => `  ${headLine(each)}${each.aside ? "   (set aside)" : ""}`);
  const lines = [...values.map((line) => `  ${line}`), ...others];
  return lines.length === 0 ? "  nothing yet" : lines.join("\n");
}

/** `x: int = 3`. */
export function bindingLine(name: string, type: string, value: string): string {
  return `${name}: ${type} = ${value}`;
}
