import { expect, it } from 'vitest';
import { fashionMnist } from '../../../src/data/index.ts';
import { playProbe } from './probing.ts';

/** Why it is skipped, if it is. */
function missing(): string {
  try {
    fashionMnist({ split: 'train', size: 14 });
    return '';
  } catch (error) {
    return String(error);
  }
}

const why = missing();

it.skipIf(why)(`rotations teach more than three points above random features ${why}`, async () => {
  const gains: number[] = [];
  for (const seed of [1, 2, 3]) {
    const figures = await playProbe(seed, false);
    gains.push(100 * ((figures['rotation'] ?? Number.NaN) - (figures['random'] ?? Number.NaN)));
  }
  expect(gains.toSorted((a, b) => a - b)[1], `${gains}`).toBeGreaterThanOrEqual(3);
});
