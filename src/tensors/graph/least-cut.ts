/** Edges of a flow network: pairs of an edge and its reverse, side by side. */
export class Network {
  readonly #to: number[] = [];
  readonly #left: number[] = [];
  readonly #leaving: number[][];

  /** @param places how many nodes there are */
  constructor(places: number) {
    this.#leaving = Array.from({ length: places }, () => []);
  }

  edge(from: number, to: number, capacity: number): void {
    this.#leaving[from].push(this.#to.length);
    this.#to.push(to);
    this.#left.push(capacity);
    this.#leaving[to].push(this.#to.length);
    this.#to.push(from);
    this.#left.push(0);
  }

  /**
   * Sends all the flow there is room for, along shortest paths (Edmonds & Karp, 1972).
   * @returns for each node whether it is on the side of `sink` of the least cut, the nearest one to `sink`
   */
  leastCut(source: number, sink: number): readonly boolean[] {
    for (let came = this.#path(source, sink); came; came = this.#path(source, sink)) {
      let most = Number.POSITIVE_INFINITY;
      for (let at = sink; at !== source; at = this.#to[came[at] ^ 1]) {
        most = Math.min(most, this.#left[came[at]]);
      }
      for (let at = sink; at !== source; at = this.#to[came[at] ^ 1]) {
        this.#left[came[at]] -= most;
        this.#left[came[at] ^ 1] += most;
      }
    }
    const near = new Array<boolean>(this.#leaving.length).fill(false);
    near[sink] = true;
    const open = [sink];
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      for (const edge of this.#leaving[at]) {
        const from = this.#to[edge];
        if (near[from] || this.#left[edge ^ 1] <= 0) continue;
        near[from] = true;
        open.push(from);
      }
    }
    return near;
  }

  /** The edge by which each node is reached on a path with room; `undefined` where there is none. */
  #path(source: number, sink: number): Int32Array | undefined {
    const came = new Int32Array(this.#leaving.length).fill(-1);
    const open = [source];
    for (let next = 0; next < open.length; next++) {
      for (const edge of this.#leaving[open[next]]) {
        const to = this.#to[edge];
        if (to === source || came[to] >= 0 || this.#left[edge] <= 0) continue;
        came[to] = edge;
        if (to === sink) return came;
        open.push(to);
      }
    }
    return undefined;
  }
}
