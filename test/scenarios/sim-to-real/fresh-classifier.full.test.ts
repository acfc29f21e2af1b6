import { afterAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { freshClassifier, type LabelledSample } from '../../../src/scenarios/sim-to-real/fresh-classifier.ts';

const classifier = await freshClassifier(3);
afterAll(() => classifier.dispose());

/** Episodes of 100 rows of three standard normal numbers, the first of them moved. */
function normal(label: string, episodes: number, shift = 0): LabelledSample {
  const values = new Float32Array(episodes * 100 * 3);
  Random.fromSeed(1).split(label).fillNormal(values);
  for (let i = 0; i < values.length; i += 3) values[i] += shift;
  return { values, size: 3, lengths: new Array(episodes).fill(100) };
}

describe('a classifier trained anew', () => {
  test('tells nothing where there is nothing to tell', async () => {
    for (const seed of [1, 2, 3]) {
      const auc = await classifier.auc(normal(`a${seed}`, 48), normal(`b${seed}`, 48), seed);
      expect(Math.abs(auc - 0.5)).toBeLessThan(0.03);
    }
  });

  // P(x + d > y) of standard normal x, y is Φ(d / √2): 0.7602 with d = 1, 0.9214 with d = 2.
  test.each([
    [1, 0.7602],
    [2, 0.9214],
  ])('finds a shift of %d as far as it can be found', async (shift, expected) => {
    for (const seed of [1, 2]) {
      const auc = await classifier.auc(normal('c', 48, shift), normal('d', 48), seed);
      expect(Math.abs(auc - expected)).toBeLessThan(0.02);
    }
  });

  test('is the same for the same seed, whatever it was asked before', async () => {
    const [real, fake] = [normal('e', 8, 0.5), normal('f', 8)];
    const first = await classifier.auc(real, fake, 4);
    await classifier.auc(fake, real, 5);
    expect(await classifier.auc(real, fake, 4)).toBe(first);
    expect(await classifier.auc(real, fake, 6)).not.toBe(first);
  });

  // Episodes about a place of their own: a classifier that is judged on those it was trained on knows them by it.
  test('planted: rows of the episodes it was trained on would give it away', async () => {
    const placed = (label: string): LabelledSample => {
      const sample = normal(label, 6);
      const random = Random.fromSeed(2).split(label);
      for (let episode = 0; episode < 6; episode++) {
        const place = [random.normal(), random.normal(), random.normal()];
        for (let i = 0; i < 300; i++) {
          const at = 300 * episode + i;
          sample.values[at] = place[i % 3] + 0.05 * sample.values[at];
        }
      }
      return sample;
    };
    const split = (sample: LabelledSample): LabelledSample => ({
      ...sample,
      lengths: new Array(600).fill(1),
    });
    const honest: number[] = [];
    const leaking: number[] = [];
    for (const k of [1, 2, 3, 4]) {
      const [real, fake] = [placed(`g${k}`), placed(`h${k}`)];
      honest.push(await classifier.auc(real, fake, k));
      leaking.push(await classifier.auc(split(real), split(fake), k));
    }
    expect(Math.min(...leaking)).toBeGreaterThan(0.98);
    expect(honest.reduce((sum, auc) => sum + auc, 0) / 4).toBeLessThan(0.85);
  });
});
