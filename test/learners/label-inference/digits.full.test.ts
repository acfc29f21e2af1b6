import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { classifierJudge } from '../../../src/learners/classifier/index.ts';
import { castLabels, castMetric } from './cast.ts';

let system: System;
afterEach(() => system?.stop());

const mnist = { name: 'mnist', size: 14 } as const;

describe.each([1, 2, 3])('on the MNIST digits, seed %i', seed => {
  it('500 labels of 5,000 images give others that are right four times out of five', async () => {
    system = await startSystem({ seed });
    const { rotation, labeller, clusters, judge } = await castLabels(system, {
      data: mnist,
      images: 5000,
      perClass: 50,
      seed,
    });
    await rotation.call.learn();
    const [human, inferred] = await labeller.call.infer();
    expect(human.ids.length).toBe(500);
    expect(inferred.ids.length).toBe(4500);
    // Measured: see README.
    expect((await judge.call.judge(inferred)).accuracy).toBeGreaterThanOrEqual(0.8);
    const [made] = await clusters.call.infer();
    expect((await judge.call.judge(made)).purity).toBeGreaterThanOrEqual(0.5);
  });

  it('the metric net is right 94 times out of a hundred', async () => {
    system = await startSystem({ seed });
    const learner = await castMetric(system, mnist, { from: 5000, count: 10_000 }, seed);
    const { params } = await learner.call.learn();
    const judge = await system.spawn(
      classifierJudge,
      { data: { ...mnist, split: 'test' }, net: { kind: 'mlp', hidden: [128, 32] }, count: 10_000, seed },
      { on: 'main' },
    );
    expect((await judge.call.judge(params)).hard).toBeLessThan(0.06);
  });
});
