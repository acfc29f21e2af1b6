import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import {
  type ClassifierNet,
  classifierInit,
  compileEvaluation,
  type LabelledSamples,
} from '../../../src/learners/classifier/index.ts';
import { initTensors } from '../../../src/tensors/index.ts';

const random = Random.fromSeed(5);
const [inputs, classes] = [4, 3];
const net: ClassifierNet = { kind: 'mlp', hidden: [] };

function samples(count: number): LabelledSamples {
  const x = new Float32Array(count * inputs);
  random.split('x', count).fillNormal(x);
  const y = Int32Array.from({ length: count }, (_, i) => (x[i * inputs] > 0 ? 2 : i % 2));
  return { x: { shape: [count, inputs], data: x }, y: { shape: [count], data: y } };
}

const weights = (name: string) => {
  const data = new Float32Array(inputs * classes + classes);
  random.split(name).fillNormal(data);
  return data;
};

/** The same by hand, in float64, for one dense layer whose weights stand row by row before its biases. */
function byHand(params: Float32Array, { x, y }: LabelledSamples) {
  const count = y.data.length;
  const sums = { soft: 0, hard: 0, loss: 0 };
  for (let i = 0; i < count; i++) {
    const logits = Array.from({ length: classes }, (_, c) => {
      let sum = params[inputs * classes + c];
      for (let j = 0; j < inputs; j++) sum += x.data[i * inputs + j] * params[j * classes + c];
      return sum;
    });
    const total = logits.reduce((sum, logit) => sum + Math.exp(logit), 0);
    const probability = Math.exp(logits[y.data[i]]) / total;
    sums.soft += (1 - probability) / count;
    sums.loss -= Math.log(probability) / count;
    if (logits.indexOf(Math.max(...logits)) !== y.data[i]) sums.hard += 1 / count;
  }
  return sums;
}

describe('how classifiers are judged', () => {
  beforeAll(() => initTensors());

  it('each on its own, though they are asked about at once, over blocks that overlap', async () => {
    const evaluation = await compileEvaluation(net, [inputs], classes);
    const some = samples(2300);
    const few = samples(7);
    const [a, b] = [weights('a'), weights('b')];
    const asked = [
      [a, some],
      [b, some],
      [b, few],
      [a, few],
    ] as const;
    const found = await Promise.all(asked.map(([params, on]) => evaluation.judge(params, on)));
    for (const [i, [params, on]] of asked.entries()) {
      const expected = byHand(params, on);
      expect(found[i].hard).toBeCloseTo(expected.hard, 6);
      expect(found[i].soft).toBeCloseTo(expected.soft, 4);
      expect(found[i].loss).toBeCloseTo(expected.loss, 4);
    }
    // One that fails does not stop the next.
    await expect(evaluation.judge(new Float32Array(3), few)).rejects.toThrow();
    expect(await evaluation.judge(a, few)).toEqual(found[3]);
    evaluation.dispose();
  });

  it('refuses convolutions over what is no image', () => {
    const conv: ClassifierNet = { kind: 'conv', channels: [4], hidden: [] };
    expect(() => classifierInit(random, conv, [4096], 2)).toThrow(
      'net: kind = conv: expected samples of [rows, columns, channels], got [4096]',
    );
  });
});
