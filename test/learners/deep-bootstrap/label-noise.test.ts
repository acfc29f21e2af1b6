import { describe, expect, it } from 'vitest';
import { labelsWith } from '../../../src/learners/deep-bootstrap/index.ts';

const noise = { share: 0.3, seed: 7 };
const labels = (source: string, n = 4_000) => {
  const labelOf = labelsWith(noise, source, 10);
  return Array.from({ length: n }, (_, id) => labelOf(id, id % 10));
};

describe('label noise', () => {
  it('gives the wanted share of samples another class, each class as likely', () => {
    const noisy = labels('glyphs (train)');
    const wrong = noisy.flatMap((label, id) => (label === id % 10 ? [] : [(label - (id % 10) + 10) % 10]));
    expect(wrong.length / noisy.length).toBeGreaterThan(0.28);
    expect(wrong.length / noisy.length).toBeLessThan(0.32);
    for (let away = 1; away < 10; away++) {
      const share = wrong.filter(each => each === away).length / wrong.length;
      expect(share).toBeGreaterThan(0.08);
      expect(share).toBeLessThan(0.145);
    }
  });

  it('gives a sample the same label at every draw, and other samples to the test', () => {
    expect(labels('glyphs (train)', 50)).toEqual(labels('glyphs (train)', 50));
    expect(labels('glyphs (train)', 50)).not.toEqual(labels('glyphs (test)', 50));
  });

  it('changes none at 0, all at 1', () => {
    expect(labelsWith(null, 's', 10)(1, 4)).toBe(4);
    expect(labelsWith({ share: 0, seed: 1 }, 's', 10)(1, 4)).toBe(4);
    const wrong = labelsWith({ share: 1, seed: 1 }, 's', 10);
    for (let id = 0; id < 100; id++) expect(wrong(id, 4)).not.toBe(4);
  });
});
