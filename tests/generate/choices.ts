// Where a generator's decisions come from: a row of numbers, read one by one. Whatever the numbers are, they make a
// program; smaller numbers and fewer of them make a simpler one, and where they end every decision is the first one of
// its kind. So shrinking needs to know nothing of programs (MacIver and Donaldson, "Test-Case Reduction via Test-Case
// Generation", 2020).

import fc from "fast-check";

const LIMIT = 2 ** 16;

export class Choices {
  used = 0;

  constructor(readonly given: readonly number[]) {}

  get isOver(): boolean {
    return this.used >= this.given.length;
  }

  /** From 0 up to, without, `limit`. */
  below(limit: number): number {
    const next = this.given[this.used] ?? 0;
    this.used += 1;
    return Math.floor((next * limit) / LIMIT);
  }

  /** True in so many cases of a hundred; never at the end of the row. */
  percent(share: number): boolean {
    return this.below(100) >= 100 - share;
  }

  pick<T>(all: readonly [T, ...T[]]): T {
    return all[this.below(all.length)] ?? all[0];
  }

  /** One of what can be made, by weight. The first is the simplest. */
  weighted<T>(all: readonly (readonly [weight: number, make: () => T])[]): T {
    let left = this.below(all.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, make] of all) {
      if (left < weight) return make();
      left -= weight;
    }
    throw new Error("there is nothing to choose from");
  }
}

/** What `make` makes of rows of at most `length` numbers. A failure prints it, so it should have fast-check's `toString`. */
export function chosen<T>(make: (choices: Choices) => T, length: number): fc.Arbitrary<T> {
  return new Chosen(make, length);
}

class Chosen<T> extends fc.Arbitrary<T> {
  constructor(
    readonly make: (choices: Choices) => T,
    readonly length: number,
  ) {
    super();
  }

  override generate(random: fc.Random): fc.Value<T> {
    const length = random.nextInt(Math.ceil(this.length / 8), this.length);
    return this.#from(Array.from({ length }, () => random.nextInt(0, LIMIT - 1)));
  }

  override canShrinkWithoutContext(_value: unknown): _value is T {
    return false;
  }

  override shrink(_value: T, context: unknown): fc.Stream<fc.Value<T>> {
    return isRow(context) ? fc.stream(this.#smaller(context)) : fc.Stream.nil();
  }

  *#smaller(row: readonly number[]): IterableIterator<fc.Value<T>> {
    for (const smaller of simpler(row)) yield this.#from(smaller);
  }

  #from(row: readonly number[]): fc.Value<T> {
    const choices = new Choices(row);
    const made = this.make(choices);
    return new fc.Value(made, row.slice(0, choices.used));
  }
}

function isRow(context: unknown): context is readonly number[] {
  return Array.isArray(context);
}

/** Runs left out, the longest first, then made zero, then single numbers made smaller. */
function* simpler(row: readonly number[]): IterableIterator<readonly number[]> {
  const least = Math.max(1, row.length >> 7);
  for (let size = row.length; size >= least; size = size >> 1) {
    for (let at = row.length - size; at >= 0; at -= size) yield row.toSpliced(at, size);
  }
  for (let size = row.length >> 1; size >= least; size = size >> 1) {
    for (let at = row.length - size; at >= 0; at -= size) {
      if (row.slice(at, at + size).some((each) => each > 0)) {
        yield row.toSpliced(at, size, ...Array.from({ length: size }, () => 0));
      }
    }
  }
  for (const [at, each] of row.entries()) if (each > 256) yield row.toSpliced(at, 1, each >> 1);
}
