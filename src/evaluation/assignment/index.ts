export * from './assign.ts';
export * from './design.ts';
