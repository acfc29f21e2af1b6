export * from '../report/exhibits/index.ts';
export { type Exhibit, writeExhibit } from '../report/exhibits.ts';
export { type ExperimentExtra, experimentPage, writeExperimentReport } from '../report/experiment/index.ts';
export type { CheckResult, SeedSummary, Summary } from '../report/summary.ts';
export * from './arms/index.ts';
export { type Check, type Over, type Partly, type Scenario, type Stage, scenario } from './contract.ts';
export {
  castOffPolicy,
  type OffPolicyActors,
  type OffPolicyCast,
  type OffPolicyMethod,
  type OffPolicyOptions,
  type ReplayLearner,
} from './off-policy.ts';
export { dqnMethod, sacMethod, td3Method } from './off-policy-methods.ts';
export { offPolicyOptions } from './off-policy-options.ts';
export { ppoOptions } from './ppo-options.ts';
export type { Progress, RunRecord } from './record.ts';
export { type Found, findScenario } from './runner/find.ts';
export { type Interrupted, interrupted } from './runner/interrupted.ts';
export type { OptionSources } from './runner/options.ts';
export { RunFailed, type Surroundings } from './runner/run.ts';
export { type Outcome, resumeRun, type Settings, startRun } from './runner/start.ts';
export type { RunStart, RunView } from './runner/view.ts';
export {
  castPpo,
  evaluatePolicy,
  type Judgement,
  type PpoActors,
  type PpoCast,
  type PpoOptions,
  type PpoResult,
} from './wiring.ts';
