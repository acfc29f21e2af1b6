import { beforeAll, expect, it } from 'vitest';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import { allocateSlab, trajectoryFields } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { ppoConfig } from '../../../src/learners/ppo/config.ts';
import { createPpo } from '../../../src/learners/ppo/method.ts';
import { ppoPolicy, ppoPolicyConfig } from '../../../src/learners/ppo/networks.ts';
import { initTensors, tf } from '../../../src/tensors/index.ts';

// design §10.5: over a run the number of tensors does not grow at all. Resident memory, which
// test/faults/memory.full.test.ts measures, would not show a small tensor that is left a round.
beforeAll(async () => {
  await initTensors();
});

const spaces = { observation: box(2), action: box(1, { low: -1, high: 1 }) };
const everything = {
  environments: 4,
  horizon: 16,
  minibatch: 16,
  epochs: 2,
  hidden: [8],
  normalizeObservations: true,
  normalizeRewards: true,
  clipValues: 0.2,
  targetKl: 1e-6,
  entropyCoefficient: 0.01,
};

/** Tensors and buffers after each of so many turns, once the first has made what is kept. */
async function counts(turns: number, turn: () => unknown): Promise<Set<string>> {
  const seen = new Set<string>();
  for (let i = 0; i <= turns; i++) {
    await turn();
    const { numTensors, numDataBuffers } = tf.memory();
    if (i > 0) seen.add(`${numTensors} tensors, ${numDataBuffers} buffers`);
  }
  return seen;
}

it.each(['linear', 'constant', 'adaptive'] as const)(
  'learning leaves no tensor behind: %s rate',
  async learningRateSchedule => {
    const shape = { spaces, workers: 1, steps: 16, count: 4, lag: 1 };
    const config = ppoConfig.parse({ ...everything, learningRateSchedule });
    const method = await createPpo(config, shape, Random.fromSeed(1), () => {});
    const slab = allocateSlab(trajectoryFields(shape));
    const random = Random.fromSeed(2);
    const seen = await counts(5, () => {
      for (const column of [slab.observations, slab.actions, slab.rewards])
        random.fillNormal(column as Float32Array);
      method.restore(method.snapshot());
      return method.learn([slab], 0.5);
    });
    method.dispose();
    expect([...seen]).toHaveLength(1);
  },
);

it('acting leaves no tensor behind, whatever policies come', async () => {
  const ref = policyRef(ppoPolicy, ppoPolicyConfig.strip().parse(ppoConfig.parse(everything)), spaces);
  const programs = await compilePolicy(ref);
  const random = Random.fromSeed(3);
  const normal = (columns: number) => {
    const data = new Float32Array(4 * columns);
    random.fillNormal(data);
    return { shape: [4, columns], data };
  };
  const parameters = new Float32Array(ref.size);
  const seen = await counts(5, () => {
    random.fillUniform(parameters, 0.1, 0.2);
    programs.setParameters(parameters);
    const observations = normal(2);
    const actions = programs.act(observations, normal(1));
    programs.decide(observations);
    programs.appraise(observations, actions);
    programs.value(observations);
  });
  programs.dispose();
  expect([...seen]).toHaveLength(1);
});
