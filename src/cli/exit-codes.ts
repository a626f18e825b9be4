// The exit codes of every command; `keel help exit-codes` and the README say the same.

export const exitCodes = {
  ok: 0,
  /** The program is wrong, or its run failed. */
  failed: 1,
  /** The command line is wrong, or a file it names cannot be read. */
  usage: 2,
  /** Another process holds the run. */
  held: 69,
  /** A fault of Keel itself. */
  bug: 70,
  /** The store cannot be read or written, or the output cannot. */
  store: 74,
  /** The run waits for a person. */
  suspended: 75,
  interrupted: 130,
} as const;

export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];
