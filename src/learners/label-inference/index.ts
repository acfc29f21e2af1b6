export { clusterLabels } from './cluster-labels.ts';
export {
  type ClusterConfig,
  clusterConfig,
  type LabelConfig,
  labelConfig,
  type RotationConfig,
  rotationConfig,
} from './config.ts';
export { type FewLabelSettings, type Inference, inferLabels, type Rows } from './few-labels.ts';
export { clusterPurity, labelAccuracy } from './inferred.ts';
export { type Clusters, kMeans } from './k-means.ts';
export { type LabelVerdict, labelJudge } from './label-judge.ts';
export { labelLearner } from './label-learner.ts';
export type { Inferred, RotationFeatures } from './messages.ts';
export { type MetricConfig, metricConfig, metricLearner, metricNet } from './metric-learner.ts';
export { blocks, compileReading, type Reading } from './reading.ts';
export { type RotationFigures, rotationLearner, rotationLoss } from './rotation-learner.ts';
