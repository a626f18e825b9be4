// The terminal that a run speaks to: lines out, questions in. Questions go to a person at a terminal; where stdin is
// something else, each takes its next line; at its end, or where asking is forbidden, nobody can answer.
// Invariant: output that nobody reads any more (a closed pipe) is dropped and ends nothing.

import type { Readable, Writable } from "node:stream";
import type { Question, Terminal } from "../world.ts";
import { InputLines } from "./input-lines.ts";
import { parts, promptOnTerminal } from "./prompts.ts";

export interface TerminalOptions {
  /** False: every question is unanswered at once (`--no-input`). */
  readonly input: boolean;
  /** What Ctrl+C in a prompt does. By default this process gets the SIGINT that the prompt took. */
  readonly interrupt?: () => void;
  readonly stdin?: Readable & { readonly isTTY?: boolean };
  readonly stdout?: Writable & { readonly isTTY?: boolean; readonly columns?: number };
  readonly stderr?: Writable;
}

export function systemTerminal(options: TerminalOptions): Terminal {
  const { stdout = process.stdout, stderr = process.stderr } = options;
  const interrupt = options.interrupt ?? (() => process.kill(process.pid, "SIGINT"));
  const out = writer(stdout);
  let lines: InputLines | undefined;
  return {
    line: (text) => out(stdout.isTTY === true ? visible(text) : text),
    note: out,
    warn: writer(stderr),
    async ask(question, signal) {
      if (!options.input || signal.aborted) return undefined;
      const stdin = options.stdin ?? process.stdin;
      if (stdin.isTTY === true) {
        const shown = { ...question, text: visible(question.text) };
        const { above } = parts(shown);
        if (above !== "") out(block(above, stdout.columns));
        return promptOnTerminal(shown, signal, interrupt);
      }
      out(asked(question));
      lines ??= new InputLines(stdin);
      return lines.next(signal);
    },
  };
}

/** As it stands in the output where no prompt shows it. */
function asked(question: Question): string {
  const mark = question.kind === "Confirm" ? " [y/N]" : "";
  return `  ? ${question.text.replace(/\n(?=[^\n])/g, "\n    ")}${mark}`;
}

function block(text: string, columns = 80): string {
  const lines = text.split("\n").flatMap((line) => wrapped(line, columns - 5));
  return lines.map((line) => `  │ ${line}`.trimEnd()).join("\n");
}

/** A line in pieces of at most `width` characters, broken at blanks where there are any. */
function wrapped(line: string, width: number): readonly string[] {
  const points = [...line];
  if (points.length <= width || width < 20) return [line];
  const blank = points.lastIndexOf(" ", width);
  const end = blank > 0 ? blank : width;
  return [points.slice(0, end).join(""), ...wrapped(points.slice(blank > 0 ? end + 1 : end).join(""), width)];
}

/** Control characters (a mail's subject may hold them) as visible signs, so that they do not steer the terminal. */
export function visible(text: string): string {
  // oxlint-disable-next-line no-control-regex
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (sign) => {
    const code = sign.charCodeAt(0);
    return code < 32 ? String.fromCharCode(0x2400 + code) : "\u2421";
  });
}

/** Streams whose closing is taken quietly already. */
const guarded = new WeakSet<Writable>();

function writer(stream: Writable): (text: string) => void {
  if (!guarded.has(stream)) {
    guarded.add(stream);
    stream.on("error", (error: Error & { readonly code?: string }) => {
      if (error.code !== "EPIPE" && error.code !== "EIO" && error.code !== "ERR_STREAM_DESTROYED") throw error;
    });
  }
  return (text) => {
    if (!stream.destroyed && !stream.writableEnded) stream.write(`${text}\n`);
  };
}
