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
  own: (node: N) => Iterable<T>,
): ReadonlyMap<N, ReadonlySet<T>> {
  const all = new Map<N, ReadonlySet<T>>();
  for (const component of components(nodes, next)) {
    const parts = new Set<ReadonlySet<T>>([new Set(component.flatMap((node) => [...own(node)]))]);
    for (const node of component) {
      for (const to of next(node)) {
        const part = all.get(to);
        if (part !== undefined) parts.add(part);
      }
    }
    const union = united([...parts]);
    for (const node of component) all.set(node, union);
  }
  return all;
}

/** The greatest of the sets where it holds all others, else a new one. */
function united<T>(parts: readonly ReadonlySet<T>[]): ReadonlySet<T> {
  const [greatest = new Set<T>(), ...others] = parts.toSorted((a, b) => b.size - a.size);
  const more = others.flatMap((part) => [...part].filter((each) => !greatest.has(each)));
  return more.length === 0 ? greatest : new Set([...greatest, ...more]);
}
