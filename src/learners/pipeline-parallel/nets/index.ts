export {
  type ClassifierSettings,
  classifierSettings,
  sequentialClassifier,
  sequentialClassifierRef,
} from './classifier.ts';
export { type ConvNetSettings, convNet, convNetRef, convNetSettings } from './conv.ts';
export { layerOf, type TypedLayer } from './layer.ts';
export { type ResidualMlpSettings, residualMlp, residualMlpRef, residualMlpSettings } from './mlp.ts';
export {
  type TransformerXlSettings,
  transformerXl,
  transformerXlRef,
  transformerXlSettings,
} from './transformer-xl.ts';
