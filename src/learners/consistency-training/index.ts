export { balancedJudge, overClasses } from './balanced-judge.ts';
export { type ConsistencyConfig, consistencyConfig } from './config.ts';
export { averageInto, emaShadow, emaShadowConfig } from './ema-shadow.ts';
export {
  confident,
  consistencyLoss,
  maskedDivergence,
  predictionEntropy,
  sharpened,
  supervisedLoss,
  type Targets,
} from './loss.ts';
export type { Anneal, Parameters, StepReport, Target } from './messages.ts';
export { annealAt, scheduler, schedulerConfig } from './scheduler.ts';
export { consistencyRate, type TsaSchedule, tsaSchedules, tsaThreshold } from './schedules.ts';
export { studentConfig, studentLearner } from './student.ts';
export { teacher, teacherConfig } from './teacher.ts';
