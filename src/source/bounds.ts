// Bounds of the language that the checker knows of literals and the machine of values.

/** How often `retry` begins again at most: what failed so often is not a passing trouble, and each attempt is recorded. */
export const MAX_RETRIES = 1_000;
