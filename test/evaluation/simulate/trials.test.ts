import { describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { proportionIn, strataOf, tableMaker } from '../../../src/evaluation/simulate/tables.ts';
import { experimentMaker, type SimulatedExperiment } from '../../../src/evaluation/simulate/trials.ts';

const experiment: SimulatedExperiment = {
  world: { base: 0.8, walk: 0.01, operators: { offsets: [0.2, -0.2] } },
  design: { assign: 'blocks', size: 4 },
  trials: 400,
  effects: [0.05],
};
const stream = (i: number) => Random.fromSeed(11).split(i);

describe('a simulated experiment', () => {
  it('is the same for the same stream, whatever was run before', () => {
    const make = experimentMaker(experiment);
    make(stream(0));
    const again = structuredClone(make(stream(1)));
    expect(structuredClone(experimentMaker(experiment)(stream(1)))).toEqual(again);
    expect(structuredClone(make(stream(0)))).not.toEqual(again);
  });

  it('meets the same world under another design', () => {
    const [one, other] = (['alternating', 'sequential'] as const).map(assign =>
      structuredClone(experimentMaker({ ...experiment, design: { assign } })(stream(3))),
    );
    expect(other.chance).toEqual(one.chance);
    expect(other.operator).toEqual(one.operator);
    expect(other.arm).not.toEqual(one.arm);
  });

  it('gives arms their relative effects', () => {
    const n = 300_000;
    const trials = experimentMaker({
      world: { base: 0.8 },
      design: { assign: 'per trial' },
      trials: n,
      effects: [0.05, -0.05],
    })(stream(0));
    const tables = tableMaker({}, trials, 1)(trials);
    for (const [k, p] of [0.8, 0.84, 0.76].entries()) {
      const { successes, n: size } = proportionIn(tables, 0, k);
      expect(Math.abs(successes / size - p)).toBeLessThan(5 * Math.sqrt((p * (1 - p)) / size));
    }
  });

  it.each([
    [{ trials: 0 }, 'trials = 0: expected a number, 1 or more'],
    [{ effects: [] }, 'effects: 0 of them: expected one for each arm beside the baseline'],
    [{ effects: [-2] }, 'effects: -2: expected a relative effect, -1 or more'],
  ])('refuses %j', (change, message) => {
    expect(() => experimentMaker({ ...experiment, ...change })).toThrow(message);
  });
});

describe('tables of an experiment', () => {
  const trials = {
    n: 8,
    arms: 2,
    arm: Uint8Array.of(0, 1, 0, 1, 1, 0, 1, 0),
    success: Uint8Array.of(1, 1, 0, 0, 1, 1, 1, 0),
    operator: Uint8Array.of(0, 1, 1, 0, 0, 0, 1, 1),
    chance: new Float64Array(8),
  };

  it('count by stretches of time, by operators and by both', () => {
    expect(strataOf(tableMaker({ trials: 4 }, trials, 2)(trials))).toEqual([
      { arm: { successes: 1, n: 2 }, baseline: { successes: 1, n: 2 } },
      { arm: { successes: 2, n: 2 }, baseline: { successes: 1, n: 2 } },
    ]);
    expect(strataOf(tableMaker({ operator: true }, trials, 2)(trials))).toEqual([
      { arm: { successes: 1, n: 2 }, baseline: { successes: 2, n: 2 } },
      { arm: { successes: 2, n: 2 }, baseline: { successes: 0, n: 2 } },
    ]);
    expect([...tableMaker({ trials: 4, operator: true }, trials, 2)(trials).counts]).toEqual([
      1, 1, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1,
    ]);
    expect([...tableMaker({}, trials, 2)(trials).counts]).toEqual([2, 4, 3, 4]);
    expect(() => tableMaker({ trials: 0 }, trials, 2)).toThrow('grouping: trials = 0: expected a number');
  });

  it('have a last stretch that is shorter', () => {
    expect([...tableMaker({ trials: 5 }, trials, 2)(trials).counts]).toEqual([1, 2, 2, 3, 1, 2, 1, 1]);
  });
});
