export { type EnvironmentCalls, environmentCalls } from './calls.ts';
export {
  type CheckOptions,
  checkEnvironment,
  describeReport,
  type EnvironmentReport,
} from './check/check.ts';
export { type Finding, type Rule, rules, type Unchecked } from './check/rules.ts';
export { acrobot } from './classic/acrobot.ts';
export { cartPole } from './classic/cart-pole.ts';
export { mountainCar } from './classic/mountain-car.ts';
export { mountainCarContinuous } from './classic/mountain-car-continuous.ts';
export { pendulum } from './classic/pendulum.ts';
export { type Arrays, assertArrays, Columns, copyArrays, restoreArrays, Streams } from './columns.ts';
export type {
  ActionColumn,
  Environment,
  EnvironmentRef,
  Snapshot,
  Step,
  VectorEnvironment,
} from './contract.ts';
export {
  defineEnvironment,
  describeEnvironment,
  type EnvironmentDefinition,
  type EnvironmentDescription,
  environment,
  environmentRef,
  loadEnvironment,
  makeEnvironment,
  makeVectorEnvironment,
} from './define.ts';
export { contains, flatten, mismatch, unflatten } from './flatten.ts';
export * from './pixels/index.ts';
export {
  type BuiltInEnvironment,
  builtInEnvironments,
  findEnvironment,
  resolveEnvironment,
} from './registry.ts';
export * from './spaces.ts';
export { type VectorizeOptions, vectorize } from './vectorize.ts';
