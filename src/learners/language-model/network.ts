import { usageError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import {
  type Affine,
  affineInit,
  dropout,
  type Embedding,
  embedding,
  embeddingInit,
  type HostTensor,
  hostZeros,
  layerNorm,
  type RelativeAttention,
  relativeBlock,
  relativeBlockInit,
  type Tensor,
  type TransformerBlock,
  tf,
  unembed,
} from '../../tensors/index.ts';
import { type AdaptiveSoftmax, adaptiveLogProbabilities, adaptiveSoftmaxInit } from './adaptive-softmax.ts';
import type { LanguageModelConfig } from './config.ts';

/** The parameters of one block. */
export type Block<T> = TransformerBlock<T, RelativeAttention<T>>;

/** The parameters of a language model with relative positions: what reads tokens also says them (tied embeddings). */
export interface LanguageModel<T> {
  readonly embedding: Embedding<T>;
  readonly blocks: readonly Block<T>[];
  /** Behind the last block; with `post` there is none. */
  readonly norm?: Affine<T>;
  /** [vocabulary]: of the logits */
  readonly bias: T;
  /** What says tokens instead of their embeddings, if it is told to. */
  readonly adaptive?: AdaptiveSoftmax<T>;
}

/** What a model reads beside its tokens. */
export interface Reading {
  /** [batch, remembered, width] a block: its inputs of earlier segments (`memories` of an earlier reading). Default: none. */
  readonly memory?: readonly Tensor[] | undefined;
  /** Broadcasts to [heads, batch, length, remembered + length]: see `memoryMask`. Default: causal, all visible. */
  readonly mask?: Tensor | undefined;
  /** What of the first block's inputs and the last one's outputs is set to zero while learning. Default: nothing. */
  readonly dropout?: Dropout | undefined;
}

/** A share that is set to zero, and the chance that says which. */
export interface Dropout {
  /** In [0, 1) */
  readonly rate: number;
  /** [2, batch, length, width], uniform in [0, 1): for the inputs and for the outputs */
  readonly noise: Tensor;
}

/**
 * The initial parameters (Dai et al., 2019): all weights N(0, deviation²), embeddings too; they are multiplied by √width when read.
 * @param vocabulary how many different tokens there are
 */
export function languageModelInit(
  random: Random,
  config: LanguageModelConfig,
  vocabulary: number,
): LanguageModel<HostTensor> {
  const { layers, width, heads, inner, norm, deviation, adaptive } = config;
  if (width % heads !== 0) throw usageError(`width: expected a multiple of heads = ${heads}, got ${width}`);
  return {
    embedding: embeddingInit(random.split('embedding'), vocabulary, width, deviation),
    blocks: Array.from({ length: layers }, (_, i) =>
      relativeBlockInit(random.split('block', i), width, heads, inner, deviation),
    ),
    ...(norm === 'pre' && { norm: affineInit(width) }),
    bias: hostZeros([vocabulary]),
    ...(adaptive && {
      adaptive: adaptiveSoftmaxInit(random.split('adaptive'), width, vocabulary, adaptive, deviation),
    }),
  };
}

/**
 * What the model holds of each token behind its last block.
 * @param ids [batch, length], int32
 * @returns `hidden`, [batch, length, width], and `inputs`, each block's, [batch, length, width]: what a memory is made of
 */
export function readTokens(
  params: LanguageModel<Tensor>,
  ids: Tensor,
  { heads, norm, clamp }: LanguageModelConfig,
  { memory, mask, dropout: dropped }: Reading = {},
): { readonly hidden: Tensor; readonly inputs: readonly Tensor[] } {
  const [before, behind] = dropped ? tf.unstack(dropped.noise) : [];
  const drop = (x: Tensor, noise: Tensor | undefined) =>
    dropped && noise ? dropout(x, noise, dropped.rate) : x;
  let hidden = drop(embedTokens(params.embedding, ids), before);
  const inputs: Tensor[] = [];
  params.blocks.forEach((block, i) => {
    inputs.push(hidden);
    const options = { heads, norm, activation: 'relu', clamp: clamp ?? undefined, mask } as const;
    hidden = relativeBlock(block, hidden, { ...options, memory: memory?.[i] });
  });
  return { hidden: drop(params.norm ? layerNorm(params.norm, hidden) : hidden, behind), inputs };
}

/** Vectors of tokens, times √width. @param ids [batch, length], int32 @returns [batch, length, width] */
export const embedTokens = (params: Embedding<Tensor>, ids: Tensor): Tensor =>
  tf.mul(embedding(params, ids), Math.sqrt(params.table.shape[1]!));

/** Logits of the next token, [..., vocabulary]; with an adaptive softmax log p of each. @param hidden [..., width] */
export function nextTokenLogits(
  { embedding: table, bias, adaptive }: Pick<LanguageModel<Tensor>, 'embedding' | 'bias' | 'adaptive'>,
  hidden: Tensor,
): Tensor {
  if (!adaptive) return tf.add(unembed(table, hidden), bias);
  const width = hidden.shape[hidden.rank - 1] ?? 1;
  const logs = adaptiveLogProbabilities({ adaptive, bias }, tf.reshape(hidden, [-1, width]));
  return tf.reshape(logs, [...hidden.shape.slice(0, -1), bias.size]);
}
