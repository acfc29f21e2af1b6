export {
  assignArm,
  bucketOf,
  orderOfArms,
  secretFromSeed,
  trialToken,
  uniformOf,
  type Weighted,
} from './assign.ts';
export * from './design.ts';
export * from './layer-checks.ts';
export * from './layers.ts';
