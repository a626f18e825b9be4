// A terminal's screen as rows of text: what a person sees after all that was written to it. Knows the sequences that
// our prompts use, and throws for any other, so that none goes unnoticed.

import stringWidth from "string-width";

export class TestScreen {
  readonly columns: number;
  readonly rows: number;
  /** All rows since the beginning; the screen shows the last `rows` of them. */
  readonly #lines: string[][] = [[]];
  #row = 0;
  #column = 0;
  #rest = "";
  readonly #watchers = new Set<() => void>();

  constructor(columns = 80, rows = 24) {
    this.columns = columns;
    this.rows = rows;
  }

  write(text: string): true {
    this.#rest += text;
    for (let match; (match = token.exec(this.#rest)) !== null;) {
      this.#rest = this.#rest.slice(match[0].length);
      this.#apply(match[0], Number(match.groups?.["count"] ?? 1), match.groups?.["final"]);
    }
    for (const watch of this.#watchers) watch();
    return true;
  }

  /** Without blank rows at the end and blanks at the rows' ends. */
  get text(): string {
    return this.#lines
      .map((line) => line.join("").trimEnd())
      .join("\n")
      .trimEnd();
  }

  /** The cursor's row, from 0, and column. */
  get cursor(): readonly [row: number, column: number] {
    return [this.#row, this.#column];
  }

  /** Resolves when the screen shows this. */
  shows(text: string): Promise<void> {
    return new Promise((resolve) => {
      const watch = (): void => {
        if (!this.text.includes(text)) return;
        this.#watchers.delete(watch);
        resolve();
      };
      this.#watchers.add(watch);
      watch();
    });
  }

  #apply(sign: string, count: number, final: string | undefined): void {
    if (final !== undefined) return this.#control(sign, count, final);
    if (sign === "\n") return this.#newLine();
    if (sign === "\r") return void (this.#column = 0);
    if (sign === "\t") return void (this.#column = Math.min(this.columns - 1, (this.#column | 7) + 1));
    if (sign < " ") throw new Error(`the screen knows no ${JSON.stringify(sign)}`);
    const wide = stringWidth(sign);
    if (this.#column + wide > this.columns) this.#newLine();
    const line = this.#line();
    while (line.length < this.#column) line.push(" ");
    // A wide sign stands in its first column; the others are empty. A sign of no width joins the one before.
    if (wide === 0 && this.#column > 0) line[this.#column - 1] += sign;
    else line.splice(this.#column, wide, sign, ...Array.from({ length: wide - 1 }, () => ""));
    this.#column += wide;
  }

  #control(sequence: string, count: number, final: string): void {
    // A terminal's cursor stops at the edges of the screen.
    const top = Math.max(0, this.#lines.length - this.rows);
    if (final === "A") this.#row = Math.max(top, this.#row - count);
    else if (final === "B") this.#row = Math.min(this.#lines.length - 1, this.#row + count);
    else if (final === "G") this.#column = count - 1;
    else if (sequence === "\u001b[2K") this.#line().length = 0;
    else if (final !== "m" && !isKnown.has(sequence))
      throw new Error(`the screen knows no ${JSON.stringify(sequence)}`);
  }

  #newLine(): void {
    this.#row += 1;
    this.#column = 0;
    if (this.#row === this.#lines.length) this.#lines.push([]);
  }

  #line(): string[] {
    return (this.#lines[this.#row] ??= []);
  }
}

// oxlint-disable-next-line no-control-regex
const token = /^(?:\u001b\[\??(?<count>\d+)?(?:;\d+)*(?<final>[A-Za-z])|[^\u001b])/u;
/** The cursor shown, pastes marked or not. */
const isKnown = new Set(["\u001b[?25h", "\u001b[?2004h", "\u001b[?2004l"]);
