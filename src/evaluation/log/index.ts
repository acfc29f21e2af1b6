export type { LogCheck } from './chain.ts';
export { verifyLog } from './chain.ts';
export * from './join.ts';
export * from './record.ts';
export * from './rules.ts';
export * from './tables.ts';
export * from './trial-log.ts';
