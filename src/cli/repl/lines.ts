// Where the lines of a session come from: a person at a terminal, with history and line editing, or a pipe, whose lines
// are echoed behind the prompt so that the output reads as a session.
//
// Invariant: between two reads nobody listens to stdin, so questions of a run and what is typed ahead never fight.

import { createInterface, type Completer } from "node:readline";
import { InputLines } from "../../runtime/host/input-lines.ts";
import { systemTerminal } from "../../runtime/host/terminal.ts";
import type { Terminal } from "../../runtime/world.ts";
import { prompterHere } from "../../tui/prompter.ts";
import { History } from "./history.ts";

export type Line =
  | { readonly kind: "Line"; readonly text: string }
  /** Ctrl+C: what was typed is dropped. */
  | { readonly kind: "Cancel" }
  | { readonly kind: "End" };

export interface Lines {
  read(prompt: string): Promise<Line>;
  /** Shows a line behind the prompt, where nobody saw it typed. */
  echo(prompt: string, text: string): void;
  /** By a person at a terminal. */
  readonly isTyped: boolean;
  /** Where runs of the session speak and ask. */
  readonly terminal: Terminal;
}

export function linesFrom(stdin: NodeJS.ReadStream, complete: Completer): Lines {
  return stdin.isTTY ? terminalLines(stdin, complete) : pipedLines(stdin);
}

function terminalLines(stdin: NodeJS.ReadStream, completer: Completer): Lines {
  const history = new History();
  const ahead: string[] = [];
  let begun = "";
  return {
    isTyped: true,
    echo: () => undefined,
    terminal: systemTerminal({ input: true, prompter: prompterHere() }),
    read(prompt) {
      const next = ahead.shift();
      if (next !== undefined) return Promise.resolve({ kind: "Line", text: next });
      return new Promise((resolve) => {
        const editor = createInterface({
          input: stdin,
          output: process.stdout,
          prompt,
          completer,
          history: history.newestFirst,
          historySize: 1_000,
        });
        let isOver = false;
        const finish = (line: Line): void => {
          isOver = true;
          editor.close();
          resolve(line);
        };
        // Lines that were pasted come in one piece; they are all read before the first is looked at.
        editor.on("line", (text) => {
          history.add(text);
          ahead.push(text);
          if (ahead.length > 1) return;
          setImmediate(() => {
            begun = editor.line;
            finish({ kind: "Line", text: ahead.shift() ?? "" });
          });
        });
        editor.on("SIGINT", () => {
          process.stdout.write("^C\n");
          finish({ kind: "Cancel" });
        });
        editor.on("close", () => {
          if (isOver) return;
          process.stdout.write("\n");
          finish({ kind: "End" });
        });
        editor.prompt();
        if (begun !== "") editor.write(begun);
        begun = "";
      });
    },
  };
}

const never = new AbortController().signal;

function pipedLines(stdin: NodeJS.ReadStream): Lines {
  const lines = new InputLines(stdin);
  const terminal = systemTerminal({ input: false });
  return {
    isTyped: false,
    terminal: {
      ...terminal,
      async ask(question, signal) {
        terminal.note(`  ? ${question.text.replaceAll("\n", "\n    ")}${question.kind === "Confirm" ? " [y/N]" : ""}`);
        const answer = await lines.next(signal);
        if (answer !== undefined) terminal.note(`  ✎ ${answer}`);
        return answer;
      },
    },
    echo: (prompt, text) => terminal.note((prompt + text).trimEnd()),
    async read() {
      const text = await lines.next(never);
      return text === undefined ? { kind: "End" } : { kind: "Line", text };
    },
  };
}
