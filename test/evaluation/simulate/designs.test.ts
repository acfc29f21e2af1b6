import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { armAssigner, type SimulatedDesign } from '../../../src/evaluation/simulate/designs.ts';

function armsOf(
  design: SimulatedDesign,
  n: number,
  { arms = 2, seed = 1, operators = 1, operator = new Uint8Array(n) } = {},
) {
  const arm = new Uint8Array(n);
  armAssigner(design, { arms, operators }, { arm, operator })(Random.fromSeed(seed));
  return [...arm];
}
const count = (arms: readonly number[], of: number) => arms.filter(arm => arm === of).length;

describe('a simulated design', () => {
  it('assigns one arm after the other, or in turn', () => {
    expect(armsOf({ assign: 'sequential' }, 6, { arms: 3 })).toEqual([0, 0, 1, 1, 2, 2]);
    expect(armsOf({ assign: 'alternating' }, 5)).toEqual([0, 1, 0, 1, 0]);
  });

  it('draws an arm for each trial by weights', () => {
    const arms = armsOf({ assign: 'per trial', weights: [2, 1, 1] }, 16_000, { arms: 3 });
    for (const [k, share] of [0.5, 0.25, 0.25].entries())
      expect(Math.abs(count(arms, k) - share * 16_000)).toBeLessThan(
        5 * Math.sqrt(16_000 * share * (1 - share)),
      );
    // A trial says nothing of the next.
    const repeats = arms.slice(1).filter((arm, i) => arm === arms[i]).length;
    expect(Math.abs(repeats - 0.375 * 15_999)).toBeLessThan(5 * Math.sqrt(15_999 * 0.375 * 0.625));
  });

  it('holds each arm as often in each block, in every order', () => {
    const arms = armsOf({ assign: 'blocks', size: 4 }, 4 * 6000);
    const orders = new Map<string, number>();
    for (let at = 0; at < arms.length; at += 4) {
      const order = arms.slice(at, at + 4).join('');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect([...orders.keys()].sort()).toEqual(['0011', '0101', '0110', '1001', '1010', '1100']);
    for (const times of orders.values()) expect(Math.abs(times - 1000)).toBeLessThan(150);
  });

  it('keeps a session to one arm, and shares sessions out evenly', () => {
    const arms = armsOf({ assign: 'per session', trials: 10 }, 200);
    for (let s = 0; s < 20; s++) expect(new Set(arms.slice(10 * s, 10 * s + 10)).size).toBe(1);
    expect(count(arms, 1)).toBe(100);
    expect(arms).not.toEqual(armsOf({ assign: 'per session', trials: 10 }, 200, { seed: 2 }));
  });

  it('mixes operators with arms where people choose', () => {
    const operator = Uint8Array.from({ length: 20_000 }, (_, t) => t % 2);
    const arms = armsOf({ assign: 'by operator', shares: [0.7, 0.3] }, 20_000, { operator, operators: 2 });
    for (const o of [0, 1]) {
      const share =
        count(
          arms.filter((_, t) => operator[t] === o),
          1,
        ) / 10_000;
      expect(Math.abs(share - (o === 0 ? 0.7 : 0.3))).toBeLessThan(0.025);
    }
  });

  it.each<SimulatedDesign>([
    { assign: 'sequential' },
    { assign: 'alternating' },
    { assign: 'per trial' },
    { assign: 'blocks', size: 4 },
    { assign: 'per session', trials: 6 },
    { assign: 'by operator', shares: [0.4] },
  ])('assigns the same for the same stream, whatever was assigned before: %j', design => {
    const arm = new Uint8Array(50);
    const assign = armAssigner(design, { arms: 2, operators: 1 }, { arm, operator: new Uint8Array(50) });
    assign(Random.fromSeed(4));
    assign(Random.fromSeed(5));
    expect([...arm]).toEqual(armsOf(design, 50, { seed: 5 }));
  });

  it.each<[SimulatedDesign, number, string]>([
    [{ assign: 'blocks', size: 3 }, 2, 'design: blocks of 3: expected a multiple of the 2 arms'],
    [{ assign: 'per trial', weights: [1, 0] }, 2, 'design: weights 1, 0: expected 2 numbers above 0'],
    [{ assign: 'per session', trials: 0 }, 2, 'design: sessions of 0 trials: expected 1 or more'],
    [{ assign: 'by operator', shares: [2] }, 2, 'design: shares 2 of 2 arms: expected chances, of two arms'],
    [{ assign: 'by operator', shares: [] }, 2, 'design: 0 shares: expected one for each of 1 operators'],
  ])('refuses %j', (design, arms, message) => {
    expect(() => armsOf(design, 10, { arms })).toThrow(message);
  });
});
