// The strongly connected components of a graph, those that are reached before those that reach them: so what a node
// takes over from its successors is worked out in one pass, whatever circles there are. Depth-first with a list for a
// stack (Tarjan, "Depth-First Search and Linear Graph Algorithms", 1972): each node and each edge is looked at once.

interface Visit<N> {
  readonly node: N;
  readonly number: number;
  readonly next: Iterator<N>;
  /** The lowest number known to be reachable that is in no component yet. */
  low: number;
}

/** `next` may name nodes that are not in `nodes`: they are nodes as well. */
export function components<N>(nodes: Iterable<N>, next: (node: N) => Iterable<N>): readonly (readonly N[])[] {
  const found: N[][] = [];
  const numbers = new Map<N, number>();
  const placed = new Set<N>();
  const open: N[] = [];
  const visits: Visit<N>[] = [];
  const enter = (node: N): void => {
    const number = numbers.size;
    numbers.set(node, number);
    open.push(node);
    visits.push({ node, number, next: next(node)[Symbol.iterator](), low: number });
  };
  const leave = ({ node, number, low }: Visit<N>): void => {
    const before = visits.at(-1);
    if (before !== undefined) before.low = Math.min(before.low, low);
    if (low < number) return;
    const component = open.splice(open.lastIndexOf(node));
    for (const each of component) placed.add(each);
    found.push(component);
  };
  for (const root of nodes) {
    if (!numbers.has(root)) enter(root);
    for (let visit = visits.at(-1); visit !== undefined; visit = visits.at(-1)) {
      const step = visit.next.next();
      if (step.done === true) {
        visits.pop();
        leave(visit);
      } else {
        const number = numbers.get(step.value);
        if (number === undefined) enter(step.value);
        else if (!placed.has(step.value)) visit.low = Math.min(visit.low, number);
      }
    }
  }
  return found;
}

/** What each node has, itself or through those it reaches. Nodes that have the same share one set where that is seen. */
export function gather<N, T>(
  nodes: Iterable<N>,
  next: (node: N) => Iterable<N>,
  own: (node: N) => readonly T[],
): ReadonlyMap<N, ReadonlySet<T>> {
  return gatherIn(components(nodes, next), next, own);
}

/** The same for a graph whose components are known. */
export function gatherIn<N, T>(
  found: readonly (readonly N[])[],
  next: (node: N) => Iterable<N>,
  own: (node: N) => readonly T[],
): ReadonlyMap<N, ReadonlySet<T>> {
  const all = new Map<N, ReadonlySet<T>>();
  const nothing: ReadonlySet<T> = new Set();
  for (const component of found) {
    let union = nothing;
    for (const node of component) {
      const values = own(node);
      if (values.length > 0) union = united(union, new Set(values));
      for (const to of next(node)) union = united(union, all.get(to) ?? nothing);
    }
    for (const node of component) all.set(node, union);
  }
  return all;
}

/** The greater of the sets where it holds the other, else a new one. */
function united<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): ReadonlySet<T> {
  if (a === b || b.size === 0) return a;
  const [greater, lesser] = a.size < b.size ? [b, a] : [a, b];
  const more = [...lesser].filter((each) => !greater.has(each));
  return more.length === 0 ? greater : new Set([...greater, ...more]);
}
