import { usageError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import {
  compile,
  type Dense,
  dense,
  denseInit,
  type HostTensor,
  labelCrossEntropy,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import type { GroupingConfig } from './config.ts';
import { type OptimizerState, optimizerInit, optimizerStep } from './lookahead.ts';

/** What a head says of a representation. */
export interface HeadLook {
  /** The mean cross-entropy over the batch, nats. */
  readonly loss: number;
  /** ∂loss/∂representation, [batch, width] */
  readonly slope: Float32Array;
}

/** What belongs to one task alone: a linear layer. */
export interface Head {
  /** Loss and slope; the head stays. @param rep [batch, width] @param y [batch] */
  look(rep: Float32Array, y: Int32Array): Promise<HeadLook>;
  /** The same, and one step of the head. */
  learn(rep: Float32Array, y: Int32Array, learningRate: number): Promise<HeadLook>;
  /** Losses under several representations of one batch; the head stays. @param reps [sources × batch, width] */
  probe(reps: Float32Array, y: Int32Array): Promise<number[]>;
  /** All parameters end to end. */
  params(): Promise<Float32Array>;
  dispose(): void;
}

/** Standard deviation of a head's first weights. */
const firstWeights = 0.1;

/**
 * A task's head before training. It starts small: slopes of large heads, summed over tasks and with momentum, throw units
 * of a narrow trunk below zero for good in the first steps.
 */
export function headInit({ training, tasks, seed }: GroupingConfig, task: number): Dense<HostTensor> {
  const { hidden } = training;
  const { classes } = tasks[task];
  const random = Random.fromSeed(seed).split('head', task);
  return denseInit(random, hidden[hidden.length - 1], classes, { init: 'normal', gain: firstWeights });
}

interface State {
  readonly params: Dense<Tensor>;
  readonly optimizer: OptimizerState<Tensor>;
}
interface Samples {
  readonly rep: Tensor;
  readonly y: Tensor;
}

/** Compiles a head's programs; they share its state. @param task by its place among the tasks */
export async function createHead(config: GroupingConfig, task: number): Promise<Head> {
  const { hidden, optimizer } = config.training;
  const width = hidden[hidden.length - 1];
  const { name, classes } = config.tasks[task];
  const initial = headInit(config, task);
  const state = { params: initial, optimizer: optimizerInit(initial, optimizer) };
  const size = initial.weights.data.length + initial.bias.data.length;
  const lossOf = (params: Dense<Tensor>, { rep, y }: Samples) =>
    tf.mean(labelCrossEntropy(dense(params, rep), y));
  const slopes = (params: Dense<Tensor>, { rep, y }: Samples) => {
    const { loss, gradient } = valueAndGrad(
      (both: { readonly params: Dense<Tensor>; readonly rep: Tensor }) => ({
        loss: lossOf(both.params, { rep: both.rep, y }),
      }),
      { params, rep },
    );
    const [own, back] = tf.split(gradient, [size, rep.size]);
    return { loss, own, slope: tf.reshape(back, rep.shape) };
  };

  const learn = await compile(
    ({ params, optimizer: before, rate, ...samples }: State & Samples & { rate: Tensor }) => {
      const { loss, own, slope } = slopes(params, samples);
      return { ...optimizerStep(params, own, before, rate, optimizer), loss, slope };
    },
    { state, name: `head ${name}`, executor: config.executor },
  );
  const look = await compile(
    ({ params, ...samples }: Pick<State, 'params'> & Samples) => {
      const { loss, slope } = slopes(params, samples);
      return { loss, slope };
    },
    { state: learn.state, name: `head ${name}, look` },
  );
  const probe = await compile(
    ({ params, rep, y }: Pick<State, 'params'> & Samples) => {
      const sources = rep.shape[0] / y.size;
      const rows = labelCrossEntropy(dense(params, rep), tf.tile(y, [sources]));
      return { losses: tf.mean(tf.reshape(rows, [sources, y.size]), 1) };
    },
    { state: learn.state, name: `head ${name}, probe` },
  );

  const samples = (rep: Float32Array, y: Int32Array) => {
    const wrong = y.find(label => !(label >= 0 && label < classes));
    if (wrong !== undefined) {
      throw usageError(`task ${name}: label = ${wrong}: expected 0 to ${classes - 1}`);
    }
    return {
      rep: { shape: [rep.length / width, width], data: rep },
      y: { shape: [y.length], data: y },
    };
  };
  const looked = ({ loss, slope }: { loss: HostTensor; slope: HostTensor }): HeadLook => ({
    loss: loss.data[0],
    slope: slope.data as Float32Array,
  });
  return {
    look: async (rep, y) => looked(await look(samples(rep, y))),
    learn: async (rep, y, rate) => looked(await learn({ ...samples(rep, y), rate })),
    probe: async (reps, y) => [...(await probe(samples(reps, y))).losses.data],
    async params() {
      await learn.state.settle();
      return learn.state.flat('params').slice();
    },
    dispose() {
      for (const program of [probe, look, learn]) program.dispose();
    },
  };
}
