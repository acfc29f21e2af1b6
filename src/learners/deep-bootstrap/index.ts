export {
  type BootstrapConfig,
  bootstrapConfig,
  bootstrapFields,
  type LabelNoise,
  labelNoise,
} from './config.ts';
export { coupler, couplerConfig, initialWeights } from './coupler.ts';
export {
  convergedBelow,
  type GapAt,
  gapsOf,
  type PairFigures,
  pairFigures,
  pairsOutOfOrder,
  runningMeans,
  stoppingTime,
} from './gaps.ts';
export { labelsWith } from './label-noise.ts';
export { type LedgerRule, ledgerFaults, sharedSamples, type WorldLedger } from './ledger.ts';
export * from './messages.ts';
export { noisyLabels, noisyLabelsConfig } from './noisy-labels.ts';
export { learningRateAt, measuredSteps } from './schedule.ts';
export { type Judgement, worldJudge, worldJudgeConfig } from './world-judge.ts';
export { worldLearner, worldLearnerConfig } from './world-learner.ts';
