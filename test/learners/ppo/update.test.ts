import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { ppoConfig } from '../../../src/learners/ppo/config.ts';
import { initWeights } from '../../../src/learners/ppo/networks.ts';
import { compilePpoUpdate } from '../../../src/learners/ppo/update.ts';
import { flattenTree, type HostTensor, hostTensor, initTensors } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const spaces = { observation: box(2), action: box(1) };
const batch = {
  observations: hostTensor([4, 2], [1, 0, 0, 1, -1, 0, 0, -1]),
  actions: hostTensor([4, 1], [0.5, -0.5, 1, -1]),
  logProbs: hostTensor([4], [-1, -1, -1, -1]),
  values: hostTensor([4], [0, 0, 0, 0]),
  advantages: hostTensor([4], [1, 2, -1, -2]),
  returns: hostTensor([4], [1, 2, 3, 4]),
};

/** One gradient step. @returns how far it moved the weights, and its figures */
async function step(settings: object, learningRate = 0.1) {
  const config = ppoConfig.parse({ hidden: [3], ...settings });
  const initial = initWeights(Random.fromSeed(1), config, 2, spaces.action);
  const update = await compilePpoUpdate(config, spaces, initial);
  const before = flattenTree(initial as never) as Float32Array;
  const { gradientNorm, policyLoss } = await update({ ...batch, learningRate, clip: 0.2 });
  const change = update.state.flat('weights').map((weight, i) => weight - before[i]);
  update.dispose();
  const only = (tensor: HostTensor) => tensor.data[0];
  return {
    change: [...change],
    length: Math.hypot(...change),
    gradientNorm: only(gradientNorm),
    policyLoss: only(policyLoss),
  };
}

describe('a gradient step', () => {
  // Adam's first step is rate · g / (|g| + ε): the sign of the gradient where ε is small, g / ε where it is large.
  test('goes by Adam with the epsilon that the settings say', async () => {
    const { change } = await step({ adamEpsilon: 1e-12, maxGradientNorm: null });
    const moved = change.filter(x => Math.abs(x) > 1e-6);
    expect(moved.length).toBeGreaterThan(10);
    for (const x of moved) expect(Math.abs(x)).toBeCloseTo(0.1, 4);
    const { length, gradientNorm } = await step({ adamEpsilon: 1000, maxGradientNorm: null });
    expect(length / (0.1 * (gradientNorm / 1000))).toBeCloseTo(1, 2);
    expect(ppoConfig.parse({}).adamEpsilon).toBe(1e-5);
  });

  test('is cut to the length that the settings say, over all parameters together', async () => {
    const { length, gradientNorm } = await step({ adamEpsilon: 1000, maxGradientNorm: 0.25 });
    expect(gradientNorm).toBeGreaterThan(0.5);
    expect(length / (0.1 * (0.25 / 1000))).toBeCloseTo(1, 2);
    expect(ppoConfig.parse({}).maxGradientNorm).toBe(0.5);
  });

  test('is as long as the learning rate says', async () => {
    const settings = { adamEpsilon: 1000, maxGradientNorm: null };
    expect((await step(settings, 0.4)).length / (await step(settings, 0.1)).length).toBeCloseTo(4, 2);
  });
});
