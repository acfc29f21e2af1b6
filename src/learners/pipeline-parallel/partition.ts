import { usageError } from '../../core/errors.ts';

/**
 * Cuts a row of costs into consecutive blocks so that the dearest block is as cheap as can be (block partition of sequences, Bárány &
 * Grinberg, 2015, which torchgpipe balances by). Exact: least maximum over all cuts, by dynamic programming in O(K · L²). Of several
 * such partitions, the one whose earlier blocks are shorter.
 * @param costs of each layer, none negative
 * @returns the first layer of every block but the first: what `openPipeline` takes as `cuts`
 */
export function partition(costs: readonly number[], blocks: number): readonly number[] {
  const layers = costs.length;
  if (!(Number.isInteger(blocks) && blocks >= 1 && blocks <= layers)) {
    throw usageError(`partition: blocks: expected 1 to ${layers}, the number of costs, got ${blocks}`);
  }
  const bad = costs.findIndex(cost => !(Number.isFinite(cost) && cost >= 0));
  if (bad >= 0) throw usageError(`partition: costs[${bad}]: expected a number from 0, got ${costs[bad]}`);
  const before = [0];
  for (const cost of costs) before.push(before[before.length - 1] + cost);
  // best[k][end]: least maximum of the first `end` costs in k + 1 blocks; last[k][end]: where its last block begins.
  const best: number[][] = [before.slice()];
  const last: number[][] = [new Array<number>(layers + 1).fill(0)];
  for (let k = 1; k < blocks; k++) {
    best.push(new Array<number>(layers + 1).fill(Number.POSITIVE_INFINITY));
    last.push(new Array<number>(layers + 1).fill(k));
    for (let end = k + 1; end <= layers; end++) {
      for (let start = k; start < end; start++) {
        const most = Math.max(best[k - 1][start], before[end] - before[start]);
        if (most < best[k][end]) {
          best[k][end] = most;
          last[k][end] = start;
        }
      }
    }
  }
  const cuts: number[] = [];
  for (let k = blocks - 1, end = layers; k > 0; k--) {
    end = last[k][end];
    cuts.unshift(end);
  }
  return cuts;
}

/** The cost of each block, for the cuts that `partition` gives. */
export function blockCosts(costs: readonly number[], cuts: readonly number[]): readonly number[] {
  const edges = [0, ...cuts, costs.length];
  return edges.slice(1).map((end, i) => costs.slice(edges[i], end).reduce((sum, cost) => sum + cost, 0));
}
