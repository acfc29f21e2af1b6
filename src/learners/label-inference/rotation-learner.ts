import { defineActor, port } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import { images, pairOf } from '../../data/augment/index.ts';
import type { Need, UnlabelledBatch } from '../../data/index.ts';
import {
  type Adam,
  adam,
  adamInit,
  compile,
  type HostTensor,
  initTensors,
  labelCrossEntropy,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import { type Classifier, classifierInit, classify } from '../classifier/index.ts';
import { rotationLabels, TURNS, withRotations } from '../few-label-gan/rotation.ts';
import { turns } from '../shared/turns.ts';
import { rotationConfig } from './config.ts';
import type { RotationFeatures } from './messages.ts';
import { shiftBy } from './shift.ts';

/** How well rotations were told apart, over the last steps. */
export interface RotationFigures {
  /** Cross-entropy, nats: ln 4 by chance. */
  readonly loss: number;
  /** Share of rotated images whose rotation was told rightly. */
  readonly accuracy: number;
}

/**
 * Learns to tell by how many quarters an image is turned (Gidaris, Singh & Komodakis, ICLR 2018): a task without labels,
 * whose net comes to see what tells objects apart. Every image of a batch is shown in all four rotations.
 */
export const rotationLearner = defineActor(import.meta.url, {
  name: 'rotation learner',
  config: rotationConfig,
  inputs: { batches: port<UnlabelledBatch>() },
  outputs: { needs: port<Need>(), features: port<RotationFeatures>() },
  async start({ config, inputs, outputs, random, heartbeat }) {
    const { net, shape, steps, learningRate, shift, executor } = config;
    await initTensors(executor);
    const batches = pull(inputs.batches, outputs.needs);
    const augmentation = {
      samples: images(shape, shiftBy(shift)),
      random: random.split('augment'),
    };
    const learn = await compileRotationStep(
      classifierInit(random.split('init'), net, shape, TURNS),
      learningRate,
    );

    function send(step: number): void {
      outputs.features.next({ net: 'rotation', step, params: learn.state.flat('params') });
    }

    return {
      /** Learns, and sends what it has learned. Its figures are means over the last tenth. */
      async learn(): Promise<RotationFigures> {
        const tail = Math.max(1, Math.floor(steps / 10));
        let [loss, accuracy] = [0, 0];
        const turn = turns(heartbeat);
        for (let step = 0; step < steps; step++) {
          const batch = await batches.next();
          const data = shift === 0 ? batch.x : pairOf(batch, augmentation).uAug;
          const out = await learn({ x: { shape: [batch.ids.length, ...shape], data } });
          await turn();
          if (step < steps - tail) continue;
          loss += out.loss.data[0] / tail;
          accuracy += out.accuracy.data[0] / tail;
        }
        await learn.state.settle();
        send(steps);
        return steps === 0 ? { loss: Math.log(TURNS), accuracy: 1 / TURNS } : { loss, accuracy };
      },
      stop: () => learn.dispose(),
    };
  },
});

/** One update of a classifier of rotations by Adam. */
export const compileRotationStep = (init: Classifier<HostTensor>, learningRate: number) =>
  compile(
    ({ params, optimizer, x }: RotationState & { readonly x: Tensor }) => {
      const { gradient, loss, accuracy } = valueAndGrad(
        (candidate: Classifier<Tensor>) => rotationLoss(candidate, x),
        params,
      );
      return { ...adam(params, gradient, optimizer, { learningRate }), loss, accuracy };
    },
    { state: { params: init, optimizer: adamInit(init) }, name: 'rotation step' },
  );

interface RotationState {
  readonly params: Classifier<Tensor>;
  readonly optimizer: Adam<Tensor>;
}

/**
 * The mean cross-entropy of four rotations of each image.
 * @param x [images, size, size, channels]
 */
export function rotationLoss(
  params: Classifier<Tensor>,
  x: Tensor,
): { readonly loss: Tensor; readonly accuracy: Tensor } {
  const [images] = x.shape;
  const labels = tf.tensor1d(rotationLabels(images), 'int32');
  const logits = classify(params, withRotations(x, images));
  return {
    loss: tf.mean(labelCrossEntropy(logits, labels)),
    accuracy: tf.mean(tf.cast(tf.equal(tf.argMax(logits, 1), labels), 'float32')),
  };
}
