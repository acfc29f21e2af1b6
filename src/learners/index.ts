export * from './behavior-cloning/index.ts';
export * from './check/check.ts';
export type { ExperienceShape } from './check/experience.ts';
export {
  describeLearnerReport,
  type LearnerFinding,
  type LearnerReport,
  type LearnerRule,
  learnerRules,
} from './check/rules.ts';
export * from './classifier/index.ts';
export * as consistencyTraining from './consistency-training/index.ts';
export * as deepBootstrap from './deep-bootstrap/index.ts';
export * from './dqn/index.ts';
export * as fewLabelGan from './few-label-gan/index.ts';
export * as instructionTuning from './instruction-tuning/index.ts';
export * as labelInference from './label-inference/index.ts';
export * as languageModel from './language-model/index.ts';
export * as pipelineParallel from './pipeline-parallel/index.ts';
export * as planet from './planet/index.ts';
export * from './ppo/config.ts';
export { type PpoLearnerConfig, ppoLearner, ppoLearnerConfig } from './ppo/learner.ts';
export { type PpoBatch, type PpoLossSettings, ppoLoss } from './ppo/loss.ts';
export {
  type PpoParameters,
  type PpoPolicyConfig,
  type PpoWeights,
  ppoPolicy,
  ppoPolicyConfig,
} from './ppo/networks.ts';
export { type SacConfig, sacConfig } from './sac/config.ts';
export { type SacLearnerConfig, sacLearner, sacLearnerConfig } from './sac/learner.ts';
export * as sacLoss from './sac/loss.ts';
export { createSac } from './sac/method.ts';
export { type SacPolicyConfig, sacPolicy, sacPolicyConfig } from './sac/networks.ts';
export * from './shared/advantages.ts';
export * from './shared/distributions.ts';
export * from './shared/normalization.ts';
export * from './shared/squashed-gaussian.ts';
export * as simgan from './simgan/index.ts';
export * as taskGrouping from './task-grouping/index.ts';
export { type Td3Config, td3Config } from './td3/config.ts';
export { type Td3LearnerConfig, td3Learner, td3LearnerConfig } from './td3/learner.ts';
export * as td3Loss from './td3/loss.ts';
export { createTd3 } from './td3/method.ts';
export { type Td3PolicyConfig, td3Policy, td3PolicyConfig } from './td3/networks.ts';
export * as transformerXl from './transformer-xl/index.ts';
