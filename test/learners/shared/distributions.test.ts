import { beforeAll, describe, expect, test } from 'vitest';
import { fillNoise } from '../../../src/actors/policy-programs.ts';
import { Random } from '../../../src/core/random.ts';
import { box, discrete, multiDiscrete } from '../../../src/env/spaces.ts';
import { actionsOf, headSize, noiseOf } from '../../../src/learners/shared/distributions.ts';
import { initTensors, type Tensor, tf } from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const numbers = (tensor: Tensor): number[] => [...tensor.dataSync()];

describe('one choice', () => {
  const space = discrete(3);
  // exp: 1, 2, 1: probabilities ¼, ½, ¼
  const actions = () => actionsOf(space, { outputs: tf.tensor2d([[0, Math.LN2, 0]]), logStd: undefined });

  test('log-probabilities are those of the softmax', () => {
    const logOf = (choice: number) => numbers(actions().logProb(tf.tensor2d([[choice]], [1, 1], 'int32')))[0];
    expect(logOf(0)).toBeCloseTo(Math.log(0.25), 6);
    expect(logOf(1)).toBeCloseTo(Math.log(0.5), 6);
    expect(logOf(2)).toBeCloseTo(Math.log(0.25), 6);
  });
  test('entropy: ½ ln 2 + ½ ln 4 = 1.5 ln 2', () => {
    expect(numbers(actions().entropy())[0]).toBeCloseTo(1.5 * Math.LN2, 6);
  });
  test('the mode is the likeliest, as an int32 column', () => {
    const mode = actions().mode();
    expect([mode.dtype, mode.shape, numbers(mode)]).toEqual(['int32', [1, 1], [1]]);
  });
  test('Gumbel noise draws each choice as often as its probability says', () => {
    const rows = 20_000;
    const { kind, size } = noiseOf(space);
    const noise = new Float32Array(rows * size);
    fillNoise(kind, Random.fromSeed(3), noise);
    const outputs = tf.tile(tf.tensor2d([[0, Math.LN2, 0]]), [rows, 1]);
    const drawn = numbers(
      actionsOf(space, { outputs, logStd: undefined }).sample(tf.tensor2d(noise, [rows, size])),
    );
    const share = (choice: number) => drawn.filter(x => x === choice).length / rows;
    // Standard error √(¼·¾/20000) = 0.0031; four of them.
    expect(Math.abs(share(0) - 0.25)).toBeLessThan(0.0125);
    expect(Math.abs(share(1) - 0.5)).toBeLessThan(0.0145);
    expect(Math.abs(share(2) - 0.25)).toBeLessThan(0.0125);
  });
});

describe('several choices', () => {
  const space = multiDiscrete([2, 3]);
  // First: ½, ½. Second: ¼, ½, ¼.
  const actions = () =>
    actionsOf(space, {
      outputs: tf.tensor2d([
        [0, 0, 0, Math.LN2, 0],
        [0, 0, 0, Math.LN2, 0],
      ]),
      logStd: undefined,
    });
  test('probabilities multiply', () => {
    const logProbs = numbers(
      actions().logProb(
        tf.tensor2d(
          [
            [0, 1],
            [1, 2],
          ],
          [2, 2],
          'int32',
        ),
      ),
    );
    expect(logProbs[0]).toBeCloseTo(Math.log(0.5 * 0.5), 6);
    expect(logProbs[1]).toBeCloseTo(Math.log(0.5 * 0.25), 6);
  });
  test('entropies add', () => {
    for (const entropy of numbers(actions().entropy())) expect(entropy).toBeCloseTo(2.5 * Math.LN2, 6);
  });
  test('one column a choice, each from its own logits', () => {
    expect(headSize(space)).toBe(5);
    const noise = tf.tensor2d([
      [9, 0, 0, 0, 9],
      [0, 9, 9, 0, 0],
    ]);
    expect(numbers(actions().sample(noise))).toEqual([0, 2, 1, 0]);
    expect(numbers(actions().mode())).toEqual([0, 1, 0, 1]);
  });
});

describe('real numbers', () => {
  const space = box(2, { low: -1, high: 1 });
  const logStd = () => tf.tensor1d([0, Math.LN2]); // deviations 1 and 2
  const actions = () => actionsOf(space, { outputs: tf.tensor2d([[1, -1]]), logStd: logStd() });
  test('log-density of two independent normal numbers', () => {
    // z = (2 − 1)/1 = 1 and (3 + 1)/2 = 2: −½(1 + 4) − ln 1 − ln 2 − ln 2π
    const [logProb] = numbers(actions().logProb(tf.tensor2d([[2, 3]])));
    expect(logProb).toBeCloseTo(-2.5 - Math.LN2 - Math.log(2 * Math.PI), 5);
  });
  test('entropy: 1 + ln 2π + ln 2', () => {
    expect(numbers(actions().entropy())[0]).toBeCloseTo(1 + Math.log(2 * Math.PI) + Math.LN2, 5);
  });
  test('samples are mean + deviation · noise, beyond the bounds too', () => {
    expect(noiseOf(space)).toEqual({ kind: 'normal', size: 2 });
    expect(numbers(actions().sample(tf.tensor2d([[1, -3]])))).toEqual([2, -7]);
    expect(numbers(actions().mode())).toEqual([1, -1]);
  });
});
