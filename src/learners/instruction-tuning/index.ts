export { type InstructionTuningConfig, instructionTuningConfig } from './config.ts';
export * from './contract.ts';
export { type ClusterResult, type ExamResult, examResult, type Question, questionsOf } from './exam.ts';
export { fillerOf } from './filler.ts';
export { holdoutGuard, holdoutGuardConfig, refusal } from './guard.ts';
export { initialModel } from './init.ts';
export { clusterJudge, clusterJudgeConfig } from './judge.ts';
export { lmLearner, lmLearnerConfig, type PhaseDone } from './lm-learner.ts';
export { modelLoss, targetLoss } from './loss.ts';
export type {
  Admission,
  GuardAccount,
  ModelSnapshot,
  TextBatch,
  TuneBatch,
  TuningReport,
  TuningVerdict,
} from './messages.ts';
export { type Drawn, longestRow, mixture, mixtureConfig, mixtureOf } from './mixture.ts';
export { packRows, padRows, type TokenRows, type TokenSequence } from './pack.ts';
export { bestOption, type RankQuery, type RankReply } from './ranking.ts';
export { type MixingCaps, mixingRates } from './rates.ts';
export { fill, optionsText, render } from './render.ts';
export { compileScoring } from './scoring.ts';
export { type Split, type SplitOptions, splitClusters } from './splits.ts';
export { sentenceStream, textStreamConfig } from './text-stream.ts';
export { endOfText, pad, type WordVocabulary, wordsIn, wordsOf, wordVocabulary } from './vocabulary.ts';
export { itemOf, knowledgeWorld, type World, type WorldSizes, worldSizes } from './world.ts';
export { worldClusters, worldGround } from './world-clusters.ts';
export { type WorldFormat, worldFormats } from './world-formats.ts';
