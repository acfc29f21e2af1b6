import { beforeAll, describe, expect, test } from 'vitest';
import { klOf, ppoLoss } from '../../../src/learners/ppo/loss.ts';
import type { Actions } from '../../../src/learners/shared/distributions.ts';
import { initTensors, type Tensor, tf, valueAndGrad } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const settings = {
  normalizeAdvantages: false,
  clipValues: null,
  valueCoefficient: 0.5,
  entropyCoefficient: 0,
};
const number = (tensor: Tensor): number => tensor.dataSync()[0];

/** A policy whose log-probabilities are given: rows of `logProbs`, old ones zero, so that ratio = exp(logProb). */
function loss(
  given: {
    ratios: number[];
    advantages: number[];
    values?: number[];
    old?: number[];
    returns?: number[];
    entropy?: number;
    importance?: number[];
    clip?: number;
  },
  other: Partial<typeof settings> | { clipValues: number } = {},
) {
  const rows = given.ratios.length;
  const zeros = new Array<number>(rows).fill(0);
  const column = (values: number[]) => tf.tensor1d(values);
  const result = valueAndGrad(
    ({ logProbs, values }: { logProbs: Tensor; values: Tensor }) => {
      const actions = {
        logProb: () => logProbs,
        entropy: () => column(zeros.map(() => given.entropy ?? 0)),
      } as unknown as Actions;
      return ppoLoss(
        {
          observations: tf.zeros([rows, 1]),
          actions: tf.zeros([rows, 1]),
          logProbs: column(zeros),
          values: column(given.old ?? zeros),
          advantages: column(given.advantages),
          returns: column(given.returns ?? zeros),
          ...(given.importance && { importance: column(given.importance) }),
        },
        actions,
        values,
        tf.scalar(given.clip ?? 0.2),
        { ...settings, ...other },
      );
    },
    { logProbs: column(given.ratios.map(Math.log)), values: column(given.values ?? zeros) },
  );
  const gradient = [...result.gradient.dataSync()];
  return {
    loss: number(result.loss),
    policyLoss: number(result.policyLoss),
    valueLoss: number(result.valueLoss),
    approxKl: number(result.approxKl),
    clipFraction: number(result.clipFraction),
    ofLogProbs: gradient.slice(0, rows),
    ofValues: gradient.slice(rows),
  };
}

describe('the clipped objective, case by case', () => {
  // objective = min(r·A, clip(r, 0.8, 1.2)·A); d(−r·A)/d log π = −r·A where the first is the smaller one, else 0
  test.each([
    { ratio: 1.0, advantage: 2, objective: 2, gradient: -2 }, // inside
    { ratio: 1.5, advantage: 2, objective: 2.4, gradient: 0 }, // better than 1.2 does not pay
    { ratio: 0.5, advantage: 2, objective: 1, gradient: -1 }, // worse is felt in full
    { ratio: 1.5, advantage: -2, objective: -3, gradient: 3 }, // worse is felt in full
    { ratio: 0.5, advantage: -2, objective: -1.6, gradient: 0 }, // better than 0.8 does not pay
    { ratio: 1.5, advantage: 0, objective: 0, gradient: 0 },
  ])('ratio $ratio, advantage $advantage', ({ ratio, advantage, objective, gradient }) => {
    const { policyLoss, ofLogProbs } = loss({ ratios: [ratio], advantages: [advantage] });
    expect(policyLoss).toBeCloseTo(-objective, 5);
    expect(ofLogProbs[0]).toBeCloseTo(gradient, 5);
  });

  test('is a mean over rows', () => {
    expect(loss({ ratios: [1, 1.5], advantages: [2, 2] }).policyLoss).toBeCloseTo(-(2 + 2.4) / 2, 5);
  });
});

test('advantages are brought to mean 0 and sample deviation 1 in the minibatch', () => {
  // 1, 2, 6: mean 3, sample variance (4 + 1 + 9)/2 = 7; with ratio 1 the gradient of row i is −Â/3
  const { policyLoss, ofLogProbs } = loss(
    { ratios: [1, 1, 1], advantages: [1, 2, 6] },
    { normalizeAdvantages: true },
  );
  expect(policyLoss).toBeCloseTo(0, 6);
  [-2, -1, 3].forEach((gap, i) => {
    expect(ofLogProbs[i]).toBeCloseTo(-gap / Math.sqrt(7) / 3, 5);
  });
});

