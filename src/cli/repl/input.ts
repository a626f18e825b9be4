// One input after the other, of one or more lines.

import type { Line, Lines } from "./lines.ts";
import { continues, reachOf } from "./reach.ts";

export type Input = { readonly kind: "Text"; readonly text: string } | Exclude<Line, { readonly kind: "Line" }>;

export class Inputs {
  readonly #lines: Lines;
  /** A line that turned out to begin the next input. */
  #held: string | undefined;

  constructor(lines: Lines) {
    this.#lines = lines;
  }

  /** At the end of the lines, what was begun is an input too; a person who leaves meant to drop it. */
  async next(): Promise<Input> {
    let text: string | undefined;
    for (;;) {
      const prompt = text === undefined ? "keel> " : "  ... ";
      const line = await this.#line(prompt);
      if (line.kind === "End" && text !== undefined && !this.#lines.isTyped) return { kind: "Text", text };
      if (line.kind !== "Line") return line;
      if (text !== undefined && isNext(text, line.text)) {
        this.#held = line.text;
        return { kind: "Text", text };
      }
      this.#lines.echo(prompt, line.text);
      if (text !== undefined && line.text.trim() === "" && reachOf(text) !== "Open") return { kind: "Text", text };
      text = text === undefined ? line.text : `${text}\n${line.text}`;
      if (isCommand(text) || reachOf(text) === "Whole") return { kind: "Text", text };
    }
  }

  #line(prompt: string): Promise<Line> {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? this.#lines.read(prompt) : Promise.resolve({ kind: "Line", text: held });
  }
}

/** Whether a line begins the next input, since this one was whole without it. */
function isNext(text: string, line: string): boolean {
  return line.trim() !== "" && !continues(line) && reachOf(text) === "MayGoOn";
}

export function isCommand(text: string): boolean {
  return text.trimStart().startsWith(":");
}
