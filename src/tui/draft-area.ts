// A text that a model is writing, as the last rows on the screen: its end, as far as it fits, until it is over and leaves
// nothing behind. One at a time, so that two texts do not mix. Lines that are written meanwhile stand above it; while a
// question stands on the screen it is not drawn.

import { createColors } from "picocolors";
import type { Draft } from "../runtime/world.ts";
import type { Drafts } from "../runtime/host/terminal.ts";
import { visible } from "../runtime/host/visible.ts";
import type { Screen } from "./frame.ts";
import { wrapped } from "./question-text.ts";

/** `undefined` where stdout is no terminal that can be drawn on. */
export function draftsHere(): Drafts | undefined {
  const { stdout } = process;
  return stdout.isTTY && process.env["TERM"] !== "dumb" ? new DraftArea(stdout, stdout.hasColors()) : undefined;
}

const mostRows = 8;
/** On a narrower or lower screen nothing is drawn. */
const least = { columns: 40, rows: 6 };

const ESC = "\u001b[";

export class DraftArea implements Drafts {
  readonly #screen: Screen;
  readonly #dim: (text: string) => string;
  /** Undefined: nobody is writing. */
  #text: string | undefined;
  #drawn = 0;
  #questions = 0;

  constructor(screen: Screen, color: boolean) {
    this.#screen = screen;
    this.#dim = createColors(color).dim;
  }

  begin(): Draft | undefined {
    const { columns, rows } = this.#screen;
    if (this.#text !== undefined || columns < least.columns || rows < least.rows) return undefined;
    this.#text = "";
    let isOver = false;
    return {
      show: (text) => {
        if (isOver) return;
        this.#text = text;
        this.#draw();
      },
      end: () => {
        if (isOver) return;
        isOver = true;
        this.#text = undefined;
        this.#draw();
      },
    };
  }

  above(write: () => void): void {
    this.#replace([]);
    write();
    this.#draw();
  }

  async during<T>(question: () => Promise<T>): Promise<T> {
    this.#questions += 1;
    this.#draw();
    try {
      return await question();
    } finally {
      this.#questions -= 1;
      this.#draw();
    }
  }

  #draw(): void {
    const isHidden = this.#text === undefined || this.#questions > 0;
    this.#replace(isHidden ? [] : this.#rowsOf(this.#text ?? ""));
  }

  #rowsOf(text: string): readonly string[] {
    const { columns, rows } = this.#screen;
    const lines = visible(text).replaceAll("\t", "  ").trim();
    if (lines === "") return [];
    // What does not fit is not looked at: a long text is drawn as fast as a short one.
    const most = Math.min(mostRows, rows - 3);
    const end = lines
      .slice(-most * columns)
      .split("\n")
      .slice(-most);
    const pieces = end.flatMap((line) => wrapped(line, columns - 6)).slice(-most);
    return pieces.map((piece) => `  │ ${piece}`.trimEnd());
  }

  #replace(rows: readonly string[]): void {
    if (this.#drawn === 0 && rows.length === 0) return;
    const erased = `${ESC}1A${ESC}2K`.repeat(this.#drawn);
    const drawn = rows.map((row) => `${this.#dim(row)}\n`).join("");
    this.#drawn = rows.length;
    this.#screen.write(erased + drawn);
  }
}
