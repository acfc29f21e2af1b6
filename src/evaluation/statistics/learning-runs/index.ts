export * from './aggregates.ts';
export { type BootstrapOptions, stratifiedBootstrap } from './bootstrap.ts';
export * from './improvement.ts';
export * from './profile.ts';
export type { RunScores } from './scores.ts';
export * from './sign-flip.ts';
