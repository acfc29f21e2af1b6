export {
  type AdaptiveConfig,
  type AdaptiveSoftmax,
  adaptiveLogProbabilities,
  adaptiveSoftmaxInit,
  adaptiveSums,
  type ClusterTargets,
  clusterBounds,
  clusterTargets,
} from './adaptive-softmax.ts';
export { type LanguageModelConfig, languageModelConfig } from './config.ts';
export {
  languageModelLayout,
  openLanguageModel,
  parametersOf,
  type StoredLanguageModel,
  saveLanguageModel,
} from './files.ts';
export { type Continuation, drawToken, generate } from './generate.ts';
export { bitsOf, type GuessSums, guessSums } from './loss.ts';
export {
  emptyMemory,
  type Memory,
  memoryMask,
  memoryRange,
  readSegment,
  type SegmentReading,
  type Sight,
} from './memory.ts';
export {
  type Block,
  type Dropout,
  embedTokens,
  type LanguageModel,
  languageModelInit,
  nextTokenLogits,
  type Reading,
  readTokens,
} from './network.ts';
