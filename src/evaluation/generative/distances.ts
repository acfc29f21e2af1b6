import type { SampleFeatures } from './features.ts';

/** How many terms of a distance are added up between two looks at whether it is enough. */
const stride = 16;

/** |aᵢ − bⱼ|², left at what it has come to once that is `enough` or more. */
export function squaredDistance(
  a: SampleFeatures,
  i: number,
  b: SampleFeatures,
  j: number,
  enough = Infinity,
): number {
  const { width } = a;
  const [x, y] = [a.data, b.data];
  const [from, other] = [i * width, j * width];
  let sum = 0;
  for (let at = 0; at < width && sum < enough; ) {
    for (const end = Math.min(at + stride, width); at < end; at++) {
      const difference = x[from + at] - y[other + at];
      sum += difference * difference;
    }
  }
  return sum;
}

/** The squared distance of each sample of `from` to its nearest one in `to`. @returns [samples of from] */
export function nearestSquared(from: SampleFeatures, to: SampleFeatures): Float64Array {
  const count = to.data.length / to.width;
  return Float64Array.from({ length: from.data.length / from.width }, (_, i) => {
    let nearest = Infinity;
    for (let j = 0; j < count; j++) {
      nearest = Math.min(nearest, squaredDistance(from, i, to, j, nearest));
    }
    return nearest;
  });
}

/**
 * The squared distance of each sample to the k-th nearest other one of its own set.
 * @param k at least 1, less than the number of samples
 * @returns [samples]
 */
export function neighbourRadii(set: SampleFeatures, k: number): Float64Array {
  const count = set.data.length / set.width;
  const nearest = Array.from({ length: count }, () => new Float64Array(k).fill(Infinity));
  for (let i = 0; i < count; i++) {
    for (let j = i + 1; j < count; j++) {
      const enough = Math.max(nearest[i][k - 1], nearest[j][k - 1]);
      const distance = squaredDistance(set, i, set, j, enough);
      insert(nearest[i], distance);
      insert(nearest[j], distance);
    }
  }
  return Float64Array.from(nearest, distances => distances[k - 1]);
}

/** Puts a distance among the smallest ones, which stand in ascending order. */
function insert(smallest: Float64Array, distance: number): void {
  let at = smallest.length - 1;
  if (distance >= smallest[at]) return;
  for (; at > 0 && smallest[at - 1] > distance; at--) smallest[at] = smallest[at - 1];
  smallest[at] = distance;
}
