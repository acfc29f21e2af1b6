export * from './discriminator.ts';
export { hybridCartPole } from './hybrid-cart-pole.ts';
export * from './parameters.ts';
export * from './robots.ts';
export * from './survival.ts';
export * from './targets.ts';
export * from './tuples.ts';
export * from './wasserstein.ts';
