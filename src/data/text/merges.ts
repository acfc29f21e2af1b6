/** What was learnt: all tokens by their ids, and the pairs in the order in which they merge. */
export interface Merges {
  readonly tokens: readonly string[];
  readonly merges: [string, string][];
}

interface Piece {
  ids: number[];
  readonly count: number;
}

interface Candidate {
  readonly count: number;
  readonly pair: number;
}

// A pair as one number: ids are below this.
const radix = 2 ** 24;

/**
 * Learns the merges of byte pairs: the most frequent pair of neighbours becomes a token, until there are `size`, or no pair
 * is left that occurs twice; of equals the pair of the lowest ids comes first. Counts of pairs are kept and changed where a
 * merge changes a piece, so that each costs what it touches.
 * @param pieces with how often each occurs; of characters of the alphabet
 */
export function learnMerges(
  pieces: ReadonlyMap<string, number>,
  alphabet: readonly string[],
  size: number,
): Merges {
  const tokens = [...alphabet];
  const ids = new Map(tokens.map((token, id) => [token, id]));
  const merges: [string, string][] = [];
  const work: Piece[] = Array.from(pieces, ([piece, count]) => ({
    ids: Array.from(piece, character => ids.get(character) ?? 0),
    count,
  }));
  const counts = new Map<number, number>();
  const places = new Map<number, Set<Piece>>();
  const queue = new Queue();
  for (const piece of work) note(piece, 1, undefined);
  for (const [pair, count] of counts) queue.push({ pair, count });

  /** Adds or takes away a piece's pairs. @param changed collects those that it has more often now */
  function note(piece: Piece, sign: 1 | -1, changed: Set<number> | undefined): void {
    for (let i = 1; i < piece.ids.length; i++) {
      const pair = piece.ids[i - 1] * radix + piece.ids[i];
      counts.set(pair, (counts.get(pair) ?? 0) + sign * piece.count);
      if (sign < 0) continue;
      changed?.add(pair);
      const having = places.get(pair);
      if (having) having.add(piece);
      else places.set(pair, new Set([piece]));
    }
  }

  while (tokens.length < size) {
    const best = queue.pop();
    if (best === undefined || best.count < 2) break;
    const count = counts.get(best.pair) ?? 0;
    if (count !== best.count) {
      // It has become rarer since: it waits for its turn anew.
      if (count > 0 && count < best.count) queue.push({ pair: best.pair, count });
      continue;
    }
    const [left, right] = [Math.floor(best.pair / radix), best.pair % radix];
    const token = tokens[left] + tokens[right];
    // Two pairs may give the same token: a + bc and ab + c.
    const id = ids.get(token) ?? tokens.push(token) - 1;
    ids.set(token, id);
    merges.push([tokens[left], tokens[right]]);
    const changed = new Set<number>();
    for (const piece of places.get(best.pair) ?? []) {
      note(piece, -1, undefined);
      piece.ids = merged(piece.ids, left, right, id);
      note(piece, 1, changed);
    }
    places.delete(best.pair);
    for (const pair of changed) queue.push({ pair, count: counts.get(pair) ?? 0 });
  }
  return { tokens, merges };
}

function merged(ids: readonly number[], left: number, right: number, id: number): number[] {
  const out: number[] = [];
  for (let i = 0; i < ids.length; i++) {
    if (ids[i] === left && ids[i + 1] === right) {
      out.push(id);
      i++;
    } else out.push(ids[i]);
  }
  return out;
}

/** A binary heap: the highest count first, of equals the lowest pair. */
class Queue {
  readonly #heap: Candidate[] = [];

  push(item: Candidate): void {
    const heap = this.#heap;
    let at = heap.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, heap[parent])) break;
      heap[at] = heap[parent];
      at = parent;
    }
    heap[at] = item;
  }

  pop(): Candidate | undefined {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && before(heap[child + 1], heap[child])) child++;
      if (!before(heap[child], last)) break;
      heap[at] = heap[child];
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

const before = (a: Candidate, b: Candidate): boolean =>
  a.count > b.count || (a.count === b.count && a.pair < b.pair);
