export * from './actors/index.ts';
export * from './core/index.ts';
export * from './env/index.ts';
export * from './learners/index.ts';
export * from './scenarios/index.ts';
