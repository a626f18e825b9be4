// Where a prompt draws. It remembers what stands there now, so that a line can be written above it: the prompt is taken
// away, the line is written, and the prompt is drawn again as it was, cursor included.
//
// A prompt of @inquirer/core draws in one piece: it goes down to its last row, erases its rows from there upwards, writes
// the new ones and goes back up to the cursor. Only moves within the cursor's row come apart from that. What it writes
// when it is over comes late: `finish` is earlier.

import { Writable } from "node:stream";

/** What is needed of a terminal. */
export interface Screen {
  write(text: string): unknown;
  readonly columns: number;
  readonly rows: number;
}

const ESC = "\u001b[";
// oxlint-disable-next-line no-control-regex
const erasing = /^(?:\u001b\[\d+B)?(?:\u001b\[2K(?:\u001b\[1A)?)*(?:\u001b\[G)?/;
// oxlint-disable-next-line no-control-regex
const column = /\u001b\[\d+G$/;
// oxlint-disable-next-line no-control-regex
const backUp = /\u001b\[(\d+)A\u001b\[\d+G$/;

export class Frame extends Writable {
  readonly #screen: Screen;
  #shown = "";
  #isOver = false;

  constructor(screen: Screen) {
    super({ decodeStrings: false });
    this.#screen = screen;
  }

  get isTTY(): boolean {
    return true;
  }

  /** Where the terminal does not say, as many as a terminal had first. */
  get columns(): number {
    return this.#screen.columns || 80;
  }

  get rows(): number {
    return this.#screen.rows || 24;
  }

  /** Writes something that is to stand above the prompt for good. */
  above(write: () => void): void {
    if (this.#shown === "") return write();
    const below = Number(backUp.exec(this.#shown)?.[1] ?? 0);
    const rows = this.#shown.split("\n").length;
    this.#screen.write(`${below > 0 ? `${ESC}${below}B` : ""}${`${ESC}2K${ESC}1A`.repeat(rows - 1)}${ESC}2K${ESC}G`);
    write();
    this.#screen.write(this.#shown);
  }

  /** What was drawn last stays where it is, and whatever comes stands below. */
  finish(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.#shown = "";
    this.#screen.write(`\n${ESC}G`);
  }

  override _write(chunk: unknown, _: string, done: () => void): void {
    if (this.#isOver) return done();
    const text = String(chunk);
    const isMove = text.replace(column, "") === "";
    this.#shown = isMove ? this.#shown.replace(column, text) : text.replace(erasing, "");
    this.#screen.write(text);
    done();
  }
}
