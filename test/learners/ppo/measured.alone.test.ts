import { expect, it, vi } from 'vitest';
import { allocateSlab, trajectoryFields } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { ppoConfig } from '../../../src/learners/ppo/config.ts';
import { createPpo } from '../../../src/learners/ppo/method.ts';
import { fakeDevice } from '../../tensors/fixtures/fake-device.ts';

// A machine with a GPU, on whose clock a step takes less and less time: who is timed last is the fastest.
vi.mock('../../../src/tensors/executors/measure.ts', async original => {
  const real = await original<typeof import('../../../src/tensors/executors/measure.ts')>();
  let asked = 0;
  const now = () => 500 * Math.log(++asked);
  return { ...real, rivalsHere: () => ({ now, start: async () => [(await device).executor] }) };
});
const device = fakeDevice({ sync: false });

it('an update that is faster on a GPU goes on there, with the log-probabilities that share its weights', async () => {
  const spaces = { observation: box(2), action: box(1, { low: -1, high: 1 }) };
  const shape = { spaces, workers: 1, steps: 16, count: 2, lag: 1 };
  const config = ppoConfig.parse({ environments: 2, horizon: 16, minibatch: 16, hidden: [8] });
  const round = () => {
    const random = Random.fromSeed(1);
    const slab = allocateSlab(trajectoryFields(shape));
    for (const column of [slab.observations, slab.actions, slab.rewards])
      random.fillNormal(column as Float32Array);
    slab.logProbs.fill(-1.4);
    return [slab];
  };
  const method = await createPpo(config, shape, Random.fromSeed(1), () => {});
  expect(method.executor).toMatchObject({ name: 'onnx-cpu' });
  for (const progress of [0, 0.5]) {
    const figures = await method.learn(round(), progress);
    expect(Object.values(figures).every(Number.isFinite)).toBe(true);
    expect(method.executor).toMatchObject({
      name: 'fake-gpu',
      measured: true,
      reason: expect.stringMatching(/^fake-gpu \S+ ms a step, onnx-cpu \S+ ms a step$/),
    });
    expect(method.snapshot()).toMatchObject({ weights: expect.any(Float32Array) });
  }
  method.dispose();
  const { live, mistakes, open } = await device;
  expect([live.size, mistakes, open.size]).toEqual([0, [], 0]);
});
