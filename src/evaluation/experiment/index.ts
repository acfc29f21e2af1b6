export { analyse } from './analyse.ts';
export { type LearningRuns, learningRunsOf } from './learning-runs.ts';
export { type Observations, observationsOf } from './observed.ts';
export { type Plan, type PlannedTrial, planOf } from './plan.ts';
export {
  type ExperimentEnd,
  type ExperimentOptions,
  type ExperimentProgress,
  LOG_FILE,
  runExperiment,
} from './run-experiment.ts';
