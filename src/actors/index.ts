export type * from './contract.ts';
export { defineActor, port, slab } from './runtime/define.ts';
export { startSystem } from './runtime/system.ts';
