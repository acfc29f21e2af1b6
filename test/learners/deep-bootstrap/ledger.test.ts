import { describe, expect, it } from 'vitest';
import { orderOf } from '../../../src/actors/streams/index.ts';
import { ledgerFaults, sharedSamples } from '../../../src/learners/deep-bootstrap/index.ts';

describe('what a world drew', () => {
  const ideal = { world: 'ideal', steps: 1_500, batch: 64, samples: null };
  const real = { world: 'N=1000', steps: 1_500, batch: 64, samples: 1_000 };

  it('is all new in the ideal world', () => {
    expect(ledgerFaults(ideal, { drawn: 96_000, distinct: 96_000 })).toEqual([]);
    expect(ledgerFaults(ideal, { drawn: 96_000, distinct: 95_999 })).toEqual([
      'ideal: drew 95999 different samples: expected 96000',
    ]);
    expect(ledgerFaults(ideal, { drawn: 96_064, distinct: 96_064 })).toHaveLength(2);
  });

  it('is every sample of the fixed set in a real world, and no other', () => {
    expect(ledgerFaults(real, { drawn: 96_000, distinct: 1_000 })).toEqual([]);
    expect(ledgerFaults(real, { drawn: 96_000, distinct: 999 })).toHaveLength(1);
    expect(ledgerFaults(real, { drawn: 96_000, distinct: 96_000 })).toEqual([
      'N=1000: drew 96000 different samples: expected 1000',
    ]);
  });

  it('is at least an epoch in the first epochs, where what fills no batch was left out', () => {
    const short = { ...real, steps: 30 };
    expect(ledgerFaults(short, { drawn: 1_920, distinct: 960 })).toEqual([]);
    expect(ledgerFaults(short, { drawn: 1_920, distinct: 1_001 })).toEqual([
      'N=1000: drew 1001 different samples: expected 960 to 1000',
    ]);
    expect(ledgerFaults({ ...real, steps: 10 }, { drawn: 640, distinct: 640 })).toEqual([]);
    expect(ledgerFaults({ ...real, steps: 10 }, { drawn: 640, distinct: 639 })).toHaveLength(1);
  });

  it('is shared where numbers are in both sets', () => {
    expect(sharedSamples(Int32Array.of(1, 2, 3), Int32Array.of(3, 3, 2, 9))).toBe(2);
    expect(sharedSamples(Int32Array.of(1), new Int32Array(0))).toBe(0);
  });
});

describe('an epoch of 10 samples in batches of 4', () => {
  const ids = Int32Array.from({ length: 10 }, (_, i) => 100 + i);
  const epochsOf = (seed: number, epochs: number) => {
    const order = orderOf(ids, {
      data: { name: 'glyphs', seed: 0, split: 'train' },
      pool: { from: 100, count: 10 },
      perClass: null,
      order: 'replayed',
      batch: 4,
      seed,
    });
    return Array.from({ length: epochs }, (_, epoch) =>
      [0, 1].flatMap(batch => {
        const out = new Int32Array(4);
        order.fill(2 * epoch + batch, out);
        return [...out];
      }),
    );
  };

  it('is 2 steps of 8 different samples, each epoch another permutation', () => {
    const epochs = epochsOf(1, 5);
    for (const epoch of epochs) expect(new Set(epoch).size).toBe(8);
    expect(new Set(epochs.map(String)).size).toBe(5);
  });

  it('drops 2 samples, others each time: over 5 epochs each is drawn 3 to 5 times, over 40 as often as any', () => {
    // Who is dropped is chance: three times of five happens to one of ten samples in about every other seed.
    const counts = (seed: number, epochs: number) => {
      const drawn = epochsOf(seed, epochs).flat();
      return [...ids].map(id => drawn.filter(other => other === id).length);
    };
    const few = counts(1, 5);
    expect(few.reduce((sum, n) => sum + n)).toBe(40);
    expect(Math.min(...few)).toBeGreaterThanOrEqual(3);
    expect(Math.max(...few)).toBeLessThanOrEqual(5);
    const many = counts(1, 40);
    expect(Math.min(...many)).toBeGreaterThanOrEqual(22);
    expect(Math.max(...many)).toBeLessThanOrEqual(40);
  });
});
