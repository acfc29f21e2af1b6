import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import type { Rows } from './few-labels.ts';

/** What k-means has found. */
export interface Clusters {
  /** [clusters, width] */
  readonly centres: Float64Array;
  /** [rows]: the nearest centre */
  readonly assigned: Int32Array;
  /** [clusters]: rows of each */
  readonly sizes: Int32Array;
  /** The sum of squared distances of rows to their centres. */
  readonly inertia: number;
  readonly rounds: number;
}

/**
 * k-means (Lloyd, 1982) from the start of k-means++ (Arthur & Vassilvitskii, 2007): centres drawn among the rows, each with
 * a chance that grows with the squared distance to those drawn before. A cluster that is left empty is given the row that
 * lies furthest from its centre.
 * @param k at most the number of different rows
 * @param rounds at most; it ends where no row changes its cluster
 */
export function kMeans({ data, width }: Rows, k: number, random: Random, rounds = 100): Clusters {
  const count = data.length / width;
  const centres = firstCentres({ data, width }, k, random);
  const assigned = new Int32Array(count).fill(-1);
  const distances = new Float64Array(count);
  const sizes = new Int32Array(k);
  let round = 0;
  for (let moved = true; moved && round < rounds; round++) {
    moved = assign(data, width, centres, assigned, distances);
    if (moved) average(data, width, centres, assigned, distances, sizes);
  }
  // Where the rounds ran out, the centres have moved once more.
  assign(data, width, centres, assigned, distances);
  sizes.fill(0);
  for (const cluster of assigned) sizes[cluster]++;
  return {
    centres,
    assigned,
    sizes,
    inertia: distances.reduce((sum, distance) => sum + distance, 0),
    rounds: round,
  };
}

function firstCentres({ data, width }: Rows, k: number, random: Random): Float64Array {
  const count = data.length / width;
  const centres = new Float64Array(k * width);
  const nearest = new Float64Array(count).fill(Infinity);
  let chosen = random.integer(count);
  for (let cluster = 0; ; cluster++) {
    centres.set(data.subarray(chosen * width, (chosen + 1) * width), cluster * width);
    if (cluster === k - 1) return centres;
    let total = 0;
    for (let row = 0; row < count; row++) {
      nearest[row] = Math.min(nearest[row], squared(data, row * width, centres, cluster * width, width));
      total += nearest[row];
    }
    if (!(total > 0)) {
      throw usageError(
        `k = ${k}: the ${count} rows have only ${cluster + 1} different ones: expected at least k`,
      );
    }
    chosen = drawnBy(nearest, random.uniform(0, total));
  }
}

/** The row in whose part of the sum of all weights `place` lies. @param weights at least one above 0 */
function drawnBy(weights: Float64Array, place: number): number {
  let last = 0;
  for (let row = 0; row < weights.length; row++) {
    if (weights[row] === 0) continue;
    last = row;
    place -= weights[row];
    if (place < 0) break;
  }
  // Rounding may leave a crumb beyond the last row.
  return last;
}

/** Gives each row its nearest centre, the first of equals. @returns whether any row changed */
function assign(
  data: Float32Array,
  width: number,
  centres: Float64Array,
  assigned: Int32Array,
  distances: Float64Array,
): boolean {
  const k = centres.length / width;
  let moved = false;
  for (let row = 0; row < assigned.length; row++) {
    let best = 0;
    let nearest = Infinity;
    for (let cluster = 0; cluster < k; cluster++) {
      const distance = squared(data, row * width, centres, cluster * width, width);
      if (distance < nearest) [best, nearest] = [cluster, distance];
    }
    if (assigned[row] !== best) moved = true;
    assigned[row] = best;
    distances[row] = nearest;
  }
  return moved;
}

/** Moves each centre to the mean of its rows. */
function average(
  data: Float32Array,
  width: number,
  centres: Float64Array,
  assigned: Int32Array,
  distances: Float64Array,
  sizes: Int32Array,
): void {
  sizes.fill(0);
  for (const cluster of assigned) sizes[cluster]++;
  for (let cluster = 0; cluster < sizes.length; cluster++) {
    if (sizes[cluster] > 0) continue;
    let furthest = 0;
    for (let row = 1; row < distances.length; row++) {
      if (distances[row] > distances[furthest]) furthest = row;
    }
    sizes[assigned[furthest]]--;
    assigned[furthest] = cluster;
    distances[furthest] = 0;
    sizes[cluster] = 1;
  }
  centres.fill(0);
  for (let row = 0; row < assigned.length; row++) {
    const at = assigned[row] * width;
    for (let i = 0; i < width; i++) centres[at + i] += data[row * width + i] / sizes[assigned[row]];
  }
}

function squared(a: Float32Array, from: number, b: Float64Array, other: number, width: number): number {
  let sum = 0;
  for (let i = 0; i < width; i++) sum += (a[from + i] - b[other + i]) ** 2;
  return sum;
}
