export * from './actors/index.ts';
export * from './assignment/index.ts';
export * from './contract.ts';
export * from './distributions.ts';
export * from './experiment/index.ts';
export * from './log/index.ts';
export * from './simulate/index.ts';
export * from './statistics/index.ts';
