import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { box } from '../../../src/env/spaces.ts';
import { type Critics, criticLoss, criticValues, leastOf } from '../../../src/learners/shared/critics.ts';
import { td3Config } from '../../../src/learners/td3/config.ts';
import { clippedTargets, smoothed } from '../../../src/learners/td3/loss.ts';
import { actionsFor } from '../../../src/learners/td3/networks.ts';
import {
  criticsStep,
  initTd3,
  type Td3Batch,
  type Td3State,
  td3Step,
} from '../../../src/learners/td3/update.ts';
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
const spaces = { observation: box(O), action: box(A, { low: -2, high: 2 }) };
const config = td3Config.parse({
  hidden: [4],
  activation: 'tanh',
  learningRate: 0.05,
  tau: 0.1,
  targetNoise: 0.4,
  targetNoiseClip: 0.3,
});
const actorSizes = [O, 4, A];
const criticSizes = [O + A, 4, 1];
const criticSize = sizeOfNetwork(criticSizes);

type Arguments = Td3State<Tensor> & Td3Batch;
type Step = (args: Arguments) => object;

const normal = (name: string, ...shape: number[]): HostTensor => {
  const data = new Float32Array(shape.reduce((product, n) => product * n, 1));
  Random.fromSeed(4).split(name).fillNormal(data);
  return { shape, data };
};
const batch = {
  observations: normal('observations', B, O),
  actions: { shape: [B, A], data: Float32Array.from([-2, 2, 1, 0, 0.4, 1.5, 1.9, -0.8, -1, 1]) },
  rewards: normal('rewards', B),
  discounts: { shape: [B], data: Float32Array.from([0.9, 0, 0.9, 0.9, 0.81]) },
  nextObservations: normal('next observations', B, O),
  weights: { shape: [B], data: Float32Array.from([1, 0.5, 0.25, 1, 0.75]) },
  noise: { shape: [B, A], data: Float32Array.from([0.3, -0.5, 2, -3, 0.1, 1.2, -0.7, 0.6, -1.1, 0.2]) },
};
const initial = initTd3(Random.fromSeed(5), config, spaces);
const others = initTd3(Random.fromSeed(6), config, spaces);
// A target policy near its bounds, where smoothed actions are cut.
const far = others.actor.map(({ weights, bias }) => ({
  weights: { ...weights, data: (weights.data as Float32Array).map(x => 3 * x) },
  bias,
}));
const state = { ...initial, targetActor: far, targetCritics: others.critics };

const row = ({ shape, data }: HostTensor, b: number): number[] => {
  const width = data.length / shape[0];
  return Array.from(data.subarray(b * width, (b + 1) * width));
};
const mean = (f: (b: number) => number) =>
  Array.from({ length: B }, (_, b) => f(b)).reduce((x, y) => x + y, 0) / B;
const clip = (x: number, limit: number) => Math.max(-limit, Math.min(limit, x));
const act = (actor: ArrayLike<number>, observation: number[]) =>
  network(actorSizes, actor, observation).map(Math.tanh);
const q = (critics: ArrayLike<number>, which: 0 | 1, observation: number[], action: number[]): number => {
  const one = Array.from(critics).slice(which * criticSize, (which + 1) * criticSize);
  return network(criticSizes, one, [...observation, ...action])[0];
};

/** Of the right update: the same for every step that is held against it. */
let criticsSlope: number[] | undefined;

/** How far a step is from the update as the paper has it, worked out in float64 with slopes by central differences. */
function faults(step: Step, given: typeof batch = batch) {
  return tf.tidy(() => {
    type Stepped = Td3State<Tensor> & Readonly<Record<'errors' | 'criticLoss' | 'actorLoss', Tensor>>;
    const after = step(tensors({ ...state, ...given })) as Stepped;
    const [actor, targetActor] = [flat(state.actor), flat(state.targetActor)];
    const [critics, targetCritics] = [flat(state.critics), flat(state.targetCritics)];
    const wanted = Array.from({ length: B }, (_, b) => {
      const seen = row(batch.nextObservations, b);
      const noise = row(batch.noise, b);
      const next = act(targetActor, seen).map((a, k) => clip(a + clip(0.4 * noise[k], 0.3), 1));
      const least = Math.min(q(targetCritics, 0, seen, next), q(targetCritics, 1, seen, next));
      return batch.rewards.data[b] + batch.discounts.data[b] * least;
    });
    const gap = (of: ArrayLike<number>, which: 0 | 1, b: number) => {
      const unit = row(batch.actions, b).map(a => a / 2);
      return q(of, which, row(batch.observations, b), unit) - wanted[b];
    };
    const judge = (of: ArrayLike<number>) =>
      mean(b => batch.weights.data[b] * (gap(of, 0, b) ** 2 + gap(of, 1, b) ** 2));
    criticsSlope ??= slope(judge, critics);
    const newCritics = flat(after.critics);
    const lossOf = (of: ArrayLike<number>) =>
      -mean(b => q(newCritics, 0, row(batch.observations, b), act(of, row(batch.observations, b))));
    const actorSlope = slope(lossOf, actor);
    const newActor = flat(after.actor);
    const tenth = (gradient: number[]) => gradient.map(g => 0.1 * g);
    const towards = (from: number[], to: number[]) => from.map((x, i) => x + 0.1 * (to[i] - x));
    return {
      criticSlope: difference(flat(after.optimizerCritics.m), tenth(criticsSlope)),
      critics: difference(newCritics, afterAdam(critics, criticsSlope, 0.05)),
      criticLoss: difference(flat(after.criticLoss), [judge(critics)]),
      errors: difference(
        flat(after.errors),
        wanted.map((_, b) => (Math.abs(gap(critics, 0, b)) + Math.abs(gap(critics, 1, b))) / 2),
      ),
      actorSlope: difference(flat(after.optimizerActor.m), tenth(actorSlope)),
      actor: difference(newActor, afterAdam(actor, actorSlope, 0.05)),
      actorLoss: difference(flat(after.actorLoss), [lossOf(actor)]),
      targetActor: difference(flat(after.targetActor), towards(targetActor, newActor)),
      targetCritics: difference(flat(after.targetCritics), towards(targetCritics, newCritics)),
    };
  });
}

