import { describe, expect, test } from 'vitest';
import { cartPole } from '../../src/env/classic/cart-pole.ts';
import { pendulum } from '../../src/env/classic/pendulum.ts';
import { environmentRef } from '../../src/env/define.ts';
import { hopper } from '../../src/env/rapier/hopper.ts';
import { type Trained, type Training, train } from './train.ts';

/** All that a run must repeat: figures but for the clock's, and the final parameters. */
const bits = ({ rows, parameters, episodes }: Trained) => ({
  rows: rows.map(({ step, values }) => ({ step, values })),
  parameters,
  episodes,
});

// Everything that has state is on: two workers, normalisation of both kinds, a steered learning rate.
const ppo = {
  workers: 2,
  environments: 4,
  horizon: 32,
  minibatch: 32,
  epochs: 2,
  hidden: [8],
  learningRateSchedule: 'adaptive',
  normalizeObservations: true,
  normalizeRewards: true,
};
const cases: { name: string; training: Training }[] = [
  { name: 'discrete', training: { environment: environmentRef(cartPole, {}), steps: 128 * 8, ppo } },
  { name: 'continuous', training: { environment: environmentRef(pendulum, {}), steps: 128 * 8, ppo } },
  { name: 'physics', training: { environment: environmentRef(hopper, {}), steps: 128 * 8, ppo } },
  {
    name: 'overlapped',
    training: {
      environment: environmentRef(cartPole, {}),
      steps: 128 * 8,
      ppo: { ...ppo, overlapped: true },
    },
  },
];

describe.each(cases)('$name', ({ training }) => {
  test('the same seed gives the same bits, another seed others', { timeout: 60_000 }, async () => {
    const first = await train({ ...training, seed: 3, episodes: 3 });
    const second = await train({ ...training, seed: 3, episodes: 3 });
    const other = await train({ ...training, seed: 4, episodes: 3 });
    expect(first.rows).toHaveLength(8);
    expect(bits(second)).toEqual(bits(first));
    expect(other.parameters).not.toEqual(first.parameters);
    expect(other.rows.at(-1)?.values).not.toEqual(first.rows.at(-1)?.values);
  });

  test('a run that goes on from any checkpoint ends in the bits of one that never stopped', {
    timeout: 60_000,
  }, async () => {
    const whole = await train({ ...training, seed: 5, episodes: 3, checkpointEvery: 128 });
    expect([...whole.checkpoints.keys()]).toEqual([0, 128, 256, 384, 512, 640, 768, 896, 1024]);
    for (const [step, resume] of whole.checkpoints) {
      const rest = await train({ ...training, seed: 5, episodes: 3, checkpointEvery: 128, resume });
      const after = whole.rows.filter(row => row.step > step);
      expect(bits(rest)).toEqual(bits({ ...whole, rows: after }));
    }
  });

  test('checkpoints do not change what is learnt', { timeout: 60_000 }, async () => {
    const without = await train({ ...training, seed: 5, episodes: 3 });
    const often = await train({ ...training, seed: 5, episodes: 3, checkpointEvery: 128 });
    expect(bits(often)).toEqual(bits(without));
  });
});

test('overlapped learning learns from policies one version old, after the first round', async () => {
  const { rows } = await train({ ...cases[3].training, seed: 1, episodes: 1 });
  expect(rows.map(row => row.values['policy_lag'])).toEqual([0, 1, 1, 1, 1, 1, 1, 1]);
});
