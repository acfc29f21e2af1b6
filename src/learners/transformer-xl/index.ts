export {
  type MemoryControl,
  memoryControl,
  type SlidingReading,
  type StreamReading,
  slidingReading,
  streamReading,
  vanillaLearnerConfig,
  type XlConfig,
  type XlLearnerConfig,
  xlConfig,
  xlLearnerConfig,
} from './config.ts';
export { heldOutConfig } from './held-out.ts';
export { vanillaLearner, xlLearner } from './learner.ts';
export type { EvalReport, Learned, MemoryState, StepReport } from './messages.ts';
export { type ReadingForm, textSegments } from './reading.ts';
export { segmentEvaluator, segmentEvaluatorConfig } from './segment-evaluator.ts';
export { slidingEvaluator } from './sliding-evaluator.ts';
export { streamEvaluator } from './stream-evaluator.ts';
