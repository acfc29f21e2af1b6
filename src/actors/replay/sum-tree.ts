/**
 * Non-negative numbers by index, with their sum and the index at which a running sum passes a value, each in O(log n)
 * (Schaul et al., 2016, appendix B.2.1). An inner node is the sum of its children, worked out anew, never changed by
 * differences: it does not drift, and a tree that is filled again from its leaves has the same bits.
 */
export class SumTree {
  /** Node k has children 2k and 2k + 1; the leaves come last. */
  readonly #nodes: Float64Array;
  readonly #leaves: number;
  readonly size: number;

  constructor(size: number) {
    this.size = size;
    this.#leaves = 2 ** Math.ceil(Math.log2(Math.max(1, size)));
    this.#nodes = new Float64Array(2 * this.#leaves);
  }

  /** Bytes that a tree of so many numbers takes. */
  static bytes(size: number): number {
    return 16 * 2 ** Math.ceil(Math.log2(Math.max(1, size)));
  }

  get total(): number {
    return this.#nodes[1];
  }

  get(index: number): number {
    return this.#nodes[this.#leaves + index];
  }

  set(index: number, value: number): void {
    const nodes = this.#nodes;
    let at = this.#leaves + index;
    nodes[at] = value;
    for (at >>= 1; at >= 1; at >>= 1) nodes[at] = nodes[2 * at] + nodes[2 * at + 1];
  }

  /**
   * The index i with Σ_{j<i} ≤ mass < Σ_{j≤i}. Never one whose number is 0, whatever is rounded, as long as there is another.
   * @param mass in [0, total)
   */
  find(mass: number): number {
    const nodes = this.#nodes;
    let at = 1;
    let rest = mass;
    while (at < this.#leaves) {
      const left = nodes[2 * at];
      if (rest < left || nodes[2 * at + 1] === 0) at = 2 * at;
      else {
        rest -= left;
        at = 2 * at + 1;
      }
    }
    return at - this.#leaves;
  }

  /** The first so many numbers, as a copy. */
  leaves(count: number): Float64Array {
    return this.#nodes.slice(this.#leaves, this.#leaves + count);
  }

  /** Takes these numbers as the first ones, and 0 as the others. */
  fill(leaves: Float64Array): void {
    const nodes = this.#nodes.fill(0);
    nodes.set(leaves, this.#leaves);
    for (let at = this.#leaves - 1; at >= 1; at--) nodes[at] = nodes[2 * at] + nodes[2 * at + 1];
  }
}
