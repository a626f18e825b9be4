// `~/.keel_history`: the lines typed at a terminal, oldest first, for the arrow keys of the next session. Best effort:
// a history that cannot be read or written is none, and nothing is said.

import { appendFileSync, chmodSync, readFileSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** As many lines are kept. */
const LIMIT = 1_000;

export class History {
  readonly #file = join(homedir(), ".keel_history");
  readonly #lines: string[];

  constructor() {
    this.#lines = this.#read();
  }

  /** Newest first, as the line editor wants them. */
  get newestFirst(): string[] {
    return this.#lines.toReversed();
  }

  /** Blank lines and the line above again are not remembered. */
  add(line: string): void {
    if (line.trim() === "" || line === this.#lines.at(-1)) return;
    this.#lines.push(line);
    attempt(() => appendFileSync(this.#file, `${line}\n`, { mode: 0o600 }));
  }

  #read(): string[] {
    return (
      attempt(() => {
        const lines = readFileSync(this.#file, "utf8").split("\n").filter(Boolean);
        if (lines.length <= LIMIT) return lines;
        const newest = lines.slice(-LIMIT);
        writeFileSync(this.#file, newest.map((line) => `${line}\n`).join(""));
        chmodSync(this.#file, 0o600);
        return newest;
      }) ?? []
    );
  }
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
