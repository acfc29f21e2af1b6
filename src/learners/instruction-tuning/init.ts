import type { Random } from '../../core/random.ts';
import { type HostTensor, mapTree } from '../../tensors/index.ts';
import { type LanguageModel, type LanguageModelConfig, languageModelInit } from '../language-model/index.ts';

/**
 * The initial parameters of a small model: weights N(0, 1/width), where the paper's N(0, 0.02²) is meant for widths of a thousand and
 * more, whatever `deviation` says. At width 64 that is six times as much, and facts are learned at all in a thousand steps.
 */
export function initialModel(
  random: Random,
  config: LanguageModelConfig,
  vocabulary: number,
): LanguageModel<HostTensor> {
  const gain = 1 / (config.deviation * Math.sqrt(config.width));
  // Norms and biases are vectors: they stay as they are.
  const grow = (leaf: HostTensor): HostTensor =>
    leaf.shape.length < 2 ? leaf : { ...leaf, data: leaf.data.map(value => value * gain) };
  return mapTree(languageModelInit(random, config, vocabulary), grow) as unknown as LanguageModel<HostTensor>;
}
