import type { Random } from '../../core/random.ts';
import {
  adamInit,
  type Dense,
  dense,
  denseInit,
  type HostTensor,
  hostTensor,
  hostZeros,
  type Mlp,
  mlp,
  mlpInit,
  type Tensor,
  tf,
} from '../../tensors/index.ts';
import { defineCase } from './contract.ts';
import { crossEntropy } from './conv.ts';
import { descend, integers, normal } from './train.ts';

/** What `transformerCase` can be made smaller by. */
export interface TransformerSizes {
  readonly width: number;
  readonly length: number;
  readonly batch: number;
  readonly vocabulary: number;
}

/** Attention heads; the peers have as many. */
const HEADS = 2;

interface Norm<T> {
  readonly scale: T;
  readonly shift: T;
}

interface Block<T> {
  readonly tokens: T;
  readonly places: T;
  readonly norm1: Norm<T>;
  /** To queries, keys and values side by side, [width, 3 · width]. */
  readonly qkv: Dense<T>;
  readonly project: Dense<T>;
  readonly norm2: Norm<T>;
  readonly mlp: Mlp<T>;
  readonly norm3: Norm<T>;
  readonly out: Dense<T>;
}

/**
 * Guessing the next token: embeddings, one block of causal attention and an MLP four times as wide (pre-norm, as in
 * GPT-2, with ReLU), cross entropy.
 */
export const transformerCase = (sizes: Partial<TransformerSizes> = {}) => {
  const { width = 64, length = 64, batch = 16, vocabulary = 128 } = sizes;
  return defineCase({
    name: `transformer block, width ${width}, ${HEADS} heads, ${batch}×${length} tokens of ${vocabulary}`,
    program: 'transformer',
    state(random) {
      const params = initial(random, width, length, vocabulary);
      return { params, optimizer: adamInit(params) };
    },
    inputs: random => ({
      tokens: integers(random, [batch, length], vocabulary),
      targets: integers(random, [batch, length], vocabulary),
      learningRate: 1e-3,
    }),
    step({ params, optimizer, tokens, targets, learningRate }) {
      const mask = causalMask(length);
      return descend(params, optimizer, learningRate, (block: Block<Tensor>) => {
        // Rows are tokens, [batch · length, width]; only attention sees them by sequence.
        const embedded = tf.reshape(tf.gather(block.tokens, tf.reshape(tokens, [-1])), [
          batch,
          length,
          width,
        ]);
        let x = tf.reshape(tf.add(embedded, block.places), [batch * length, width]);
        x = tf.add(x, attention(block, layerNorm(block.norm1, x), batch, length, width, mask));
        x = tf.add(x, mlp(block.mlp, layerNorm(block.norm2, x), 'relu'));
        const logits = dense(block.out, layerNorm(block.norm3, x));
        return crossEntropy(logits, tf.reshape(targets, [-1]), vocabulary);
      });
    },
  });
};

function initial(random: Random, width: number, length: number, vocabulary: number): Block<HostTensor> {
  const layer = (inputs: number, outputs: number) => denseInit(random, inputs, outputs, { init: 'glorot' });
  const norm = (): Norm<HostTensor> => ({
    scale: hostTensor([width], new Float32Array(width).fill(1)),
    shift: hostZeros([width]),
  });
  return {
    tokens: normal(random, [vocabulary, width], 0.02),
    places: normal(random, [length, width], 0.02),
    norm1: norm(),
    qkv: layer(width, 3 * width),
    project: layer(width, width),
    norm2: norm(),
    mlp: mlpInit(random, [width, 4 * width, width], { init: 'glorot' }),
    norm3: norm(),
    out: layer(width, vocabulary),
  };
}

/** Each row to mean 0 and variance 1, then scale and shift (Ba et al., 2016). */
function layerNorm({ scale, shift }: Norm<Tensor>, x: Tensor): Tensor {
  const centred = tf.sub(x, tf.mean(x, 1, true));
  const variance = tf.mean(tf.square(centred), 1, true);
  return tf.add(tf.mul(tf.mul(centred, tf.rsqrt(tf.add(variance, 1e-5))), scale), shift);
}

function attention(
  { qkv, project }: Block<Tensor>,
  x: Tensor,
  batch: number,
  length: number,
  width: number,
  mask: Tensor,
): Tensor {
  const heads = (part: Tensor) =>
    tf.transpose(tf.reshape(part, [batch, length, HEADS, width / HEADS]), [0, 2, 1, 3]);
  const [queries, keys, values] = tf.split(dense(qkv, x), 3, 1).map(heads);
  const scores = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(width / HEADS));
  const seen = tf.matMul(tf.softmax(tf.add(scores, mask)), values);
  return dense(project, tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [batch * length, width]));
}

/** 0 where a token may look, far below what a softmax counts where it would look ahead; [length, length]. */
function causalMask(length: number): Tensor {
  const values = new Float32Array(length * length);
  for (let i = 0; i < length; i++) values.fill(-1e9, i * length + i + 1, (i + 1) * length);
  return tf.tensor2d(values, [length, length]);
}
