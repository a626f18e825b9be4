// Everything of the host that the runtime may touch, as ports: tests put their own clock, terminal and randomness here.

export interface World {
  readonly clock: Clock;
  readonly terminal: Terminal;
  /** `bytes` random bytes, as hex. */
  readonly random: (bytes: number) => string;
  readonly env: { readonly [name: string]: string | undefined };
  /** The directory that relative paths of a program's connections start from: the program file's. */
  readonly directory: string;
  /** How often a run looks into its inbox while it waits, in ms. */
  readonly pollMs: number;
}

export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /**
   * Resolves at `at` (ms since the epoch), or when `signal` aborts. Never rejects. Where the clock is set back meanwhile,
   * it resolves when it would have without that: whoever waits for an instant looks at the clock, and waits again.
   */
  until(at: number, signal: AbortSignal): Promise<void>;
  /** The host's IANA time zone. */
  readonly zone: string;
}

export interface Terminal {
  /** What the program says: `notify`, `show`. To stdout. */
  line(text: string): void;
  /** What Keel says beside it: progress, the start of an agent. To stdout as well, as the seed shows it. */
  note(text: string): void;
  /** A report of something that went wrong, to stderr. */
  warn(text: string): void;
  /** A place for a text that is being written; undefined, or absent, where none is shown: no terminal, or one is taken. */
  draft?(): Draft | undefined;
  /**
   * Puts a question to a person; `undefined` where nobody can answer (no terminal and stdin at its end, or told not
   * to ask). The text is the answer as typed, without its line break. When `signal` aborts, the question is taken back;
   * where its reason is a text, that says why, in words for the person who was asked.
   */
  ask(question: Question, signal: AbortSignal): Promise<string | undefined>;
}

/** A text in the making, which leaves nothing behind when it is over. */
export interface Draft {
  /** The text so far, which may also begin anew. */
  show(text: string): void;
  /** Again does nothing. */
  end(): void;
}

export interface Question {
  readonly kind: "Ask" | "Confirm";
  readonly text: string;
  /** The agent that asks; absent for `main`. */
  readonly agent?: string;
  /** When it is taken back if nobody answered, in ms since the epoch. */
  readonly expires?: number;
}
