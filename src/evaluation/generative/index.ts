export type { SampleFeatures } from './features.ts';
export { fid, fidOfMoments, frechetDistance } from './fid.ts';
export { kid, type PolynomialKernel } from './kid.ts';
export {
  manifoldCoverage,
  type NeighbourhoodOptions,
  type PrecisionRecall,
  precisionRecall,
} from './manifold.ts';
export { type FeatureMoments, featureMoments } from './moments.ts';
export { heldOutDistance, neighbourDistance, neighbourRatio } from './neighbour-ratio.ts';
