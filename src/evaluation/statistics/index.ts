export * from './blinding.ts';
export {
  CentredScores,
  type CentredScoresState,
  type CentringOptions,
  type CentringState,
} from './centred-scores.ts';
export * from './cmh.ts';
export * from './corrections.ts';
export * from './dunnett.ts';
export * from './e-process.ts';
export * from './exact.ts';
export type { Features } from './features.ts';
export * from './guards.ts';
export * from './homogeneity.ts';
export * from './jackknife.ts';
export * from './learning-runs/index.ts';
export * from './means.ts';
export * from './power.ts';
export {
  type Allocation,
  allocation,
  designEffect,
  effectiveSize,
  type PlanOptions,
  trialsAtEqualPrecision,
  trialsPerArm,
  trialsPerArmMeans,
} from './sample-size.ts';
export * from './sequential.ts';
export * from './two-arm.ts';
