import { beforeAll, describe, expect, test, vi } from 'vitest';
import { BrokenLearning } from '../../../src/actors/learner.ts';
import { policyRef } from '../../../src/actors/policy.ts';
import { compilePolicy } from '../../../src/actors/policy-programs.ts';
import { allocateSlab, type Trajectory, trajectoryFields } from '../../../src/actors/trajectory.ts';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { PpoRows } from '../../../src/learners/ppo/batch.ts';
import { ppoConfig } from '../../../src/learners/ppo/config.ts';
import { LearningRate } from '../../../src/learners/ppo/learning-rate.ts';
import { createPpo } from '../../../src/learners/ppo/method.ts';
import { ppoPolicy } from '../../../src/learners/ppo/networks.ts';
import { explainedVariance } from '../../../src/learners/shared/advantages.ts';
import { initTensors } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const shape = {
  spaces: { observation: box(2), action: box(1, { low: -1, high: 1 }) },
  workers: 2,
  steps: 16,
  count: 2,
  lag: 0,
};
const small = { environments: 4, horizon: 16, minibatch: 16, hidden: [8], learningRate: 0.01 };

const make = (settings: object, lag = 0) =>
  createPpo(ppoConfig.parse({ ...small, ...settings }), { ...shape, lag }, Random.fromSeed(1), () => {});

/** One trajectory a worker, of noise. */
function round(seed = 1, of = shape): Trajectory[] {
  return [0, 1].map(worker => {
    const random = Random.fromSeed(seed).split(worker);
    const slab = allocateSlab(trajectoryFields(of));
    for (const column of [slab.observations, slab.actions, slab.rewards])
      random.fillNormal(column as Float32Array);
    slab.logProbs.fill(-1.4);
    slab.worker[0] = worker;
    return slab;
  });
}

const parametersOf = (method: Awaited<ReturnType<typeof make>>, size: number): Float32Array => {
  const out = new Float32Array(size);
  method.writeParameters(out);
  return out;
};
/** Overwrites what a round says of its actions by what a method's policy says, with a difference of one's own. */
async function appraise(
  method: Awaited<ReturnType<typeof make>>,
  trajectories: Trajectory[],
  differenceOf: (row: number) => number,
  normalizeObservations = false,
): Promise<Trajectory[]> {
  const ref = policyRef(ppoPolicy, { hidden: small.hidden, normalizeObservations }, shape.spaces);
  const policy = await compilePolicy(ref);
  policy.setParameters(parametersOf(method, ref.size));
  for (const trajectory of trajectories) {
    const rows = trajectory.rewards.length;
    const { logProbs, values } = policy.appraise(
      { shape: [rows, 2], data: trajectory.observations },
      { shape: [rows, 1], data: trajectory.actions },
    );
    trajectory.logProbs.set(logProbs.data.map((value, row) => value + differenceOf(row)));
    trajectory.values.set(values.data);
  }
  policy.dispose();
  return trajectories;
}
/** One gradient step that moves nothing, on all rows: its figures are those of the policy as it is. */
const still = { epochs: 1, minibatch: 64, learningRate: 1e-30, learningRateSchedule: 'constant' };

// policy 2·8 + 8 + 8·1 + 1, value the same, one deviation
const size = 2 * 33 + 1;

