// Every bound on a computation that the language sets itself, so that a program meets it here and not in the host.

/** Calls in flight above the function that an activation began with, in terms, in steps and across them. */
export const MAX_CALL_DEPTH = 1_000;

/** The longest list that `range` makes. */
export const MAX_RANGE = 10_000_000;

/** The longest text that `repeat` and padding make, in UTF-16 code units. */
export const MAX_TEXT = 100_000_000;

export const MIN_INT = -(2n ** 63n);
export const MAX_INT = 2n ** 63n - 1n;

/** The instants a datetime's one form can write: the years 0000 to 9999. */
export const MIN_DATETIME_MS = -62_167_219_200_000;
export const MAX_DATETIME_MS = 253_402_300_799_999;
