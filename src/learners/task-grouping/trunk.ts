import { createHash } from 'node:crypto';
import { TroupeError } from '../../core/errors.ts';
import { Random } from '../../core/random.ts';
import type { Executor } from '../../tensors/contract.ts';
import {
  compile,
  type Dense,
  type HostTensor,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
  valueAndGrad,
} from '../../tensors/index.ts';
import type { TaskMatrix } from './affinity.ts';
import type { GroupingConfig } from './config.ts';
import { lookahead, type OptimizerState, optimizerInit, optimizerStep } from './lookahead.ts';

/** What a probe of the trunk gives. */
export interface TrunkProbe {
  /**
   * The batch's representation under θ|i for one task i after another, and last after a step without any gradient, which is what
   * the optimiser's momentum does by itself: [(tasks + 1) × batch, width].
   */
  readonly reps: Float32Array;
  /** Cosine similarity of the tasks' gradients of the trunk's weights (biases left out, as the source does). */
  readonly cosines: TaskMatrix;
}

/** The part that tasks share. */
export interface Trunk {
  /** Numbers of a representation. */
  readonly width: number;
  /** What it runs on. */
  readonly executor: Executor;
  /** @param x [batch, inputs] @returns [batch, width] */
  represent(x: Float32Array): Promise<Float32Array>;
  /** One step. @param slope ∂(sum of losses)/∂representation, [batch, width] */
  update(x: Float32Array, slope: Float32Array, learningRate: number): Promise<void>;
  /** Looks ahead for every task, and leaves the trunk as it is. @param slopes of each task's loss, in their order */
  probe(x: Float32Array, slopes: readonly Float32Array[], learningRate: number): Promise<TrunkProbe>;
  /** Of all parameters and the optimiser's state, bit by bit. */
  hash(): Promise<string>;
  /** All parameters end to end. */
  params(): Promise<Float32Array>;
  dispose(): void;
}

interface State {
  readonly params: Mlp<Tensor>;
  readonly optimizer: OptimizerState<Tensor>;
}

/** The trunk's layers before training. */
export const trunkInit = ({ inputs, training, seed }: GroupingConfig): Mlp<HostTensor> =>
  mlpInit(Random.fromSeed(seed).split('trunk'), [inputs, ...training.hidden], { init: 'he' });

/** A batch's representation. @param x [batch, inputs] @returns [batch, width] */
export const represent = (params: Mlp<Tensor>, x: Tensor): Tensor => mlp(params, x, 'relu', 'relu');

/** Compiles the trunk's programs; they share its state. */
export async function createTrunk(config: GroupingConfig): Promise<Trunk> {
  const { inputs, training } = config;
  const { optimizer, hidden } = training;
  const width = hidden[hidden.length - 1];
  const initial = trunkInit(config);
  const state = { params: initial, optimizer: optimizerInit(initial, optimizer) };
  // The gradient that the tape gives for Σ rep · slope is that of the losses by the chain rule.
  const gradientOf = (params: Mlp<Tensor>, x: Tensor, slope: Tensor): Tensor =>
    valueAndGrad(
      (candidate: Mlp<Tensor>) => ({ loss: tf.sum(tf.mul(represent(candidate, x), slope)) }),
      params,
    ).gradient;

  const update = await compile(
    ({ params, optimizer: before, x, slope, rate }: State & { x: Tensor; slope: Tensor; rate: Tensor }) =>
      optimizerStep(params, gradientOf(params, x, slope), before, rate, optimizer),
    { state, name: 'trunk update', executor: config.executor },
  );
  const forward = await compile(
    ({ params, x }: Pick<State, 'params'> & { x: Tensor }) => ({ rep: represent(params, x) }),
    { state: update.state, name: 'trunk' },
  );
  const ahead = await compile(
    ({
      params,
      optimizer: before,
      x,
      slopes,
      rate,
    }: State & { x: Tensor; slopes: Tensor[]; rate: Tensor }) => {
      const gradients = slopes.map(slope => gradientOf(params, x, slope));
      const none = tf.zerosLike(gradients[0]);
      const reps = [...gradients, none].map(gradient =>
        represent(lookahead(params, gradient, before, rate, optimizer), x),
      );
      return {
        reps: tf.concat(reps),
        cosines: cosinesOf(gradients.map(each => weightsOf(each, initial))),
      };
    },
    { state: update.state, name: 'trunk probe' },
  );

  const rows = (x: Float32Array): HostTensor => ({ shape: [x.length / inputs, inputs], data: x });
  const slopeOf = (data: Float32Array): HostTensor => ({ shape: [data.length / width, width], data });
  return {
    width,
    get executor() {
      return update.executor;
    },
    represent: async x => (await forward({ x: rows(x) })).rep.data as Float32Array,
    async update(x, slope, rate) {
      await update({ x: rows(x), slope: slopeOf(slope), rate });
    },
    async probe(x, slopes, rate) {
      const { reps, cosines } = await ahead({ x: rows(x), slopes: slopes.map(slopeOf), rate });
      const flat = [...cosines.data];
      return {
        reps: reps.data as Float32Array,
        cosines: slopes.map((_, j) => flat.slice(j * slopes.length, (j + 1) * slopes.length)),
      };
    },
    async hash() {
      await update.state.settle();
      const hash = createHash('sha256');
      for (const entry of ['params', 'optimizer'] as const) hash.update(update.state.flat(entry));
      return hash.digest('hex');
    },
    async params() {
      await update.state.settle();
      return update.state.flat('params').slice();
    },
    dispose() {
      for (const program of [ahead, forward, update]) program.dispose();
    },
  };
}

/** A probe must leave no trace: θ|i is a tensor of its own. @throws where the trunk is not what it was, bit by bit */
export async function probeUnchanged(
  trunk: Trunk,
  x: Float32Array,
  slopes: readonly Float32Array[],
  learningRate: number,
): Promise<TrunkProbe> {
  const before = await trunk.hash();
  const probe = await trunk.probe(x, slopes, learningRate);
  const after = await trunk.hash();
  if (after !== before) {
    throw new TroupeError(
      `trunk: a probe changed it: expected ${before.slice(0, 12)}… as before, got ${after.slice(0, 12)}…`,
    );
  }
  return probe;
}

/** Those entries of a gradient in layout order that belong to weights. */
function weightsOf(gradient: Tensor, layers: Mlp<HostTensor>): Tensor {
  const sizes = layers.flatMap(({ weights, bias }: Dense<HostTensor>) => [
    weights.data.length,
    bias.data.length,
  ]);
  const parts = tf.split(gradient, sizes).filter((_, i) => i % 2 === 0);
  return parts.length === 1 ? parts[0] : tf.concat(parts);
}

function cosinesOf(gradients: readonly Tensor[]): Tensor {
  const stacked = tf.stack([...gradients]);
  // A task without a gradient is like no other, and not even like itself: 0.
  const lengths = tf.maximum(tf.sqrt(tf.sum(tf.square(stacked), 1, true)), 1e-20);
  const units = tf.div(stacked, lengths);
  return tf.matMul(units as tf.Tensor2D, units as tf.Tensor2D, false, true);
}