describe('an update', () => {
  test.each([
    { targetKl: null, lag: 0, calls: 8 },
    { targetKl: null, lag: 1, calls: 8 },
    { targetKl: 1e9, lag: 0, calls: 9 },
  ])('that takes long shows that it is alive, and hears messages: lag $lag, target $targetKl', async of => {
    const { targetKl, lag, calls } = of;
    // 9,216 rows, of which one call of the update takes 3,840: 30 minibatches, since (8,835 parameters · 128 + 5e5) · 31 > 5e7.
    const settings = {
      environments: 4,
      horizon: 2304,
      minibatch: 128,
      hidden: [64, 64],
      epochs: 3,
      targetKl,
    };
    const learningRateSchedule = 'constant';
    let signs = 0;
    const large = { ...shape, steps: 2304, lag };
    const config = ppoConfig.parse({ ...settings, learningRateSchedule });
    const method = await createPpo(config, large, Random.fromSeed(1), () => signs++);
    let turns = 0;
    const counting = setInterval(() => turns++, 0);
    await method.learn(round(1, large), 0);
    clearInterval(counting);
    // Where the policy that ratios are taken against moves, 3 blocks more.
    expect(signs).toBe(calls + 3 * lag);
    expect(turns).toBeGreaterThan(2);
  });

  test('has the same bits whether its epochs are one sequence of steps or something is decided between them', async () => {
    const of = { epochs: 3, learningRateSchedule: 'constant' };
    const [together, apart] = await Promise.all([make(of), make({ ...of, targetKl: 1e9 })]);
    const figures = [await together.learn(round(), 0), await apart.learn(round(), 0)];
    expect(figures[0]).toEqual(figures[1]);
    expect(parametersOf(together, size)).toEqual(parametersOf(apart, size));
  });

  test('says what it did', async () => {
    const figures = await (await make({ epochs: 3 })).learn(round(), 0);
    expect(Object.keys(figures).sort()).toEqual([
      'action_std',
      'approx_kl',
      'clip_fraction',
      'entropy',
      'epochs',
      'explained_variance',
      'gradient_norm',
      'learning_rate',
      'policy_loss',
      'value_loss',
    ]);
    expect(figures['epochs']).toBe(3);
    expect(Object.values(figures).every(Number.isFinite)).toBe(true);
  });

  test('ends early where the policy has moved past the target', async () => {
    const free = await (await make({ epochs: 10, learningRate: 0.05 })).learn(round(), 0);
    const stopped = await (await make({ epochs: 10, learningRate: 0.05, targetKl: 0.02 })).learn(round(), 0);
    expect(free['epochs']).toBe(10);
    expect(stopped['epochs']).toBeGreaterThanOrEqual(1);
    expect(stopped['epochs']).toBeLessThan(10);
  });

  describe('of one minibatch an epoch', () => {
    const one = { minibatch: 64, learningRateSchedule: 'adaptive', adaptiveKl: 0.01 };
    /** The rates of ten updates, each on what the policy of the time would have collected: ratios begin at 1. */
    async function rates(settings: object) {
      const method = await make({ ...one, ...settings }, 1);
      const found: number[] = [];
      for (let r = 0; r < 10; r++) found.push((await method.learn(round(), 0))['learning_rate'] as number);
      return found;
    }

    test.each([1, 3])('does not raise a rate that moves the policy too far: %i epochs', async epochs => {
      // A step at 0.003 moves this policy by far more than 2 · 0.000001: the first decision lowers the rate already.
      const found = await rates({ epochs, learningRate: 0.003, adaptiveKl: 1e-6 });
      if (epochs === 1) expect(found.slice(0, 2)).toEqual([0.003, 0.003 / 1.5]);
      expect(found.toSorted((x, y) => y - x)).toEqual(found);
      expect(found.at(-1)).toBeLessThan(0.001);
    });

    test('raises one that hardly moves it', async () => {
      const found = await rates({ epochs: 1, learningRate: 1e-4, adaptiveKl: 0.1 });
      expect(found.slice(0, 3)).toEqual([1e-4, 1e-4 * 1.5, 1e-4 * 1.5 * 1.5]);
    });

    test('ends with the first epoch that passes the target', async () => {
      const stopped = await make({ minibatch: 64, epochs: 10, learningRate: 0.05, targetKl: 1e-3 }, 1);
      expect((await stopped.learn(round(), 0))['epochs']).toBe(1);
    });
  });

  test('takes the learning rate and the clip along a line to zero', async () => {
    const method = await make({ epochs: 1, clipSchedule: 'linear' });
    expect((await method.learn(round(), 0))['learning_rate']).toBe(0.01);
    expect((await method.learn(round(), 0.75))['learning_rate']).toBeCloseTo(0.0025, 12);
    const fixed = await make({ epochs: 1, learningRateSchedule: 'constant' });
    expect((await fixed.learn(round(), 0.75))['learning_rate']).toBe(0.01);
  });

  test('narrows the clip along a line to zero', async () => {
    // Every ratio is 1.1: inside 0.2 and inside 0.2 · 0.6 = 0.12, outside 0.2 · 0.25 = 0.05.
    for (const [clipSchedule, progress, outside] of [
      ['linear', 0, 0],
      ['linear', 0.4, 0],
      ['linear', 0.75, 1],
      ['constant', 0.75, 0],
    ] as const) {
      const method = await make({ ...still, clipSchedule });
      const figures = await method.learn(await appraise(method, round(), () => -Math.log(1.1)), progress);
      expect(figures['clip_fraction'], `${clipSchedule} ${progress}`).toBe(outside);
    }
  });

  test('with a lag, weighs rows by π_start/π_acted; without one, all the same', async () => {
    // Rows in turn are half, just and three times (at most twice) as likely now as when they were acted.
    const [ratios, weights] = [
      [0.5, 1, 3],
      [0.5, 1, 2],
    ];
    const away = (row: number) => -Math.log(ratios[row % 3]);
    const method = await make(still, 1);
    const seen = await appraise(method, round(), away);
    const { policy_loss: found, approx_kl: kl } = await method.learn(seen, 0);
    const rows = new PpoRows({ ...shape, lag: 1 });
    rows.fill(seen, ppoConfig.parse(small), undefined);
    const advantages = [...rows.advantages.data];
    const mean = advantages.reduce((sum, x) => sum + x, 0) / 64;
    const deviation = Math.sqrt(advantages.reduce((sum, x) => sum + (x - mean) ** 2, 0) / 63);
    const weighed = advantages.map((x, i) => (weights[(i % 32) % 3] * (x - mean)) / deviation);
    expect(found).toBeCloseTo(-weighed.reduce((sum, x) => sum + x, 0) / 64, 5);
    expect(kl).toBeCloseTo(0, 6);
  });

  test.each([0, 1])('sees observations as the policy that acts does: lag %i', async lag => {
    const method = await make({ ...still, normalizeObservations: true }, lag);
    const far = round();
    for (const { observations } of far)
      observations.forEach((x, i) => {
        observations[i] = 100 + 5 * x;
      });
    // The first round is learnt from with the statistics that it was collected with: none yet.
    await appraise(method, far, () => 0, true);
    expect((await method.learn(far, 0))['approx_kl']).toBeCloseTo(0, 6);
    const seen = await appraise(method, far, () => 0, true);
    const figures = await method.learn(seen, 0);
    const { approx_kl: kl, policy_loss: loss, value_loss, explained_variance: explained } = figures;
    expect(kl).toBeCloseTo(0, 6);
    expect(loss).toBeCloseTo(0, 5);
    const rows = new PpoRows(shape);
    rows.fill(seen, ppoConfig.parse(small), undefined);
    const error = rows.returns.data.reduce((sum, x, i) => sum + (x - rows.values.data[i]) ** 2, 0);
    expect(value_loss).toBeCloseTo(error / 64 / 2, 4);
    expect(explained).toBe(explainedVariance(rows.values.data, rows.returns.data));
  });

  test('goes through all rows in every epoch, in an order of its own that the seed decides', async () => {
    const orders: number[][] = [];
    const original = Random.prototype.shuffle;
    const shuffle = vi.spyOn(Random.prototype, 'shuffle').mockImplementation(function (this: Random, rows) {
      expect([...(rows as Int32Array)]).toEqual(Array.from({ length: 64 }, (_, i) => i));
      original.call(this, rows);
      orders.push([...(rows as Int32Array)]);
      return rows;
    });
    try {
      for (const _ of [1, 2]) await (await make({ epochs: 2 })).learn(round(), 0);
      expect(orders).toHaveLength(4);
      expect(orders[0].toSorted((a, b) => a - b)).toEqual(Array.from({ length: 64 }, (_, i) => i));
      expect(orders[1]).not.toEqual(orders[0]);
      expect(orders.slice(2)).toEqual(orders.slice(0, 2));
    } finally {
      shuffle.mockRestore();
    }
  });

  test('takes every row once an epoch, also where it does so in stretches', async () => {
    const long = { ...shape, steps: 512 };
    const settings = { ...small, ...still, horizon: 512 };
    const method = await createPpo(ppoConfig.parse(settings), long, Random.fromSeed(1), () => {});
    const seen = await appraise(method, round(1, long), () => 0);
    // Of 2,048 rows those of one worker, and no others, are outside the clip.
    seen[1].logProbs.forEach((value, i) => {
      seen[1].logProbs[i] = value - 1;
    });
    expect((await method.learn(seen, 0))['clip_fraction']).toBe(0.5);
  });

  test('the observation statistics that a policy carries are those of what was seen before it', async () => {
    const method = await make({ normalizeObservations: true });
    const before = parametersOf(method, size + 4);
    expect([...before.subarray(0, 4)]).toEqual([0, 0, 1, 1]);
    const seen = round();
    await method.learn(seen, 0);
    const all = seen.flatMap(({ observations }) => [...observations]);
    const first = all.filter((_, i) => i % 2 === 0);
    const mean = first.reduce((sum, x) => sum + x, 0) / first.length;
    expect(parametersOf(method, size + 4)[0]).toBeCloseTo(mean, 5);
  });

  test('that breaks down says so instead of going on with numbers that are none', async () => {
    const broken = round();
    broken[0].rewards[0] = Number.NaN;
    await expect((await make({})).learn(broken, 0)).rejects.toThrow(
      /^learning broke down: \w+ = NaN; try a lower learningRate/,
    );
    // The figures of a step are from before it: this one is too long for a float32, and the last of its update.
    const last = { epochs: 1, minibatch: 64, learningRate: 1e39 };
    const learnt = (await make(last)).learn(round(), 0);
    await expect(learnt).rejects.toThrow(BrokenLearning);
    await expect(learnt).rejects.toThrow(/^learning broke down: weights = (NaN|-?Infinity); try/);
  });

  test('does not hang on how the rewards are scaled where they are normalised', async () => {
    const plain = await make({ normalizeRewards: true, epochs: 1 });
    const tenfold = await make({ normalizeRewards: true, epochs: 1 });
    const larger = round();
    for (const { rewards } of larger)
      rewards.forEach((reward, i) => {
        rewards[i] = 10 * reward;
      });
    const [a, b] = [await plain.learn(round(), 0), await tenfold.learn(larger, 0)];
    expect(b['reward_scale']).toBeCloseTo((a['reward_scale'] as number) / 10, 5);
    expect(b['value_loss']).toBeCloseTo(a['value_loss'] as number, 4);
  });

  test('with a lag, the ratio is taken against the policy that the update starts with', async () => {
    // The log-probabilities of the rows are far off; the first step all the same finds ratios of 1.
    const one = { epochs: 1, minibatch: 64, learningRate: 1e-9 };
    expect((await (await make(one, 1)).learn(round(), 0))['approx_kl']).toBeCloseTo(0, 6);
    expect((await (await make(one, 0)).learn(round(), 0))['approx_kl']).toBeGreaterThan(0.01);
  });
});

