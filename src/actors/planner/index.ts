export { cem } from './cem.ts';
export type {
  FollowingModel,
  PlanFigures,
  Planner,
  PlanningModel,
  PlanTrace,
  Situation,
} from './contract.ts';
export { makePlanner } from './make.ts';
export {
  definePlanningModel,
  loadPlanningModel,
  type PlanningModelDefinition,
  type PlanningModelRef,
  type PlanningSize,
  planningModelRef,
} from './model.ts';
export { mppi, pathWeights } from './mppi.ts';
export { type Choice, planner } from './planner.ts';
export { type Play, type Played, player } from './player.ts';
export { randomShooting } from './random-shooting.ts';
export {
  type CemSettings,
  cemSettings,
  type MppiSettings,
  mppiSettings,
  type PlannerSettings,
  plannerSettings,
  type ShootingSettings,
  shootingSettings,
} from './settings.ts';
export { TrueWorld, type TrueWorldOptions, trueWorld } from './true-world.ts';
