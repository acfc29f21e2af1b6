import { beforeAll, describe, expect, test } from 'vitest';
import type { LearningMethod } from '../../../src/actors/learner.ts';
import { policyRef } from '../../../src/actors/policy.ts';
import type { Random } from '../../../src/core/random.ts';
import { box, discrete, multiDiscrete } from '../../../src/env/spaces.ts';
import { checkLearner } from '../../../src/learners/check/check.ts';
import { describeLearnerReport, type LearnerRule, learnerRules } from '../../../src/learners/check/rules.ts';
import { ppoConfig } from '../../../src/learners/ppo/config.ts';
import { createPpo } from '../../../src/learners/ppo/method.ts';
import { ppoPolicy, ppoPolicyConfig } from '../../../src/learners/ppo/networks.ts';
import { initTensors } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const spaces = { observation: box(3), action: discrete(2) };
const policy = policyRef(ppoPolicy, { hidden: [4] }, spaces);
const shape = { policy, workers: 2, count: 2, steps: 4 };

describe('PPO keeps all rules', () => {
  test.each([
    { name: 'discrete', action: discrete(3), settings: {} },
    { name: 'multi-discrete', action: multiDiscrete([2, 3]), settings: { targetKl: 0.01 } },
    {
      name: 'continuous',
      action: box(2, { low: -1, high: 1 }),
      settings: { learningRateSchedule: 'adaptive' },
    },
    { name: 'normalised', action: box(1), settings: { normalizeObservations: true, normalizeRewards: true } },
    { name: 'clipped values', action: discrete(2), settings: { clipValues: 0.2, clipSchedule: 'linear' } },
    { name: 'overlapped', action: discrete(2), settings: { overlapped: true } },
  ])('$name', async ({ action, settings }) => {
    const ppo = ppoConfig.parse({ environments: 4, horizon: 8, minibatch: 16, hidden: [4], ...settings });
    const seen = { observation: box(3), action };
    const ref = policyRef(ppoPolicy, ppoPolicyConfig.strip().parse(ppo), seen);
    const of = { spaces: seen, workers: 2, count: 2, steps: 8, lag: ppo.overlapped ? 1 : 0 };
    const report = await checkLearner(random => createPpo(ppo, of, random, () => {}), { ...of, policy: ref });
    expect(report.passed, describeLearnerReport(report)).toBe(true);
  });
});

/** A method that keeps every rule: it moves its parameters by noise and by what it was shown. */
function honest(random: Random): LearningMethod & { parameters: Float32Array; random: Random } {
  const parameters = new Float32Array(policy.size);
  random.fillNormal(parameters);
  return {
    parameters,
    random,
    executor: { name: 'none', reason: '' },
    async learn(round) {
      const moved = round[0].rewards[0] + this.random.normal();
      for (let i = 0; i < this.parameters.length; i++) this.parameters[i] += moved / 100;
      return { moved };
    },
    writeParameters(out) {
      out.set(this.parameters);
    },
    takeParameters(from) {
      if (from.length !== policy.size) throw new Error('wrong size');
      this.parameters.set(from);
    },
    snapshot() {
      return { parameters: this.parameters.slice(), random: this.random.state };
    },
    restore(snapshot) {
      const state = snapshot as { parameters: Float32Array; random: Random['state'] };
      this.parameters.set(state.parameters);
      this.random.state = state.random;
    },
    dispose() {},
  };
}

type Method = ReturnType<typeof honest>;
let calls = 0;

/** One planted mistake a rule. */
const mistakes: Record<LearnerRule, (method: Method) => Partial<Method>> = {
  learns: () => ({ learn: async () => ({}) }),
  figures: () => ({
    async learn(this: Method, round) {
      return { ...(await honest(this.random).learn.call(this, round, 0)), explainedVariance: 1 };
    },
  }),
  parametersWhole: method => ({ writeParameters: out => out.set(method.parameters.subarray(1)) }),
  // e^200 is no float32: actions that no environment takes.
  parametersFit: () => ({ writeParameters: out => void out.fill(200) }),
  roundUntouched: method => ({
    async learn(this: Method, round, progress) {
      const figures = await honest(this.random).learn.call(this, round, progress);
      round[0].rewards[0] = 0;
      return figures;
    },
    parameters: method.parameters,
  }),
  repeats: () => ({
    async learn(this: Method) {
      this.parameters[0] += ++calls;
      return {};
    },
  }),
  seedMatters: method => ({ parameters: method.parameters.fill(0.5) }),
  snapshotPlain: () => ({ snapshot: () => ({ act: () => 1 }) as never }),
  snapshotExact: () => ({
    restore(this: Method, snapshot) {
      this.parameters.set((snapshot as { parameters: Float32Array }).parameters); // and forgets the stream
    },
  }),
  takes: () => ({
    takeParameters(from) {
      if (from.length !== policy.size) throw new Error('wrong size');
    },
  }),
  refuses: method => ({ takeParameters: from => method.parameters.set(from.subarray(0, policy.size)) }),
};

describe('checkLearner', () => {
  test('finds nothing in an honest method', async () => {
    const report = await checkLearner(honest, shape);
    expect(report.passed, describeLearnerReport(report)).toBe(true);
  });

  test.each(Object.keys(learnerRules) as LearnerRule[])('finds a planted mistake: %s', async rule => {
    const real = policyRef(ppoPolicy, { hidden: [] }, { observation: box(3), action: box(1) });
    const { passed, findings } = await checkLearner(
      random => {
        const method = honest(random);
        return Object.assign(method, mistakes[rule](method));
      },
      rule === 'parametersFit' ? { ...shape, policy: real } : shape,
    );
    expect(passed).toBe(false);
    expect(findings.map(finding => finding.rule)).toContain(rule);
  });

  test('finds statistics that are lost on the way to another run', async () => {
    const forgetful = (random: Random) => {
      const statistics = { seen: random.uniform() };
      return Object.assign(honest(random), { statistics: () => statistics });
    };
    const { findings } = await checkLearner(forgetful, shape);
    expect(findings).toEqual([
      { rule: 'takes', seen: expect.stringMatching(/^seen: 0\.\d+ once, 0\.\d+ then/) },
    ]);
  });

  test('a method that throws is a finding, and rules can be excepted', async () => {
    const broken = (random: Random) =>
      Object.assign(honest(random), { learn: () => Promise.reject(new Error('out of order')) });
    const { findings } = await checkLearner(broken, shape);
    expect(findings).toEqual([{ rule: 'learns', seen: 'out of order' }]);
    expect((await checkLearner(broken, { ...shape, except: ['learns'] })).passed).toBe(true);
    expect(describeLearnerReport({ passed: false, findings })).toContain('seen: out of order');
  });
});
