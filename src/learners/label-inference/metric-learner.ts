import { z } from 'zod';
import { executorField } from '../../actors/executor.ts';
import { defineActor, port } from '../../actors/index.ts';
import { pull } from '../../actors/streams/index.ts';
import type { LabelledBatch, Need } from '../../data/index.ts';
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
import {
  type Classifier,
  classifierInit,
  classifierNet,
  classify,
  type Shadow,
} from '../classifier/index.ts';
import { turns } from '../shared/turns.ts';

const positive = z.number().int().positive();

/** The net whose features generated images are compared by: 196-128-32-10 on digits of 14 by 14 pixels. */
export const metricNet = classifierNet.default({ kind: 'mlp', hidden: [128, 32] });

/** What the metric learner is spawned with. */
export const metricConfig = z.strictObject({
  net: metricNet.describe('Its last hidden layer gives the features.'),
  shape: z.array(positive).describe('Of one image: rows, columns, channels.'),
  classes: positive.default(10).describe('Classes of the labels.'),
  steps: positive.default(2000).describe('Updates, each of one batch.'),
  learningRate: z.number().positive().default(1e-3).describe('Adam’s step size, its usual one.'),
  executor: executorField,
});
/** `metricConfig`, parsed. */
export type MetricConfig = z.output<typeof metricConfig>;

/**
 * Learns a classifier from labelled images: the judge of generated ones sees through it. It must be given images that no
 * generator learns from, so that a distance in its features is no measure of what both have learned by heart.
 */
export const metricLearner = defineActor(import.meta.url, {
  name: 'metric learner',
  config: metricConfig,
  inputs: { batches: port<LabelledBatch>() },
  outputs: { needs: port<Need>(), shadows: port<Shadow>() },
  async start({ config, inputs, outputs, random, heartbeat }) {
    const { net, shape, classes, steps, learningRate, executor } = config;
    await initTensors(executor);
    const batches = pull(inputs.batches, outputs.needs);
    const params = classifierInit(random.split('init'), net, shape, classes);
    const learn = await compileClassifierStep(params, learningRate);
    return {
      /** Learns, and sends what it has learned. */
      async learn(): Promise<Shadow> {
        const turn = turns(heartbeat);
        for (let step = 0; step < steps; step++) {
          const { ids, x, y } = await batches.next();
          const labels = y.length === ids.length ? y : firstOf(y, ids.length);
          await learn({
            x: { shape: [ids.length, ...shape], data: x },
            y: { shape: [ids.length], data: labels },
          });
          await turn();
        }
        await learn.state.settle();
        const shadow = { step: steps, params: learn.state.flat('params') };
        outputs.shadows.next(shadow);
        return shadow;
      },
      stop: () => learn.dispose(),
    };
  },
});

/** One update of a classifier by Adam on the mean cross-entropy. */
const compileClassifierStep = (init: Classifier<HostTensor>, learningRate: number) =>
  compile(
    ({ params, optimizer, x, y }: ClassifierState & { readonly x: Tensor; readonly y: Tensor }) => {
      const { loss, gradient } = valueAndGrad(
        (candidate: Classifier<Tensor>) => ({ loss: tf.mean(labelCrossEntropy(classify(candidate, x), y)) }),
        params,
      );
      return { ...adam(params, gradient, optimizer, { learningRate }), loss };
    },
    { state: { params: init, optimizer: adamInit(init) }, name: 'metric step' },
  );

interface ClassifierState {
  readonly params: Classifier<Tensor>;
  readonly optimizer: Adam<Tensor>;
}

/** The first of several labellings. */
const firstOf = (y: Int32Array, samples: number): Int32Array =>
  Int32Array.from({ length: samples }, (_, i) => y[(i * y.length) / samples]);
