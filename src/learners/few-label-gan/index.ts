export { classLoss, imputed, isLabelled } from './co-training.ts';
export * from './config.ts';
export {
  type DiscriminatorFigures,
  discriminator,
  discriminatorActorConfig,
} from './discriminator.ts';
export {
  type DiscriminatorParams,
  type DiscriminatorSpectra,
  discriminatorInit,
  featuresOf,
  projection,
  spectraInit,
  spectrallyNormal,
} from './discriminator-networks.ts';
export { discriminatorBatch } from './discriminator-step.ts';
export { type GeneratorFigures, generator, generatorActorConfig } from './generator.ts';
export {
  type Adversarial,
  adversarial,
  aroundReal,
  betweenRealAndFake,
  gradientPenalty,
} from './loss.ts';
export type { Critique, Fakes, FidReport, GanShadow } from './messages.ts';
export { type GeneratorParams, generate, generatorInit } from './networks.ts';
export { rotate, rotatedCount, rotationLabels, withRotations } from './rotation.ts';
