export {
  type OptimizerSettings,
  optimizerSettings,
  type PlantedFault,
  plantedFault,
  recomputePolicy,
  type StageConfig,
  stageConfig,
} from './config.ts';
export type * from './contract.ts';
export {
  costMeter,
  costMeterConfig,
  type LayerCost,
  measureCosts,
} from './measure-costs.ts';
export type { StageContent } from './messages.ts';
export { initLayer, type LayerPlan, openNet, planNet, runLayers } from './net.ts';
export * from './nets/index.ts';
export { layerNoise } from './noise.ts';
export { blockCosts, partition } from './partition.ts';
export {
  openPipeline,
  type Pipeline,
  type PipelineOptions,
  type PipelineState,
  type StepReport,
} from './pipeline.ts';
export { type LaneLike, onLane, onSystem, type PipelinePlace } from './place.ts';
export type { PipelinePlan, StagePlan } from './plan.ts';
export { gradientDifference, type ReferenceOptions, referenceGradient } from './reference.ts';
export {
  activationUnits,
  bubbleFraction,
  clockSchedule,
  idealSpeed,
  microRows,
  type PassTimes,
  type Slot,
  stepTime,
} from './schedule.ts';
export { stageLearner } from './stage.ts';
export { addSums, deferredSums, momentsOf } from './statistics.ts';
