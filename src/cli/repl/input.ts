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
      const line = await this.#line(text === undefined ? "keel> " : "  ... ");
      if (line.kind === "End" && text !== undefined && !this.#lines.isTyped) return { kind: "Text", text };
      if (line.kind !== "Line") return line;
      const reach = text === undefined ? "Whole" : reachOf(text);
      const ends = reach === "MayGoOn" ? !continues(line.text) : reach === "Wants" && line.text.trim() === "";
      if (text !== undefined && ends) {
        if (line.text.trim() !== "") this.#held = line.text;
        return { kind: "Text", text };
      }
      text = text === undefined ? line.text : `${text}\n${line.text}`;
      if (isCommand(text)) return { kind: "Text", text };
      if (reachOf(text) === "Whole") return { kind: "Text", text };
    }
  }

  #line(prompt: string): Promise<Line> {
    const held = this.#held;
    this.#held = undefined;
    return held === undefined ? this.#lines.read(prompt) : Promise.resolve({ kind: "Line", text: held });
  }
}

export function isCommand(text: string): boolean {
  return text.trimStart().startsWith(":");
}
