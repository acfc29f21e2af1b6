export { type ChunkFields, type ChunkShape, type Chunks, chunkFields } from './chunks.ts';
export { type ReplayConfig, randomActions, replayConfig, roundsConfig } from './config.ts';
export type { Episode } from './episodes.ts';
export { explorer, explorerConfig } from './explorer.ts';
export {
  type Helping,
  type HelpingFields,
  type HelpingShape,
  helpingFields,
  type Priorities,
  type PriorityFields,
  priorityFields,
  type TransitionFields,
  type TransitionShape,
  type Transitions,
  transitionFields,
} from './fields.ts';
export {
  type Learned,
  type ReplayLearnerConfig,
  type ReplayLearnerContext,
  type ReplayMethod,
  replayLearnerConfig,
  replayLearnerInputs,
  replayLearnerOutputs,
} from './learner.ts';
export { runReplayLearner } from './learner-shell.ts';
export { Limiter, type LimiterSettings } from './limiter.ts';
export { type MemoryParts, replayMemory } from './memory.ts';
export { replay } from './replay.ts';
export {
  type ChunkNeed,
  type SequenceReplayConfig,
  sequenceReplay,
  sequenceReplayConfig,
} from './sequence-replay.ts';
export { SumTree } from './sum-tree.ts';
