/**
 * The stock actors and what they are built from, apart from the runtime: they bring the tensors with them, which an
 * actor that needs none should not have to load.
 */
export { askAgain } from './ask-again.ts';
export * from './conduct.ts';
export { evaluator, type Player, type Trial } from './evaluator.ts';
export * from './evaluator-episodes.ts';
export { executorField, startExecutor } from './executor.ts';
export { checkExport, type ExportCheck } from './export/check.ts';
export { type ModulePolicy, policyModule } from './export/module.ts';
export { type OnnxPolicy, policyOnnx } from './export/onnx.ts';
export type { ExportedPolicy, ExportOptions } from './export/policy-graph.ts';
export * from './learner.ts';
export { runLearner } from './learner-shell.ts';
export * from './policy.ts';
export { readPolicy, type StoredPolicy, writePolicy } from './policy-files.ts';
export { compilePolicy, fillNoise, type PolicyPrograms } from './policy-programs.ts';
export { type HealthOptions, type HealthState, healthy, watchHealth } from './recorder/health.ts';
export { recorder } from './recorder/recorder.ts';
export { type LogOffsets, RunLog } from './recorder/run-log.ts';
export * from './replay/index.ts';
export { rollout, rolloutConfig } from './rollout.ts';
export {
  type PolicyFields,
  type PolicySlab,
  policyFields,
  type Trajectory,
  type TrajectoryFields,
  type TrajectoryShape,
  trajectoryFields,
} from './trajectory.ts';
