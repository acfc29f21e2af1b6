import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  augmentLabelled,
  augmentOf,
  type ImageShape,
  identity,
  images,
  pairOf,
} from '../../../src/data/augment/index.ts';

const shape: ImageShape = [4, 4, 1];
const random = Random.fromSeed(9).split('augment');

/** Image i is i + 1 everywhere, so that where a pixel came from can be read off. */
const batch = (index: number, count: number) => ({
  index,
  ids: Int32Array.from({ length: count }, (_, i) => i),
  x: Float32Array.from({ length: 16 * count }, (_, i) => (Math.floor(i / 16) + 1) / 64),
});
const sources = (uAug: Float32Array) =>
  Array.from({ length: uAug.length / 16 }, (_, i) => uAug[16 * i] * 64 - 1);

describe('a pair', () => {
  it('shuffled: every image beside another of its batch, each used once, in another order for each batch', () => {
    const orders = new Set<string>();
    for (let index = 0; index < 40; index++) {
      const { u, uAug } = pairOf(batch(index, 8), {
        samples: images(shape, identity),
        random,
        shuffled: true,
      });
      const order = sources(uAug);
      expect([...u]).toEqual([...batch(index, 8).x]);
      expect([...order].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
      order.forEach((from, place) => {
        expect(from).not.toBe(place);
      });
      orders.add(order.join());
    }
    expect(orders.size).toBe(7);
  });

  it('does not change the batch, and draws anew for each place and each batch', () => {
    const same = { ...batch(0, 3), x: new Float32Array(48).map((_, i) => (i % 16) / 16) };
    const before = [...same.x];
    const augmentation = { samples: images(shape, augmentOf('affine')), random };
    const first = pairOf(same, augmentation);
    const next = pairOf({ ...same, index: 1 }, augmentation);
    const pictures = [first, next].flatMap(({ uAug }) =>
      [0, 16, 32].map(at => uAug.slice(at, at + 16).join()),
    );
    expect(new Set(pictures).size).toBe(6);
    expect([...same.x]).toEqual(before);
  });

  it('refuses a batch of other images, and a shuffled one of a single image', () => {
    const augmentation = { samples: images(shape, identity), random };
    expect(() => pairOf({ ...batch(4, 2), x: new Float32Array(31) }, augmentation)).toThrow(
      'batch 4: expected 2 samples of 16 numbers, so 32, got 31',
    );
    expect(() => pairOf(batch(4, 1), { ...augmentation, shuffled: true })).toThrow(
      'batch 4: shuffled pairs need 2 samples or more, got 1',
    );
  });
});

it('a labelled batch keeps its labels', () => {
  const y = Int32Array.of(5, 6);
  const out = augmentLabelled({ ...batch(0, 2), y }, { samples: images(shape, augmentOf('affine')), random });
  expect([...out.y]).toEqual([5, 6]);
  expect([...out.x]).not.toEqual([...batch(0, 2).x]);
});
