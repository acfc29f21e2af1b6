export * from './analyst.ts';
export * from './concealment.ts';
export * from './layers.ts';
export * from './messages.ts';
export * from './peek-gate.ts';
export * from './trial-log.ts';
export * from './trial-scheduler.ts';
export * from './weight-store.ts';
