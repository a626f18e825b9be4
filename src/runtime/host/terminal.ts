// The terminal that a run speaks to: lines out, questions in. Questions go to a person, by a prompter; without one each
// takes the next line of stdin; at its end, or where asking is forbidden, nobody can answer.
// Invariant: output that nobody reads any more (a closed pipe) is dropped and ends nothing.

import type { Readable, Writable } from "node:stream";
import type { Draft, Question, Terminal } from "../world.ts";
import { InputLines } from "./input-lines.ts";
import { visible } from "./visible.ts";

/** Puts questions to a person at a screen. */
export interface Prompter {
  /** `undefined` where the person does not answer, and where `signal` aborts. */
  ask(question: Question, signal: AbortSignal): Promise<string | undefined>;
  /** Writes something so that it stands above the question that is being asked, if one is. */
  above(write: () => void): void;
}

/** Shows texts in the making on a screen. */
export interface Drafts {
  /** `undefined` while there is another. */
  begin(): Draft | undefined;
  /** Writes something so that it stands above the text. */
  above(write: () => void): void;
  /** Shows no text for as long as a question stands on the screen. */
  during<T>(question: () => Promise<T>): Promise<T>;
}

export interface TerminalOptions {
  /** False: every question is unanswered at once (`--no-input`). */
  readonly input: boolean;
  readonly prompter?: Prompter | undefined;
  readonly drafts?: Drafts | undefined;
  readonly stdin?: Readable;
  readonly stdout?: Writable & { readonly isTTY?: boolean };
  readonly stderr?: Writable;
}

export function systemTerminal(options: TerminalOptions): Terminal {
  const { stdout = process.stdout, stderr = process.stderr, prompter, drafts } = options;
  const screens = [prompter, drafts].filter((screen) => screen !== undefined);
  const above = (write: (text: string) => void): ((text: string) => void) =>
    screens.reduce((inner, screen) => (text) => screen.above(() => inner(text)), write);
  const out = above(writer(stdout));
  let lines: InputLines | undefined;
  return {
    line: (text) => out(stdout.isTTY === true ? visible(text) : text),
    note: out,
    warn: above(writer(stderr)),
    ...(drafts === undefined ? {} : { draft: () => drafts.begin() }),
    async ask(question, signal) {
      if (!options.input || signal.aborted) return undefined;
      if (prompter !== undefined) {
        const asking = () => prompter.ask(question, signal);
        return drafts === undefined ? asking() : drafts.during(asking);
      }
      out(asked(question));
      lines ??= new InputLines(options.stdin ?? process.stdin);
      const answer = await lines.next(signal);
      if (signal.aborted && typeof signal.reason === "string") out(`  ✎ ${signal.reason}`);
      return answer;
    },
  };
}

/** As it stands in the output where no prompt shows it. */
function asked({ kind, text, agent }: Question): string {
  const who = agent === undefined ? "" : `${agent}: `;
  const mark = kind === "Confirm" ? " [y/N]" : "";
  return `  ? ${who}${text.replace(/\n(?=[^\n])/g, "\n    ")}${mark}`;
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
