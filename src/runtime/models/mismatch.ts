// Why a value does not fit, thrown from within it and caught where a candidate is judged.

export class Mismatch extends Error {
  /** `path` as in JSON Pointer: `/items/2`. */
  constructor(path: string, what: string) {
    super(`${path === "" ? "the reply" : path} ${what}`);
  }
}
