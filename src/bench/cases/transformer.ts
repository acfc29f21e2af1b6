import type { Random } from '../../core/random.ts';
import {
  type Affine,
  adamInit,
  affineInit,
  attend,
  causalMask,
  type Dense,
  dense,
  denseInit,
  type HostTensor,
  layerNorm,
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

interface Block<T> {
  readonly tokens: T;
  readonly places: T;
  readonly norm1: Affine<T>;
  /** To queries, keys and values side by side, [width, 3 · width]. */
  readonly qkv: Dense<T>;
  readonly project: Dense<T>;
  readonly norm2: Affine<T>;
  readonly mlp: Mlp<T>;
  readonly norm3: Affine<T>;
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
  return {
    tokens: normal(random, [vocabulary, width], 0.02),
    places: normal(random, [length, width], 0.02),
    norm1: affineInit(width),
    qkv: layer(width, 3 * width),
    project: layer(width, width),
    norm2: affineInit(width),
    mlp: mlpInit(random, [width, 4 * width, width], { init: 'glorot' }),
    norm3: affineInit(width),
    out: layer(width, vocabulary),
  };
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
  const seen = attend(queries, keys, values, { mask });
  return dense(project, tf.reshape(tf.transpose(seen, [0, 2, 1, 3]), [batch * length, width]));
}
