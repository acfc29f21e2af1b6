import { beforeAll, describe, expect, test } from 'vitest';
import { Random } from '../../../src/core/random.ts';
import { type Classifier, classifierInit, classify } from '../../../src/learners/classifier/index.ts';
import {
  confident,
  maskedDivergence,
  predictionEntropy,
  sharpened,
  supervisedLoss,
} from '../../../src/learners/consistency-training/loss.ts';
import { compileStudent } from '../../../src/learners/consistency-training/update.ts';
import {
  type HostTensor,
  hostTensor,
  initTensors,
  mapTree,
  type Tensor,
  tf,
  toVector,
  valueAndGrad,
} from '../../../src/tensors/index.ts';

beforeAll(async () => {
  await initTensors();
});

const [inputs, classes, labelledRows, unlabelledRows] = [6, 3, 4, 8];
const random = Random.fromSeed(3);
const initial = classifierInit(random, { kind: 'mlp', hidden: [5] }, [inputs], classes);
const noise = (name: string, rows: number) => {
  const data = new Float32Array(rows * inputs);
  random.split(name).fillNormal(data);
  return { shape: [rows, inputs], data };
};
const x = noise('x', labelledRows);
const y = { shape: [labelledRows], data: Int32Array.of(0, 1, 2, 0) };
const u = noise('u', unlabelledRows);
const uAug = noise('uAug', unlabelledRows);
const settings = { momentum: 0.9, weightDecay: 0, entropyMinimisation: 0 };
const [learningRate, tau, beta, lambda] = [0.1, 0.4, 0.5, 1];

const onDevice = ({ shape, data }: HostTensor): Tensor =>
  tf.tensor(data, [...shape], data instanceof Int32Array ? 'int32' : 'float32');
const params = () => mapTree<HostTensor, Tensor>(initial, onDevice) as unknown as Classifier<Tensor>;
const targets = () => {
  const p = tf.softmax(classify(params(), onDevice(u)));
  return hostTensor([unlabelledRows, classes], p.dataSync());
};

/** Parameters after one step of Nesterov's momentum from rest: p − rate · (1 + μ) · g. */
function stepped(lossOf: (candidate: Classifier<Tensor>) => Tensor): number[] {
  const start = params();
  const { gradient } = valueAndGrad(candidate => ({ loss: lossOf(candidate) }), start);
  const rate = learningRate * (1 + settings.momentum);
  return [...tf.sub(toVector(start), tf.mul(gradient, rate)).dataSync()];
}
/** The loss of a step, written out; the target is either a constant, or the student itself, which must not be. */
const lossOf = (stopped: boolean, at: { eta: number; lambda: number }) => (candidate: Classifier<Tensor>) => {
  const p = stopped ? onDevice(targets()) : tf.softmax(classify(candidate, onDevice(u)));
  const consistency = maskedDivergence(
    sharpened(p, tf.scalar(tau)),
    classify(candidate, onDevice(uAug)),
    confident(p, tf.scalar(beta)),
  );
  const logits = classify(candidate, onDevice(x));
  const supervised = supervisedLoss(logits, onDevice(y), tf.scalar(at.eta));
  return tf.add(supervised.loss, tf.mul(at.lambda, consistency));
};

async function updated(change: { eta?: number; lambda?: number; entropyMinimisation?: number } = {}) {
  const { entropyMinimisation = 0, ...schedule } = change;
  const update = await compileStudent(initial, { ...settings, entropyMinimisation });
  const { figures } = await update.both({
    ...{ x, y, uAug, p: targets(), eta: 1, learningRate, tau, beta, lambda, ...schedule },
    ...(entropyMinimisation > 0 && { u }),
  });
  const after = [...update.state.flat('params')];
  update.dispose();
  return { after, figures };
}
const apart = (a: readonly number[], b: readonly number[]): number =>
  Math.max(...a.map((value, i) => Math.abs(value - b[i])));

describe('a step of the student', () => {
  test('is Nesterov’s step along the gradient of supervised and consistency loss', async () => {
    const { after, figures } = await updated();
    expect(apart(after, stepped(lossOf(true, { eta: 1, lambda })))).toBeLessThan(1e-5);
    expect(figures.supervisedKept.data[0]).toBe(1);
    const kept = figures.consistencyKept.data[0];
    expect(kept).toBeGreaterThan(0);
    expect(kept).toBeLessThan(1);
  });

  test('planted: with a gradient through the target it would be another one', async () => {
    const { after } = await updated();
    expect(apart(after, stepped(lossOf(false, { eta: 1, lambda })))).toBeGreaterThan(1e-3);
  });

  test('annealing leaves labelled examples out', async () => {
    const { after, figures } = await updated({ eta: 0.4 });
    expect(apart(after, stepped(lossOf(true, { eta: 0.4, lambda })))).toBeLessThan(1e-5);
    expect(figures.supervisedKept.data[0]).toBeLessThan(1);
  });

  test('without a weight on consistency it is the supervised step', async () => {
    const { after } = await updated({ lambda: 0 });
    const update = await compileStudent(initial, settings);
    await update.labelled({ x, y, eta: 1, learningRate });
    expect(apart(after, [...update.state.flat('params')])).toBeLessThan(1e-6);
    update.dispose();
  });

  test('entropy is minimised on originals, where asked for', async () => {
    const { after } = await updated({ entropyMinimisation: 0.5 });
    const wanted = stepped(candidate => {
      const entropy = predictionEntropy(classify(candidate, onDevice(u)));
      return tf.add(lossOf(true, { eta: 1, lambda })(candidate), tf.mul(0.5, entropy));
    });
    expect(apart(after, wanted)).toBeLessThan(1e-5);
    expect(apart(after, stepped(lossOf(true, { eta: 1, lambda })))).toBeGreaterThan(1e-3);
  });

  test('one pass over originals, labelled and augmented examples together is the same as one each', () => {
    const together = classify(params(), tf.concat([onDevice(x), onDevice(u), onDevice(uAug)]));
    const each = tf.concat([x, u, uAug].map(rows => classify(params(), onDevice(rows))));
    expect(apart([...together.dataSync()], [...each.dataSync()])).toBeLessThan(1e-6);
  });
});
