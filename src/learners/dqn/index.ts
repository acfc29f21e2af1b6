export * from './config.ts';
export { type DqnLearnerConfig, dqnLearner, dqnLearnerConfig } from './learner.ts';
export { type DqnBatch, type DqnLossSettings, dqnLoss, targetsOf } from './loss.ts';
export { createDqn } from './method.ts';
export { type DqnPolicyConfig, type DqnWeights, dqnPolicy, dqnPolicyConfig } from './networks.ts';
