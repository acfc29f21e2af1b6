import { Random } from '../../../src/core/random.ts';
import {
  affineInit,
  batchNorm,
  causalMask,
  conv2d,
  conv2dInit,
  dense,
  denseInit,
  dropout,
  type HostTensor,
  hostTensor,
  hostZeros,
  mlp,
  mlpInit,
  type Tensor,
  type Tree,
  tf,
  transformerBlock,
  transformerBlockInit,
  treeLayout,
  valueAndGrad,
} from '../../../src/tensors/index.ts';

/** A stage of a pipeline: some layers, and an input of theirs. */
export interface Stage {
  readonly name: string;
  readonly params: Tree<HostTensor>;
  /** Shape of the input. */
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly noise?: readonly number[];
  apply(params: never, x: Tensor, noise: Tensor): Tensor;
}

const stage = <P>(
  one: Omit<Stage, 'params' | 'apply'> & {
    readonly params: unknown;
    apply(params: P, x: Tensor, noise: Tensor): Tensor;
  },
) => one as unknown as Stage;

const random = Random.fromSeed(5);

export const stages: readonly Stage[] = [
  stage({
    name: 'an MLP',
    params: mlpInit(random, [6, 8, 8, 5]),
    x: [7, 6],
    y: [7, 5],
    apply: (params: never, x) => mlp(params, x, 'relu'),
  }),
  stage({
    name: 'smooth activations',
    params: { a: denseInit(random, 6, 8), b: denseInit(random, 8, 8), c: denseInit(random, 8, 6) },
    x: [3, 6],
    y: [3, 6],
    apply: ({ a, b, c }: Record<'a' | 'b' | 'c', never>, x) =>
      tf.add(x, dense(c, dense(b, dense(a, x, 'gelu'), 'tanh'), 'silu')),
  }),
  stage({
    name: 'convolution and batch norm',
    params: { conv: conv2dInit(random, 3, 2, 4), norm: affineInit(4), out: conv2dInit(random, 3, 4, 3) },
    x: [3, 6, 6, 2],
    y: [3, 3, 3, 3],
    apply({ conv, norm, out }: Record<'conv' | 'norm' | 'out', never>, x) {
      const statistics = { mean: tf.zeros([4]), variance: tf.ones([4]) };
      const { y } = batchNorm(norm, statistics, conv2d(conv, x), { training: true });
      const pooled = tf.maxPool(tf.relu(y) as tf.Tensor4D, 2, 2, 'valid');
      return conv2d(out, pooled, { activation: 'relu' });
    },
  }),
  stage({
    name: 'dropout',
    params: { a: denseInit(random, 6, 8), b: denseInit(random, 8, 4) },
    x: [5, 6],
    y: [5, 4],
    noise: [5, 8],
    apply: ({ a, b }: Record<'a' | 'b', never>, x, noise) =>
      dense(b, dropout(dense(a, x, 'relu'), noise, 0.4)),
  }),
  stage({
    name: 'attention',
    params: transformerBlockInit(random, 8, 16),
    x: [2, 4, 8],
    y: [2, 4, 8],
    apply: (params: never, x) => transformerBlock(params, x, { heads: 2, mask: causalMask(4) }),
  }),
];

/** A step as pipelines have it: gives y, and with dy the gradients; those of the parameters are added up in `sum`. */
export function stepOf({ apply, params }: Stage) {
  const { size } = treeLayout(params);
  return (args: {
    readonly params: Tree<Tensor>;
    readonly sum: Tensor;
    readonly x: Tensor;
    readonly noise: Tensor;
    readonly dy: Tensor;
  }) => {
    const { y, gradient } = valueAndGrad(
      (p: { readonly params: Tree<Tensor>; readonly x: Tensor }) => {
        const y = apply(p.params as never, p.x, args.noise);
        return { loss: tf.sum(tf.mul(y, args.dy)), y };
      },
      { params: args.params, x: args.x },
    );
    const [own, dx] = tf.split(gradient, [size, args.x.size]);
    return { y, sum: tf.add(args.sum, own), dx: tf.reshape(dx, args.x.shape) };
  };
}

export const stateOf = ({ params }: Stage) => ({ params, sum: hostZeros([treeLayout(params).size]) });

/** Inputs of a micro-batch, and the gradient that arrives later. */
export function batchOf({ x, y, noise = [1] }: Stage, seed: number) {
  const draw = Random.fromSeed(seed);
  const normal = (shape: readonly number[]) => {
    const { data } = hostZeros(shape);
    draw.fillNormal(data as Float32Array);
    return hostTensor(shape, data);
  };
  const uniform = normal(noise);
  draw.fillUniform(uniform.data as Float32Array, 0, 1);
  return { inputs: { x: normal(x), noise: uniform }, dy: normal(y) };
}
