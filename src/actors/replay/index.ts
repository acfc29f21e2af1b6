export { type ReplayConfig, randomActions, replayConfig, roundsConfig } from './config.ts';
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
export { type ReplayMemory, replayMemory } from './memory.ts';
export { replay } from './replay.ts';
export { SumTree } from './sum-tree.ts';
