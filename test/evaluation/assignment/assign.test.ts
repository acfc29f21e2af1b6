import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  assignArm,
  bucketOf,
  orderOfArms,
  pickArm,
  secretFromSeed,
  trialToken,
  uniformOf,
} from '../../../src/evaluation/assignment/assign.ts';
import { anyText } from '../log/designs.ts';

const secret = 'robot-lab-secret';
const half = [
  { name: 'a', weight: 1 },
  { name: 'b', weight: 1 },
];

describe('a unit’s number', () => {
  // Computed with Python's hmac module.
  it.each([
    ['policy', 'trial-0', 0x423e7230593f52bfn, 0.258765351108, 258],
    ['policy', 'trial-1', 0x1b865950171e4cd4n, 0.107518751195, 107],
    ['policy', 'trial-2', 0x1358f8859a96fae5n, 0.075576336496, 75],
    ['perception', 'trial-0', 0x0a6ff4305ff1dd42n, 0.040770780382, 40],
    ['perception', 'trial-1', 0x47d663056ed82adcn, 0.280615032984, 280],
    ['perception', 'trial-2', 0xf620f05835629f2en, 0.961440106902, 961],
  ])('%s|%s is the first 53 bits of the digest', (layer, unit, digest, u, bucket) => {
    expect(uniformOf(secret, layer, unit)).toBe(Number(digest >> 11n) / 2 ** 53);
    expect(uniformOf(secret, layer, unit)).toBeCloseTo(u, 12);
    expect(bucketOf(secret, layer, unit)).toBe(bucket);
  });

  it('is below 1 and in a bucket for any text', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), anyText, (key, unit) => {
        const u = uniformOf(key, 'layer', unit);
        expect(u >= 0 && u < 1).toBe(true);
        expect(bucketOf(key, 'layer', unit)).toBe(Math.floor(1000 * u));
      }),
    );
  });

  it('refuses a layer that could be another’s, and an empty secret', () => {
    expect(() => uniformOf(secret, 'a|b', 'c')).toThrow('layer = "a|b": expected a name without "|"');
    expect(() => uniformOf('', 'a', 'c')).toThrow('secret = "": expected a text that nobody guesses');
    expect(() => trialToken('', 'c')).toThrow('secret = ""');
  });
});

describe('assignArm', () => {
  it('splits 20,000 trials over two layers as they should be', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 20_000; i++) {
      const cell = ['policy', 'perception'].map(layer => assignArm(secret, layer, `trial-${i}`, half).name);
      counts.set(cell.join(), (counts.get(cell.join()) ?? 0) + 1);
    }
    expect(Object.fromEntries(counts)).toEqual({ 'a,a': 4984, 'a,b': 5036, 'b,a': 5019, 'b,b': 4961 });
  });

  it('does not depend on who asks first', () => {
    const units = Array.from({ length: 200 }, (_, i) => `u${i}`);
    const draw = (unit: string) => assignArm(secret, 'l', unit, half).name;
    const forwards = units.map(draw);
    const backwards = units.toReversed().map(draw).toReversed();
    expect(backwards).toEqual(forwards);
  });

  it('weighs by shares, whatever they sum to', () => {
    const arms = [
      { name: 'base', weight: 4 },
      { name: 'x', weight: 2 },
      { name: 'y', weight: 2 },
    ];
    expect([0, 0.4999, 0.5, 0.7499, 0.75, 0.9999].map(u => pickArm(arms, u).name)).toEqual([
      'base',
      'base',
      'x',
      'x',
      'y',
      'y',
    ]);
    const counts = { base: 0, x: 0, y: 0 };
    for (let i = 0; i < 40_000; i++)
      counts[assignArm(secret, 'weights', `t${i}`, arms).name as keyof typeof counts]++;
    // Three standard deviations of a binomial count: 300 of the half, 260 of a quarter.
    expect(Math.abs(counts.base - 20_000)).toBeLessThan(300);
    expect(Math.abs(counts.x - 10_000)).toBeLessThan(260);
  });

  it('gives the last arm where the shares sum to less than 1 by rounding', () => {
    const tenths = Array.from({ length: 10 }, (_, name) => ({ name, weight: 0.1 }));
    expect(pickArm(tenths, 1 - 2 ** -53).name).toBe(9);
  });

  it('refuses fewer than two arms and weights that are none', () => {
    expect(() => pickArm([{ weight: 1 }], 0)).toThrow('arms = 1: expected at least two');
    for (const weight of [0, -1, Number.NaN, Infinity]) {
      expect(() => pickArm([{ weight: 1 }, { weight }], 0)).toThrow(
        `arms.1.weight = ${weight}: expected a finite number above 0`,
      );
    }
  });
});

describe('the order of a pair’s arms', () => {
  it('is every permutation as often', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 6000; i++) {
      const order = orderOfArms(secret, 'pairs', `seed-${i}`, ['a', 'b', 'c']).join('');
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    const chi2 = [...counts.values()].reduce((sum, n) => sum + (n - 1000) ** 2 / 1000, 0);
    expect(counts.size).toBe(6);
    expect(chi2).toBeLessThan(15.09); // 99 % of chi-square with 5 degrees
  });

  it('holds each arm once, and is the same again', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.integer()), (unit, arms) => {
        const order = orderOfArms(secret, 'pairs', unit, arms);
        expect(order.toSorted()).toEqual(arms.toSorted());
        expect(orderOfArms(secret, 'pairs', unit, arms)).toEqual(order);
      }),
    );
  });
});

describe('a trial’s token', () => {
  it('differs in every trial and with every secret, and holds nothing of either', () => {
    const tokens = new Set(Array.from({ length: 5000 }, (_, i) => trialToken(secret, `trial-${i}`)));
    expect(tokens.size).toBe(5000);
    const token = trialToken(secret, 'trial-0');
    expect(token).toMatch(/^[0-9a-f]{32}$/);
    expect(trialToken('another', 'trial-0')).not.toBe(token);
    // Not the digest that the arm is drawn from, which begins with 423e…
    expect(token.startsWith('423e7230')).toBe(false);
  });
});

it('a seed gives a secret', () => {
  expect(secretFromSeed(7)).toMatch(/^[0-9a-f]{64}$/);
  expect(secretFromSeed(7)).not.toBe(secretFromSeed(8));
  expect(() => secretFromSeed(0.5)).toThrow('seed = 0.5: expected a safe integer');
});