describe('state', () => {
  test('a method that is restored learns the same bits', async () => {
    const settings = {
      normalizeObservations: true,
      normalizeRewards: true,
      learningRateSchedule: 'adaptive',
    };
    const whole = await make(settings);
    await whole.learn(round(1), 0);
    const rest = await make(settings);
    rest.restore(structuredClone(whole.snapshot()));
    expect(await rest.learn(round(2), 0.5)).toEqual(await whole.learn(round(2), 0.5));
    expect(rest.snapshot()).toEqual(whole.snapshot());
  });

  test('starts from the parameters of another policy, and refuses those of other networks', async () => {
    const teacher = await make({ normalizeObservations: true });
    await teacher.learn(round(), 0);
    const parameters = parametersOf(teacher, size + 4);
    const pupil = await make({ normalizeObservations: true });
    pupil.takeParameters(parameters);
    expect(parametersOf(pupil, size + 4)).toEqual(parameters);
    expect(() => pupil.takeParameters(parameters.slice(1))).toThrow(
      `initial policy: expected ${size + 4} parameters, got ${size + 3}`,
    );
  });
});

test('a policy brings the scale of rewards along, beside its parameters', async () => {
  const settings = { normalizeRewards: true, epochs: 1 };
  const teacher = await make(settings);
  const tenfold = round();
  for (const { rewards } of tenfold)
    rewards.forEach((reward, i) => {
      rewards[i] = 10 * reward;
    });
  for (let r = 0; r < 10; r++) await teacher.learn(tenfold, 0);
  const [parameters, statistics] = [parametersOf(teacher, size), teacher.statistics!()];
  expect(statistics['return_count']).toBe(10 * 64);

  /** The scale after a first round of small rewards, from the teacher's parameters. */
  const scaleOf = async (...from: [] | [typeof statistics]) => {
    const pupil = await make(settings);
    pupil.takeParameters(parameters, ...from);
    return (await pupil.learn(round(), 0))['reward_scale'] as number;
  };
  const known = 1 / Math.sqrt(statistics['return_variance'] as number);
  // 640 rows that are known against 64 of a hundredth of their variance: 5 % more. Without them: ten times as much.
  expect((await scaleOf(statistics)) / known).toBeCloseTo(Math.sqrt(704 / 640.64), 2);
  expect((await scaleOf()) / known).toBeGreaterThan(5);
  // A method that does not scale rewards has nothing to save, and no use for what others saved.
  const plain = await make({ epochs: 1 });
  plain.takeParameters(parameters, statistics);
  expect(plain.statistics!()).toEqual({});
});

describe('the steered learning rate', () => {
  const rate = () =>
    new LearningRate(ppoConfig.parse({ learningRateSchedule: 'adaptive', learningRate: 0.003 }));
  test('falls where the policy moved too far, rises where it hardly moved, else stays', () => {
    const steered = rate();
    steered.steer(0.0201);
    expect(steered.at(0.5)).toBeCloseTo(0.002, 12);
    steered.steer(0.0049);
    expect(steered.at(0.5)).toBeCloseTo(0.003, 12);
    for (const near of [0.0051, 0.01, 0.0199]) steered.steer(near);
    expect(steered.at(0.5)).toBeCloseTo(0.003, 12);
  });
  test('stays within its bounds', () => {
    const steered = rate();
    for (let i = 0; i < 50; i++) steered.steer(1);
    expect(steered.at(0)).toBe(1e-5);
    for (let i = 0; i < 50; i++) steered.steer(0);
    expect(steered.at(0)).toBe(1e-2);
  });
});