describe('rows that count more or less, by importance', () => {
  const given = { ratios: [1, 1], advantages: [2, 4], importance: [0.5, 2], values: [1, 1] };
  test('do so in the policy loss alone', () => {
    // −(½·2 + 2·4)/2 = −4.5, gradients −½·2/2 and −2·4/2; the value loss is ½ · 1 all the same
    const { policyLoss, valueLoss, ofLogProbs } = loss(given);
    expect(policyLoss).toBeCloseTo(-4.5, 6);
    expect(ofLogProbs).toEqual([-0.5, -4]);
    expect(valueLoss).toBeCloseTo(0.5, 6);
  });
  test('are weighed after the minibatch was normalised', () => {
    // Â = (−2, −1, 3)/√7, weighed 2, 1, ½: −(−4 − 1 + 1.5)/√7/3 = 3.5/(3√7)
    const { policyLoss } = loss(
      { ratios: [1, 1, 1], advantages: [1, 2, 6], importance: [2, 1, 0.5] },
      { normalizeAdvantages: true },
    );
    expect(policyLoss).toBeCloseTo(3.5 / (3 * Math.sqrt(7)), 6);
  });
  test('and are clipped as others are', () => {
    // ½ · min(1.5·2, 1.2·2) = 1.2
    expect(loss({ ratios: [1.5], advantages: [2], importance: [0.5] }).policyLoss).toBeCloseTo(-1.2, 6);
  });
});

test('the clip is what it is given', () => {
  // min(1.15·2, (1 + ε)·2): 2.3 where ε = 0.2, 2.1 where it is 0.05, and outside of it then
  const given = { ratios: [1.15], advantages: [2] };
  const [wide, narrow] = [loss({ ...given, clip: 0.2 }), loss({ ...given, clip: 0.05 })];
  expect([wide.policyLoss, wide.clipFraction]).toEqual([expect.closeTo(-2.3, 5), 0]);
  expect([narrow.policyLoss, narrow.clipFraction]).toEqual([expect.closeTo(-2.1, 5), 1]);
});

test('one row has nothing to be compared with: its normalised advantage is 0', () => {
  expect(loss({ ratios: [1], advantages: [5] }, { normalizeAdvantages: true }).policyLoss).toBeCloseTo(0, 6);
});

describe('the value loss', () => {
  const none = { ratios: [1, 1], advantages: [0, 0] };
  test('is half the mean squared error, and half of that in the loss', () => {
    // errors 1 and 3: ½·(1 + 9)/2 = 2.5
    const free = loss({ ...none, values: [1, 3], returns: [0, 0] });
    expect(free.valueLoss).toBeCloseTo(2.5, 6);
    expect(free.loss).toBeCloseTo(1.25, 6);
    // d(c · ½ · mean e²)/dV = c · e / 2 rows
    expect(free.ofValues[0]).toBeCloseTo(0.25, 6);
    expect(free.ofValues[1]).toBeCloseTo(0.75, 6);
  });
  test('clipped, takes the larger error of the value and of the value kept near its old one', () => {
    // Row 0: V = 3, V_old = 2, R = 0: near = 2.1, errors 9 and 4.41: 9. Row 1: V = 0, V_old = 2, R = 0: near = 1.9,
    // errors 0 and 3.61: 3.61. ½ · (9 + 3.61)/2 = 3.1525. Row 1 has moved too far already: no gradient.
    const clipped = loss({ ...none, values: [3, 0], old: [2, 2], returns: [0, 0] }, { clipValues: 0.1 });
    expect(clipped.valueLoss).toBeCloseTo(3.1525, 5);
    expect(clipped.ofValues[0]).toBeCloseTo(0.75, 5);
    expect(clipped.ofValues[1]).toBeCloseTo(0, 6);
  });
});

test('entropy is a bonus', () => {
  const given = { ratios: [1], advantages: [0], entropy: 2 };
  expect(loss(given).loss).toBeCloseTo(0, 6);
  expect(loss(given, { entropyCoefficient: 0.01 }).loss).toBeCloseTo(-0.02, 6);
  // The three parts: −2 + 0.5 · ½ · 3² − 0.1 · 2 = 0.05
  const all = { ratios: [1], advantages: [2], values: [3], entropy: 2 };
  expect(loss(all, { entropyCoefficient: 0.1 }).loss).toBeCloseTo(0.05, 6);
});

test('KL is estimated by mean(r − 1 − ln r), and rows outside the clip are counted', () => {
  // 1.5 − 1 − ln 1.5 = 0.094535; 0.9 − 1 − ln 0.9 = 0.005361
  const { approxKl, clipFraction } = loss({ ratios: [1.5, 0.9], advantages: [0, 0] });
  expect(approxKl).toBeCloseTo((0.094535 + 0.005361) / 2, 5);
  const old = Float32Array.of(-1, -2);
  expect(klOf(Float32Array.of(-1 + Math.log(1.5), -2 + Math.log(0.9)), old)).toBeCloseTo(approxKl, 6);
  expect(klOf(old, old)).toBe(0);
  expect(clipFraction).toBe(0.5);
  expect(loss({ ratios: [0.5], advantages: [0] }).clipFraction).toBe(1);
});
