import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { sacConfig } from '../../../src/learners/sac/config.ts';
import { softTargets } from '../../../src/learners/sac/loss.ts';
import { actionsFor } from '../../../src/learners/sac/networks.ts';
import { initSac, type SacBatch, type SacState, sacStep } from '../../../src/learners/sac/update.ts';
import { type Critics, criticLoss, criticValues, leastOf } from '../../../src/learners/shared/critics.ts';
import {
  adam,
  type HostTensor,
  initTensors,
  stopGradient,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../../src/tensors/index.ts';
import { afterAdam, difference, flat, network, sizeOfNetwork, slope, tensors } from '../shared/reference.ts';

beforeAll(async () => {
  await initTensors();
});

const [B, O, A] = [5, 2, 2];
const spaces = { observation: box(O), action: box(A, { low: [-2, -1], high: [2, 3] }) };
const settings = { hidden: [4], activation: 'tanh', learningRate: 0.05, tau: 0.1 } as const;
const config = sacConfig.parse({ ...settings, initialEntropyCoefficient: 0.7, targetEntropy: -1.5 });
const actorSizes = [O, 4, 2 * A];
const criticSizes = [O + A, 4, 1];
const criticSize = sizeOfNetwork(criticSizes);

type Step = (args: SacState<Tensor> & SacBatch) => object;

const normal = (name: string, ...shape: number[]): HostTensor => {
  const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
  Random.fromSeed(3).split(name).fillNormal(data);
  return { shape, data };
};
const batch = {
  observations: normal('observations', B, O),
  actions: { shape: [B, A], data: Float32Array.from([-2, 3, 1, 0, 0.4, 2.5, 1.9, -0.8, -1, 1]) },
  rewards: normal('rewards', B),
  discounts: { shape: [B], data: Float32Array.from([0.9, 0, 0.9, 0.9, 0.81]) },
  nextObservations: normal('next observations', B, O),
  weights: { shape: [B], data: Float32Array.from([1, 0.5, 0.25, 1, 0.75]) },
  noise: normal('noise', B, A),
  nextNoise: normal('next noise', B, A),
};
const initial = initSac(Random.fromSeed(5), config, spaces);
// Networks that were not drawn alike: which of them is used where can be told apart.
const state = { ...initial, targets: initSac(Random.fromSeed(6), config, spaces).critics };

const row = ({ shape, data }: HostTensor, b: number): number[] => {
  const width = data.length / shape[0];
  return Array.from(data.subarray(b * width, (b + 1) * width));
};
const mean = (f: (b: number) => number) =>
  Array.from({ length: B }, (_, b) => f(b)).reduce((x, y) => x + y, 0) / B;

/** Actions within ±1 and their log-density, after the plain formula. */
function drawn(actor: ArrayLike<number>, observation: number[], noise: number[]) {
  const outputs = network(actorSizes, actor, observation);
  const u = noise.map((z, k) => outputs[k] + Math.exp(outputs[A + k]) * z);
  const logs = u.map(
    (x, k) =>
      -0.5 * noise[k] ** 2 - outputs[A + k] - 0.5 * Math.log(2 * Math.PI) - Math.log(1 - Math.tanh(x) ** 2),
  );
  return { actions: u.map(Math.tanh), logProb: logs.reduce((x, y) => x + y, 0) };
}

const q = (critics: ArrayLike<number>, which: 0 | 1, observation: number[], action: number[]): number => {
  const one = Array.from(critics).slice(which * criticSize, (which + 1) * criticSize);
  return network(criticSizes, one, [...observation, ...action])[0];
};
const least = (critics: ArrayLike<number>, observation: number[], action: number[]) =>
  Math.min(q(critics, 0, observation, action), q(critics, 1, observation, action));

/** Of the right update: the same for every step that is held against it. */
let criticsSlope: number[] | undefined;

/** How far a step is from the update as the paper has it, worked out in float64 with slopes by central differences. */
function faults(step: Step, given: typeof batch = batch) {
  return tf.tidy(() => {
    type Stepped = SacState<Tensor> & Readonly<Record<'errors' | 'criticLoss' | 'actorLoss', Tensor>>;
    const after = step(tensors({ ...state, ...given })) as Stepped;
    const [actor, critics, targets] = [flat(state.actor), flat(state.critics), flat(state.targets)];
    const alpha = 0.7;
    const unit = (b: number) => row(batch.actions, b).map((a, k) => (k === 0 ? a / 2 : (a - 1) / 2));
    const wanted = Array.from({ length: B }, (_, b) => {
      const next = drawn(actor, row(batch.nextObservations, b), row(batch.nextNoise, b));
      const soft = least(targets, row(batch.nextObservations, b), next.actions) - alpha * next.logProb;
      return batch.rewards.data[b] + batch.discounts.data[b] * soft;
    });
    const gap = (of: ArrayLike<number>, which: 0 | 1, b: number) =>
      q(of, which, row(batch.observations, b), unit(b)) - wanted[b];
    const judge = (of: ArrayLike<number>) =>
      mean(b => (batch.weights.data[b] * (gap(of, 0, b) ** 2 + gap(of, 1, b) ** 2)) / 2);
    criticsSlope ??= slope(judge, critics);
    const judged = afterAdam(critics, criticsSlope, settings.learningRate);

    const newCritics = flat(after.critics);
    const lossOf = (of: ArrayLike<number>) =>
      mean(b => {
        const own = drawn(of, row(batch.observations, b), row(batch.noise, b));
        return alpha * own.logProb - least(newCritics, row(batch.observations, b), own.actions);
      });
    const actorSlope = slope(lossOf, actor);
    const logProb = mean(b => drawn(actor, row(batch.observations, b), row(batch.noise, b)).logProb);
    const alphaSlope = [-alpha * (logProb + -1.5)];
    const tenth = (gradient: number[]) => gradient.map(g => 0.1 * g);
    return {
      criticSlope: difference(flat(after.optimizerCritics.m), tenth(criticsSlope)),
      critics: difference(newCritics, judged),
      criticLoss: difference(flat(after.criticLoss), [judge(critics)]),
      errors: difference(
        flat(after.errors),
        wanted.map((_, b) => (Math.abs(gap(critics, 0, b)) + Math.abs(gap(critics, 1, b))) / 2),
      ),
      actorSlope: difference(flat(after.optimizerActor.m), tenth(actorSlope)),
      actor: difference(flat(after.actor), afterAdam(actor, actorSlope, settings.learningRate)),
      actorLoss: difference(flat(after.actorLoss), [lossOf(actor)]),
      alphaSlope: difference(flat(after.optimizerAlpha.m), tenth(alphaSlope)),
      logAlpha: difference(
        flat(after.logAlpha),
        afterAdam([Math.log(alpha)], alphaSlope, settings.learningRate),
      ),
      targets: difference(
        flat(after.targets),
        targets.map((t, i) => t + settings.tau * (newCritics[i] - t)),
      ),
    };
  });
}
const worst = (of: Readonly<Record<string, number>>) => Math.max(...Object.values(of));

describe('a gradient step', () => {
  test('is the paper’s: targets, slopes, Adam, entropy coefficient, moving average', () => {
    const found = faults(sacStep(config, spaces));
    for (const [what, by] of Object.entries(found)) expect(by, what).toBeLessThan(2e-4);
  });

  test('leaves a fixed entropy coefficient alone', () => {
    const fixed = sacStep(sacConfig.parse({ ...settings, entropyCoefficient: 0.7 }), spaces);
    expect(Object.keys(fixed(tensors({ ...state, ...batch })))).not.toContain('logAlpha');
    const {
      alphaSlope: _,
      logAlpha: __,
      ...rest
    } = tf.tidy(() => {
      const { logAlpha, optimizerAlpha } = tensors(state) as SacState<Tensor>;
      return faults(args => ({ logAlpha, optimizerAlpha, ...fixed(args) }));
    });
    expect(worst(rest)).toBeLessThan(2e-4);
  });

  test('keeps minus the action’s size of entropy, unless told otherwise', () => {
    const own = sacStep(sacConfig.parse(settings), spaces);
    tf.tidy(() => {
      const { entropy, optimizerAlpha } = own(tensors({ ...initial, ...batch }));
      const { m } = optimizerAlpha as SacState<Tensor>['optimizerAlpha'];
      // α (entropy + A), a tenth of which is Adam's first moment.
      expect((10 * flat(m)[0]) / 0.7).toBeCloseTo(flat(entropy)[0] + A, 4);
    });
  });
});

describe('a planted bug is found:', () => {
  /** The critics' part of the step, wrong in one way. */
  const planted =
    (targetsOf: (args: SacState<Tensor> & SacBatch, candidates: Critics<Tensor>) => Tensor): Step =>
    args => {
      const right = sacStep(config, spaces)(args);
      const scale = tf.tensor1d([2, 2]);
      const actions = tf.div(tf.sub(args.actions, tf.tensor1d([0, 1])), scale);
      const seen = { observations: args.observations, actions, weights: args.weights };
      const { gradient, loss, errors } = valueAndGrad((candidates: Critics<Tensor>) => {
        const { loss, errors } = criticLoss(candidates, seen, targetsOf(args, candidates), 'tanh');
        return { loss: tf.mul(loss, 0.5), errors };
      }, args.critics);
      const next = adam(args.critics, gradient, args.optimizerCritics, { learningRate: 0.05 });
      return { ...right, critics: next.params, optimizerCritics: next.optimizer, criticLoss: loss, errors };
    };
  const nextOf = ({ actor, nextObservations, nextNoise }: SacState<Tensor> & SacBatch) =>
    actionsFor(actor, nextObservations, config).sample(nextNoise);
  const targets = (
    args: SacState<Tensor> & SacBatch,
    critics: Critics<Tensor>,
    choose: (values: readonly [Tensor, Tensor]) => Tensor,
  ) => {
    const next = nextOf(args);
    const values = criticValues(critics, args.nextObservations, next.actions, 'tanh');
    return softTargets(args, choose(values), next.logProbs, tf.exp(args.logAlpha));
  };

  test('none, where nothing is wrong', () => {
    const { criticSlope, criticLoss } = faults(planted(args => targets(args, args.targets, leastOf)));
    expect(Math.max(criticSlope, criticLoss)).toBeLessThan(2e-4);
  });
  test('a gradient through the target network', () => {
    // The value is that of the target networks, but the slope is let through to the critics.
    const step = planted((args, candidates) => {
      const own = targets(args, candidates, leastOf);
      return tf.add(targets(args, args.targets, leastOf), tf.sub(own, stopGradient(own)));
    });
    const found = faults(step);
    expect(found.criticLoss).toBeLessThan(2e-4);
    expect(found.criticSlope).toBeGreaterThan(0.05);
  });
  test('targets without the minimum', () => {
    expect(
      faults(planted(args => targets(args, args.targets, ([first]) => first))).criticSlope,
    ).toBeGreaterThan(0.01);
  });
  test('the critics themselves as targets', () => {
    expect(faults(planted(args => targets(args, args.critics, leastOf))).criticSlope).toBeGreaterThan(0.05);
  });
  test('rewards off by one row', () => {
    const { data } = batch.rewards;
    const late = { shape: [B], data: Float32Array.from(data, (_, b) => data[(b + 1) % B]) };
    expect(faults(sacStep(config, spaces), { ...batch, rewards: late }).criticSlope).toBeGreaterThan(0.05);
  });
  test('a policy that learns from the target networks', () => {
    const step: Step = args => {
      const right = sacStep(config, spaces)(args);
      const wrong = sacStep(config, spaces)({ ...args, critics: args.targets });
      return { ...right, optimizerActor: wrong.optimizerActor, actor: wrong.actor };
    };
    expect(faults(step).actorSlope).toBeGreaterThan(0.05);
  });
  test('critics that the policy’s loss moves', () => {
    const step: Step = args => {
      const right = sacStep(config, spaces)(args);
      const { gradient } = valueAndGrad((candidates: Critics<Tensor>) => {
        const own = actionsFor(args.actor, args.observations, config).sample(args.noise).actions;
        return { loss: tf.neg(tf.mean(leastOf(criticValues(candidates, args.observations, own, 'tanh')))) };
      }, right.critics);
      const { params } = adam(right.critics, gradient, args.optimizerCritics, { learningRate: 0.05 });
      return { ...right, critics: params };
    };
    expect(faults(step).critics).toBeGreaterThan(0.01);
  });
});
