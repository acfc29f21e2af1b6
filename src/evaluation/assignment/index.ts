export * from './assign.ts';
export * from './design.ts';
export * from './layers.ts';
