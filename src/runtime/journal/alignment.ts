// Two lists laid side by side: the longest common subsequence of their keys, and what stands on one side only. Every key
// occurs once in a list, so the sequence is a longest increasing one (Fredman, "On computing the length of longest
// increasing subsequences", 1975), in O(n log n).

export interface Pair<T> {
  readonly a?: T;
  readonly b?: T;
}

/** Both lists in one: pairs with equal keys in order, and in between what only `a` has, then what only `b` has. */
export function align<T>(a: readonly T[], b: readonly T[], keyOf: (item: T) => string): readonly Pair<T>[] {
  const places = new Map(b.map((item, index) => [keyOf(item), index]));
  const common = a.flatMap((item, index) => {
    const at = places.get(keyOf(item));
    return at === undefined ? [] : [{ a: index, b: at }];
  });
  const pairs: Pair<T>[] = [];
  let [nextA, nextB] = [0, 0];
  const until = (endA: number, endB: number): void => {
    for (const item of a.slice(nextA, endA)) pairs.push({ a: item });
    for (const item of b.slice(nextB, endB)) pairs.push({ b: item });
    [nextA, nextB] = [endA, endB];
  };
  for (const match of increasing(common)) {
    until(match.a, match.b);
    const [left, right] = [a[match.a], b[match.b]];
    if (left !== undefined && right !== undefined) pairs.push({ a: left, b: right });
    [nextA, nextB] = [match.a + 1, match.b + 1];
  }
  until(a.length, b.length);
  return pairs;
}

interface Match {
  readonly a: number;
  readonly b: number;
}

/** A longest part of the matches, which stand in the order of `a`, that stands in the order of `b` as well. */
function increasing(matches: readonly Match[]): readonly Match[] {
  /** By length: the match with the smallest `b` that such a part can end with. */
  const ends: number[] = [];
  const before: (number | undefined)[] = [];
  matches.forEach((match, index) => {
    let [low, high] = [0, ends.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((matches[ends[middle] ?? 0]?.b ?? 0) < match.b) low = middle + 1;
      else high = middle;
    }
    before[index] = low === 0 ? undefined : ends[low - 1];
    ends[low] = index;
  });
  const found: Match[] = [];
  for (let index = ends.at(-1); index !== undefined; index = before[index]) {
    const match = matches[index];
    if (match !== undefined) found.push(match);
  }
  return found.reverse();
}
