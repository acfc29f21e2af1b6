import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  labelCrossEntropy,
  leavesOf,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import { classLoss, imputed } from './co-training.ts';
import type { DiscriminatorLearning, DiscriminatorNet } from './config.ts';
import {
  type DiscriminatorParams,
  type DiscriminatorSpectra,
  featuresOf,
  projection,
  spectrallyNormal,
} from './discriminator-networks.ts';
import { adversarial, aroundReal, betweenRealAndFake, gradientPenalty, weightPenalty } from './loss.ts';
import { rotatedCount, rotationLabels, withRotations } from './rotation.ts';

/** What the discriminator keeps. */
export interface DiscriminatorState<T> {
  readonly params: DiscriminatorParams<T>;
  readonly optimizer: Adam<T>;
  readonly spectra: DiscriminatorSpectra<T>;
}

/** What one step takes; all random numbers are in it. */
export interface DiscriminatorInputs {
  /** [images, size, size, 1], in [0, 1] as data sources have them */
  readonly real: Tensor;
  /** [images], int32; −1 where there is no label */
  readonly realY: Tensor;
  /** [images, size, size, 1], in [−1, 1] */
  readonly fake: Tensor;
  /** [images], int32 */
  readonly fakeY: Tensor;
  /** Where to ask for slopes of one, [images, 1, 1, 1], uniform in [0, 1); with a penalty of slopes only. */
  readonly mix?: Tensor;
  /** [images, size, size, 1], uniform in [0, 1); with DRAGAN’s penalty only. */
  readonly noise?: Tensor;
}

/** What goes through the discriminator at once: real images and their rotations, then fakes and theirs. */
export const discriminatorBatch = (real: Tensor, fake: Tensor, rotated: number): Tensor =>
  tf.concat([withRotations(real, rotated), withRotations(fake, rotated)], 0);

/**
 * The discriminator's step, then its critique: how the generator's objective changes with the pixels of the same fakes, under
 * the new discriminator. No gradient of one side's objective reaches the other's parameters: they have only pixels in common.
 */
export function discriminatorStep(
  { params, optimizer, spectra, ...inputs }: DiscriminatorState<Tensor> & DiscriminatorInputs,
  net: DiscriminatorNet,
  learning: DiscriminatorLearning,
) {
  const { fake } = inputs;
  const real = tf.sub(tf.mul(inputs.real, 2), 1);
  const rows = fake.shape[0];
  const rotated = net.rotations ? rotatedCount(rows, learning.rotationFraction) : 0;
  const realY = oneHot(inputs.realY, net.classes);
  const fakeY = oneHot(inputs.fakeY, net.classes);
  const normal = (from: DiscriminatorParams<Tensor>, at: DiscriminatorSpectra<Tensor>) =>
    net.spectral ? spectrallyNormal(from, at) : { params: from, spectra: at };

  const own = valueAndGrad((candidate: DiscriminatorParams<Tensor>) => {
    const { params: d, spectra: next } = normal(candidate, spectra);
    const h = featuresOf(d, discriminatorBatch(real, fake, rotated));
    const ofReal = rowsOf(h, 0, rows);
    const ofFake = rowsOf(h, rows + 3 * rotated, rows);
    let y = realY;
    let classes: Tensor = tf.scalar(0);
    if (d.auxiliary) {
      const logits = head(d.auxiliary, ofReal);
      classes = classLoss(logits, realY);
      y = imputed(realY, logits, net.coTraining === 'soft');
    }
    const game = adversarial[learning.loss].discriminator(
      projection(d, ofReal, y),
      projection(d, ofFake, fakeY),
    );
    const rotation = rotationLoss(d, rowsOf(h, 0, rows + 3 * rotated), rotated);
    const penalty =
      learning.penalty === 'l2'
        ? weightPenalty(leavesOf<Tensor>(candidate).filter(({ rank }) => rank > 1))
        : slopePenalty(d, real, y, inputs, learning);
    const loss = tf.add(
      tf.add(game, tf.mul(rotation, learning.rotationWeight)),
      tf.add(tf.mul(classes, learning.classWeight), tf.mul(penalty, learning.penaltyWeight)),
    );
    return { loss, dLoss: game, realRotLoss: rotation, classLoss: classes, penalty, next };
  }, params);
  const { learningRate, beta1, beta2 } = learning;
  const updated = adam(params, own.gradient, optimizer, { learningRate, beta1, beta2 });

  const critique = valueAndGrad((pixels: Tensor) => {
    const { params: d, spectra: next } = normal(updated.params, own.next);
    const h = featuresOf(d, withRotations(pixels, rotated));
    const gLoss = adversarial[learning.loss].generator(projection(d, rowsOf(h, 0, rows), fakeY));
    const rotLoss = rotationLoss(d, h, rotated);
    const loss = tf.add(gLoss, tf.mul(rotLoss, learning.generatorRotationWeight));
    return { loss, gLoss, rotLoss, next };
  }, fake);

  return {
    params: updated.params,
    optimizer: updated.optimizer,
    spectra: critique.next,
    dx: critique.gradient,
    gLoss: critique.gLoss,
    rotLoss: critique.rotLoss,
    dLoss: own.dLoss,
    realRotLoss: own.realRotLoss,
    classLoss: own.classLoss,
    penalty: own.penalty,
  };
}

/** The step as a program that owns the discriminator. */
export const compileDiscriminator = (
  params: DiscriminatorParams<HostTensor>,
  spectra: DiscriminatorSpectra<HostTensor>,
  net: DiscriminatorNet,
  learning: DiscriminatorLearning,
) =>
  compile(
    (args: DiscriminatorState<Tensor> & DiscriminatorInputs) => discriminatorStep(args, net, learning),
    { state: { params, optimizer: adamInit(params), spectra }, name: 'discriminator step' },
  );

/** How well rotations are told apart in the last rows of a batch; 0 where nothing is rotated. */
function rotationLoss(d: DiscriminatorParams<Tensor>, h: Tensor, rotated: number): Tensor {
  if (!d.rotation || rotated === 0) return tf.scalar(0);
  const labels = rotationLabels(rotated);
  const logits = head(d.rotation, rowsOf(h, h.shape[0] - labels.length, labels.length));
  return tf.mean(labelCrossEntropy(logits, tf.tensor1d(labels, 'int32')));
}

function slopePenalty(
  d: DiscriminatorParams<Tensor>,
  real: Tensor,
  y: Tensor,
  { fake, mix, noise }: DiscriminatorInputs,
  { penalty }: DiscriminatorLearning,
): Tensor {
  if (penalty === 'none' || !mix) return tf.scalar(0);
  const at =
    penalty === 'dragan' && noise ? aroundReal(real, mix, noise) : betweenRealAndFake(real, fake, mix);
  const { gradient } = valueAndGrad(
    (points: Tensor) => ({ loss: tf.sum(projection(d, featuresOf(d, points), y)) }),
    at,
  );
  return gradientPenalty(tf.reshape(gradient, at.shape));
}

const head = ({ weights, bias }: { weights: Tensor; bias: Tensor }, h: Tensor): Tensor =>
  tf.add(tf.matMul(h as tf.Tensor2D, weights as tf.Tensor2D), bias);

const oneHot = (y: Tensor, classes: number): Tensor => tf.oneHot(y, classes, 1, 0, 'float32');

const rowsOf = (x: Tensor, from: number, count: number): Tensor =>
  tf.slice(x, [from, 0], [count, x.shape[1] ?? 1]);
