// Asks people at the terminal of this process, one question at a time. Ctrl+C in a prompt is no answer: it is passed on
// as the interruption that it would be without a prompt, and the question stays open until the run takes it back. Ctrl+D
// is the end of the input: nobody answers this question, and the run goes on without.

import type { Prompter } from "../runtime/host/terminal.ts";
import type { Question } from "../runtime/world.ts";
import { Frame, type Screen } from "./frame.ts";
import { hintText, questionText } from "./question-text.ts";

/** `undefined` where nobody sits at a terminal that a prompt can be drawn on. */
export function prompterHere(): Prompter | undefined {
  const screen = [process.stdout, process.stderr].find((stream) => stream.isTTY);
  if (!process.stdin.isTTY || screen === undefined || process.env["TERM"] === "dumb") return undefined;
  const color = screen.hasColors();
  return new ScreenPrompter(screen, process.stdin, color, () => process.kill(process.pid, "SIGINT"));
}

/** While this is on, a terminal says where a pasted text begins and ends. */
const markPastes = { on: "\u001b[?2004h", off: "\u001b[?2004l" };

export class ScreenPrompter implements Prompter {
  readonly #screen: Screen;
  readonly #keys: NodeJS.ReadableStream;
  readonly #color: boolean;
  readonly #interrupt: () => void;
  #frame: Frame | undefined;

  /** `interrupt` does what Ctrl+C does without a prompt. */
  constructor(screen: Screen, keys: NodeJS.ReadableStream, color: boolean, interrupt: () => void) {
    this.#screen = screen;
    this.#keys = keys;
    this.#color = color;
    this.#interrupt = interrupt;
  }

  above(write: () => void): void {
    if (this.#frame === undefined) write();
    else this.#frame.above(write);
  }

  async ask(question: Question, signal: AbortSignal): Promise<string | undefined> {
    const { questionPrompt } = await import("./question-prompt.ts");
    if (signal.aborted) return undefined;
    const screen = this.#screen;
    const frame = new Frame(screen);
    const { above, message } = questionText(question, frame.columns);
    if (above.length > 0) screen.write(`${above.join("\n")}\n`);
    const hint = hintText(question, new Date(), frame.columns);
    const ended = (): void => frame.finish();
    const config = { kind: question.kind, message, hint, signal, screen: frame, color: this.#color, ended };
    this.#frame = frame;
    const markOn = (): void => void screen.write(markPastes.on);
    markOn();
    process.on("SIGCONT", markOn);
    try {
      return await questionPrompt(config, { input: this.#keys, output: frame });
    } catch (error) {
      if (!(error instanceof Error) || error.name !== "ExitPromptError") throw error;
      if (!signal.aborted) await this.#interrupted(signal);
      return undefined;
    } finally {
      this.#frame = undefined;
      process.off("SIGCONT", markOn);
      screen.write(markPastes.off);
    }
  }

  #interrupted(signal: AbortSignal): Promise<void> {
    this.#frame = undefined;
    this.#interrupt();
    return aborted(signal);
  }
}

/** Waits for the abort, and keeps the process until it comes: a signal's handler alone does not. */
function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 60_000);
    const done = (): void => {
      clearInterval(alive);
      resolve();
    };
    if (signal.aborted) done();
    else signal.addEventListener("abort", done, { once: true });
  });
}
