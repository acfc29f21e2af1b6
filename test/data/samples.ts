import type { DataSource } from '../../src/data/contract.ts';

/** How many samples there are of each class. */
export function classCounts(source: DataSource): number[] {
  const counts = new Array<number>(source.labellings[0].classes).fill(0);
  for (let i = 0; i < source.count; i++) counts[source.label(i)]++;
  return counts;
}

export function sampleOf(source: DataSource, id: number): Float32Array {
  const out = new Float32Array(source.shape.reduce((product, n) => product * n, 1));
  source.write(id, out, 0);
  return out;
}