describe('a gradient step', () => {
  test('is the paper’s: smoothed targets, slopes, Adam, moving averages', () => {
    const found = faults(td3Step(config, spaces));
    for (const [what, by] of Object.entries(found)) expect(by, what).toBeLessThan(2e-4);
  });

  test('of the critics alone does to them what the whole one does, and touches nothing else', () => {
    tf.tidy(() => {
      const alone = criticsStep(config, spaces)(tensors({ ...state, ...batch }));
      const whole = td3Step(config, spaces)(tensors({ ...state, ...batch }));
      expect(flat(alone.critics)).toEqual(flat(whole.critics));
      expect(flat(alone.errors)).toEqual(flat(whole.errors));
      expect(Object.keys(alone).filter(name => name in state)).toEqual(['critics', 'optimizerCritics']);
    });
  });
});

test('noise on target actions is cut, and so are the actions', () => {
  const found = smoothed(tf.tensor2d([[0.5, 0.95, -0.2]]), tf.tensor2d([[-5, 1, 0.5]]), {
    targetNoise: 0.2,
    targetNoiseClip: 0.5,
  });
  const [low, cut, plain] = found.dataSync();
  expect(low).toBeCloseTo(0, 6);
  expect(cut).toBe(1);
  expect(plain).toBeCloseTo(-0.1, 6);
});

describe('a planted bug is found:', () => {
  /** The critics' part of the step, wrong in one way. */
  const planted =
    (
      nextOf: (args: Arguments) => Tensor,
      valuesAfter: (args: Arguments, actions: Tensor, candidates: Critics<Tensor>) => Tensor,
    ): Step =>
    args => {
      const right = td3Step(config, spaces)(args);
      const seen = {
        observations: args.observations,
        actions: tf.div(args.actions, 2),
        weights: args.weights,
      };
      const judged = valueAndGrad((candidates: Critics<Tensor>) => {
        const wanted = clippedTargets(args, valuesAfter(args, nextOf(args), candidates));
        return criticLoss(candidates, seen, wanted, 'tanh');
      }, args.critics);
      const next = adam(args.critics, judged.gradient, args.optimizerCritics, { learningRate: 0.05 });
      return { ...right, critics: next.params, optimizerCritics: next.optimizer, criticLoss: judged.loss };
    };
  const smooth = ({ targetActor, nextObservations, noise }: Arguments) =>
    smoothed(actionsFor(targetActor, nextObservations, config), noise, config);
  const values = (critics: Critics<Tensor>, { nextObservations }: Arguments, actions: Tensor) =>
    criticValues(critics, nextObservations, actions, 'tanh');
  const least = (args: Arguments, actions: Tensor) => leastOf(values(args.targetCritics, args, actions));

  test('none, where nothing is wrong', () => {
    const { criticSlope, criticLoss } = faults(planted(smooth, least));
    expect(Math.max(criticSlope, criticLoss)).toBeLessThan(2e-4);
  });
  test('a gradient through the target network', () => {
    const through = planted(smooth, (args, actions, candidates) => {
      const own = leastOf(values(candidates, args, actions));
      return tf.add(least(args, actions), tf.sub(own, stopGradient(own)));
    });
    const { criticLoss, criticSlope } = faults(through);
    expect(criticLoss).toBeLessThan(2e-4);
    expect(criticSlope).toBeGreaterThan(0.05);
  });
  test('targets without the minimum', () => {
    const step = planted(smooth, (args, actions) => values(args.targetCritics, args, actions)[0]);
    expect(faults(step).criticSlope).toBeGreaterThan(0.01);
  });
  test('targets without smoothing', () => {
    const bare = (args: Arguments) => actionsFor(args.targetActor, args.nextObservations, config);
    expect(faults(planted(bare, least)).criticSlope).toBeGreaterThan(0.005);
  });
  test('target actions of the policy that learns', () => {
    const own = (args: Arguments) => smooth({ ...args, targetActor: args.actor });
    expect(faults(planted(own, least)).criticSlope).toBeGreaterThan(0.01);
  });
  test('rewards off by one row', () => {
    const { data } = batch.rewards;
    const late = { shape: [B], data: Float32Array.from(data, (_, b) => data[(b + 1) % B]) };
    expect(faults(td3Step(config, spaces), { ...batch, rewards: late }).criticSlope).toBeGreaterThan(0.05);
  });
});
