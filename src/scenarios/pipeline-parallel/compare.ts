/** The largest difference, as a part of the largest value wanted. NaN where one is no number, or lengths differ. */
export function farthest(found: ArrayLike<number>, wanted: ArrayLike<number>): number {
  if (found.length !== wanted.length) return Number.NaN;
  let [difference, largest] = [0, 0];
  for (let i = 0; i < wanted.length; i++) {
    const apart = Math.abs(found[i] - wanted[i]);
    if (Number.isNaN(apart)) return apart;
    difference = Math.max(difference, apart);
    largest = Math.max(largest, Math.abs(wanted[i]));
  }
  return difference / (largest || 1);
}

/** How many numbers differ in any bit. */
export function bitsApart(a: Float32Array, b: Float32Array): number {
  if (a.length !== b.length) return Math.max(a.length, b.length);
  const [x, y] = [a, b].map(values => new Uint32Array(values.slice().buffer));
  return x.reduce((count, bits, i) => count + Number(bits !== y[i]), 0);
}
