export {
  type Classification,
  compileEvaluation,
  type LabelledSamples,
  samplesOf,
} from './evaluation.ts';
export {
  classifierJudge,
  type JudgeContext,
  judgeConfig,
  judgeInTurn,
  judgePorts,
  openCourt,
  type Shadow,
  type Verdict,
} from './judge.ts';
export { type ClassificationSums, classificationSums } from './metrics.ts';
export {
  type Classifier,
  type ClassifierNet,
  classifierFeatures,
  classifierInit,
  classifierNet,
  classify,
} from './networks.ts';
