export * from './affinity.ts';
export { affinityLedger } from './affinity-ledger.ts';
export * from './config.ts';
export { type Busy, busyTime, startMeter } from './cost.ts';
export { type Gathered, groupSelector } from './group-selector.ts';
export { groupTrainer, type TrainerDone, trainerConfig } from './group-trainer.ts';
export { createHead, type Head, type HeadLook } from './head.ts';
export {
  type GroupJudgeContext,
  groupJudge,
  groupJudgeConfig,
  groupJudgeFields,
  groupJudgePorts,
  startGroupJudge,
} from './judge.ts';
export { lookahead, type OptimizerState, optimizerInit, optimizerStep } from './lookahead.ts';
export type * from './messages.ts';
export { createNetwork, type GroupNetwork, learningRateAt } from './network.ts';
export * from './scores.ts';
export {
  allPartitions,
  allPlans,
  type GroupPlan,
  planOf,
  selectByBounds,
  selectExhaustively,
  selectGroups,
} from './selector.ts';
export { taskConfig, taskLearner } from './task-learner.ts';
export { createTrunk, probeUnchanged, type Trunk, type TrunkProbe } from './trunk.ts';
export { startTrunk, type TrunkDone, trunkConfig, trunkLearner } from './trunk-learner.ts';
