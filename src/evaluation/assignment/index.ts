export * from './assign.ts';
export * from './design.ts';
export * from './layer-checks.ts';
export * from './layers.ts';
