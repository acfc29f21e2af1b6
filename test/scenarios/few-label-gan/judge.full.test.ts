import { afterEach, describe, expect, it } from 'vitest';
import { type System, startSystem } from '../../../src/actors/index.ts';
import { generatorConfig } from '../../../src/learners/few-label-gan/config.ts';
import { fidJudge } from '../../../src/scenarios/few-label-gan/judge.ts';
import { castMetric } from '../../learners/label-inference/cast.ts';

let system: System;
afterEach(() => system?.stop());

const mnist = { name: 'mnist', size: 14 } as const;

describe.each([1, 2, 3])('the measure of digits, seed %i', seed => {
  it('has other real digits at 1 at most, and noise at 100 at least', async () => {
    system = await startSystem({ seed });
    const learner = await castMetric(system, mnist, { from: 5000, count: 10_000 }, seed);
    const { params } = await learner.call.learn();
    const judge = await system.spawn(
      fidJudge,
      {
        generator: generatorConfig.parse({}),
        metric: { params },
        data: mnist,
        training: { data: mnist, pool: { from: 0, count: 5000 } },
        seed,
      },
      { on: 'main' },
    );
    const { real, noise, accuracy } = await judge.call.floor();
    expect(real).toBeLessThanOrEqual(1);
    expect(noise).toBeGreaterThanOrEqual(100);
    expect(accuracy).toBeGreaterThan(0.94);
  });
});
