// The third kind of wrong: Keel itself. A Bug is caught only at the doors (a command, a run).

export class Bug extends Error {
  override readonly name = "Bug";
}

/** Throws a Bug unless `condition` holds: for what the code relies on, never for a user's mistake. */
export function invariant(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Bug(message);
}

/** The arm of a switch over a closed union that cannot be reached; it does not compile while a case is missing. */
export function unreachable(value: never): never {
  throw new Bug(`unexpected ${JSON.stringify(value)}`);
}
