import { fileURLToPath } from 'node:url';
import { afterEach, expect, it, vi } from 'vitest';
import { asError } from '../../src/core/errors.ts';
import { fashionMnist } from '../../src/data/mnist.ts';
import { classCounts, sampleOf } from './samples.ts';

const slice = fileURLToPath(new URL('../fixtures/fashion-mnist', import.meta.url));
afterEach(() => vi.unstubAllEnvs());

/** Why it is skipped, to be said in its name; `undefined` where it is not. */
function missing(): string | undefined {
  try {
    fashionMnist({ split: 'test', size: 28 });
    return undefined;
  } catch (error) {
    return asError(error).message;
  }
}
const why = missing();

it.skipIf(why)(`Fashion-MNIST is whole${why ? ` (skipped: ${why})` : ''}`, () => {
  expect(classCounts(fashionMnist({ split: 'test', size: 28 }))).toEqual(new Array(10).fill(1000));
  const train = fashionMnist({ split: 'train', size: 28 });
  expect(classCounts(train)).toEqual(new Array(10).fill(6000));
  vi.stubEnv('TROUPE_FASHION_MNIST', slice);
  const kept = fashionMnist({ split: 'train', size: 28 });
  for (const id of [0, 250, 499]) expect(sampleOf(kept, id)).toEqual(sampleOf(train, id));
});
