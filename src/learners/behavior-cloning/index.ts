export * from './config.ts';
export { type CloningLearnerConfig, cloningLearner, cloningLearnerConfig } from './learner.ts';
export { cloningLoss } from './loss.ts';
export {
  type CloningPolicyConfig,
  type CloningWeights,
  cloningPolicy,
  cloningPolicyConfig,
} from './networks.ts';
