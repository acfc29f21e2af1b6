export type * from './contract.ts';
export * from './planner/index.ts';
export * from './recordings/index.ts';
export { type CheckActorOptions, checkActor } from './runtime/check/check.ts';
export {
  type ActorFinding,
  type ActorReport,
  type ActorRule,
  actorRules,
  describeActorReport,
} from './runtime/check/rules.ts';
export { type ActorSource, defineActor, port, slab } from './runtime/define.ts';
export { startSystem } from './runtime/system.ts';
export * from './streams/index.ts';
